"""Owns who answers a run in the editor, and what the user is told and asked before it is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from self_refine.criteria.choose_criteria import Chosen
from self_refine.editor import messages
from self_refine.editor.documents.documents import Document
from self_refine.editor.runs.consent import FirstUse
from self_refine.editor.runs.run_table import Run
from self_refine.editor.runs.secrets_seen import holds_secrets, kinds_of_secrets
from self_refine.editor.session import Session
from self_refine.errors import UsageError
from self_refine.models.base import Model
from self_refine.runs import run_models
from self_refine.runs.run_models import Pair
from self_refine.settings import Settings, state_path


class RunRefused(Exception):  # noqa: N818 - an ending, no fault
    """The run cannot be carried out; the text is a sentence for the user. Caught by `refining`."""


@asynccontextmanager
async def connected(
    session: Session, run: Run, settings: Settings, document: Document, chosen: Chosen
) -> AsyncIterator[Pair]:
    """The models of a run; none where nobody is to be asked."""
    judged = sum(c.check is None and not c.not_checked for c in chosen.criteria)
    alone = bool(run.instruction.strip()) and not chosen.criteria
    if holds_secrets(document.path):
        sentence = messages.secret_file(document.path.name if document.path else "")
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
            raise RunRefused(str(error)) from None
        if pair.writer is None and alone:
            raise RunRefused(messages.needs_model(notes))
        if pair.writer is None and judged:
            session.client.show(" ".join([messages.unchecked(judged), *notes]), "info")
        yield pair


async def may_send(
    session: Session, run: Run, chosen: Chosen, writer: Model, settings: Settings
) -> None:
    """Say what goes where on first use; ask where the text seems to hold keys."""
    kinds = await asyncio.to_thread(kinds_of_secrets, run.original)
    if kinds and not await session.client.ask(
        messages.secrets(kinds, writer.host), yes="Send it", no="Do not send it"
    ):
        raise RunRefused(messages.not_sent(kinds))
    first_use = FirstUse(state_path())
    if await asyncio.to_thread(first_use.is_new, writer.host, writer.name):
        size = len(run.original.encode("utf-8", "surrogatepass"))
        session.client.show(
            messages.first_use(writer.host, writer.name, chosen, settings.max_calls, size), "info"
        )
