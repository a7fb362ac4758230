"""Owns lines as the language server protocol counts them: ended by LF, CR LF or CR, nothing else.

`str.splitlines` also splits at form feeds, U+0085, U+2028 and others, where no editor does.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from self_refine.text.spans import Span

_END = re.compile(r"\r\n|\r|\n")
_NO_ENDS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What ends a line in Python, and not in the protocol."""


class LineTable:
    """Where the lines of a text stand. Lines count from 0; the one after the last end is a line."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, text: str) -> None:
        found = [end.span() for end in _END.finditer(text)]
        self._starts = [0, *(after for _, after in found)]
        self._ends = [*(before for before, _ in found), len(text)]

    @property
    def count(self) -> int:
        """At least 1; a text that ends with a line end has an empty last line."""
        return len(self._starts)

    def span(self, line: int) -> Span:
        """The line without its end. Raises IndexError outside the text."""
        return Span(self._starts[line], self._ends[line])

    def full_span(self, line: int) -> Span:
        """The line with its end. Raises IndexError outside the text."""
        last = line + 1 == self.count
        return Span(self._starts[line], self._ends[line] if last else self._starts[line + 1])

    def line_of(self, offset: int) -> int:
        """The line on which an offset stands; a line end belongs to the line that it ends."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 0; inside a line end, the end of the line."""
        line = self.line_of(offset)
        return line, max(0, min(offset, self._ends[line]) - self._starts[line])


def line_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line without its end, as `LineTable.span` has them."""
    at = 0
    for end in _END.finditer(text):
        yield at, end.start()
        at = end.end()
    yield at, len(text)


def split_lines(text: str) -> list[str]:
    """The lines with their ends; joined they are the text. No empty last one."""
    if "\r" not in text:
        *ended, last = text.split("\n")
        lines = [f"{line}\n" for line in ended]
        return [*lines, last] if last else lines
    if not any(end in text for end in _NO_ENDS):
        return text.splitlines(keepends=True)
    return [text[start:end] for start, end in pairwise(_cuts(text))]


def _cuts(text: str) -> list[int]:
    """Where the lines begin, and where the last one ends."""
    cuts = [0, *(end.end() for end in _END.finditer(text))]
    return cuts if cuts[-1] == len(text) else [*cuts, len(text)]
