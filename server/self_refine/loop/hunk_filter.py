"""Owns the hunk filter: which changes of a rewrite stay, judged by where they stand.

A rewrite is compared with its candidate unit by unit (a segment and the white space after it).
Taking a hunk back puts the candidate's own bytes there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from self_refine.loop.nouns import Finding
from self_refine.text.align import common_blocks
from self_refine.text.segments import is_prose, segments
from self_refine.text.spans import Span

_WORD = re.compile(r"\w+")
_BAG = re.compile(r"[^\W\u2e80-\U0003ffff]+|[\u2e80-\U0003ffff]")
"""Words; of scripts that put no blanks between them, characters."""
_ALIKE = 0.5
"""Share of common words from which two units count as versions of each other."""
_MOST_PAIRS = 40_000
"""A larger stretch of changed units is one hunk."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One text, cut into units that joined give the text again."""

    text: str
    spans: tuple[Span, ...]
    """The segment of each unit, without the white space after it."""
    units: tuple[str, ...]

    def stretch(self, units: Span) -> Span:
        """What some units cover, or the gap where none stand."""
        if not units.is_empty:
            return Span(self.spans[units.start].start, self.spans[units.end - 1].end)
        start = self.spans[units.start - 1].end if units.start else 0
        end = self.spans[units.start].start if units.start < len(self.spans) else len(self.text)
        return Span(start, end)


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Units of the old text, and the units of the new text that stand for them."""

    old: Span
    new: Span


def filtered(old: str, new: str, todo: Sequence[Finding], language: str) -> str:
    """`new` with the changes that touch a finding, or the segment beside it, and no others.

    In code a change stays too if it shares a changed name with one that stays: a renamed variable
    is renamed wherever it is used, and what a new line needs is imported.
    """
    before, after = _cut(old, language), _cut(new, language)
    hunks = _hunks(before, after)
    near = {n + step for f in todo for n in _units_at(before, f.span) for step in (-1, 0, 1)}
    kept = [h for h in hunks if _touches(h, near)]
    if not is_prose(language):
        kept = _with_what_they_need(before, after, hunks, kept)
    return _rebuilt(before, after, hunks, kept.__contains__)


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
    dropped = [h for h in hunks if any(after.stretch(h.new).touches(b) for b in broken)]
    return _rebuilt(before, after, hunks, lambda hunk: hunk not in dropped)


def strays(old: str, new: str, todo: Sequence[Finding], language: str) -> bool:
    """Whether `new` changes something that no finding is near to."""
    return filtered(old, new, todo, language) != new


def _cut(text: str, language: str) -> _Side:
    spans = segments(text, language) or (Span(0, len(text)),)
    starts = [0, *(s.start for s in spans[1:]), len(text)]
    units = tuple(text[a:b] for a, b in pairwise(starts))
    return _Side(text, spans, units)


def _units_at(side: _Side, span: Span) -> list[int]:
    """The units that a finding is about; for a place, those on both sides of it."""
    hit = [n for n, s in enumerate(side.spans) if s.overlaps(span)]
    if hit:
        return hit
    before = [n for n, s in enumerate(side.spans) if s.start <= span.start]
    return before[-1:] or [0]


def _touches(hunk: _Hunk, near: set[int]) -> bool:
    """Whether a hunk changes a unit of `near`, or adds something beside one."""
    if hunk.old.is_empty:
        return hunk.old.start in near or hunk.old.start - 1 in near
    return any(n in near for n in range(hunk.old.start, hunk.old.end))


def _with_what_they_need(
    before: _Side, after: _Side, hunks: Sequence[_Hunk], kept: Sequence[_Hunk]
) -> list[_Hunk]:
    """`kept` and every hunk that shares a changed name with them, directly or through others."""
    names = {hunk: _changed_names(before, after, hunk) for hunk in hunks}
    all_kept = list(kept)
    left = [h for h in hunks if h not in kept]
    wanted = set().union(*(names[h] for h in all_kept)) if all_kept else set()
    while found := [h for h in left if names[h] & wanted]:
        all_kept += found
        left = [h for h in left if h not in found]
        wanted = wanted.union(*(names[h] for h in found))
    return all_kept


def _changed_names(before: _Side, after: _Side, hunk: _Hunk) -> set[str]:
    old = Counter(_WORD.findall("".join(before.units[hunk.old.start : hunk.old.end])))
    new = Counter(_WORD.findall("".join(after.units[hunk.new.start : hunk.new.end])))
    return {name for name in (old - new) + (new - old) if not name.isdigit()}


def _hunks(before: _Side, after: _Side) -> list[_Hunk]:
    """What differs, in order, cut as small as units that stand for each other allow."""
    hunks: list[_Hunk] = []
    a = b = 0
    ends = [(x.old, x.new, x.size) for x in common_blocks(before.units, after.units)]
    for old, new, size in [*ends, (len(before.units), len(after.units), 0)]:
        hunks += _divided(before, after, Span(a, old), Span(b, new))
        a, b = old + size, new + size
    return hunks


def _divided(before: _Side, after: _Side, old: Span, new: Span) -> Iterator[_Hunk]:
    """One changed stretch, divided at units of which one is a version of the other."""
    a, b = old.start, new.start
    for i, j in _pairs(before, after, old, new):
        if a < i or b < j:
            yield _Hunk(Span(a, i), Span(b, j))
        yield _Hunk(Span(i, i + 1), Span(j, j + 1))
        a, b = i + 1, j + 1
    if a < old.end or b < new.end:
        yield _Hunk(Span(a, old.end), Span(b, new.end))


def _pairs(before: _Side, after: _Side, old: Span, new: Span) -> list[tuple[int, int]]:
    """Units that stand for each other: the ascending pairs whose likeness adds up to the most."""
    rows, columns = old.end - old.start, new.end - new.start
    if not 0 < rows * columns <= _MOST_PAIRS:
        return []
    left = [_bag(u) for u in before.units[old.start : old.end]]
    right = [_bag(u) for u in after.units[new.start : new.end]]
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


def _bag(unit: str) -> Counter[str]:
    return Counter(_BAG.findall(unit)) or Counter(unit.split())


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    """Dice's coefficient of two bags of words, 0 to 1."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0


def _rebuilt(
    before: _Side, after: _Side, hunks: Sequence[_Hunk], stays: Callable[[_Hunk], bool]
) -> str:
    parts: list[str] = []
    at = 0
    for hunk in hunks:
        parts += before.units[at : hunk.old.start]
        side, units = (after, hunk.new) if stays(hunk) else (before, hunk.old)
        parts += side.units[units.start : units.end]
        at = hunk.old.end
    parts += before.units[at:]
    return "".join(parts)
