"""Reads again only what changed of a Markdown text: while somebody types, one block or two.

The outermost blocks of Markdown hold no state for each other but definitions of links and
footnotes. So the blocks round a change are read by themselves, up to one that begins where one
began before; what stands before and behind is taken from the last look. Where that cannot be
proved (a fence that is left open, a definition, front matter), the whole is read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any, TypeVar, cast

from self_refine.checks.markup.markdown.markdown_map import Tree, read_bytes, source_of

_Part = TypeVar("_Part", bound=tuple[Any, ...])
"""Begins with where it starts and ends, in bytes."""
_SHORTEST = 4_000
"""Bytes of a text that is read whole: it takes less time than to look for what changed."""
_MATTER = (b"---", b"+++")
"""What front matter begins and ends with; where it ends decides what it is where it begins."""


class LastLook:
    """Remembers the tree that was read last, whose unchanged blocks the next one takes over."""

    def __init__(self, *, shortest: int = _SHORTEST) -> None:
        self._shortest = shortest
        self._last: Tree | None = None

    def read(self, text: str) -> Tree:
        """The tree that reading the whole of the text gives."""
        data = source_of(text).encode("utf-8")
        last = self._last
        tree = _reread(last, data) if last is not None and len(data) > self._shortest else None
        self._last = tree = tree or read_bytes(data)
        return tree


def _reread(last: Tree, data: bytes) -> Tree | None:
    """The tree of `data`, of which the blocks that are in `last` are not read; None: read all."""
    if last.has_definitions or not last.blocks or b"]:" in data or _has_quote(last.data, data):
        return None
    same = _common(last.data, data)
    behind = _common_end(last.data, data, same)
    starts = [start for start, _ in last.blocks]
    first = _first_changed(last, starts, same)
    begin = starts[first] if first else 0
    moved = len(data) - len(last.data)
    number = bisect_left(starts, len(last.data) - behind + 1) + 1
    if number >= len(starts):
        return None
    start, end = last.blocks[number]
    words = data[begin : end + moved]
    if _has_matter(words) or _has_matter(last.data[begin:end]):
        return None
    middle = read_bytes(words)
    if (start + moved - begin) not in (at for at, _ in middle.blocks):
        return None  # what was opened in the change goes on: nobody knows how far
    return _spliced(last, middle, data, (begin, start))


def _has_quote(*texts: bytes) -> bool:
    """Whether HTML opens a block quote, which a block further down closes."""
    return any(tag in data for data in texts for tag in (b"<blockquote", b"<BLOCKQUOTE"))


def _has_matter(words: bytes) -> bool:
    return words.startswith(_MATTER) or any(b"\n" + mark in words for mark in _MATTER)


def _first_changed(last: Tree, starts: list[int], same: int) -> int:
    """Number of the last block whose first line, and that of its successor, are as they were.

    A change at a block's beginning may join it with the block before.
    """
    number = bisect_right(starts, same) - 2
    while number > 0:
        line_end = last.data.find(b"\n", starts[number])
        if 0 <= line_end < same:
            return number
        number -= 1
    return 0


def _common(a: bytes, b: bytes) -> int:
    """How many bytes at the beginning are the same."""
    return _longest(min(len(a), len(b)), lambda n: a[:n] == b[:n])


def _common_end(a: bytes, b: bytes, same: int) -> int:
    """How many bytes at the end are the same, none of them among the `same` first ones."""
    return _longest(min(len(a), len(b)) - same, lambda n: a[len(a) - n :] == b[len(b) - n :])


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _spliced(last: Tree, middle: Tree, data: bytes, place: tuple[int, int]) -> Tree:
    """`last` with what stood in `place` replaced by what `middle` has there."""
    moved = len(data) - len(last.data)
    return Tree(
        data,
        marks=_joined(last.marks, middle.marks, place, moved),
        headings=_joined(last.headings, middle.headings, place, moved),
        paragraphs=_joined(last.paragraphs, middle.paragraphs, place, moved),
        blocks=_joined(last.blocks, middle.blocks, place, moved),
    )


def _joined(old: list[_Part], new: list[_Part], place: tuple[int, int], moved: int) -> list[_Part]:
    """Parts by where they begin: `old` before and behind `place`, `new` in it."""
    begin, end = place
    stop = end + moved - begin
    return [
        *(part for part in old if part[0] < begin),
        *(_shifted(part, begin) for part in new if part[0] < stop),
        *(_shifted(part, moved) for part in old if part[0] >= end),
    ]


def _shifted(part: _Part, by: int) -> _Part:
    start, end, *rest = part
    return cast("_Part", (start + by, end + by, *rest))
