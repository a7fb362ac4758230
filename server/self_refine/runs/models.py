"""Owns which models a run has: those that the user set, else the editor's own, else none."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from self_refine.errors import ModelError, UsageError
from self_refine.loop.steps import Failed
from self_refine.models.base import Model
from self_refine.models.choose import BadSetting, NoModel, critic_of, endpoint_from, resolve
from self_refine.models.endpoint import Endpoint
from self_refine.models.local import offers
from self_refine.settings import Settings


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
) -> AsyncIterator[Pair]:
    """The models that answer a run; they are closed when the block ends.

    Args:
        settings: the user's; who they name answers before anybody else.
        on_note: hears a sentence for each model server on this machine that could be used.
        editor: the editor's own model, where it offers one.

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
            pair = await _pair(endpoint, settings)
            try:
                yield pair
            finally:
                await _close(pair)


async def _pair(endpoint: Endpoint, settings: Settings) -> Pair:
    match await resolve(endpoint):
        case BadSetting(message):
            raise UsageError(message)
        case Failed(message=message):
            raise ModelError(message)
        case writer:
            return Pair(writer, critic_of(endpoint, writer, settings))


async def _close(pair: Pair) -> None:
    for model in (pair.writer, pair.critic):
        if model is not None:
            await model.close()
