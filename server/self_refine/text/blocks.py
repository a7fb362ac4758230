"""Owns the blocks of prose: paragraphs, list items, headings, tables, rules, fenced lines.

Markdown's shapes, as far as they matter for telling sentences apart: most plain text, mail and
other light markup use the same ones. No parser: a block is found by its lines alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from self_refine.text.lines import LineTable
from self_refine.text.spans import Span

Kind = Literal["paragraph", "item", "heading", "row", "rule", "fenced"]

_FENCE = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+)?(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)|={1,6}[ \t]\S|\\(?:part|chapter|(?:sub)*section)\b")
_COMMAND = re.compile(r"\\(?:begin|end|item|label|include|input|usepackage|documentclass)\b|\.\. ")
_ITEM = re.compile(
    r"(?P<mark>[-*+\u2022\u2023\u2013]|\d{1,9}[.)]|[a-z]\.|[A-Za-z]\))(?:[ \t]+|$)"
    r"(?:\[[ xX]\][ \t]+)?"
)
_NO_BREAK = re.compile(r"\u2013|(?!1[.)])\d+[.)]")
"""What begins an item after an empty line or another item, but not in the middle of a paragraph."""
_RULE = re.compile(r"([-*_=~^\"#+.:])(?:[ \t]*\1){2,}|[-*_](?:[ \t]*[-*_]){2,}")
_ROW = re.compile(r"\|.*|:?-{2,}:?(?:[ \t]*\|[ \t]*:?-{2,}:?)+")
_QUOTE = re.compile(r"(?:>[ \t]?)+")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of prose of one kind."""

    kind: Kind
    whole: Span
    """With a list item's marker, without indentation and line end; a fenced line is whole."""
    content: Span
    """Without a list item's marker."""


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks, in order and disjoint; what stands between them is white space."""
    return tuple(_Reader(text).read())


class _Reader:
    """The block that is open, line by line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: Block | None = None
        self._fence = ""
        self._quoted = ""

    def read(self) -> Iterator[Block]:
        table = LineTable(self._text)
        for number in range(table.count):
            yield from self._line(table.span(number))
        yield from self._close()

    def _line(self, line: Span) -> Iterator[Block]:
        words = _trimmed(self._text, line)
        if words.is_empty:
            yield from self._close()
            return
        if self._in_fence(line.of(self._text)):
            yield from self._close()
            yield Block("fenced", line, line)
            return
        yield from self._prose(words, words.of(self._text))

    def _in_fence(self, line: str) -> bool:
        found = _FENCE.fullmatch(line)
        if not self._fence:
            self._fence = found[1] if found else ""
            return bool(found)
        if found and found[1].startswith(self._fence) and not found[2]:
            self._fence = ""
        return True

    def _prose(self, words: Span, line: str) -> Iterator[Block]:
        quote = _QUOTE.match(line)
        if bool(quote) != bool(self._quoted):
            yield from self._close()
        self._quoted = quote[0] if quote else ""
        open_ = self._open
        kind, skip = _kind(line, in_paragraph=open_ is not None and open_.kind == "paragraph")
        if kind == "rule" and open_ and open_.kind == "paragraph" and line[0] in '=-~^"':
            # The line below a title, as in Markdown and reStructuredText.
            self._open = None
            yield _to(open_, words.end, "heading")
        elif kind == "paragraph" and open_:
            self._open = _to(open_, words.end)
        else:
            yield from self._close()
            block = Block(kind, words, Span(min(words.start + skip, words.end), words.end))
            if kind in ("paragraph", "item"):
                self._open = block
            else:
                yield block

    def _close(self) -> Iterator[Block]:
        if self._open:
            yield self._open
        self._open = None


def _kind(line: str, *, in_paragraph: bool) -> tuple[Kind, int]:
    """What a line begins, and how long its marker is."""
    quote = _QUOTE.match(line)
    skip = quote.end() if quote else 0
    line = line[skip:].lstrip(" \t")
    if _RULE.fullmatch(line):
        return "rule", 0
    if _HEADING.match(line) or _COMMAND.match(line):
        return "heading", 0
    if _ROW.fullmatch(line):
        return "row", 0
    item = _ITEM.match(line)
    if item and not (in_paragraph and _NO_BREAK.match(item["mark"])):
        return "item", skip + item.end()
    return "paragraph", 0


def _to(block: Block, end: int, kind: Kind | None = None) -> Block:
    """The same block up to `end`."""
    return Block(kind or block.kind, Span(block.whole.start, end), Span(block.content.start, end))


def _trimmed(text: str, line: Span) -> Span:
    words = line.of(text)
    start = line.start + len(words) - len(words.lstrip())
    return Span(min(start, line.end), max(min(start, line.end), line.start + len(words.rstrip())))
