"""Reads the prose map of a text in whatever language it is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from self_refine.checks.markup import code_map, latex_map, mail_map, rst_map
from self_refine.checks.markup.html_tags import (
    block_stretches,
    html_headings,
    html_marks,
    mdx_marks,
)
from self_refine.checks.markup.markdown.changed_blocks import LastLook
from self_refine.checks.markup.markdown.markdown_map import in_code_points
from self_refine.checks.markup.names import addresses, templates
from self_refine.checks.markup.prose_map import Heading, Mark, ProseMap, Sort, joined, without
from self_refine.checks.markup.quotations import quotations
from self_refine.checks.markup.syntax_trees import TooSlow, has_grammar
from self_refine.checks.markup.units import code_stretches, fences
from self_refine.checks.search.line_endings import encoded
from self_refine.text.languages import Family, canonical, family
from self_refine.text.spans import Span

_KEPT = 8
"""Maps that are remembered: several checks, and the candidates of a run, look at one text."""

_LAST_LOOK = LastLook()


@lru_cache(maxsize=_KEPT)
def read_map(text: str, language: str) -> ProseMap:
    """The map of a text; never raises."""
    language = canonical(language)
    return _READERS.get(family(language), _unknown)(text, language)


def _markdown(text: str, language: str) -> ProseMap:
    marks, heads, paragraphs, blocks = in_code_points(_LAST_LOOK.read(text))
    if family(language) is Family.MDX:
        marks += mdx_marks(text)
    return _map(text, marks, paragraphs, markdown=True, headings=tuple(heads), blocks=blocks)


def _plain(text: str, _: str) -> ProseMap:
    marks = [*mail_map.quoted_lines(text), *mail_map.terminal_lines(text)]
    return _map(text, marks, _by_blank_lines(text))


def _mail(text: str, _: str) -> ProseMap:
    fixable = not mail_map.encoded_mail(text)
    return _map(text, list(mail_map.mail_marks(text)), _by_blank_lines(text), fixable=fixable)


def _commit(text: str, _: str) -> ProseMap:
    marks = list(mail_map.commit_marks(text))
    marks += (Mark(span, Sort.CODE) for span in code_stretches(text, fences(text)))
    return _map(text, marks, _by_blank_lines(text))


def _html(text: str, _: str) -> ProseMap:
    marks = [Mark(Span(a, b), sort) for a, b, sort in html_marks(text)]
    heads = tuple(html_headings(text))
    return _map(text, marks, block_stretches(text), headings=heads)


def _latex(text: str, _: str) -> ProseMap:
    marks = list(latex_map.latex_marks(text))
    heads = tuple(latex_map.latex_headings(text))
    return _map(text, marks, _by_blank_lines(text), headings=heads)


def _rst(text: str, language: str) -> ProseMap:
    data = encoded(text)
    try:
        paragraphs, names, titles = rst_map.rst_places(data)
    except TooSlow:
        return _unknown(text, language)
    wanted = [*paragraphs, *((a, b) for a, b, _ in (*names, *titles))]
    place = _Places(data, (at for ends in wanted for at in ends))
    spans = [Span(place(a), place(b)) for a, b in paragraphs]
    marks = [Mark(Span(place(a), place(b)), sort) for a, b, sort in names]
    rest = without(Span(0, len(text)), joined(spans))
    marks += (Mark(span, Sort.MARKUP) for span in rest)
    heads = (Heading(Span(place(a), place(b)), level, "") for a, b, level in titles)
    named = tuple(replace(head, title=head.span.of(text).strip()) for head in heads)
    return _map(text, marks, spans, headings=named)


def _code(text: str, language: str) -> ProseMap:
    comments = code_map.comments_of(text, encoded(text), language)
    if comments is None:
        return _unknown(text, language)
    marks = list(code_map.code_marks(text, comments))
    fixable = has_grammar(language)
    return _map(text, marks, comments, comments=comments, fixable=fixable)


def _unknown(text: str, _: str) -> ProseMap:
    """A language without a map: all of it is looked at, and none of it changed."""
    return _map(text, [], _by_blank_lines(text), fixable=False)


_READERS: dict[Family, Callable[[str, str], ProseMap]] = {
    Family.MARKDOWN: _markdown,
    Family.MDX: _markdown,
    Family.PLAIN: _plain,
    Family.MAIL: _mail,
    Family.COMMIT: _commit,
    Family.HTML: _html,
    Family.LATEX: _latex,
    Family.RST: _rst,
    Family.CODE: _code,
    Family.DATA: _code,
}


def _map(  # noqa: PLR0913 - the parts of a map
    text: str,
    marks: list[Mark],
    paragraphs: Iterable[Span],
    *,
    markdown: bool = False,
    fixable: bool = True,
    comments: tuple[Span, ...] = (),
    headings: tuple[Heading, ...] | None = None,
    blocks: Iterable[Span] = (),
) -> ProseMap:
    marks += addresses(text)
    marks += templates(text, markdown=markdown)
    paragraphs = tuple(paragraphs)
    marks += (Mark(q, Sort.QUOTE) for part in paragraphs for q in quotations(text, part))
    marks.sort(key=lambda mark: mark.span)
    return ProseMap(
        length=len(text),
        marks=tuple(marks),
        headings=headings,
        comments=comments,
        paragraphs=paragraphs,
        blocks=tuple(blocks),
        fixable=fixable,
    )


def _by_blank_lines(text: str) -> Iterator[Span]:
    """Stretches between empty lines."""
    start = at = 0
    words = False
    for line in text.split("\n"):
        if line.strip():
            start, words = (start, True) if words else (at, True)
        elif words:
            yield Span(start, at - 1)
            words = False
        at += len(line) + 1
    if words:
        yield Span(start, len(text))


class _Places:
    """Code points before offsets in bytes, counted once from the start."""

    def __init__(self, data: bytes, wanted: Iterable[int]) -> None:
        self._places: dict[int, int] = {}
        at = count = 0
        for offset in sorted(set(wanted)):
            count += len(data[at:offset].decode("utf-8", "replace"))
            at = offset
            self._places[offset] = count

    def __call__(self, offset: int) -> int:
        return self._places[offset]
