"""Carries out one run, as one task: criteria, model, loop, result.

Imports the engine and all that it needs, so only `execute_command.engine` imports this module.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace

from self_refine.criteria.applying import applies
from self_refine.criteria.choose_criteria import (
    NOTHING,
    Chosen,
    Refusal,
    choose,
    choose_with_inputs,
)
from self_refine.criteria.input_texts import GivenText, InputPlace
from self_refine.editor import messages
from self_refine.editor.documents.criteria_cache import Snapshot
from self_refine.editor.documents.documents import Document
from self_refine.editor.runs.ask_inputs import ask_for_inputs, remembered
from self_refine.editor.runs.connect_model import RunRefused, cleared, connected
from self_refine.editor.runs.consent import commands_of_run
from self_refine.editor.runs.presenter import Presenter
from self_refine.editor.runs.result import deliver
from self_refine.editor.runs.run import is_working
from self_refine.editor.runs.run_progress import Progress
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.session import Session
from self_refine.loop.types import Outcome
from self_refine.runs.driver import Job, Stop, drive
from self_refine.runs.grow_selection import grown, lacking
from self_refine.runs.model_memory import ModelMemory
from self_refine.runs.prepare import RunOptions, Selection, TooLong, prepare
from self_refine.runs.run_models import Pair
from self_refine.runs.trace import NoTrace, open_trace
from self_refine.runs.verdict_cache import open_cache
from self_refine.settings import Settings, state_path
from self_refine.text.spans import Span


async def execute_run(session: Session, run_session: RunSession) -> None:
    """Carry out a run, to whatever end; progress ends once, and earlier findings are not lost."""
    run = run_session.run
    progress = Progress(session.client, f"self-refine/{run.id}")
    ending = "failed"
    try:
        await progress.begin(
            run.order.title, messages.QUEUED if session.runs.is_full else messages.READING
        )
        async with session.runs.slot():
            progress.report(messages.READING)
            ending = await _carry_out(session, run_session, progress)
    except RunRefused as refused:
        ending = "nothing was done"
        run_session.end("refused", str(refused))
        session.tell(str(refused), "error", refused.acts, uri=run.uri, run=run.id)
    except asyncio.CancelledError:
        ending = "cancelled"
        raise
    finally:
        progress.end(ending)
        if is_working(run_session.run):
            run_session.end("cancelled" if ending == "cancelled" else "defect")
        session.findings.give_back(run.uri, run.id)
        session.refresh(run.uri)


async def _carry_out(session: Session, run_session: RunSession, progress: Progress) -> str:
    """The run itself; returns what its progress says at the end."""
    document = _document(session, run_session)
    settings = session.settings
    snapshot = await session.criteria_cache.reload(document.path)
    chosen = await _with_inputs(session, snapshot, document, run_session)
    run = run_session.start(chosen)
    async with connected(session, run, settings, document, chosen) as pair:
        writer = pair.writer
        if writer is not None:
            run_session.connected(f"{writer.name} at {writer.host}")
            progress.report(f"{writer.host} · {writer.name}")
        job = await _job(
            session, run_session, snapshot, chosen, settings, has_model=writer is not None
        )
        if writer is not None:
            job = await cleared(session, run, job, writer, settings, document, snapshot.root)
            _check_words(run_session)
        presenter = Presenter(session, run_session, progress)
        try:
            outcome = await _drive(run_session, job, pair, presenter, settings)
        finally:
            if job.commands is not None:
                await asyncio.to_thread(job.commands.close)
    return await deliver(session, run_session, outcome, settings)


def _document(session: Session, run_session: RunSession) -> Document:
    document = session.documents.get(run_session.run.uri)
    if document is None:
        raise RunRefused("The document was closed before the run began.")
    return document


async def _with_inputs(
    session: Session, snapshot: Snapshot, document: Document, run_session: RunSession
) -> Chosen:
    """The criteria with their inputs; the user is asked for one that is not found."""
    given = remembered(session, document.uri)
    chosen = await asyncio.to_thread(_choose, snapshot, document, run_session, given)
    if isinstance(chosen, Refusal):
        return _without(session, snapshot, document, run_session, chosen)
    run = run_session.run
    run_session.grow(document.text, grown(document.text, run.region, chosen.files))
    chosen = await asyncio.to_thread(_choose, snapshot, document, run_session, given)
    if isinstance(chosen, Refusal):
        return _without(session, snapshot, document, run_session, chosen)
    further = await ask_for_inputs(session, document.uri, chosen)
    if not further:
        return chosen
    again = await asyncio.to_thread(_choose, snapshot, document, run_session, given | further)
    return chosen if isinstance(again, Refusal) else again


def _choose(
    snapshot: Snapshot,
    document: Document,
    run_session: RunSession,
    given: Mapping[str, GivenText],
) -> Chosen | Refusal:
    region = run_session.run.region
    whole = region == Span(0, len(document.text))
    target = snapshot.target(document.path, document.language, whole=whole)
    place = InputPlace(document=document.text, span=region, root=snapshot.root)
    ids = run_session.run.order.criteria
    first = choose(snapshot.team, snapshot.packs, target, ids)
    if isinstance(first, Refusal):
        return first
    target = lacking(target, document.text, region, document.language, first.files)
    return choose_with_inputs(snapshot.team, snapshot.packs, target, ids, place, given)


def _without(
    session: Session,
    snapshot: Snapshot,
    document: Document,
    run_session: RunSession,
    refusal: Refusal,
) -> Chosen:
    """What a run does for which there are no criteria: the instruction alone, or nothing."""
    order = run_session.run.order
    whole = run_session.run.region == Span(0, len(document.text))
    target = snapshot.target(document.path, document.language, whole=whole)
    match refusal:
        case Refusal(message):
            if order.criteria:
                raise RunRefused(message)
            fitting = [f.title for f in snapshot.packs.files if applies(f, target)]
            why = messages.nothing_applies(fitting)
            if not order.instruction.strip():
                raise RunRefused(why, "chooseCriteria", "newCriteria")
            session.client.show(f"{why} {messages.INSTRUCTION_ALONE}", "info")
            return NOTHING


async def _job(  # noqa: PLR0913 - the parts of a run, each named by its caller
    session: Session,
    run_session: RunSession,
    snapshot: Snapshot,
    chosen: Chosen,
    settings: Settings,
    *,
    has_model: bool,
) -> Job:
    """The job, on the text as it stands when everything is ready."""
    document, run = _document(session, run_session), run_session.run
    span = _check_words(run_session)
    relative = snapshot.relative(document.path)
    selection = Selection(
        document=document.text,
        span=span,
        language=document.language,
        path=relative.as_posix() if relative else "",
    )
    options = RunOptions(
        instruction=run.order.instruction,
        brief=run.order.brief,
        critique_only=run.order.kind == "critique",
        draft=run.order.kind == "generate",
    )
    job = await asyncio.to_thread(
        prepare,
        selection,
        chosen,
        settings,
        options,
        has_model=has_model,
        checker=session.check_process,
    )
    if isinstance(job, TooLong):
        raise RunRefused(job.message)
    commands = await commands_of_run(session, chosen, selection, document.path, snapshot.root)
    return replace(job, commands=commands)


def _check_words(run_session: RunSession) -> Span:
    """Where the selected words stand; they may have been changed while the user was asked."""
    span = run_session.run.original.span
    if span is None:
        raise RunRefused(messages.CHANGED_BEFORE, "tryAgain")
    return span


async def _drive(
    run_session: RunSession, job: Job, pair: Pair, presenter: Presenter, settings: Settings
) -> Outcome:
    # From here on a cancel is a reply to the loop: until here it ends the task.
    stop = Stop()
    run_session.stops_by(stop)
    run_id = run_session.run.id
    memory, writer = ModelMemory(state_path() / "models.json"), pair.writer
    if writer is not None:
        known = await asyncio.to_thread(memory.known, writer)
        job = replace(job, task=known.on(job.task, time.time()))
    trace = (
        await asyncio.to_thread(open_trace, state_path(), run_id) if settings.trace else NoTrace()
    )
    try:
        outcome = await drive(
            job,
            writer,
            critic=pair.critic,
            on_event=presenter,
            stop=stop,
            trace=trace,
            verdicts=open_cache(settings),
        )
        if writer is not None:
            await asyncio.to_thread(memory.learn, writer, outcome.observed, time.time())
        return outcome
    finally:
        # It waits for what is still being written.
        await asyncio.to_thread(trace.close)
