"""The end of a run: its result lands, or waits, or there is none and the reason is said."""

from self_refine.editor import messages
from self_refine.editor.diagnostics.run_notes import result_notes
from self_refine.editor.pages.criteria_table import counts
from self_refine.editor.review.outcome_changes import changes
from self_refine.editor.runs.land_result import land, offer
from self_refine.editor.runs.presenter import withdraw
from self_refine.editor.runs.run import Result, Running, Waiting
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.session import Session
from self_refine.loop.types import Outcome, StopReason
from self_refine.settings import Settings


async def deliver(
    session: Session, run_session: RunSession, outcome: Outcome, settings: Settings
) -> str:
    """Land the result, or let it wait, or say why there is none; gives the run's last words."""
    run = run_session.run
    if not isinstance(run, Running) or run.chosen is None:
        return "cancelled"
    withdraw(session, run)
    result = _result(session, run, outcome)
    if outcome.stop is StopReason.CANCELLED:
        session.findings.drop(run.uri, run.id)
        run_session.end("cancelled", result=result)
        return messages.stopped(outcome)
    if run.judged:
        session.findings.drop_hidden(run.uri, run.id)
        session.retire(run)
    if outcome.stop is StopReason.MODEL_FAILED:
        said = messages.model_failed(outcome.detail)
        session.tell(said, "error", ("tryAgain", "setApiKey", "showLog"), uri=run.uri, run=run.id)
    if run.order.kind == "critique" or not result.changes:
        run_session.end("finished", result=result)
        return _say(session, run_session, outcome)
    if why := _why_wait(run, outcome, settings):
        offer(session, run_session, result, why, review_first=_review_first(outcome, settings))
    else:
        await land(session, run_session, result, review_first=_review_first(outcome, settings))
    return _summary(run_session, outcome)


def _result(session: Session, run: Running, outcome: Outcome) -> Result:
    document = session.documents.get(run.uri)
    language = "" if document is None else document.language
    found = () if run.order.kind == "critique" else changes(outcome, language)
    assert run.chosen is not None  # noqa: S101 - a run that came to an outcome has begun
    return Result(
        outcome=outcome,
        chosen=run.chosen,
        model=run.model,
        changes=found,
        notes=result_notes(run.id, outcome, found, run.chosen, run.notes),
    )


def _summary(run_session: RunSession, outcome: Outcome) -> str:
    now = counts(run_session.run)
    if isinstance(run_session.run, Waiting):
        # Some editors have one line for progress and messages: the last word must be what is next.
        return messages.waits_short(now.changes)
    return messages.summary(outcome, now.changes, now.resolved, now.open)


def _say(session: Session, run_session: RunSession, outcome: Outcome) -> str:
    """The last words of a run that changes nothing."""
    run = run_session.run
    failed = outcome.stop is StopReason.MODEL_FAILED
    if run.order.kind == "critique":
        said = messages.judged(outcome)
        quiet = failed or bool(outcome.chosen.findings)
    else:
        said = _summary(run_session, outcome)
        quiet = failed
    if not quiet:
        session.client.show(f"Self-refine: {said}", "info")
    return said


def _review_first(outcome: Outcome, settings: Settings) -> bool:
    """Whether a setting, or what the result brings, asks for a look before it lands."""
    return settings.review == "hold" or bool(outcome.held)


def _why_wait(run: Running, outcome: Outcome, settings: Settings) -> str:
    """Why the result is not to land by itself; "" where it is."""
    if outcome.held:
        return f"look at it first: {'; '.join(outcome.held)}"
    if outcome.stop is StopReason.MODEL_FAILED:
        return "the model failed before the run was complete"
    if settings.review == "hold":
        return "your setting is to review before anything changes"
    if run.original.span is None:
        return "the selected text was changed while the run worked"
    return ""
