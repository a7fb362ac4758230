"""`TrackedChange`: a change and where it stands in the document. What stands there is its state.

Nothing is remembered of what was done with a change but the user's own decision: undo, redo and
typing are seen in the text alone, so that state and text cannot come apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from self_refine.editor.diagnostics.tracked_range import TrackedRange, moved, tracked, trimmed
from self_refine.editor.review.change import Change, backward, forward
from self_refine.text.spans import Edit, Span

State = Literal["waiting", "landed", "kept", "reverted", "edited"]
"""`waiting`: the old words stand, and the new ones are offered; `landed`: the new words stand and
nobody has decided; `kept`: they stand and the user agreed; `reverted`: the old words stand and
nothing is offered; `edited`: neither stands."""

Decision = Literal["", "kept", "discarded", "retired"]
"""`retired`: a later run has judged the words as they stood before."""

_MOST_DIFFERENCE = 20_000
"""Code points of an edit that is taken apart to see which words it left alone."""
_VERSIONS = 100
"""Texts of one document whose places are remembered: undo brings the very same text back."""


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """A change, the place of its words, and what the user said of it."""

    change: Change
    place: TrackedRange
    """Follows whichever of the two texts stood last."""
    decision: Decision = ""

    @property
    def span(self) -> Span | None:
        """Where its words stand, the old or the new ones; None while neither does."""
        return self.place.span

    @property
    def is_new(self) -> bool:
        """Whether the new words stood last."""
        return self.place.words == self.change.after

    def state(self, *, offered: bool) -> State:
        """What the text says of the change; `offered` while the run's result waits."""
        if self.span is None:
            return "edited"
        if self.is_new:
            return "kept" if self.decision in ("kept", "retired") else "landed"
        return "waiting" if offered and not self.decision else "reverted"


def in_original(
    found: Iterable[Change], text: str, original: TrackedRange
) -> tuple[TrackedChange, ...]:
    """The changes of a result that is not in the document, as far as their words stand there.

    Args:
        found: the changes.
        text: the document.
        original: follows the text that the run was given; where that was typed in, the changes
            whose words are untouched are still to be had.
    """
    if original.span is not None:
        by = original.span.start
        return tuple(TrackedChange(c, tracked(text, c.old.moved(by))) for c in found)
    from self_refine.text.diffing.edits import minimal_edits  # noqa: PLC0415 - imports rapidfuzz

    typed = minimal_edits(original.memory or "", original.region.of(text))
    by = original.region.start
    return tuple(
        TrackedChange(change, _place(change, text, original, typed, by)) for change in found
    )


def _place(
    change: Change, text: str, original: TrackedRange, typed: Sequence[Edit], by: int
) -> TrackedRange:
    from self_refine.text.span_tracking import map_span  # noqa: PLC0415 - as above

    at = map_span(change.old.moved(original.lead), typed)
    if at is not None and at.moved(by).of(text) == change.before:
        return tracked(text, at.moved(by))
    return TrackedRange(
        words=change.before,
        region=original.region,
        memory=original.memory,
        lead=original.lead + change.old.start,
    )


def in_result(found: Iterable[Change], text: str, start: int) -> tuple[TrackedChange, ...]:
    """The changes of a result that stands in `text` from `start`."""
    return tuple(TrackedChange(c, tracked(text, c.new.moved(start))) for c in found)


def followed(change: TrackedChange, edit: Edit, before: str, after: str) -> TrackedChange:
    """The change once `edit` has made `after` of the text `before`."""
    place = moved(change.place, edit, before)
    other = change.change.before if change.is_new else change.change.after
    if place.memory is None:
        swapped = _grown(place, other, edit, before, after)
    else:
        # First: the words that stood may be found again inside of the other ones.
        swapped = _swapped(place, other, after)
    return _at(change, swapped or place)


def _at(change: TrackedChange, place: TrackedRange) -> TrackedChange:
    """The change at another place; a decision is about the words that stood when it was made."""
    now = replace(change, place=place)
    stale = now.decision == ("discarded" if now.is_new else "kept")
    return replace(now, decision="") if stale and now.span is not None else now


def _swapped(place: TrackedRange, other: str, text: str) -> TrackedRange | None:
    """The place of the other words, where they stand in place of the ones that were followed."""
    memory = place.memory or ""
    lead, behind = memory[: place.lead], memory[place.lead + len(place.words) :]
    if place.region.of(text) != f"{lead}{other}{behind}":
        return None
    start = place.region.start + place.lead
    return tracked(text, Span(start, start + len(other)))


def _grown(
    place: TrackedRange, other: str, edit: Edit, before: str, after: str
) -> TrackedRange | None:
    """The place of the other words, where an insertion at an edge of the old ones completes them.

    "use" becomes "used" by a letter behind it: an editor that redoes a change sends no more.
    """
    edit = trimmed(edit, before)
    if not edit.span.is_empty:
        return None
    size, region = len(edit.text), place.region
    for at in (Span(region.start, region.end + size), Span(region.start - size, region.end)):
        if edit.span.start in (at.start, at.end - size) and at.of(after) == other:
            return tracked(after, at)
    return None


def taken_apart(edit: Edit, text: str) -> tuple[Edit, ...]:
    """The same change of `text` as small edits, one after the other, each in the text before it.

    Editors undo several changes as one replacement of all lines from the first to the last.
    """
    old = edit.span.of(text)
    if not old or not edit.text or len(old) + len(edit.text) > _MOST_DIFFERENCE:
        return (edit,)
    from self_refine.text.diffing.edits import minimal_edits  # noqa: PLC0415 - as above

    found = minimal_edits(old, edit.text)
    # From the last to the first: none of them moves another.
    return tuple(Edit(e.span.moved(edit.span.start), e.text) for e in reversed(found))


@dataclass(slots=True)
class Memory:
    """Where things stood in texts that have been: undo and redo bring the very same ones back."""

    places: dict[int, tuple[TrackedRange, ...]] = field(default_factory=dict)
    """By the hash of the text."""

    def leave(self, text: str, changes: Sequence[TrackedChange]) -> None:
        """Note where everything stands in a text that is about to be another."""
        key = hash(text)
        self.places.pop(key, None)
        self.places[key] = tuple(each.place for each in changes)
        if len(self.places) > _VERSIONS:
            del self.places[next(iter(self.places))]

    def arrive(self, text: str, changes: tuple[TrackedChange, ...]) -> tuple[TrackedChange, ...]:
        """Put everything where it stood when the text was this one, if it ever was."""
        known = self.places.get(hash(text))
        if known is None or len(known) != len(changes):
            return changes
        return tuple(_at(each, place) for each, place in zip(changes, known, strict=True))


def making(changes: Iterable[TrackedChange]) -> tuple[Edit, ...]:
    """The edits that make changes whose old words stand."""
    return tuple(
        edit for each in changes if each.span is not None
        for edit in forward(each.change, each.span.start)
    )  # fmt: skip


def undoing(changes: Iterable[TrackedChange]) -> tuple[Edit, ...]:
    """The edits that take back changes whose new words stand."""
    return tuple(
        edit for each in changes if each.span is not None
        for edit in backward(each.change, each.span.start)
    )  # fmt: skip
