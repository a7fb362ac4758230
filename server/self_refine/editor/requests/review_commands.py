"""The commands of a review: keep, revert, accept, discard; what a code lens opens; next change."""

from collections.abc import Sequence
from typing import Any, Literal

from self_refine.editor import messages
from self_refine.editor.diagnostics.to_lsp import plain_range
from self_refine.editor.documents.documents import Document
from self_refine.editor.requests import arguments
from self_refine.editor.requests.arguments import BadArguments, OneRun
from self_refine.editor.review import decide
from self_refine.editor.review.tracked_change import TrackedChange
from self_refine.editor.runs.run import (
    Landed,
    Run,
    Waiting,
    is_over,
    is_working,
    pending,
    result_of,
)
from self_refine.editor.session import Session
from self_refine.text.spans import Span

What = Literal["accept", "revert"]

_MOST_LISTED = 5
"""Changes of one line that are listed by themselves: people read a menu, they do not scroll it."""


async def accept(session: Session, given: Any) -> None:
    """Accept a waiting result, or keep a landed one; all of it or one change."""
    _review(session, given, "accept")


async def revert(session: Session, given: Any) -> None:
    """Discard a waiting result, or put back what a landed one has replaced."""
    _review(session, given, "revert")


def _review(session: Session, given: Any, what: What) -> None:
    asked = arguments.review(given)
    if isinstance(asked, OneRun):
        begin_review(session, run_of(session, asked.run_id), asked.hunk, what)
        return
    document = open_document(session, asked.uri)
    landed = [run for run in session.runs.of(document.uri) if isinstance(run, Landed)]
    decided = [run for run in landed if not is_over(run, what)]
    for run in decided:
        begin_review(session, run, None, what)
    if not decided:
        session.client.show(messages.NOTHING_IN_DOCUMENT, "info")


def begin_review(session: Session, run: Run, hunk: int | None, what: What) -> None:
    """Begin it: an editor that waits for the answer may not take the edit before it has one."""
    check_hunk(run, hunk)
    if is_working(run):
        session.client.show(messages.STILL_WORKING, "warning")
        return
    if is_over(run, what):
        session.client.show(messages.NOTHING_LEFT, "warning")
        return
    discards = what == "revert" and isinstance(run, Waiting)
    if session.documents.get(run.uri) is None and not discards:
        session.client.show(messages.not_open(run.uri), "warning")
        return
    session.own(_decide(session, run.id, hunk, what), f"{what} {run.id}")


async def _decide(session: Session, run_id: str, hunk: int | None, what: What) -> None:
    do = decide.accept if what == "accept" else decide.revert
    if problem := await do(session, session.runs.session(run_id), hunk):
        session.client.show(problem, "warning")


async def review(session: Session, given: Any) -> None:
    """Ask what is to become of some changes: what a code lens opens in any editor."""
    asked = arguments.lens(given)
    run = run_of(session, asked.run_id)
    for hunk in asked.hunks:
        check_hunk(run, hunk)
    session.own(_ask(session, run, asked.hunks), f"review {run.id}")


async def _ask(session: Session, run: Run, hunks: Sequence[int]) -> None:
    if isinstance(run, Waiting):
        await _ask_waiting(session, run)
        return
    meant = [c for c in pending(run) if not hunks or c.change.number in hunks]
    if not meant:
        session.client.show(messages.NOTHING_LEFT, "info")
        return
    change = meant[0] if len(meant) == 1 else await _which(session, run, meant)
    if change is not None:
        await _ask_change(session, run, change)


async def _ask_waiting(session: Session, run: Waiting) -> None:
    buttons = [messages.ACCEPT, messages.SHOW_DIFFERENCE, messages.DISCARD]
    question = messages.waits_in_view(run.reason, len(run.result.changes))
    match await session.client.choose(question, buttons if pending(run) else buttons[1:]):
        case messages.ACCEPT:
            begin_review(session, run, None, "accept")
        case messages.SHOW_DIFFERENCE:
            await show_difference(session, run)
        case messages.DISCARD:
            begin_review(session, run, None, "revert")


async def _which(
    session: Session, run: Run, meant: Sequence[TrackedChange]
) -> TrackedChange | None:
    """The change that the user means; None where they mean all, which is done, or none."""
    listed = {
        f"{number}. {messages.change_title(each.change)}": each
        for number, each in enumerate(meant[:_MOST_LISTED], 1)
    }
    everything = [messages.KEEP_ALL, messages.REVERT_ALL]
    match await session.client.choose(messages.which_change(len(meant)), [*listed, *everything]):
        case messages.KEEP_ALL:
            begin_review(session, run, None, "accept")
        case messages.REVERT_ALL:
            begin_review(session, run, None, "revert")
        case str(title) if title in listed:
            return listed[title]
    return None


async def _ask_change(session: Session, run: Run, change: TrackedChange) -> None:
    number = change.change.number
    buttons = [messages.KEEP, messages.REVERT, messages.WHY]
    match await session.client.choose(messages.change_title(change.change), buttons):
        case messages.KEEP:
            begin_review(session, run, number, "accept")
        case messages.REVERT:
            begin_review(session, run, number, "revert")
        case messages.WHY:
            explain_change(session, run, number)


def explain_change(session: Session, run: Run, hunk: int) -> str:
    """Why one change was made, as a page."""
    from self_refine.editor.pages import explain  # noqa: PLC0415 - not before somebody asks

    return session.page(f"change-{run.id}-{hunk + 1}", explain.change_page(run, hunk))


async def show_difference(session: Session, run: Run) -> str:
    """What a run came to, as a page."""
    from self_refine.editor.pages import explain  # noqa: PLC0415 - as above

    page = await session.in_thread(explain.run_page, run)
    return session.page(f"run-{run.id}", page)


async def go_to_change(session: Session, given: Any) -> dict[str, Any] | None:
    """The change that comes next, or before; shown where the client does not do that itself."""
    asked = arguments.go_to_change(given)
    document = open_document(session, asked.uri)
    at = document.offset(asked.position)
    found = sorted(
        (each.span.start, each.span.end, run.id, each.change.number)
        for run in session.runs.of(document.uri)
        for each in pending(run)
        if each.span is not None
    )
    if not found:
        session.client.show(messages.NOTHING_IN_DOCUMENT, "info")
        return None
    if asked.direction == "next":
        start, end, run_id, hunk = next((each for each in found if each[0] > at), found[0])
    else:
        start, end, run_id, hunk = next((each for each in found[::-1] if each[0] < at), found[-1])
    range_ = document.range(Span(start, end))
    if not session.has_views:
        session.own(session.show_place(document.uri, range_), "show a change")
    return {"uri": document.uri, "range": plain_range(range_), "runId": run_id, "hunk": hunk}


def run_of(session: Session, run_id: str) -> Run:
    """The run of this id; raises `BadArguments` where there is none."""
    run = session.runs.get(run_id)
    if run is None:
        raise BadArguments("'runId' names no run of this server")
    return run


def check_hunk(run: Run, hunk: int | None) -> None:
    """Raise `BadArguments` where a number names no change."""
    result = result_of(run)
    count = 0 if result is None else len(result.changes)
    if hunk is not None and hunk >= count:
        raise BadArguments(f"'hunk' names no change of the run: it has {count}")


def open_document(session: Session, uri: str) -> Document:
    """The document; raises `BadArguments` where it is not open."""
    document = session.documents.get(uri)
    if document is None:
        raise BadArguments("'uri' names no open document")
    return document
