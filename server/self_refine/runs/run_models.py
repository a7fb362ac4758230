"""Owns which models a run has: those that the user set, else the editor's own, else none."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from self_refine.errors import ModelError, UsageError
from self_refine.loop.requests import Failed
from self_refine.models.base import Model
from self_refine.models.choose_model import BadSetting, NoModel, critic_of, endpoint_from, resolve
from self_refine.models.openai.endpoint import Endpoint
from self_refine.models.openai.local_servers import offers
from self_refine.models.worker_loop import WorkerLoop, WorkerModel
from self_refine.settings import Settings

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Pair:
    """Who answers the calls of a run."""

    writer: Model | None
    """Writes, and judges where there is no `critic`; None: checks run alone."""
    critic: Model | None = None
    """Another model that judges."""


@asynccontextmanager
async def connected(
    settings: Settings,
    *,
    on_note: Callable[[str], None],
    editor: Model | None = None,
    worker_loop: WorkerLoop | None = None,
) -> AsyncIterator[Pair]:
    """The models that answer a run; they are closed when the block ends.

    Args:
        settings: the user's; who they name answers before anybody else.
        on_note: hears a sentence for each model server on this machine that could be used.
        editor: the editor's own model, where it offers one.
        worker_loop: where models at an endpoint are to work; None: on the event loop of the caller.

    Raises:
        ModelError: the server does not say which models it has.
        UsageError: a setting cannot be meant so, or names no model where there are several.
    """
    match endpoint_from(settings):
        case BadSetting(message):
            raise UsageError(message)
        case NoModel():
            if editor is None:
                for offer in await offers():
                    on_note(offer.sentence)
            yield Pair(editor)
        case Endpoint() as endpoint:
            do = _here if worker_loop is None else worker_loop.do
            opened: list[Model] = []
            try:
                # Cancelled as it comes back, it leaves what is to be closed.
                await do(_open(endpoint, settings, opened))
                yield Pair(
                    *(m if worker_loop is None else WorkerModel(m, worker_loop) for m in opened)
                )
            finally:
                await do(_close(opened))


async def _here(work: Coroutine[Any, Any, Result]) -> Result:
    return await work


async def _open(endpoint: Endpoint, settings: Settings, opened: list[Model]) -> None:
    """Add the writer, and the critic where that is another model."""
    match await resolve(endpoint):
        case BadSetting(message):
            raise UsageError(message)
        case Failed(message=message):
            raise ModelError(message)
        case writer:
            opened.append(writer)
    match await critic_of(endpoint, writer, settings):
        case BadSetting(message):
            raise UsageError(message)
        case Failed(message=message):
            raise ModelError(message)
        case None:
            pass
        case critic:
            opened.append(critic)


async def _close(opened: list[Model]) -> None:
    for model in opened:
        await model.close()
