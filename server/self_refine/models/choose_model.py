"""Owns which model answers: asks the server where the settings name no model."""

import asyncio
from typing import TYPE_CHECKING

from self_refine.loop.requests import Failed
from self_refine.models.base import Model
from self_refine.models.client_loading import connect
from self_refine.models.endpoint_settings import (
    BadSetting,
    NoModel,
    critic_endpoint,
    endpoint_from,
)
from self_refine.models.error_messages import failed, names
from self_refine.models.faults import FaultError, Status, is_loading
from self_refine.models.network.references import NotThere, fetched
from self_refine.models.openai.deadlines import Deadlines
from self_refine.models.openai.endpoint import Endpoint
from self_refine.models.openai.openai_model import OpenAIModel
from self_refine.settings import Settings
from self_refine.text.foreign import Foreign

if TYPE_CHECKING:
    from self_refine.models.openai.openai_client import OpenAIClient


__all__ = ["BadSetting", "NoModel", "critic_of", "endpoint_from", "resolve"]


async def resolve(endpoint: Endpoint) -> Model | Failed | BadSetting:
    """The model to ask: the one that is named, else the only one that the server lists."""
    match await asyncio.to_thread(fetched, endpoint):
        case NotThere(message):
            return BadSetting(message)
        case Endpoint() as endpoint:
            pass
    if endpoint.model is not None:
        return OpenAIModel(endpoint, endpoint.model)
    wire = await connect(endpoint)
    found: str | Failed | BadSetting | None = None
    try:
        found = await _the_only_one(endpoint, wire)
    finally:
        if not isinstance(found, str):
            await wire.close()
    return OpenAIModel(endpoint, found, wire) if isinstance(found, str) else found


async def _the_only_one(endpoint: Endpoint, wire: "OpenAIClient") -> str | Failed | BadSetting:
    """The name of the only model that the server lists; one that still loads it is waited for."""
    clock = asyncio.get_running_loop().time
    end = clock() + endpoint.timing.first_byte
    while True:
        try:
            async with Deadlines(endpoint.timing):
                listed = await wire.models()
            break
        except FaultError as error:
            if isinstance(error.fault, Status) and error.fault.code == 404:
                return BadSetting(_no_list(endpoint))
            if not is_loading(error.fault) or clock() + endpoint.timing.backoff >= end:
                return failed(error.fault, endpoint, model="(none named)")
        await asyncio.sleep(endpoint.timing.backoff)
    return listed[0].raw if len(listed) == 1 else BadSetting(_not_one(endpoint, listed))


async def critic_of(
    endpoint: Endpoint, writer: Model, settings: Settings
) -> Model | Failed | BadSetting | None:
    """The model that judges in the place of `writer`; None where that is `writer` itself."""
    match critic_endpoint(settings, endpoint):
        case BadSetting() as bad:
            return bad
        case Endpoint() as other:
            return await resolve(other)
    name = settings.critic_model
    return None if name in {None, writer.name} else OpenAIModel(endpoint, str(name))


def _no_list(endpoint: Endpoint) -> str:
    forgot = "" if "/v" in endpoint.address.base_url else " Did you forget /v1 in baseUrl?"
    return (
        f"{endpoint.address.host} does not list its models (HTTP 404), and none is named."
        f"{forgot} Name the model in OPENAI_MODEL or the setting model."
    )


def _not_one(endpoint: Endpoint, listed: tuple[Foreign, ...]) -> str:
    host = endpoint.address.host
    if not listed:
        return f"{host} lists no model. Load one there, or name one in OPENAI_MODEL."
    return (
        f"{host} lists {len(listed)} models: {names(listed)}. "
        "Name one in OPENAI_MODEL or the setting model."
    )
