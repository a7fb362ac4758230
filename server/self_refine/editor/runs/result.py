"""Owns the end of a run: its result lands, or waits, or there is none and the reason is said."""

from self_refine.editor import messages
from self_refine.editor.diagnostics.run_notes import result_notes
from self_refine.editor.diagnostics.tracked_range import tracked
from self_refine.editor.runs.edit_sender import Landed, Stayed
from self_refine.editor.runs.presenter import start_of, withdraw
from self_refine.editor.runs.review_changes import Change, changes, landed, waiting
from self_refine.editor.runs.run_table import Run, from_start
from self_refine.editor.session import Session
from self_refine.loop.types import Outcome, StopReason
from self_refine.settings import Settings
from self_refine.text.spans import Edit, Span


async def finished(session: Session, run: Run, outcome: Outcome, settings: Settings) -> str:
    """Land the result, or let it wait, or say why there is none."""
    withdraw(session, run)
    if outcome.stop in (StopReason.CANCELLED, StopReason.DOCUMENT_CHANGED):
        session.findings.drop(run.uri, run.id)
        return messages.stopped(outcome)
    if run.judged:
        session.findings.drop_hidden(run.uri, run.id)
    if outcome.stop is StopReason.MODEL_FAILED:
        session.client.show(f"The model failed: {outcome.detail}", "error")
    if run.kind == "critique":
        if not outcome.chosen.findings and outcome.stop is not StopReason.MODEL_FAILED:
            session.client.show(f"Self-refine: {messages.judged(outcome)}", "info")
        return messages.judged(outcome)
    found = changes(outcome)
    if not found:
        if outcome.stop is not StopReason.MODEL_FAILED:
            session.client.show(f"Self-refine: {_summary(outcome, found)}", "info")
        return _summary(outcome, found)
    run.review_first = settings.review == "hold" or bool(outcome.held)
    why = _why_hold(run, outcome, settings)
    if why:
        wait(session, run, found, why)
    else:
        await land_result(session, run, found)
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


async def land_result(session: Session, run: Run, found: tuple[Change, ...]) -> None:
    """Put the whole result into the document; where that fails, it waits."""
    run.standing = []

    def plan(_: str) -> list[Edit] | None:
        start = start_of(run)
        if start is None:
            return None
        return [Edit(change.old.moved(start), change.after) for change in found]

    def late(arrived: Landed) -> None:
        result_landed(session, run, found, arrived)

    match await session.edit_sender.send(run.uri, "Self-refine", plan, late):
        case Landed() as arrived:
            result_landed(session, run, found, arrived)
        case Stayed(reason):
            wait(session, run, found, reason)


def result_landed(session: Session, run: Run, found: tuple[Change, ...], arrived: Landed) -> None:
    """The result stands in the text: review it change by change."""
    document = session.documents.get(run.uri)
    if document is None or run.outcome is None or run.chosen is None:
        return
    start = arrived.at.start - found[0].new.start
    run.state, run.why_waiting, run.found = "landed", "", found
    _replace_waiting(session, run)
    run.result = tracked(document.text, Span(start, start + len(run.outcome.text)))
    run.standing = landed(found, document.text, start)
    run.result_notes = result_notes(run.id, run.outcome, found, run.chosen)
    run.showing = "result"
    placed = from_start(run.result_notes, start)
    session.findings.put(run.uri, document.text, run.id, placed)
    session.refresh(run.uri)


def wait(session: Session, run: Run, found: tuple[Change, ...], why: str) -> None:
    """Keep the result until the user takes or discards it."""
    document = session.documents.get(run.uri)
    if document is None or run.outcome is None:
        return
    run.state, run.why_waiting = "waiting", why
    _replace_waiting(session, run)
    run.found = found
    run.standing = waiting(found, document.text, run.anchor)
    _tell_that_it_waits(session, run, why)
    session.refresh(run.uri)


def _tell_that_it_waits(session: Session, run: Run, why: str) -> None:
    """Say so; a client that has opened the difference is told only what to look at in it."""
    count = len(run.found)
    if not (session.has_views and run.review_first):
        session.client.show(messages.waits(why, count), "info")
    elif run.outcome is not None and run.outcome.held:
        session.client.show(messages.waits_in_view(why, count), "info")


def _replace_waiting(session: Session, run: Run) -> None:
    """Let go of results that waited for the same words: this one was made of the text as it is.

    One that is about more than these words goes on waiting.
    """
    for other in session.runs.of(run.uri):
        held = other is not run and other.state == "waiting"
        if held and run.anchor.region.contains(other.anchor.region):
            session.runs.forget(other)
            session.findings.drop(other.uri, other.id)


def _summary(outcome: Outcome, found: tuple[Change, ...]) -> str:
    still_open = sum(f.severity.gates and not f.disputed for f in outcome.chosen.findings)
    resolved = sum(len(change.answers) for change in found)
    return messages.summary(outcome, len(found), resolved, still_open)
