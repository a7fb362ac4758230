"""Owns the way of one run through the editor: criteria, model, loop, result. Runs as one task."""

import asyncio

from self_refine.criteria.applying import applies
from self_refine.criteria.choose_criteria import NOTHING, Chosen, Refusal, choose
from self_refine.editor import messages
from self_refine.editor.documents.criteria_cache import Snapshot
from self_refine.editor.documents.documents import Document
from self_refine.editor.runs.connect_model import RunRefused, cleared, connected
from self_refine.editor.runs.presenter import Show
from self_refine.editor.runs.result import finished
from self_refine.editor.runs.run_progress import Progress
from self_refine.editor.runs.run_table import Run
from self_refine.editor.session import Session
from self_refine.loop.types import Outcome
from self_refine.runs.driver import Job, Stop, drive
from self_refine.runs.prepare import RunOptions, Selection, TooLong, prepare
from self_refine.runs.run_models import Pair
from self_refine.runs.trace import NoTrace, open_trace
from self_refine.settings import Settings, state_path
from self_refine.text.spans import Span


async def refining(session: Session, run: Run) -> None:
    """Carry out a run, to whatever end; progress ends once, and earlier findings are not lost."""
    progress = Progress(session.client, f"self-refine/{run.id}")
    ending = "failed"
    try:
        await progress.begin(
            run.title, messages.QUEUED if session.runs.is_full else messages.READING
        )
        async with session.runs.slot():
            progress.report(messages.READING)
            ending = await _carried_out(session, run, progress)
    except RunRefused as refused:
        ending = "nothing was done"
        session.client.show(str(refused), "error")
    except asyncio.CancelledError:
        ending = "cancelled"
        raise
    finally:
        progress.end(ending)
        if run.state == "running":
            run.state = "ended"
        session.findings.give_back(run.uri, run.id)
        session.refresh(run.uri)


async def _carried_out(session: Session, run: Run, progress: Progress) -> str:
    """The run itself; returns what its progress says at the end."""
    document = _document(session, run)
    settings = session.settings
    snapshot = await session.criteria_cache.reload(document.path)
    chosen = run.chosen = _chosen(session, snapshot, document, run)
    async with connected(session, run, settings, document, chosen) as pair:
        writer = pair.writer
        if writer is not None:
            run.model = f"{writer.name} at {writer.host}"
            progress.report(f"{writer.host} · {writer.name}")
        job = _job(session, run, snapshot, chosen, settings, has_model=writer is not None)
        if writer is not None:
            job = await cleared(session, run, job, writer, settings, document, snapshot.root)
        outcome = run.outcome = await _driven(
            run, job, pair, Show(session, run, progress), settings
        )
    return await finished(session, run, outcome, settings)


def _document(session: Session, run: Run) -> Document:
    document = session.documents.get(run.uri)
    if document is None:
        raise RunRefused("The document was closed before the run began.")
    return document


def _chosen(session: Session, snapshot: Snapshot, document: Document, run: Run) -> Chosen:
    whole = run.anchor.region == Span(0, len(document.text))
    target = snapshot.target(document.path, document.language, whole=whole)
    match choose(snapshot.team, snapshot.packs, target, run.criteria):
        case Refusal(message):
            if run.criteria:
                raise RunRefused(message)
            fitting = [f.title for f in snapshot.packs.files if applies(f, target)]
            why = messages.nothing_applies(fitting)
            if not run.instruction.strip():
                raise RunRefused(why)
            session.client.show(f"{why} {messages.INSTRUCTION_ALONE}", "info")
            return NOTHING
        case chosen:
            return chosen


def _job(  # noqa: PLR0913 - the parts of a run, each named by its caller
    session: Session,
    run: Run,
    snapshot: Snapshot,
    chosen: Chosen,
    settings: Settings,
    *,
    has_model: bool,
) -> Job:
    """The job, on the text as it stands when everything is ready."""
    document = _document(session, run)
    span = run.anchor.span
    if span is None:
        raise RunRefused(messages.CHANGED_BEFORE)
    relative = snapshot.relative(document.path)
    selection = Selection(
        document=document.text,
        span=span,
        language=document.language,
        path=relative.as_posix() if relative else "",
    )
    wish = RunOptions(
        instruction=run.instruction,
        critique_only=run.kind == "critique",
        draft=run.kind == "generate",
    )
    job = prepare(selection, chosen, settings, wish, has_model=has_model)
    if isinstance(job, TooLong):
        raise RunRefused(job.message)
    return job


async def _driven(run: Run, job: Job, pair: Pair, show: Show, settings: Settings) -> Outcome:
    run.seed = job.task.seed
    # From here on a cancel is a reply to the loop: until here it ends the task.
    run.stop = Stop()
    trace = (
        await asyncio.to_thread(open_trace, state_path(), run.id) if settings.trace else NoTrace()
    )
    try:
        return await drive(
            job, pair.writer, critic=pair.critic, on_event=show, stop=run.stop, trace=trace
        )
    finally:
        # It waits for what is still being written.
        await asyncio.to_thread(trace.close)
