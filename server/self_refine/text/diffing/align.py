"""Owns alignment: which parts of two sequences are the same, in bounded time and memory.

Where the table of the longest common subsequence would be large, unique elements that both sides
have in the same order (as in Bram Cohen's patience diff) first divide the work; what is left too
large after that counts as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel, Postfix, Prefix

from self_refine.text.spans import Span

MOST_CELLS = 150_000_000
"""Cells of one table, a bit each: 19 MB, about 20 ms."""

_DEPTH = 6


class Block(NamedTuple):
    """A stretch that both sides have."""

    old: int
    new: int
    size: int


class _Letters(dict[str, str]):
    """A character for each element: rapidfuzz compares strings fastest, and exactly."""

    def __init__(self, key: Callable[[str], str]) -> None:
        super().__init__()
        self._key = key
        self._known: dict[str, str] = {}

    def __missing__(self, element: str) -> str:
        key = self._key(element)
        letter = self._known.get(key)
        if letter is None:
            letter = self._known[key] = chr(len(self._known))
        self[element] = letter
        return letter


def common_blocks(
    old: Sequence[str], new: Sequence[str], key: Callable[[str], str] = str
) -> tuple[Block, ...]:
    """The same elements in the same order: blocks that ascend on both sides and never overlap.

    Args:
        old: lines or tokens.
        new: the other side's.
        key: what makes two elements the same.
    """
    letters = _Letters(key)
    try:
        a, b = ("".join(map(letters.__getitem__, side)) for side in (old, new))
    except ValueError:  # more distinct elements than there are characters: a million
        return ()
    return _joined(_blocks(a, b, Block(0, 0, 0), 0))


def gaps(blocks: Sequence[Block], old: int, new: int) -> Iterator[tuple[Span, Span]]:
    """What lies between blocks, on both sides, up to the lengths `old` and `new`."""
    i = j = 0
    for block in [*blocks, Block(old, new, 0)]:
        if block.old > i or block.new > j:
            yield Span(i, block.old), Span(j, block.new)
        i, j = block.old + block.size, block.new + block.size


def _blocks(a: str, b: str, at: Block, depth: int) -> Iterator[Block]:
    head = Prefix.similarity(a, b)
    tail = min(Postfix.similarity(a, b), len(a) - head, len(b) - head)
    if head:
        yield Block(at.old, at.new, head)
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    inner = Block(at.old + head, at.new + head, 0)
    if not inner_a or not inner_b:
        pass
    elif len(inner_a) * len(inner_b) <= MOST_CELLS:
        yield from _exactly(inner_a, inner_b, inner)
    elif depth < _DEPTH:
        yield from _divided(inner_a, inner_b, inner, depth)
    if tail:
        yield Block(at.old + len(a) - tail, at.new + len(b) - tail, tail)


def _exactly(a: str, b: str, at: Block) -> Iterator[Block]:
    for i, j, size in Indel.editops(a, b).as_matching_blocks():
        if size:
            yield Block(at.old + i, at.new + j, size)


def _divided(a: str, b: str, at: Block, depth: int) -> Iterator[Block]:
    anchors = _anchors(a, b)
    if not anchors:
        return
    x = y = 0
    for i, j in [*anchors, (len(a), len(b))]:
        yield from _blocks(a[x:i], b[y:j], Block(at.old + x, at.new + y, 0), depth + 1)
        if i < len(a):
            yield Block(at.old + i, at.new + j, 1)
        x, y = i + 1, j + 1


def _anchors(a: str, b: str) -> list[tuple[int, int]]:
    """The longest chain of elements that stand once on either side."""
    once = {each for each, n in Counter(a).items() if n == 1}
    once &= {each for each, n in Counter(b).items() if n == 1}
    place = {each: j for j, each in enumerate(b) if each in once}
    pairs = [(i, place[each]) for i, each in enumerate(a) if each in once]
    return _ascending(pairs)


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second members ascend; the first ones do."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for k, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(last[at - 1] if at else -1)
        if at == len(ends):
            ends.append(j)
            last.append(k)
        else:
            ends[at], last[at] = j, k
    chain: list[tuple[int, int]] = []
    k = last[-1] if last else -1
    while k >= 0:
        chain.append(pairs[k])
        k = before[k]
    return chain[::-1]


def _joined(blocks: Iterator[Block]) -> tuple[Block, ...]:
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if last and last.old + last.size == block.old and last.new + last.size == block.new:
            out[-1] = Block(last.old, last.new, last.size + block.size)
        else:
            out.append(block)
    return tuple(out)
