"""Owns the hunk filter: which changes of a rewrite stay, judged by where they stand.

A rewrite is compared with its candidate segment by segment, and the gaps between segments each for
itself. Taking a hunk back puts the candidate's own bytes there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from self_refine.loop.nouns import Finding
from self_refine.text.align import common_blocks
from self_refine.text.segments import is_prose, segments
from self_refine.text.spans import Span

_WORD = re.compile(r"\w+")
_BAG = re.compile(r"[^\W\u2e80-\U0003ffff]+|[\u2e80-\U0003ffff]")
"""Words; of scripts that put no blanks between them, characters."""
_ALIKE = 0.5
"""Share of common words from which two segments count as versions of each other."""
_MOST_PAIRS = 10_000
"""Of a larger stretch of changed segments each is set against the one at its place."""


@dataclass(frozen=True, slots=True)
class _Side:
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
class _Hunk:
    """Segments of the old text, and those of the new text that stand for them."""

    old: Span
    new: Span


@dataclass(frozen=True, slots=True)
class _Item:
    """One segment of the result, and its number on either side if it has one there."""

    old: int | None
    new: int | None
    words: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which changes stay."""

    hunk: Callable[[_Hunk], bool]
    gap: Callable[[int, int], bool]
    """Asked with the numbers of the gap in the old and in the new text."""


def filtered(old: str, new: str, todo: Sequence[Finding], language: str) -> str:
    """`new` with the changes that touch a finding, or the segment beside it, and no others.

    In code a change stays too if it shares a changed name with one that stays: a renamed variable
    is renamed wherever it is used, and what a new line needs is imported.
    """
    before, after = _cut(old, language), _cut(new, language)
    hunks = _hunks(before, after)
    near = {n + step for f in todo for n in _segments_at(before, f.span) for step in (-1, 0, 1)}
    kept = [h for h in hunks if _touches(h, near)]
    if not is_prose(language):
        kept = _with_what_they_need(before, after, hunks, kept)
    choice = _Choice(set(kept).__contains__, lambda gap, _: {gap - 1, gap} <= near)
    return _rebuilt(before, after, hunks, choice)


def without_hunks(old: str, new: str, broken: Sequence[Span], language: str = "plaintext") -> str:
    """`new` without the changes that touch the broken spans.

    Args:
        old: the candidate.
        new: what was made of it.
        broken: spans of `new`.
        language: the editor's language id.
    """
    before, after = _cut(old, language), _cut(new, language)
    hunks = _hunks(before, after)

    def stands(span: Span) -> bool:
        return not any(span.overlaps(b) or _meets(span, b) for b in broken)

    choice = _Choice(
        lambda hunk: stands(after.stretch(hunk.new)), lambda _, gap: stands(after.gap(gap))
    )
    return _rebuilt(before, after, hunks, choice)


def strays(old: str, new: str, todo: Sequence[Finding], language: str) -> bool:
    """Whether `new` changes something that no finding is near to."""
    return filtered(old, new, todo, language) != new


def _meets(span: Span, other: Span) -> bool:
    """Whether the two meet and one of them is a place."""
    return (span.is_empty or other.is_empty) and span.touches(other)


def _cut(text: str, language: str) -> _Side:
    return _Side(text, segments(text, language))


def _segments_at(side: _Side, span: Span) -> list[int]:
    """The segments that a finding is about; for a place, the one before it."""
    hit = [n for n, s in enumerate(side.spans) if s.overlaps(span)]
    if hit:
        return hit
    before = [n for n, s in enumerate(side.spans) if s.start <= span.start]
    return before[-1:] or [0]


def _touches(hunk: _Hunk, near: set[int]) -> bool:
    """Whether a hunk changes a segment of `near`, or adds words beside one."""
    if hunk.old.is_empty:
        return hunk.old.start in near or hunk.old.start - 1 in near
    return any(n in near for n in range(hunk.old.start, hunk.old.end))


def _with_what_they_need(
    before: _Side, after: _Side, hunks: Sequence[_Hunk], kept: Sequence[_Hunk]
) -> list[_Hunk]:
    """`kept` and every hunk that shares a changed name with them, directly or through others."""
    names = {hunk: _changed_names(before, after, hunk) for hunk in hunks}
    stays = dict.fromkeys(kept)
    wanted = {name for hunk in stays for name in names[hunk]}
    while found := [h for h in hunks if h not in stays and names[h] & wanted]:
        stays |= dict.fromkeys(found)
        wanted.update(*(names[h] for h in found))
    return list(stays)


def _changed_names(before: _Side, after: _Side, hunk: _Hunk) -> set[str]:
    old = Counter(_WORD.findall(before.stretch(hunk.old).of(before.text)))
    new = Counter(_WORD.findall(after.stretch(hunk.new).of(after.text)))
    return {name for name in (old - new) + (new - old) if not name.isdigit()}


def _hunks(before: _Side, after: _Side) -> list[_Hunk]:
    """What differs, in order, cut as small as segments that stand for each other allow."""
    hunks: list[_Hunk] = []
    a = b = 0
    ends = [(x.old, x.new, x.size) for x in common_blocks(before.words, after.words)]
    for old, new, size in [*ends, (len(before.spans), len(after.spans), 0)]:
        hunks += _divided(before, after, Span(a, old), Span(b, new))
        a, b = old + size, new + size
    return hunks


def _divided(before: _Side, after: _Side, old: Span, new: Span) -> Iterator[_Hunk]:
    """One changed stretch, divided at segments of which one is a version of the other."""
    a, b = old.start, new.start
    for i, j in _pairs(before, after, old, new):
        yield from _unpaired(Span(a, i), Span(b, j))
        yield _Hunk(Span(i, i + 1), Span(j, j + 1))
        a, b = i + 1, j + 1
    yield from _unpaired(Span(a, old.end), Span(b, new.end))


def _unpaired(old: Span, new: Span) -> Iterator[_Hunk]:
    """Segments that are like none on the other side: one for one, what is left over at the end.

    So a far segment that went together with a near one comes back by itself.
    """
    pairs = min(old.end - old.start, new.end - new.start)
    for n in range(pairs - 1):
        yield _Hunk(Span(old.start + n, old.start + n + 1), Span(new.start + n, new.start + n + 1))
    if not new.is_empty:
        last = max(0, pairs - 1)
        left = Span(old.start + last, old.start + pairs)
        yield _Hunk(left, Span(new.start + last, new.end))
    for n in range(old.start + pairs, old.end):
        yield _Hunk(Span(n, n + 1), Span(new.end, new.end))


def _pairs(before: _Side, after: _Side, old: Span, new: Span) -> list[tuple[int, int]]:
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


def _rebuilt(before: _Side, after: _Side, hunks: Sequence[_Hunk], choice: _Choice) -> str:
    parts: list[str] = []
    last = _Item(-1, -1, "")
    for item in (*_items(before, after, hunks, choice), _end(before, after)):
        parts += (_gap(before, after, last, item, choice), item.words)
        last = item
    return "".join(parts)


def _end(before: _Side, after: _Side) -> _Item:
    return _Item(len(before.spans), len(after.spans), "")


def _items(before: _Side, after: _Side, hunks: Sequence[_Hunk], choice: _Choice) -> Iterator[_Item]:
    """The segments of the result."""
    old, new = before.words, after.words
    a = b = 0
    end = _Hunk(Span(len(old), len(old)), Span(len(new), len(new)))
    for hunk in (*hunks, end):
        for n in range(hunk.old.start - a):
            yield _Item(a + n, b + n, old[a + n])
        stays = choice.hunk(hunk)
        words, units = (new, hunk.new) if stays else (old, hunk.old)
        twins = hunk.old.end - hunk.old.start == hunk.new.end - hunk.new.start
        for n in range(units.end - units.start):
            number = (
                hunk.old.start + n if twins or not stays else None,
                hunk.new.start + n if twins or stays else None,
            )
            yield _Item(*number, words[units.start + n])
        a, b = hunk.old.end, hunk.new.end


def _gap(before: _Side, after: _Side, last: _Item, item: _Item, choice: _Choice) -> str:
    """What stands between two segments of the result."""
    old = _next_to(last.old, item.old)
    new = _next_to(last.new, item.new)
    if old is not None and new is not None:
        side, number = (after, new) if choice.gap(old, new) else (before, old)
        return side.gap(number).of(side.text)
    if old is not None:
        return before.gap(old).of(before.text)
    if new is not None:
        return after.gap(new).of(after.text)
    # Neighbours on neither side, as where one change stays and the one beside it does not: the
    # widest of the gaps that either segment had.
    gaps = [before.gap(n) for n in _beside(last.old, item.old)]
    texts = [g.of(before.text) for g in gaps]
    texts += [after.gap(n).of(after.text) for n in _beside(last.new, item.new)]
    return max(texts, key=lambda gap: (gap.count("\n") + gap.count("\r"), len(gap)), default="")


def _next_to(last: int | None, this: int | None) -> int | None:
    """The number of the gap between two segments of one side, None where more stands there."""
    return this if last is not None and this is not None and last + 1 == this else None


def _beside(last: int | None, this: int | None) -> list[int]:
    """The gap behind one segment and the one before the other, where they have a number."""
    behind = [] if last is None else [last + 1]
    return behind + ([] if this is None else [this])
