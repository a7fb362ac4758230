"""`RunSession`: one run from the command to the end of its review. Every transition is here.

Whoever wants to know something of a run takes the snapshot `session.run`; whoever wants something
to become of it calls a method. What the user sees of it is the presenter's.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from self_refine.editor.diagnostics.findings import Placed
from self_refine.editor.diagnostics.tracked_range import TrackedRange, moved, tracked
from self_refine.editor.documents.selection import digest_of
from self_refine.editor.review.change import Change
from self_refine.editor.review.tracked_change import (
    Decision,
    Memory,
    TrackedChange,
    followed,
    in_original,
    in_result,
    taken_apart,
    undoing,
)
from self_refine.editor.runs.run import (
    Ended,
    Landed,
    Order,
    Queued,
    Result,
    Run,
    Running,
    Waiting,
    Why,
    changes_of,
    result_of,
    states,
)
from self_refine.text.spans import Edit, Span, apply_edits

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.criteria.choose_criteria import Chosen
    from self_refine.loop.types import Judged
    from self_refine.runs.driver import Stop


@dataclass(frozen=True, slots=True)
class Step:
    """A small edit of a document, and what the document said before it and after."""

    edit: Edit
    before: str
    after: str


def steps(edits: Sequence[Edit], text: str) -> tuple[Step, ...]:
    """Edits, each in offsets of the text that the one before it left, in small steps."""
    taken = []
    for edit in edits:
        for small in taken_apart(edit, text):
            after = f"{text[: small.span.start]}{small.text}{text[small.span.end :]}"
            taken.append(Step(small, text, after))
            text = after
    return tuple(taken)


class RunSession:
    """The owner of one run's state."""

    def __init__(self, order: Order, text: str, span: Span) -> None:
        """Begin a run on `span` of `text`, the document."""
        self._run: Run = Queued(order=order, original=tracked(text, span))
        self._stop: Stop | None = None
        self._cancelled: str | None = None
        self._memory = Memory()

    @property
    def run(self) -> Run:
        """What the run is now."""
        return self._run

    @property
    def cancelled(self) -> str | None:
        """Why the run is to end, None while it is not."""
        return self._cancelled

    # While it works.

    def start(self, chosen: "Chosen") -> Running:
        """It has its turn, and knows what it judges by."""
        run = self._run
        self._run = running = Running(order=run.order, original=run.original, chosen=chosen)
        return running

    def grow(self, text: str, span: Span) -> None:
        """Its criteria are about more than was selected; it has not begun yet.

        Args:
            text: the document.
            span: all that the run is about.
        """
        run = self._run
        if isinstance(run, Queued) and run.original.memory is None and span != run.region:
            self._run = replace(run, original=tracked(text, span))

    def connected(self, model: str) -> None:
        """It knows who answers."""
        self._working(model=model)

    def stage(self, stage: str) -> None:
        """It has come further, to such as "pass 2 of 3"."""
        self._working(stage=stage)

    def judged(self, notes: tuple[Placed, ...], verdicts: "Mapping[str, Judged]") -> None:
        """The text as it was given has been judged, with these findings, relative to it."""
        self._working(judged=True, notes=notes, verdicts=verdicts)

    def stops_by(self, stop: "Stop") -> None:
        """From here on a cancel is a reply to the loop."""
        self._stop = stop
        if self._cancelled is not None:
            stop.cancel(self._cancelled)

    def cancel(self, why: str) -> bool:
        """End it at its next step. True where it has taken none: then its task has to end."""
        if self._cancelled is None:
            self._cancelled = why
        if self._stop is not None:
            self._stop.cancel(why)
        return self._stop is None

    def _working(self, **values: Any) -> None:
        if isinstance(self._run, Running):
            self._run = replace(self._run, **values)

    # Its result.

    def wait(self, result: Result, text: str, reason: str, *, review_first: bool) -> Waiting:
        """Keep a result that is not in the document until the user decides."""
        run = self._run
        changes = in_original(result.changes, text, run.original)
        self._run = waiting = Waiting(
            order=run.order,
            original=run.original,
            result=result,
            reason=reason,
            review_first=review_first,
            changes=changes,
        )
        return waiting

    def land(self, result: Result, text: str, start: int) -> Landed:
        """The result stands in the document from `start`."""
        self._run = landed = Landed(
            order=self._run.order,
            original=self._run.original,
            result=result,
            changes=in_result(result.changes, text, start),
        )
        # What undo brings back is the text without them, as it was sent.
        without = apply_edits(text, undoing(landed.changes))
        at = TrackedRange(words="", region=Span(start, start))
        self._memory.leave(without, in_original(result.changes, without, at))
        return landed

    def land_unconfirmed(self, result: Result, text: str) -> None:
        """The editor says that it made the edit; the text, which decides, does not show it yet."""
        run = self._run
        self._run = Landed(
            order=run.order,
            original=run.original,
            result=result,
            changes=in_original(result.changes, text, run.original),
            confirmed=False,
        )

    def end(self, why: Why, message: str = "", result: Result | None = None) -> None:
        """Nothing more comes of it."""
        run = self._run
        if not isinstance(run, Ended):
            self._run = Ended(
                order=run.order,
                original=run.original,
                why=why,
                message=message,
                result=result or result_of(run),
                states=states(run),
            )

    def restore(
        self,
        original: TrackedRange,
        result: Result,
        changes: tuple[TrackedChange, ...],
        *,
        waiting: tuple[str, bool] | None,
        ended: bool,
    ) -> None:
        """It was there before the server was, with its changes at these places.

        Args:
            original: follows the text that the run was given.
            result: what came of it.
            changes: where they stand.
            waiting: why its result waits, and whether it asks for a look first; None: it does not.
            ended: whether there is nothing to review.
        """
        order = self._run.order
        if ended:
            self._run = Ended(order=order, original=original, why="finished", result=result)
        elif waiting is not None:
            reason, review_first = waiting
            self._run = Waiting(
                order=order,
                original=original,
                result=result,
                reason=reason,
                review_first=review_first,
                changes=changes,
            )
        else:
            self._run = Landed(order=order, original=original, result=result, changes=changes)

    # Its review.

    def keep(self, numbers: Collection[int]) -> None:
        """The user agrees to changes that landed."""
        self._decide("kept", lambda each: each.is_new and each.change.number in numbers)

    def discard(self, numbers: Collection[int]) -> None:
        """The user does not want changes that wait."""
        self._decide("discarded", lambda each: not each.is_new and each.change.number in numbers)

    def retire(self, region: Span) -> None:
        """A later run has judged these words: what does not stand there is offered no more."""
        self._decide("retired", lambda each: not each.is_new and each.place.region.touches(region))
        run = self._run
        followed_still = isinstance(run, Waiting | Landed) and bool(run.changes)
        if followed_still and all(each.decision == "retired" for each in changes_of(run)):
            self.end("superseded")

    def _decide(self, decision: Decision, meant: Callable[[TrackedChange], bool]) -> None:
        run = self._run
        if isinstance(run, Waiting | Landed):
            changes = tuple(
                replace(each, decision=decision) if meant(each) else each for each in run.changes
            )
            self._run = _settled(replace(run, changes=changes))

    def arrived(self, meant: Sequence[Change], edits: Sequence[Edit], at: Span, text: str) -> None:
        """The edits that make these changes, or take them back, stand in the document.

        Args:
            meant: the changes, in the order of the text.
            edits: as they were sent.
            at: where in the document they stand, from the first to the last.
            text: what it says now.
        """
        run = self._run
        if isinstance(run, Waiting | Landed):
            placed = {each.change.number: each for each in _placed(meant, edits, at, text)}
            changes = tuple(placed.get(each.change.number, each) for each in run.changes)
            self._run = _settled(replace(run, changes=changes))

    def confirm(self) -> bool:
        """Whether an unconfirmed result stands in the text after all, or some of it."""
        run = self._run
        if not isinstance(run, Landed) or not any(each.is_new for each in run.changes):
            return False
        self._run = replace(run, confirmed=True)
        return True

    # Its document.

    @property
    def left(self) -> str:
        """Hash of its document when that was closed; "" while it is open, or nothing waits."""
        return self._run.left if isinstance(self._run, Waiting | Landed) else ""

    @property
    def follows(self) -> bool:
        """Whether anything of the run stands on words that an edit can move."""
        return not isinstance(self._run, Ended)

    def document_changed(self, taken: "Sequence[Step]", before: str, after: str) -> None:
        """Follow what was done to the document.

        Args:
            taken: small edits, as `steps` gives them.
            before: the document before all of them.
            after: the document now.
        """
        run = self._run
        original, changes = run.original, changes_of(run)
        self._memory.leave(before, changes)
        for step in taken:
            original = moved(original, step.edit, step.before)
            changes = tuple(followed(each, step.edit, step.before, step.after) for each in changes)
        self._run = _moved(run, original, self._memory.arrive(after, changes))

    def document_closed(self, text: str) -> None:
        """Remember what the document said, to know it again when it is opened."""
        if isinstance(self._run, Waiting | Landed):
            self._run = replace(self._run, left=digest_of(text))

    def document_renamed(self, uri: str) -> None:
        """Its document has another name."""
        self._run = replace(self._run, order=replace(self._run.order, uri=uri))

    def document_opened(self, text: str) -> None:
        """Its document is open again, perhaps with other words round those of the run."""
        run = self._run
        if not isinstance(run, Waiting | Landed) or not run.left:
            return
        if run.left == digest_of(text):
            self._run = replace(run, left="")
        elif isinstance(run, Waiting):
            original = _found_again(run.original, text)
            changes = () if original is None else in_original(run.result.changes, text, original)
            self._run = replace(run, original=original or run.original, changes=changes, left="")
            self._memory = Memory()
        else:
            self.end("closed")


def _settled(run: Waiting | Landed) -> Run:
    """A result that waits does so until each of its changes is decided."""
    now = states(run)
    if isinstance(run, Landed) or "waiting" in now or not run.changes:
        return run
    if any(each in ("landed", "kept") for each in now):
        return Landed(
            order=run.order, original=run.original, result=run.result, changes=run.changes
        )
    if "edited" in now:
        return run
    return Ended(
        order=run.order,
        original=run.original,
        why="discarded",
        result=run.result,
        states=now,
    )


def _moved(run: Run, original: TrackedRange, changes: tuple[TrackedChange, ...]) -> Run:
    match run:
        case Waiting() | Landed():
            return _settled(replace(run, original=original, changes=changes))
        case _:
            return replace(run, original=original)


def _placed(
    meant: Sequence[Change], edits: Sequence[Edit], at: Span, text: str
) -> Iterator[TrackedChange]:
    """Changes where their edits, a few for each, stand now."""
    left, shift = list(edits), at.start - edits[0].span.start
    for change in meant:
        own, left = left[: len(change.parts)], left[len(change.parts) :]
        start = own[0].span.start + shift
        shift += sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in own)
        end = own[-1].span.end + shift
        yield TrackedChange(change, tracked(text, Span(start, end)))


def _found_again(original: TrackedRange, text: str) -> TrackedRange | None:
    """The original in a text that is another one, None where it does not stand there once."""
    words = original.words
    at = original.span if original.span is not None else original.region
    if at.of(text) != words:
        start = text.find(words)
        if start < 0 or text.find(words, start + 1) >= 0:
            return None
        at = Span(start, start + len(words))
    return tracked(text, at)
