"""What is prose in a text, and what is not: the map that every check and every fix looks at.

A map is made once per text by the reader of its language (`read_map`). It lists stretches that are
something else than the author's prose, each with its sort; what no stretch covers is prose.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from self_refine.text.spans import Span


class Sort(StrEnum):
    """What a stretch is that is not the author's prose."""

    CODE = "code"
    """Code blocks, code in a line, formulas."""
    LINK = "link"
    """Targets, labels, definitions, addresses."""
    MATTER = "matter"
    """Front matter, the header of a mail."""
    TEMPLATE = "template"
    COMMENT = "comment"
    """A comment of the markup, which no reader sees."""
    MARKUP = "markup"
    """Tags, rules, the lines that make a table or a heading."""
    NAME = "name"
    QUOTE = "quote"
    """Somebody else's words."""
    DROPPED = "dropped"
    """What the program that asked for the text throws away, such as git's own lines."""


Scope = str
"""One of `SCOPES`."""
SCOPES = ("prose", "everything", "code", "headings", "links", "comments", "quotes")

_UNCOUNTED = frozenset({Sort.MATTER, Sort.COMMENT, Sort.DROPPED})


@dataclass(frozen=True, slots=True)
class Mark:
    """One stretch that is not prose."""

    span: Span
    sort: Sort
    block: bool = False
    """Whether it takes whole lines: then no reader counts it among the words of a text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its markup included."""

    span: Span
    level: int
    title: str
    """The words that a reader sees."""


@dataclass(frozen=True, kw_only=True)
class ProseMap:
    """The map of one text; all spans in code points of it."""

    length: int
    marks: tuple[Mark, ...] = ()
    """In order of their starts; they may nest."""
    headings: tuple[Heading, ...] | None = None
    """None: this markup has none that anybody here reads."""
    comments: tuple[Span, ...] = ()
    """Comments of a program, which are its prose, or those of a markup, which are not."""
    paragraphs: tuple[Span, ...] = ()
    """Stretches of running words, such as a paragraph, an item or a cell."""
    blocks: tuple[Span, ...] = ()
    """The outermost blocks of Markdown: a change in one cannot break another."""
    fixable: bool = True
    """Whether the language is known well enough to change a text by itself."""
    _stretches: dict[tuple[Scope, ...], tuple[Span, ...]] = field(default_factory=dict)

    def stretches(self, scopes: tuple[Scope, ...]) -> tuple[Span, ...]:
        """What a check with these scopes looks at: in order, none overlapping."""
        if scopes not in self._stretches:
            self._stretches[scopes] = self._find(scopes)
        return self._stretches[scopes]

    @cached_property
    def off(self) -> tuple[Span, ...]:
        """All that is not the author's prose."""
        return joined(mark.span for mark in self.marks)

    @cached_property
    def fixed(self) -> tuple[Span, ...]:
        """What no fix may touch, whatever its check looks at: all but the words of quotations."""
        return joined(mark.span for mark in self.marks if mark.sort is not Sort.QUOTE)

    @cached_property
    def uncounted(self) -> tuple[Span, ...]:
        """What does not count among the words of the text."""
        return joined(
            mark.span
            for mark in self.marks
            if mark.block or mark.sort in _UNCOUNTED or mark.sort is Sort.MARKUP
        )

    def _find(self, scopes: tuple[Scope, ...]) -> tuple[Span, ...]:
        dropped = joined(mark.span for mark in self.marks if mark.sort is Sort.DROPPED)
        if "everything" in scopes:
            return without(Span(0, self.length), dropped)
        return joined(span for scope in scopes for span in self._of(scope))

    def _of(self, scope: Scope) -> Iterable[Span]:
        match scope:
            case "code":
                return self._marked(Sort.CODE)
            case "links":
                return self._marked(Sort.LINK)
            case "quotes":
                own = joined(m.span for m in self.marks if m.sort is not Sort.QUOTE)
                return [part for span in self._marked(Sort.QUOTE) for part in without(span, own)]
            case "comments":
                return self.comments or self._marked(Sort.COMMENT)
            case "headings":
                heads = self.headings or ()
                return [part for head in heads for part in without(head.span, self.off)]
            case _:
                return without(Span(0, self.length), self.off)

    def _marked(self, sort: Sort) -> list[Span]:
        return [mark.span for mark in self.marks if mark.sort is sort]


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters in spans in order that neither overlap nor touch; empty ones go."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            if span.end > found[-1].end:
                found[-1] = Span(found[-1].start, span.end)
        elif not span.is_empty:
            found.append(span)
    return tuple(found)


def without(whole: Span, holes: tuple[Span, ...]) -> tuple[Span, ...]:
    """What is left of `whole` beside the holes, which are as `joined` gives."""
    return tuple(_left(whole, holes))


def _left(whole: Span, holes: tuple[Span, ...]) -> Iterator[Span]:
    at = whole.start
    for number in range(max(0, bisect_left(holes, Span(at, at)) - 1), len(holes)):
        hole = holes[number]
        if hole.start >= whole.end:
            break
        if hole.end <= at:
            continue
        if hole.start > at:
            yield Span(at, hole.start)
        at = max(at, hole.end)
    if at < whole.end:
        yield Span(at, whole.end)
