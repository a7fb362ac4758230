"""Owns which lines two versions of a text share."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from self_refine.text.diffing.align import Block, common_blocks

_SHORT = 3
"""A line with no more visible characters than this, and not the only one of its kind, is like a
blank one: `end`, `fi`, `}`."""
_WORD = re.compile(r"[^\W_]")


def line_blocks(a: Sequence[str], b: Sequence[str]) -> tuple[Block, ...]:
    """The lines that two texts share.

    Lines that say something are aligned first; blank ones and lone brackets join them only next to
    one that does. Otherwise the blank lines of two texts would pair paragraphs at random.
    """
    strong_a, strong_b = _strong(a), _strong(b)
    pairs = [
        (strong_a[block.old + k], strong_b[block.new + k])
        for block in common_blocks([a[i] for i in strong_a], [b[j] for j in strong_b])
        for k in range(block.size)
    ]
    return tuple(_widened(a, b, pairs))


def _strong(lines: Sequence[str]) -> list[int]:
    """The lines that show what belongs together."""
    often = Counter(lines)
    return [
        number
        for number, line in enumerate(lines)
        if _WORD.search(line) and (len(line.strip()) > _SHORT or often[line] == 1)
    ]


def _widened(a: Sequence[str], b: Sequence[str], pairs: list[tuple[int, int]]) -> Iterator[Block]:
    """Blocks around pairs of lines, with the equal lines next to them and at either end."""
    i = j = 0
    for next_i, next_j in [*pairs, (len(a), len(b))]:
        down = 0
        while i + down < next_i and j + down < next_j and a[i + down] == b[j + down]:
            down += 1
        if down:
            yield Block(i, j, down)
        up = 0
        room = min(next_i - i, next_j - j) - down
        while up < room and a[next_i - up - 1] == b[next_j - up - 1]:
            up += 1
        size = up + (next_i < len(a) and next_j < len(b))
        if size:
            yield Block(next_i - up, next_j - up, size)
        i, j = next_i + 1, next_j + 1
