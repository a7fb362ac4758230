"""The map of a Markdown text, from the events of pulldown-cmark.

The library gives each event with its place in the source, inline ones too, which is what a map is
made of; 2,000 lines take it 6 ms (markdown-it-py, which reads criteria files, takes 130 ms and does
not say where in a line a link or a code span stands).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from self_refine.checks.markup.html_tags import html_marks, kept_sort
from self_refine.checks.markup.prose_map import Heading, Mark, Sort
from self_refine.checks.search.line_endings import encoded
from self_refine.text.spans import Span

_LONGEST_LABEL = 4
"""Words in brackets without a target: more of them are a remark, not a label."""
_RETURN = re.compile(r"\r(?!\n)")
_LABEL = re.compile(r"\[\^[^\]\n]{1,200}\]:?")
_ATTRIBUTES = re.compile(r"\{[^{}\n]{1,200}\}[ \t]*$", re.MULTILINE)
_LINE = re.compile(r"[^\n]*")
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_QUOTE_TAG = re.compile(r"<(/?)blockquote\b", re.IGNORECASE)
_INLINE = frozenset({"Emphasis", "Strong", "Strikethrough", "Superscript", "Subscript"})


@dataclass(slots=True)
class Tree:
    """What the events of a text come to; offsets in bytes of its UTF-8."""

    data: bytes
    marks: list[tuple[int, int, Sort, bool]] = field(default_factory=list)
    headings: list[tuple[int, int, int, str]] = field(default_factory=list)
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    blocks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def has_definitions(self) -> bool:
        """Whether it may define links or footnotes, which any of its blocks may name."""
        return b"]:" in self.data


@dataclass(slots=True)
class _Open:
    """An element whose end has not come yet."""

    name: str
    value: Any
    start: int
    end: int
    inner: int
    """Where its last child ends; where its own words begin, for none."""


def events(text: str) -> Iterator[tuple[Any, dict[str, int]]]:
    """The events of pulldown-cmark; a label without a definition counts as a link's."""
    import pyromark  # noqa: PLC0415 - a server without checks does not pay for it

    return pyromark.events_with_range(  # type: ignore[return-value]
        text, options=_options(), broken_link_callback=lambda _: ("", "")
    )


@cache
def _options() -> Any:
    from pyromark import Options  # noqa: PLC0415 - as above

    return (
        Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
        | Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options.ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options.ENABLE_MATH
        | Options.ENABLE_GFM
        | Options.ENABLE_HEADING_ATTRIBUTES
        | Options.ENABLE_WIKILINKS
    )


def source_of(text: str) -> str:
    """The text as the library takes it: a lone carriage return ends a line, no lone surrogates."""
    source = _RETURN.sub("\n", text) if "\r" in text else text
    if source.startswith("\ufeff"):
        # What marks the byte order is no character of the first line, which may open front matter.
        source = source.replace("\ufeff", "\n", 1)
    return encoded(source).decode("utf-8")


def read_bytes(data: bytes) -> Tree:
    """Read a text as `source_of` gives it, in UTF-8; never raises, since every text is Markdown."""
    text = data.decode("utf-8")
    reader = _Reader(Tree(data))
    for event, place in events(text):
        reader.take(event, place["start"], place["end"])
    reader.close()
    _definitions(text, reader.tree)
    return reader.tree


def _definitions(text: str, tree: Tree) -> None:
    """`[label]: target` stands in no event."""
    if "]:" not in text:
        return
    import pyromark  # noqa: PLC0415 - as above

    for found in pyromark.reference_definitions(text, options=_options()).values():
        tree.marks.append((found["span"]["start"], found["span"]["end"], Sort.LINK, True))
    at = 0
    for start, end in [*tree.blocks, (len(tree.data), len(tree.data))]:
        gap = tree.data[at:start]
        if gap.strip():
            tree.marks.append((at, start, Sort.LINK, True))
        at = max(at, end)


class _Reader:
    """The elements that are open, and the words that have come in the last of them."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._open: list[_Open] = []
        self._words: tuple[int, int] | None = None
        self._title: list[str] = []
        self._kept_tags: list[tuple[str, int, Sort]] = []
        self._quoted: int | None = None
        """Where a `<blockquote>` begins whose end has not come yet."""

    def take(self, event: Any, start: int, end: int) -> None:
        if isinstance(event, str):
            self._alone(event, start, end)
            return
        ((kind, value),) = event.items()
        match kind:
            case "Text":
                self._inline(start, end)
                self._title.append(value)
            case "Start":
                self._begin(value, start, end)
            case "End":
                self._finish()
            case "Code" | "InlineMath" | "DisplayMath":
                self._inline(start, end)
                self._title.append(value)
                self._mark(start, end, Sort.CODE)
            case "InlineHtml":
                self._inline_html(value, start, end)
            case "FootnoteReference":
                self._inline(start, end)
                self._mark(start, end, Sort.LINK)
            case "TaskListMarker":
                self._mark(start, end, Sort.MARKUP)
            case _:
                self._inside(end)  # Html: the block is read as a whole

    def close(self) -> None:
        self._flush()

    def _alone(self, event: str, start: int, end: int) -> None:
        if event == "Rule":
            self._flush()
            self._mark(start, end, Sort.MARKUP)
            self._top(start, end)
        else:  # a break
            self._inline(start, end)
            self._title.append(" ")

    def _begin(self, value: Any, start: int, end: int) -> None:
        name, value = (value, None) if isinstance(value, str) else next(iter(value.items()))
        if name in _INLINE or name in ("Link", "Image"):
            self._inline(start, end)
        else:
            self._flush()
            self._top(start, end)
            self._title.clear()
        self._open.append(_Open(name, value, start, end, start))
        if name == "BlockQuote" and value is None:
            self._mark(start, end, Sort.QUOTE, block=True)

    def _finish(self) -> None:
        if not self._open:
            return
        element = self._open.pop()
        start, end = element.start, element.end
        match element.name:
            case "Link" | "Image":
                self._link(element)
            case "CodeBlock":
                self._mark(self._line_start(start), end, Sort.CODE, block=True)
                self._words = None
            case "MetadataBlock":
                self._mark(start, end, Sort.MATTER, block=True)
                self._words = None
            case "HtmlBlock":
                self._html_block(start, end)
            case "Heading":
                self._heading(element)
            case "Strikethrough":  # taken back: nothing of it is the text any more
                self._mark(start, end, Sort.QUOTE)
            case "TableHead":
                self._table_rule(end)
            case "FootnoteDefinition":
                self._label(start)
            case _:
                pass
        if element.name not in _INLINE and element.name not in ("Link", "Image"):
            self._flush()
        self._inside(end)

    def _link(self, element: _Open) -> None:
        kind = element.value["link_type"]
        words = self.tree.data[element.start : element.end]
        if kind in ("Inline", "Reference", "ReferenceUnknown") and element.inner > element.start:
            close = words.find(b"]", max(0, element.inner - element.start))
            self._mark(element.start + max(close, 0), element.end, Sort.LINK)
        elif kind != "ShortcutUnknown" or words.count(b" ") < _LONGEST_LABEL:
            self._mark(element.start, element.end, Sort.LINK)

    def _heading(self, element: _Open) -> None:
        level = int(str(element.value["level"])[1:])
        start, end = element.start, element.end
        source = self.tree.data[start:end].decode("utf-8", "replace").rstrip("\r\n")
        title = "".join(self._title).strip()
        self.tree.headings.append((start, start + len(source.encode()), level, title))
        if (found := _ATTRIBUTES.search(source)) and (
            element.value.get("id") or element.value.get("classes") or element.value.get("attrs")
        ):
            at = start + len(source[: found.start()].encode())
            self._mark(at, start + len(source.encode()), Sort.NAME)
        if not source.lstrip("> \t").startswith("#") and "\n" in source:
            line = source.rindex("\n") + 1
            self._mark(start + len(source[:line].encode()), end, Sort.MARKUP)

    def _table_rule(self, head_end: int) -> None:
        """The line of dashes below the head of a table, in a block quote too."""
        newline = self.tree.data.find(b"\n", head_end)
        end = newline if newline >= 0 else len(self.tree.data)
        self._mark(head_end, end, Sort.MARKUP)

    def _label(self, start: int) -> None:
        """The label of a footnote, which its references name."""
        found = _LABEL.match(self.tree.data[start : start + 800].decode("utf-8", "replace"))
        if found is not None:
            self._mark(start, start + len(found[0].encode()), Sort.LINK)

    def _html_block(self, start: int, end: int) -> None:
        words = self.tree.data[start:end].decode("utf-8", "replace")
        bytes_of = _bytes_before(words)
        for first, last, sort in html_marks(words):
            self._mark(start + bytes_of(first), start + bytes_of(last), sort)
        self._words = (start, end)
        self._follow_quote(words, start, end)

    def _follow_quote(self, words: str, start: int, end: int) -> None:
        """A `<blockquote>` with empty lines in it is closed by a block further down."""
        tags = [found[1] for found in _QUOTE_TAG.finditer(words)]
        if self._quoted is None and tags.count("") > tags.count("/"):
            self._quoted = start
        elif self._quoted is not None and "/" in tags:
            self._mark(self._quoted, end, Sort.QUOTE, block=True)
            self._quoted = None

    def _inline_html(self, value: str, start: int, end: int) -> None:
        self._inline(start, end)
        comment = value.startswith("<!--")
        self._mark(start, end, Sort.COMMENT if comment else Sort.MARKUP)
        tag = _TAG.match(value)
        if tag is None or value.endswith("/>"):
            return
        name = tag[2].lower()
        if not tag[1] and (sort := kept_sort(name, value)):
            self._kept_tags.append((name, start, sort))
        elif tag[1] and self._kept_tags and self._kept_tags[-1][0] == name:
            _, first, sort = self._kept_tags.pop()
            self._mark(first, end, sort)

    def _inline(self, start: int, end: int) -> None:
        first = self._words[0] if self._words else start
        self._words = (first, max(end, self._words[1] if self._words else end))
        if self._open:
            self._open[-1].inner = max(self._open[-1].inner, end)

    def _inside(self, end: int) -> None:
        if self._open:
            self._open[-1].inner = max(self._open[-1].inner, end)

    def _flush(self) -> None:
        if self._words is not None:
            self.tree.paragraphs.append(self._words)
        self._words = None
        self._kept_tags.clear()

    def _top(self, start: int, end: int) -> None:
        if not self._open:
            self.tree.blocks.append((self._line_start(start), end))

    def _line_start(self, at: int) -> int:
        """The start of a line of which nothing but blanks stands before `at`."""
        line = self.tree.data.rfind(b"\n", 0, at) + 1
        return at if self.tree.data[line:at].strip() else line

    def _mark(self, start: int, end: int, sort: Sort, *, block: bool = False) -> None:
        self.tree.marks.append((start, end, sort, block))


def _bytes_before(words: str) -> Callable[[int], int]:
    if words.isascii():
        return lambda at: at
    return lambda at: len(words[:at].encode("utf-8"))


def in_code_points(tree: Tree) -> tuple[list[Mark], list[Heading], list[Span], list[Span]]:
    """Marks, headings, paragraphs and outermost blocks in code points of the text."""
    place = _places(tree)
    marks = [Mark(Span(place[a], place[b]), sort, block) for a, b, sort, block in tree.marks]
    marks.sort(key=lambda mark: mark.span)
    heads = [
        Heading(Span(place[a], place[b]), level, title) for a, b, level, title in tree.headings
    ]
    paragraphs = [Span(place[a], place[b]) for a, b in tree.paragraphs]
    blocks = [Span(place[a], place[b]) for a, b in tree.blocks]
    return marks, heads, paragraphs, blocks


class _Same(dict[int, int]):
    """Offsets of a text in ASCII, where a byte is a character."""

    def __missing__(self, key: int) -> int:
        return key


def _places(tree: Tree) -> dict[int, int]:
    """Code points before each offset that is asked for, counted once from the start."""
    if tree.data.isascii():
        return _Same()
    wanted = {offset for a, b, *_ in (*tree.marks, *tree.headings) for offset in (a, b)}
    wanted |= {offset for a, b in (*tree.paragraphs, *tree.blocks) for offset in (a, b)}
    places: dict[int, int] = {}
    at = count = 0
    for offset in sorted(wanted):
        count += len(tree.data[at:offset].decode("utf-8", "replace"))
        at = offset
        places[offset] = count
    return places
