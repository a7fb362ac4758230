"""Owns the blocks of prose: paragraphs, list items, headings, tables, rules, fenced lines.

Markdown's shapes, as far as they matter for telling sentences apart: most plain text, mail and
other light markup use the same ones. No parser: a block is found by its lines alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from self_refine.text.lines import line_bounds
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

_LONGEST_KNOWN = 4_000
"""Code points between two empty lines that are remembered; longer stretches are read anew."""


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
    return tuple(_read(text))


def _read(text: str) -> Iterator[Block]:
    """Read what stands between empty lines; no block goes on behind one, but fences do."""
    at, fence = 0, ""
    for part in text.split("\n\n"):
        if fence or len(part) > _LONGEST_KNOWN or "```" in part or "~~~" in part:
            reader = _Reader(part, fence)
            found: Iterable[Block] = reader.read()
        else:
            reader, found = None, _known(part)
        for block in found:
            yield Block(block.kind, block.whole.moved(at), block.content.moved(at))
        fence = reader.fence if reader else ""
        at += len(part) + 2


@lru_cache(maxsize=2_048)
def _known(part: str) -> tuple[Block, ...]:
    """While a text is written or refined, most of it is as it was at the last look."""
    return tuple(_Reader(part).read())


class _Reader:
    """The block that is open, line by line."""

    def __init__(self, text: str, fence: str = "") -> None:
        self._text = text
        self._kind: Literal["", "paragraph", "item"] = ""
        self._start = self._content = self._end = 0
        self.fence = fence
        """What opened the fence that is not closed yet; "" outside of one."""
        self._quoted = False

    def read(self) -> Iterator[Block]:
        for start, end in line_bounds(self._text):
            line = self._text[start:end]
            words = line.strip()
            if not words:
                yield from self._close()
            elif self._goes_on(words):
                self._end = start + len(line.rstrip())
            elif self._in_fence(line):
                yield from self._close()
                yield Block("fenced", Span(start, end), Span(start, end))
            else:
                yield from self._prose(words, start + len(line) - len(line.lstrip()))
        yield from self._close()

    def _goes_on(self, words: str) -> bool:
        """Whether a line plainly continues the open block: most do, so that this saves time."""
        return (
            self._kind != ""
            and not self._quoted
            and not self.fence
            and words[0].isalpha()
            and words[1:2] not in (".", ")")
        )

    def _in_fence(self, line: str) -> bool:
        if not self.fence and "```" not in line and "~~~" not in line:
            return False
        found = _FENCE.fullmatch(line)
        if not self.fence:
            self.fence = found[1] if found else ""
            return bool(found)
        if found and found[1].startswith(self.fence) and not found[2]:
            self.fence = ""
        return True

    def _prose(self, words: str, at: int) -> Iterator[Block]:
        quoted = words[0] == ">"
        if quoted != self._quoted:
            yield from self._close()
        self._quoted = quoted
        kind, skip = _kind(words, in_paragraph=self._kind == "paragraph")
        end = at + len(words)
        if kind == "rule" and self._kind == "paragraph" and words[0] in '=-~^"':
            # The line below a title, as in Markdown and reStructuredText.
            self._kind = ""
            yield Block("heading", Span(self._start, end), Span(self._content, end))
        elif kind == "paragraph" and self._kind:
            self._end = end
        else:
            yield from self._close()
            content = min(at + skip, end)
            if kind == "paragraph" or kind == "item":  # noqa: PLR1714 - what mypy understands
                self._kind = kind
                self._start, self._content, self._end = at, content, end
            else:
                yield Block(kind, Span(at, end), Span(content, end))

    def _close(self) -> Iterator[Block]:
        if self._kind:
            words = self._text[self._content : self._end]
            content = Span(self._end - len(words.lstrip()), self._end)
            yield Block(self._kind, Span(self._start, self._end), content)
        self._kind = ""


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
