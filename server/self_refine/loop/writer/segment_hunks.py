"""Owns the difference between two texts segment by segment, as hunks that can be taken or left."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from self_refine.text.diffing.align import common_blocks
from self_refine.text.segmenting.segments import segments
from self_refine.text.spans import Span

_BAG = re.compile(r"[^\W\u2e80-\U0003ffff]+|[\u2e80-\U0003ffff]")
"""Words; of scripts that put no blanks between them, characters."""
_ALIKE = 0.5
"""Share of common words from which two segments count as versions of each other."""
_MOST_PAIRS = 10_000
"""Of a larger stretch of changed segments each is set against the one at its place."""


@dataclass(frozen=True, slots=True)
class Side:
    """One text: segments, and the gaps before, between and behind them."""

    text: str
    spans: tuple[Span, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The segments' own."""
        return tuple(span.of(self.text) for span in self.spans)

    def gap(self, number: int) -> Span:
        """The gap before segment `number`; the last one is behind the last segment."""
        start = self.spans[number - 1].end if number else 0
        end = self.spans[number].start if number < len(self.spans) else len(self.text)
        return Span(start, end)

    def stretch(self, units: Span) -> Span:
        """What some segments cover, or the gap where there are none."""
        if units.is_empty:
            return self.gap(units.start)
        return Span(self.spans[units.start].start, self.spans[units.end - 1].end)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Segments of the old text, and those of the new text that stand for them."""

    old: Span
    new: Span


def cut(text: str, language: str) -> Side:
    """A text in segments."""
    return Side(text, segments(text, language))


def segment_hunks(before: Side, after: Side) -> list[Hunk]:
    """What differs, in order, cut as small as segments that stand for each other allow."""
    hunks: list[Hunk] = []
    a = b = 0
    ends = [(x.old, x.new, x.size) for x in common_blocks(before.words, after.words)]
    for old, new, size in [*ends, (len(before.spans), len(after.spans), 0)]:
        hunks += _divided(before, after, Span(a, old), Span(b, new))
        a, b = old + size, new + size
    return hunks


def _divided(before: Side, after: Side, old: Span, new: Span) -> Iterator[Hunk]:
    """One changed stretch, divided at segments of which one is a version of the other."""
    a, b = old.start, new.start
    for i, j in _pairs(before, after, old, new):
        yield from _unpaired(Span(a, i), Span(b, j))
        yield Hunk(Span(i, i + 1), Span(j, j + 1))
        a, b = i + 1, j + 1
    yield from _unpaired(Span(a, old.end), Span(b, new.end))


def _unpaired(old: Span, new: Span) -> Iterator[Hunk]:
    """Segments that are like none on the other side: one for one, what is left over at the end.

    So a far segment that went together with a near one comes back by itself.
    """
    pairs = min(old.end - old.start, new.end - new.start)
    for n in range(pairs - 1):
        yield Hunk(Span(old.start + n, old.start + n + 1), Span(new.start + n, new.start + n + 1))
    if not new.is_empty:
        last = max(0, pairs - 1)
        left = Span(old.start + last, old.start + pairs)
        yield Hunk(left, Span(new.start + last, new.end))
    for n in range(old.start + pairs, old.end):
        yield Hunk(Span(n, n + 1), Span(new.end, new.end))


def _pairs(before: Side, after: Side, old: Span, new: Span) -> list[tuple[int, int]]:
    """Segments that stand for each other: ascending pairs whose likeness adds up to the most."""
    rows, columns = old.end - old.start, new.end - new.start
    if not 0 < rows * columns <= _MOST_PAIRS:
        return []
    left = [_bag(u) for u in before.words[old.start : old.end]]
    right = [_bag(u) for u in after.words[new.start : new.end]]
    # best[i][j]: the most that units from i and from j on can add up to.
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    alike = [[_likeness(x, y) for y in right] for x in left]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            skip = max(best[i + 1][j], best[i][j + 1])
            pair = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(skip, pair)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((old.start + i, new.start + j))
            i, j = i + 1, j + 1
    return pairs


def _bag(words: str) -> Counter[str]:
    return Counter(_BAG.findall(words)) or Counter(words.split())


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    """Dice's coefficient of two bags of words, 0 to 1."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0
