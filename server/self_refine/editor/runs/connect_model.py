"""Owns who answers a run in the editor, and what the user is told and asked before it is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from self_refine.criteria.choose_criteria import NOTHING, Chosen
from self_refine.criteria.finding.key_files import holds_keys
from self_refine.editor import messages
from self_refine.editor.documents.documents import Document
from self_refine.editor.runs.consent import FirstUse
from self_refine.editor.runs.run import Run, Running
from self_refine.editor.session import Session
from self_refine.editor.user_actions import Act
from self_refine.errors import UsageError
from self_refine.models.base import Model
from self_refine.runs import run_models
from self_refine.runs.driver import Job
from self_refine.runs.outgoing.clearance import NotSent
from self_refine.runs.outgoing.job_parts import Destination, clear
from self_refine.runs.outgoing.send_gate import Question, key_file
from self_refine.runs.run_models import Pair
from self_refine.settings import Settings, state_path


class RunRefused(Exception):  # noqa: N818 - an ending, no fault
    """The run cannot be carried out; its text is a sentence that `execute_run` shows."""

    def __init__(self, message: str, *acts: Act) -> None:
        super().__init__(message)
        self.acts = acts
        """What helps, as buttons."""


@asynccontextmanager
async def connected(
    session: Session, run: Run, settings: Settings, document: Document, chosen: Chosen
) -> AsyncIterator[Pair]:
    """The models of a run; none where nobody is to be asked."""
    judged = sum(c.check is None and not c.not_checked for c in chosen.criteria)
    alone = bool(run.order.instruction.strip()) and not chosen.criteria
    if document.path is not None and holds_keys(document.path):
        sentence = key_file(document.path)
        if alone:
            raise RunRefused(sentence)
        session.client.show(sentence, "warning")
        yield Pair(None)
        return
    notes: list[str] = []
    lent = await session.editor_model(run.id)
    connecting = run_models.connected(
        settings, on_note=notes.append, editor=lent, worker_loop=session.worker_loop
    )
    async with AsyncExitStack() as stack:
        try:
            pair = await stack.enter_async_context(connecting)
        except UsageError as error:
            raise RunRefused(str(error), "openSettings", "chooseModel") from None
        if pair.writer is None and alone:
            raise RunRefused(messages.needs_model(notes), "setApiKey", "chooseModel")
        if pair.writer is None and judged:
            said = " ".join([messages.unchecked(judged), *notes])
            session.tell(said, "info", ("setApiKey", "chooseModel"), uri=run.uri, run=run.id)
        yield pair


async def cleared(  # noqa: PLR0913, PLR0917 - the parts of a run, each named by its caller
    session: Session,
    run: Running,
    job: Job,
    writer: Model,
    settings: Settings,
    document: Document,
    root: Path | None,
) -> Job:
    """The job that may be sent, after what the user was told and asked."""

    async def ask(question: Question) -> bool:
        return await session.client.ask(question.sentence, yes="Send it", no="Do not send it")

    to = Destination(path=document.path, root=root, host=writer.host)
    match await clear(job, to, settings, ask):
        case NotSent(message):
            raise RunRefused(message)
        case clear_job:
            await _tell_first_use(session, run, writer, settings)
    return clear_job


async def _tell_first_use(
    session: Session, run: Running, writer: Model, settings: Settings
) -> None:
    first_use = FirstUse(state_path())
    if await asyncio.to_thread(first_use.is_new, writer.host, writer.name):
        chosen = run.chosen or NOTHING
        size = len(run.original.words.encode("utf-8", "surrogatepass"))
        session.client.show(
            messages.first_use(writer.host, writer.name, chosen, settings.max_calls, size), "info"
        )
