"""Puts a result into its document, or keeps it until the user decides."""

from self_refine.editor import messages
from self_refine.editor.review.change import forward
from self_refine.editor.runs.edit_sender import EditLanded, EditStayed, EditUnconfirmed
from self_refine.editor.runs.run import Result, Waiting, pending
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.session import Session
from self_refine.text.spans import Edit


async def land(
    session: Session, run_session: RunSession, result: Result, *, review_first: bool
) -> None:
    """Put the whole result into the document; where that fails, it waits."""

    def plan(_: str) -> list[Edit] | None:
        start = run_session.run.start
        if start is None:
            return None
        return [e for c in result.changes for e in forward(c, start + c.old.start)]

    def settle(answer: EditLanded | EditStayed) -> None:
        match answer:
            case EditLanded():
                _landed(session, run_session, result, answer)
            case EditStayed(reason):
                offer(session, run_session, result, reason, review_first=review_first)

    match await session.edit_sender.send(run_session.run.uri, "Self-refine", plan, settle):
        case EditUnconfirmed():
            document = session.documents.get(run_session.run.uri)
            if document is not None:
                run_session.land_unconfirmed(result, document.text)
                # A client that is asked for anything sends first what it has not sent yet.
                session.refresh(document.uri)
        case EditLanded() | EditStayed() as answer:
            settle(answer)


def _landed(session: Session, run_session: RunSession, result: Result, arrived: EditLanded) -> None:
    """The result stands in the text: review it change by change."""
    document = session.documents.get(run_session.run.uri)
    if document is None:
        return
    start = arrived.at.start - result.changes[0].new.start
    landed = run_session.land(result, document.text, start)
    _replace_waiting(session, run_session)
    session.review_notes.landed(landed, document.text, start)
    session.refresh(document.uri)


def offer(
    session: Session, run_session: RunSession, result: Result, why: str, *, review_first: bool
) -> None:
    """Keep the result until the user accepts or discards it."""
    document = session.documents.get(run_session.run.uri)
    if document is None:
        run_session.end("closed", result=result)
        return
    if run_session.confirm():
        # The words are there, though not just where they were sent: the user has typed.
        session.refresh(document.uri)
        return
    waiting = run_session.wait(result, document.text, why, review_first=review_first)
    _replace_waiting(session, run_session)
    session.review_notes.offered(waiting, document.text)
    _tell_that_it_waits(session, waiting)
    session.refresh(document.uri)


def _tell_that_it_waits(session: Session, run: Waiting) -> None:
    """Say so; a client that has opened the difference is told only what to look at in it."""
    count = len(run.result.changes)
    if not (session.has_views and run.review_first):
        session.client.show(messages.waits(run.reason, count, len(pending(run))), "info")
    elif run.result.outcome.held:
        session.client.show(messages.waits_in_view(run.reason, count), "info")


def _replace_waiting(session: Session, run_session: RunSession) -> None:
    """Let go of results that waited for the same words: this one was made of the text as it is.

    One that is about more than these words goes on waiting.
    """
    run = run_session.run
    for other in session.runs.sessions(run.uri):
        waits = other is not run_session and isinstance(other.run, Waiting)
        if waits and run.original.region.contains(other.run.original.region):
            session.findings.drop(run.uri, other.run.id)
            other.end("superseded")
