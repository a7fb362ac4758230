"""Owns the commands: each reads its arguments strictly and answers at once, whatever it starts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from lsprotocol import types

from self_refine.editor import messages
from self_refine.editor.documents.documents import Document
from self_refine.editor.documents.selection import digest_of, is_ours, over_limit
from self_refine.editor.requests import arguments, finding_commands
from self_refine.editor.requests.arguments import BadArguments
from self_refine.editor.review import decide
from self_refine.editor.runs.run import (
    Kind,
    Order,
    Run,
    Running,
    Waiting,
    is_over,
    is_working,
    result_of,
)
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.runs.run_table import new_id
from self_refine.editor.session import Session
from self_refine.text.spans import Span

Command = Callable[[Session, Any], Awaitable[Any]]

_TITLES: Mapping[Kind, str] = {
    "refine": "Self-refine",
    "critique": "Self-refine: critique",
    "generate": "Self-refine: generate",
}


async def refine(session: Session, given: Any) -> dict[str, str] | None:
    """Refine a selection; answers with the id of the run, None where none was begun."""
    return _start(session, "refine", given)


async def critique(session: Session, given: Any) -> dict[str, str] | None:
    """Judge a selection and leave it as it is."""
    return _start(session, "critique", given)


async def generate(session: Session, given: Any) -> dict[str, str] | None:
    """Take a selection as a task: write its text, then refine that."""
    return _start(session, "generate", given)


def _start(session: Session, kind: Kind, given: Any) -> dict[str, str] | None:
    asked = arguments.run_arguments(given)
    if not is_ours(asked.uri):
        session.client.show(messages.scheme(asked.uri), "warning")
        return None
    document = _open(session, asked.uri)
    span = _span(document, asked.range)
    writes = kind != "critique" and bool(asked.instruction.strip())
    if refusal := _refusal(session, document, span, asked.text_hash, writes=writes):
        session.client.show(refusal, "warning")
        return None
    order = Order(
        id=new_id(),
        uri=asked.uri,
        kind=kind,
        title=_TITLES[kind],
        criteria=asked.criteria,
        instruction=asked.instruction,
        began=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )

    async def work(run_session: RunSession) -> None:
        execute_run = await asyncio.to_thread(_engine)
        await execute_run(session, run_session)

    session.start(RunSession(order, document.text, span), work)
    return {"runId": order.id}


def _engine() -> "Callable[[Session, RunSession], Awaitable[None]]":
    """What carries out a run. Runs in a thread.

    The one import on the path of a run that is not at the top: the engine, the checks and the
    model client take longer to import than the server, and most servers never start a run.
    """
    from self_refine.editor.runs.execute_run import execute_run  # noqa: PLC0415 - see above

    return execute_run


def _open(session: Session, uri: str) -> Document:
    document = session.documents.get(uri)
    if document is None:
        raise BadArguments("'uri' names no open document")
    return document


def _span(document: Document, range_: types.Range) -> Span:
    """The selected stretch; a range may end just behind the last line, as whole lines do."""
    end = len(document.text)
    last = document.range(Span(end, end)).end.line
    lines = (range_.start.line, range_.end.line)
    if min(lines) > last or max(lines) > last + 1:
        raise BadArguments(f"'range' lies outside the document, whose last line is {last}")
    return document.span(range_)


def _refusal(
    session: Session, document: Document, span: Span, text_hash: str | None, *, writes: bool
) -> str | None:
    """Why no run may begin, as a sentence; None where one may.

    `writes` tells whether an instruction says what to write where nothing is selected.
    """
    words = span.of(document.text)
    if not session.trusted:
        return messages.UNTRUSTED
    if not words.strip() and not writes:
        return messages.EMPTY
    if text_hash and text_hash not in (digest_of(words), digest_of(document.text)):
        return messages.STALE
    running = session.runs.running_on(document.uri, span)
    if running is not None:
        return messages.busy(running.stage if isinstance(running, Running) else "")
    return over_limit(words, session.settings)


async def cancel(session: Session, given: Any) -> None:
    """End a run; what it has found so far stays in its trace."""
    run = _run(session, arguments.one_run(given).run_id)
    if is_working(run):
        session.runs.cancel(run.id, "you cancelled it")


async def accept(session: Session, given: Any) -> None:
    """Take a waiting result, or keep a landed one; all of it or one change."""
    await _review(session, given, "accept")


async def revert(session: Session, given: Any) -> None:
    """Discard a waiting result, or put back what a landed one has replaced."""
    await _review(session, given, "revert")


async def _review(session: Session, given: Any, what: Literal["accept", "revert"]) -> None:
    """Begin it: an editor that waits for the answer may not take the edit before it has one."""
    asked = arguments.one_run(given)
    run = _run(session, asked.run_id)
    _check_hunk(run, asked.hunk)
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

    async def work() -> None:
        do = decide.accept if what == "accept" else decide.revert
        if problem := await do(session, session.runs.session(run.id), asked.hunk):
            session.client.show(problem, "warning")

    session.own(work(), f"{what} {run.id}")


async def show_trace(session: Session, given: Any) -> str:
    """The trace of a run as Markdown; also shown, where the client has no view of its own."""
    run = _run(session, arguments.one_run(given).run_id)
    return await session.trace(run.id)


async def explain(session: Session, given: Any) -> str:
    """Which criteria apply, what a run changed, or why; Markdown, also shown as a page."""
    from self_refine.editor.pages import explain  # noqa: PLC0415 - not before somebody asks

    asked = arguments.explain(given)
    if asked.run_id is None:
        document = _open(session, asked.uri)
        snapshot = await session.criteria_cache.reload(document.path)
        return session.page("criteria", explain.criteria_page(document, snapshot))
    run = _run(session, asked.run_id)
    _check_hunk(run, asked.hunk)
    if asked.hunk is not None:
        page = explain.change_page(run, asked.hunk)
        return session.page(f"change-{run.id}-{asked.hunk + 1}", page)
    return session.page(f"run-{run.id}", await asyncio.to_thread(explain.run_page, run))


async def clear(session: Session, given: Any = None) -> None:
    """Show the findings of ended runs no longer; results that wait go on waiting."""
    uri = arguments.clear(given).uri
    for each in [uri] if uri is not None else session.findings.uris():
        session.clear(each)


def _run(session: Session, run_id: str) -> Run:
    run = session.runs.get(run_id)
    if run is None:
        raise BadArguments("'runId' names no run of this server")
    return run


def _check_hunk(run: Run, hunk: int | None) -> None:
    result = result_of(run)
    count = 0 if result is None else len(result.changes)
    if hunk is not None and hunk >= count:
        raise BadArguments(f"'hunk' names no change of the run: it has {count}")


COMMANDS: Mapping[str, Command] = {
    "selfRefine.refine": refine,
    "selfRefine.critique": critique,
    "selfRefine.generate": generate,
    "selfRefine.cancel": cancel,
    "selfRefine.accept": accept,
    "selfRefine.revert": revert,
    "selfRefine.showTrace": show_trace,
    "selfRefine.explain": explain,
    "selfRefine.clear": clear,
    "selfRefine.applyFix": finding_commands.apply_fix,
    "selfRefine.dismiss": finding_commands.dismiss,
    "selfRefine.disable": finding_commands.disable,
    "selfRefine.addExample": finding_commands.add_example,
    "selfRefine.openCriterion": finding_commands.open_criterion,
}
"""Every command by its name; each takes one object."""
