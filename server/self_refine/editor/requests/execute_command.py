"""Owns the commands: each reads its arguments strictly and answers at once, whatever it starts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from lsprotocol import types

from self_refine.editor import messages
from self_refine.editor.diagnostics.to_lsp import plain_range
from self_refine.editor.documents.criteria_cache import is_criteria_file
from self_refine.editor.documents.documents import Document
from self_refine.editor.documents.selection import digest_of, is_ours, over_limit
from self_refine.editor.requests import arguments, finding_commands, review_commands
from self_refine.editor.requests.arguments import BadArguments
from self_refine.editor.requests.review_commands import (
    check_hunk,
    explain_change,
    open_document,
    run_of,
    show_difference,
)
from self_refine.editor.runs.run import (
    Kind,
    Order,
    Running,
    is_working,
)
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.runs.run_table import new_id
from self_refine.editor.session import Session
from self_refine.editor.user_actions import Act
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
    document = open_document(session, asked.uri)
    span = _span(document, asked.range)
    writes = kind != "critique" and bool(asked.instruction.strip())
    if refusal := _refusal(session, document, span, asked.text_hash, writes=writes):
        acts: tuple[Act, ...] = () if session.trusted else ("manageTrust",)
        session.tell(refusal, "warning", acts, uri=asked.uri)
        return None
    order = Order(
        id=new_id(),
        uri=asked.uri,
        kind=kind,
        title=messages.progress_title(_TITLES[kind], asked.uri, asked.range.start.line),
        criteria=asked.criteria,
        instruction=asked.instruction,
        brief=asked.brief,
        began=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )

    async def work(run_session: RunSession) -> None:
        execute_run = await asyncio.to_thread(_engine)
        await execute_run(session, run_session)

    session.start(RunSession(order, document.text, span), work)
    return {"runId": order.id}


async def refine_with(session: Session, given: Any) -> None:
    """Let the user choose the criteria of a run; a client of our own has a picker for it."""
    asked = arguments.run_arguments(given)
    if session.has_views:
        session.act("chooseCriteria", asked.uri)
        return
    document = open_document(session, asked.uri)
    session.own(_choose_criteria(session, document, given), "choosing criteria")


async def _choose_criteria(session: Session, document: Document, given: Any) -> None:
    snapshot = await session.criteria_cache.get(document.path)
    offers = snapshot.offered(document.path, document.language, whole=False)
    by_title = {offer.title: offer for offer in offers}
    title = await session.client.choose(messages.WHICH_CRITERIA, list(by_title))
    if title is not None:
        _start(session, "refine", {**given, "criteria": list(by_title[title].ids)})


async def retry(session: Session, given: Any) -> dict[str, str] | None:
    """Begin a run once more, on its words as they stand now; answers as `refine` does."""
    return begin_again(session, arguments.one_run(given).run_id)


def begin_again(session: Session, run_id: str) -> dict[str, str] | None:
    """The same, for the button of a message."""
    run = run_of(session, run_id)
    document = session.documents.get(run.uri)
    if document is None:
        session.client.show(messages.not_open(run.uri), "warning")
        return None
    return _start(
        session,
        run.order.kind,
        {
            "uri": run.uri,
            "range": plain_range(document.range(run.region)),
            "criteria": list(run.order.criteria),
            "instruction": run.order.instruction,
        },
    )


def _engine() -> "Callable[[Session, RunSession], Awaitable[None]]":
    """What carries out a run. Runs in a thread.

    The one import on the path of a run that is not at the top: the engine, the checks and the
    model client take longer to import than the server, and most servers never start a run.
    """
    from self_refine.editor.runs.execute_run import execute_run  # noqa: PLC0415 - see above

    return execute_run


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
    if is_criteria_file(document.path):
        return messages.criteria_file(document.uri)
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
    run = run_of(session, arguments.one_run(given).run_id)
    if is_working(run):
        session.runs.cancel(run.id, "you cancelled it")


async def show_trace(session: Session, given: Any) -> str:
    """The trace of a run as Markdown; also shown, where the client has no view of its own."""
    run = run_of(session, arguments.one_run(given).run_id)
    return await session.trace(run.id)


async def explain(session: Session, given: Any) -> str:
    """Which criteria apply, what a run changed, or why; Markdown, also shown as a page."""
    asked = arguments.explain(given)
    if asked.run_id is None:
        return await _explain_criteria(session, open_document(session, asked.uri))
    run = run_of(session, asked.run_id)
    check_hunk(run, asked.hunk)
    if asked.hunk is not None:
        return explain_change(session, run, asked.hunk)
    return await show_difference(session, run)


async def _explain_criteria(session: Session, document: Document) -> str:
    from self_refine.editor.pages import explain as pages  # noqa: PLC0415 - not before somebody asks

    snapshot = await session.criteria_cache.reload(document.path)
    return session.page("criteria", pages.criteria_page(document, snapshot))


async def clear(session: Session, given: Any = None) -> None:
    """Show the findings of ended runs no longer; results that wait go on waiting."""
    uri = arguments.clear(given).uri
    for each in [uri] if uri is not None else session.findings.uris():
        session.clear(each)


COMMANDS: Mapping[str, Command] = {
    "selfRefine.refine": refine,
    "selfRefine.critique": critique,
    "selfRefine.generate": generate,
    "selfRefine.cancel": cancel,
    "selfRefine.accept": review_commands.accept,
    "selfRefine.revert": review_commands.revert,
    "selfRefine.review": review_commands.review,
    "selfRefine.goToChange": review_commands.go_to_change,
    "selfRefine.retry": retry,
    "selfRefine.refineWith": refine_with,
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
