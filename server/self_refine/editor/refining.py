"""Owns the way of one run through the editor: criteria, model, loop, result. Runs as one task."""

import asyncio
from dataclasses import replace
from typing import assert_never

from self_refine.criteria.applying import applies
from self_refine.criteria.choose import Chosen, Refusal, choose
from self_refine.editor import wording
from self_refine.editor.anchors import anchored
from self_refine.editor.changes import Change, changes, landed, waiting
from self_refine.editor.connecting import Refused, connected, may_send
from self_refine.editor.desk import Desk
from self_refine.editor.findings import Placed
from self_refine.editor.landing import Landed, Stayed
from self_refine.editor.library import Shelf
from self_refine.editor.mirror import Document
from self_refine.editor.notes import (
    in_original,
    note,
    notes_in_original,
    open_notes,
    result_notes,
)
from self_refine.editor.progress import Progress
from self_refine.editor.run_table import Run, from_start
from self_refine.loop.nouns import Candidate, Outcome, StopReason
from self_refine.runs.driver import Job, Stop, drive
from self_refine.runs.events import Began, Ended, Event, JudgedEvent, Seen, Stage, Waiting
from self_refine.runs.models import Pair
from self_refine.runs.prepare import Selection, TooLong, Wish, prepare
from self_refine.runs.trace import NoTrace, open_trace
from self_refine.settings import Settings, state_path
from self_refine.text.edits import minimal_edits
from self_refine.text.spans import Edit, Span


async def refining(desk: Desk, run: Run) -> None:
    """Carry out a run, to whatever end; progress ends once, and earlier findings are not lost."""
    progress = Progress(desk.client, f"self-refine/{run.id}")
    ending = "failed"
    try:
        await progress.begin(run.title, wording.QUEUED if desk.runs.is_full else wording.READING)
        async with desk.runs.slot():
            progress.report(wording.READING)
            ending = await _carried_out(desk, run, progress)
    except Refused as refused:
        ending = "nothing was done"
        desk.client.show(str(refused), "error")
    except asyncio.CancelledError:
        ending = "cancelled"
        raise
    finally:
        progress.end(ending)
        if run.state == "running":
            run.state = "ended"
        desk.findings.give_back(run.uri, run.id)
        desk.refresh(run.uri)


async def _carried_out(desk: Desk, run: Run, progress: Progress) -> str:
    """The run itself; returns what its progress says at the end."""
    document = _document(desk, run)
    settings = desk.settings
    shelf = await desk.shelves.fresh(document.path)
    chosen = run.chosen = _chosen(shelf, document, run)
    async with connected(desk, run, settings, document, chosen) as pair:
        writer = pair.writer
        if writer is not None:
            run.model = f"{writer.name} at {writer.host}"
            progress.report(f"{writer.host} · {writer.name}")
            await may_send(desk, run, chosen, writer, settings)
        job = _job(desk, run, shelf, chosen, settings, has_model=writer is not None)
        outcome = run.outcome = await _driven(desk, run, job, pair, progress)
    return await _finished(desk, run, outcome, settings)


def _document(desk: Desk, run: Run) -> Document:
    document = desk.documents.get(run.uri)
    if document is None:
        raise Refused("The document was closed before the run began.")
    return document


def _chosen(shelf: Shelf, document: Document, run: Run) -> Chosen:
    whole = run.anchor.region == Span(0, len(document.text))
    target = shelf.target(document.path, document.language, whole=whole)
    match choose(shelf.team, shelf.packs, target, run.criteria):
        case Refusal(message):
            if run.criteria:
                raise Refused(message)
            fitting = [f.title for f in shelf.packs.files if applies(f, target)]
            raise Refused(wording.nothing_applies(fitting))
        case chosen:
            return chosen


def _job(  # noqa: PLR0913 - the parts of a run, each named by its caller
    desk: Desk, run: Run, shelf: Shelf, chosen: Chosen, settings: Settings, *, has_model: bool
) -> Job:
    """The job, on the text as it stands when everything is ready."""
    document = _document(desk, run)
    span = run.anchor.span
    if span is None:
        raise Refused("The selected text was changed before the run began. Choose it again.")
    relative = shelf.relative(document.path)
    selection = Selection(
        document=document.text,
        span=span,
        language=document.language,
        path=relative.as_posix() if relative else "",
    )
    wish = Wish(
        instruction=run.instruction,
        critique_only=run.kind == "critique",
        draft=run.kind == "generate",
    )
    job = prepare(selection, chosen, settings, wish, has_model=has_model)
    if isinstance(job, TooLong):
        raise Refused(job.message)
    return job


async def _driven(
    desk: Desk,
    run: Run,
    job: Job,
    pair: Pair,
    progress: Progress,
) -> Outcome:
    run.seed = job.task.seed
    # From here on a cancel is a reply to the loop: until here it ends the task.
    run.stop = Stop()
    trace = (
        await asyncio.to_thread(open_trace, state_path(), run.id)
        if desk.settings.trace
        else NoTrace()
    )
    show = _Show(desk, run, progress)
    try:
        return await drive(
            job, pair.writer, critic=pair.critic, on_event=show, stop=run.stop, trace=trace
        )
    finally:
        # It waits for what is still being written.
        await asyncio.to_thread(trace.close)


class _Show:
    """Shows the events of a run while it works."""

    def __init__(self, desk: Desk, run: Run, progress: Progress) -> None:
        self._desk, self._run, self._progress = desk, run, progress
        self._seen = 0
        self._rewrites = 0
        self._back: dict[int, tuple[Edit, ...]] = {}

    def __call__(self, event: Event) -> None:
        run = self._run
        match event:
            case Began():
                self._desk.findings.hide(run.uri, run.anchor.region, by=run.id)
                self._desk.refresh(run.uri)
            case Stage():
                self._rewrites += event.stage == "rewrite"
                run.stage = f"pass {event.pass_} of {event.passes}"
                self._progress.report(event.sentence)
                self._desk.runs_changed(run.uri)
            case Seen():
                self._saw(event)
            case JudgedEvent(candidate):
                if candidate.pass_ == 0 and candidate.accepted:
                    show_original(self._desk, run, candidate)
                elif candidate.pass_ == 0:
                    _withdraw(self._desk, run)
            case Waiting(reason):
                self._progress.report(f"{run.stage} · {reason}" if run.stage else reason)
            case Ended():
                pass
            case _:
                assert_never(event)

    def _saw(self, event: Seen) -> None:
        """Show a finding while the critique streams, unless a rewrite has been judged since."""
        run, document = self._run, self._desk.documents.get(self._run.uri)
        start, finding = _start(run), event.finding
        if document is None or start is None or run.chosen is None or self._rewrites:
            return
        if event.candidate not in self._back:
            self._back[event.candidate] = minimal_edits(event.text, run.original)
        at = in_original(finding, run.original, self._back[event.candidate])
        if at is None:
            return
        self._seen += 1
        seen = replace(note(run.id, -self._seen, finding, run.chosen), state="seen")
        placed = Placed(seen, at.moved(start))
        self._desk.findings.add(run.uri, document.text, placed)
        self._desk.publisher.soon(run.uri)


def _start(run: Run) -> int | None:
    """Where the original stands in the document, None once it was typed in."""
    return run.anchor.span.start if run.anchor.span is not None else None


def _withdraw(desk: Desk, run: Run) -> None:
    """Show no longer what came in with a critique and was not confirmed when it was judged."""
    document, start = desk.documents.get(run.uri), _start(run)
    if document is None:
        return
    placed = from_start(run.original_notes, start) if start is not None else ()
    desk.findings.put(run.uri, document.text, run.id, placed)
    desk.publisher.soon(run.uri)


def show_original(desk: Desk, run: Run, candidate: Candidate) -> None:
    """Show what was found in the text as it was given; it still stands there.

    The critic is asked once the fixes of checks are made: what it finds in words that they left
    alone is true of the text as it was given, too.
    """
    document, start = desk.documents.get(run.uri), _start(run)
    if document is None or run.chosen is None:
        return
    run.judged = True
    if candidate.number == 0:
        run.original_notes = open_notes(run.id, candidate, run.chosen)
    else:
        known = {(p.note.finding.criterion, p.span) for p in run.original_notes}
        more = notes_in_original(
            run.id, run.original, candidate, run.chosen, len(run.original_notes)
        )
        run.original_notes += tuple(
            p for p in more if (p.note.finding.criterion, p.span) not in known
        )
    placed = () if start is None else from_start(run.original_notes, start)
    desk.findings.put(run.uri, document.text, run.id, placed)
    desk.publisher.soon(run.uri)


async def _finished(desk: Desk, run: Run, outcome: Outcome, settings: Settings) -> str:
    """Land the result, or let it wait, or say why there is none."""
    _withdraw(desk, run)
    if outcome.stop in (StopReason.CANCELLED, StopReason.DOCUMENT_CHANGED):
        desk.findings.drop(run.uri, run.id)
        return wording.stopped(outcome)
    if run.judged:
        desk.findings.drop_hidden(run.uri, run.id)
    if outcome.stop is StopReason.MODEL_FAILED:
        desk.client.show(f"The model failed: {outcome.detail}", "error")
    if run.kind == "critique":
        if not outcome.chosen.findings and outcome.stop is not StopReason.MODEL_FAILED:
            desk.client.show(f"Self-refine: {wording.judged(outcome)}", "info")
        return wording.judged(outcome)
    found = changes(outcome)
    if not found:
        if outcome.stop is not StopReason.MODEL_FAILED:
            desk.client.show(f"Self-refine: {_summary(outcome, found)}", "info")
        return _summary(outcome, found)
    why = _why_hold(run, outcome, settings)
    if why:
        wait(desk, run, found, why)
    else:
        await land_result(desk, run, found)
    return _summary(outcome, found)


def _why_hold(run: Run, outcome: Outcome, settings: Settings) -> str:
    """Why the result is not to land by itself; "" where it is."""
    if outcome.held:
        return f"look at it first: {'; '.join(outcome.held)}"
    if outcome.stop is StopReason.MODEL_FAILED:
        return "the model failed before the run was complete"
    if settings.review == "hold":
        return "your setting is to review before anything changes"
    if run.anchor.span is None:
        return "the selected text was changed while the run worked"
    return ""


async def land_result(desk: Desk, run: Run, found: tuple[Change, ...]) -> None:
    """Put the whole result into the document; where that fails, it waits."""
    run.standing = []

    def plan(_: str) -> list[Edit] | None:
        start = _start(run)
        if start is None:
            return None
        return [Edit(change.old.moved(start), change.after) for change in found]

    def late(arrived: Landed) -> None:
        result_landed(desk, run, found, arrived)

    match await desk.lander.land(run.uri, "Self-refine", plan, late):
        case Landed() as arrived:
            result_landed(desk, run, found, arrived)
        case Stayed(reason):
            wait(desk, run, found, reason)


def result_landed(desk: Desk, run: Run, found: tuple[Change, ...], arrived: Landed) -> None:
    """The result stands in the text: review it change by change."""
    document = desk.documents.get(run.uri)
    if document is None or run.outcome is None or run.chosen is None:
        return
    start = arrived.at.start - found[0].new.start
    run.state, run.why_waiting, run.found = "landed", "", found
    run.result = anchored(document.text, Span(start, start + len(run.outcome.text)))
    run.standing = landed(found, document.text, start)
    run.result_notes = result_notes(run.id, run.outcome, found, run.chosen)
    run.showing = "result"
    placed = from_start(run.result_notes, start)
    desk.findings.put(run.uri, document.text, run.id, placed)
    desk.refresh(run.uri)


def wait(desk: Desk, run: Run, found: tuple[Change, ...], why: str) -> None:
    """Keep the result until the user takes or discards it."""
    document = desk.documents.get(run.uri)
    if document is None or run.outcome is None:
        return
    run.state, run.why_waiting = "waiting", why
    run.found = found
    run.standing = waiting(found, document.text, run.anchor)
    desk.client.show(wording.waits(why, len(found)), "info")
    desk.refresh(run.uri)


def _summary(outcome: Outcome, found: tuple[Change, ...]) -> str:
    still_open = sum(f.severity.gates and not f.disputed for f in outcome.chosen.findings)
    resolved = sum(len(change.answers) for change in found)
    return wording.summary(outcome, len(found), resolved, still_open)
