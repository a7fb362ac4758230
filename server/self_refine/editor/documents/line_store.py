"""Owns `Lines`: the lines of one version of a text, shared with the version before it.

Lines end as the protocol says, at LF, CRLF and CR, and nowhere else. They lie in blocks, so that an
edit costs the size of one block and the number of blocks, whatever the size of the text; a version
never changes once it is made.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, chain
from operator import itemgetter
from typing import NamedTuple

from self_refine.text.lines import split_lines

_BLOCK = 256
"""Lines in a new block; one is split when it holds four times as many."""
_FEW = 64
"""A block with fewer lines than this joins its neighbour."""


class Block(NamedTuple):
    """Some lines that follow each other, and how many code points they have."""

    lines: Sequence[str]
    size: int


_lines_of, _size_of = itemgetter(0), itemgetter(1)


class Place(NamedTuple):
    """A place in a text: a line, and a column in code points."""

    line: int
    column: int


def document_lines(text: str) -> list[str]:
    """The lines of a text with their ends; the last has none, and may be empty."""
    lines = split_lines(text)
    if not lines or lines[-1][-1] in "\r\n":
        lines.append("")
    return lines


def content_length(line: str) -> int:
    """The length of a line without its end."""
    if line.endswith("\n"):
        return len(line) - (2 if line.endswith("\r\n") else 1)
    return len(line) - line.endswith("\r")


class Lines:
    """The lines of one version of a text."""

    __slots__ = ("__dict__", "_blocks")

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks

    @classmethod
    def of(cls, text: str) -> "Lines":
        """Read a whole text."""
        return cls(_blocks(document_lines(text)))

    @cached_property
    def _line_starts(self) -> list[int]:
        """The number of the first line of each block, and of all lines."""
        return list(accumulate(map(len, map(_lines_of, self._blocks)), initial=0))

    @cached_property
    def _starts(self) -> list[int]:
        """The offset of each block, and of the end."""
        return list(accumulate(map(_size_of, self._blocks), initial=0))

    @cached_property
    def _starts_inside(self) -> dict[int, list[int]]:
        """The offset of each line in its block, by the block's number, once it was asked for."""
        return {}

    def __len__(self) -> int:
        return self._line_starts[-1]

    def __getitem__(self, number: int) -> str:
        at = self._block_of(number)
        return self._blocks[at].lines[number - self._line_starts[at]]

    def text(self) -> str:
        """The whole text."""
        return "".join(chain.from_iterable(block.lines for block in self._blocks))

    @property
    def size(self) -> int:
        """Code points of the whole text."""
        return self._starts[-1]

    def start(self, number: int) -> int:
        """The offset of a line's first character."""
        at = self._block_of(number)
        inside = number - self._line_starts[at]
        return self._starts[at] + sum(map(len, self._blocks[at].lines[:inside]))

    def place(self, offset: int) -> Place:
        """The line and column of an offset; one outside the text counts as its nearest end."""
        offset = min(max(offset, 0), self.size)
        at = min(bisect_right(self._starts, offset) - 1, len(self._blocks) - 1)
        left, lines = offset - self._starts[at], self._blocks[at].lines
        starts = self._starts_inside.get(at)
        if starts is None:
            starts = list(accumulate(map(len, lines), initial=0))
            self._starts_inside[at] = starts
        # At the very end of the text the last line is meant, even an empty one.
        inside = min(bisect_right(starts, left) - 1, len(lines) - 1)
        # Between CR and LF there is no place that the protocol can name.
        column = min(left - starts[inside], content_length(lines[inside]))
        return Place(self._line_starts[at] + inside, column)

    def replaced(self, first: int, last: int, lines: list[str]) -> "Lines":
        """The lines with those from `first` to `last`, both included, replaced."""
        low, high = self._block_of(first), self._block_of(last)
        blocks, starts = self._blocks, self._line_starts
        head, tail = blocks[low].lines, blocks[high].lines
        start, end = first - starts[low], last + 1 - starts[high]
        if low == high:
            old = head[start:end]
            grown = len(lines) - len(old)
            if _FEW <= len(head) + grown <= 4 * _BLOCK:
                middle = list(head)
                middle[start:end] = lines
                size = blocks[low].size - sum(map(len, old)) + sum(map(len, lines))
                changed = blocks.copy()
                changed[low] = Block(middle, size)
                new = Lines(changed)
                if (offsets := self.__dict__.get("_starts")) is not None:
                    by, next_ = size - blocks[low].size, low + 1
                    later = [offset + by for offset in offsets[next_:]]
                    new.__dict__["_starts"] = offsets[:next_] + later
                if not grown:
                    # What has not changed need not be counted again.
                    new.__dict__["_line_starts"] = starts
                return new
        # Take the neighbour in, so that blocks of few lines do not gather.
        after = blocks[high + 1].lines if high + 1 < len(blocks) else ()
        middle = [*head[:start], *lines, *tail[end:], *after]
        return Lines([*blocks[:low], *_blocks(middle), *blocks[high + 2 :]])

    def _block_of(self, number: int) -> int:
        return bisect_right(self._line_starts, number, hi=len(self._blocks)) - 1


def _blocks(lines: list[str]) -> list[Block]:
    parts = (lines[at : at + _BLOCK] for at in range(0, len(lines), _BLOCK))
    return [Block(part, sum(map(len, part))) for part in parts]
