"""Owns putting a text together from two: of each hunk, and of each gap, one side's own bytes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from self_refine.loop.writer.segment_hunks import Hunk, Side
from self_refine.text.spans import Span


@dataclass(frozen=True, slots=True)
class _Item:
    """One segment of the result, and its number on either side if it has one there."""

    old: int | None
    new: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which changes stay."""

    hunk: Callable[[Hunk], bool]
    gap: Callable[[int, int], bool]
    """Asked with the numbers of the gap in the old and in the new text."""


def rebuilt(before: Side, after: Side, hunks: Sequence[Hunk], choice: Choice) -> str:
    """The text with the hunks and gaps that `choice` lets stay, and the old bytes elsewhere."""
    parts: list[str] = []
    last = _Item(-1, -1, "")
    for item in (*_items(before, after, hunks, choice), _end(before, after)):
        parts += (_gap(before, after, last, item, choice), item.words)
        last = item
    return "".join(parts)


def _end(before: Side, after: Side) -> _Item:
    return _Item(len(before.spans), len(after.spans), "")


def _items(before: Side, after: Side, hunks: Sequence[Hunk], choice: Choice) -> Iterator[_Item]:
    """The segments of the result."""
    old, new = before.words, after.words
    a = b = 0
    end = Hunk(Span(len(old), len(old)), Span(len(new), len(new)))
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


def _gap(before: Side, after: Side, last: _Item, item: _Item, choice: Choice) -> str:
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
