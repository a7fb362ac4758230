"""Owns the changes of a run as a person reviews them: one by one, each with what it answers.

A change is *waiting* (its words are still the old ones), *landed* (the new ones stand in the
text), *kept* (the user agreed) or *reverted*. Its anchor follows the words that stand there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from self_refine.editor.diagnostics.tracked_range import TrackedRange, moved, tracked
from self_refine.text.spans import Edit, Span, apply_edits

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.loop.types import Finding, Outcome

State = Literal["waiting", "landed", "kept", "reverted"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One changed stretch of a run's text."""

    number: int
    """From 0; users see it from 1."""
    old: Span
    """In the original."""
    new: Span
    """In the result."""
    before: str
    """The words at `old`."""
    after: str
    """The words at `new`."""
    answers: "tuple[Finding, ...]" = ()
    """The findings that it answers, as the gate knows."""
    pass_: int | None = None
    """The pass that made it."""


@dataclass(slots=True)
class ReviewHunk:
    """A change and where its words stand in the document."""

    change: Change
    state: State
    anchor: TrackedRange

    @property
    def span(self) -> Span | None:
        """Where its words stand, None once they were changed."""
        return self.anchor.span


def changes(outcome: "Outcome") -> tuple[Change, ...]:
    """What a run changed, in the order of the text."""
    from self_refine.loop.reporting.resolved_findings import hunk_answers  # noqa: PLC0415 - not before the first run

    original, result = outcome.original.text, outcome.text
    if original == result:
        return ()
    answers = hunk_answers(outcome)
    found = tuple(
        Change(
            number=number,
            old=answer.old,
            new=answer.new,
            before=answer.old.of(original),
            after=answer.new.of(result),
            answers=answer.findings,
            # Fixes of checks are made before the first rewrite: in pass 1, as progress says.
            pass_=None if answer.pass_ is None else max(1, answer.pass_),
        )
        for number, answer in enumerate(answers)
    )
    if gives(original, found) != result:  # pragma: no cover - holds by the loop's own tests
        return (_whole(original, result),)
    return found


def gives(original: str, found: Iterable[Change]) -> str:
    """The original with these changes made."""
    return apply_edits(original, [Edit(change.old, change.after) for change in found])


def _whole(original: str, result: str) -> Change:
    return Change(
        number=0,
        old=Span(0, len(original)),
        new=Span(0, len(result)),
        before=original,
        after=result,
    )


def waiting(found: Iterable[Change], text: str, original: TrackedRange) -> list[ReviewHunk]:
    """The changes of a result that waits, as far as their words stand in `text`.

    Args:
        found: the changes.
        text: the document.
        original: follows the text that the run was given; where that was typed in, the changes
            whose words are untouched are still to be had.
    """
    places = _places(found, text, original)
    return [ReviewHunk(c, "waiting", tracked(text, at)) for c, at in places if at is not None]


def _places(
    found: Iterable[Change], text: str, original: TrackedRange
) -> list[tuple[Change, Span | None]]:
    if original.span is not None:
        start = original.span.start
        return [(change, change.old.moved(start)) for change in found]
    from self_refine.text.diffing.edits import minimal_edits  # noqa: PLC0415 - only where it is needed
    from self_refine.text.span_tracking import map_span  # noqa: PLC0415 - as above

    typed = minimal_edits(original.memory or "", original.region.of(text))
    start = original.region.start
    places: list[tuple[Change, Span | None]] = []
    for change in found:
        at = map_span(change.old.moved(original.lead), typed)
        whole = at is not None and at.moved(start).of(text) == change.before
        places.append((change, at.moved(start) if at is not None and whole else None))
    return places


def landed(found: Iterable[Change], text: str, start: int) -> list[ReviewHunk]:
    """The changes of a result that landed; it stands in `text` from `start`."""
    return [ReviewHunk(c, "landed", tracked(text, c.new.moved(start))) for c in found]


def follow(standing: Iterable[ReviewHunk], edit: Edit, text: str) -> None:
    """Follow an edit that was made in `text`."""
    for each in standing:
        each.anchor = moved(each.anchor, edit, text)


def forward(standing: Sequence[ReviewHunk]) -> tuple[Edit, ...]:
    """Make waiting changes."""
    return _edits((each.span, each.change.after) for each in standing)


def backward(standing: Sequence[ReviewHunk]) -> tuple[Edit, ...]:
    """Undo landed changes."""
    return _edits((each.span, each.change.before) for each in standing)


def _edits(pairs: Iterable[tuple[Span | None, str]]) -> tuple[Edit, ...]:
    return tuple(sorted(Edit(span, words) for span, words in pairs if span is not None))


def stand(
    standing: Sequence[ReviewHunk], state: State, text: str, at: Span, edits: Sequence[Edit]
) -> None:
    """Put changes into another state, now that their edits have arrived.

    Args:
        standing: the changes, in the order of the text.
        state: what they are now.
        text: the document now.
        at: where in it the edits stand, from the first to the last.
        edits: one for each change, as they were sent.
    """
    shift = at.start - edits[0].span.start
    for each, edit in zip(standing, edits, strict=True):
        start = edit.span.start + shift
        each.anchor = tracked(text, Span(start, start + len(edit.text)))
        each.state = state
        shift += len(edit.text) - (edit.span.end - edit.span.start)
