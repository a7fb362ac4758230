"""Which notes of a run's changes a document shows: those of the words that stand there."""

from collections.abc import Iterable

from self_refine.editor.diagnostics.findings import Findings, Placed
from self_refine.editor.review.tracked_change import TrackedChange
from self_refine.editor.runs.run import Landed, Waiting

Side = bool | None
"""True: the new words stand; False: the old ones; None: neither, and what was shown stays."""


class ReviewNotes:
    """Keeps the notes of all reviews in step with their documents."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._sides: dict[str, tuple[Side, ...]] = {}

    def offered(self, run: Waiting, text: str) -> None:
        """A result waits: the text says what it said, and so do the notes."""
        if run.start is not None:
            placed = moved_by(run.result.notes.original, run.start)
            self._findings.put(run.uri, text, run.id, placed)
        self._sides[run.id] = _sides(run)

    def landed(self, run: Landed, text: str, start: int) -> None:
        """A result stands in `text` from `start`: show what it resolved and what it left open."""
        notes = run.result.notes
        resolved = (
            each
            for change, at in zip(run.changes, notes.by_change, strict=True)
            for each in moved_by(at.new, change.change.new.start + start)
        )
        placed = [*moved_by(notes.left, start), *resolved]
        self._findings.put(run.uri, text, run.id, placed)
        self._sides[run.id] = _sides(run)

    def follow(self, run: Waiting | Landed, text: str) -> bool:
        """Show what belongs to the words that stand now; whether anything is another."""
        before, now = self._sides.get(run.id), _sides(run)
        if before is None or before == now:
            return False
        self._sides[run.id] = tuple(
            was if side is None else side for was, side in zip(before, now, strict=True)
        )
        for number, change in enumerate(run.changes):
            if now[number] not in (None, before[number]):
                self._swap(run, number, change, text)
        return True

    def _swap(self, run: Waiting | Landed, number: int, change: TrackedChange, text: str) -> None:
        notes = run.result.notes.by_change[number]
        gone, come = (notes.old, notes.new) if change.is_new else (notes.new, notes.old)
        numbers = frozenset(each.note.number for each in (*gone, *come))
        placed = _standing(come, change, text, run.original.words)
        self._findings.swap(run.uri, text, run.id, numbers, placed)

    def retire(self, run_id: str) -> None:
        """A later run has judged the same words: this one says nothing of them any more."""
        self._sides.pop(run_id, None)

    def revive(self, run: Waiting | Landed) -> None:
        """The user has taken back a change of a run: its words have not been judged since."""
        self._sides.setdefault(run.id, _sides(run))


def moved_by(notes: Iterable[Placed], by: int) -> tuple[Placed, ...]:
    """The notes, `by` code points further on."""
    return tuple(Placed(each.note, each.span.moved(by)) for each in notes)


def _sides(run: Waiting | Landed) -> tuple[Side, ...]:
    return tuple(None if each.span is None else each.is_new for each in run.changes)


def _standing(
    notes: Iterable[Placed], change: TrackedChange, text: str, original: str
) -> list[Placed]:
    """The notes whose words stand; a finding may quote words beyond those of the change."""
    if change.span is None:
        return []
    placed = moved_by(notes, change.span.start)
    if change.is_new:
        return list(placed)
    by = change.change.old.start - change.span.start
    return [each for each in placed if each.span.of(text) == each.span.moved(by).of(original)]
