"""Owns which model answers: reads the settings, and asks the server where they name no model."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from self_refine.loop.requests import Failed
from self_refine.models.base import Model
from self_refine.models.client_loading import connect
from self_refine.models.error_messages import failed, names
from self_refine.models.faults import FaultError, Status, is_loading
from self_refine.models.openai.deadlines import Deadlines
from self_refine.models.openai.endpoint import (
    OPENAI,
    Address,
    BadAddress,
    Endpoint,
    Timing,
    address,
    key_problem,
)
from self_refine.models.openai.key_origin import key_withheld
from self_refine.models.openai.openai_model import OpenAIModel
from self_refine.settings import Settings

if TYPE_CHECKING:
    from self_refine.models.openai.openai_client import OpenAIClient


@dataclass(frozen=True, slots=True)
class NoModel:
    """Nobody answers: checks run alone. The reason is a phrase for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class BadSetting:
    """A setting that cannot be meant so; the message says which, and what it should be."""

    message: str


def endpoint_from(settings: Settings) -> Endpoint | NoModel | BadSetting:
    """The endpoint that the user's settings name; nothing is sent."""
    if settings.base_url == "":
        return BadSetting(_EMPTY)
    if settings.base_url is None and settings.api_key is None:
        return NoModel(_nothing_set(settings))
    if settings.api_key and (problem := key_problem(settings.api_key)):
        return BadSetting(problem)
    match address(settings.base_url or OPENAI):
        case BadAddress(message):
            return BadSetting(message)
        case Address() as where:
            withheld = key_withheld(settings.key_source, where) if settings.api_key else ""
            if withheld and settings.base_url is None:
                return BadSetting(f"{withheld} Or name the key's server in baseUrl.")
            return Endpoint(
                address=where,
                model=settings.model,
                key=None if withheld else settings.api_key,
                key_withheld=withheld,
                timing=_timing(settings, where),
                effort=settings.reasoning_effort,
            )


_EMPTY = (
    "OPENAI_BASE_URL is set, but empty. Unset it to use OpenAI's endpoint, or name another one "
    "in it, such as http://127.0.0.1:8080/v1."
)


async def resolve(endpoint: Endpoint) -> Model | Failed | BadSetting:
    """The model to ask: the one that is named, else the only one that the server lists."""
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
    return listed[0] if len(listed) == 1 else BadSetting(_not_one(endpoint, listed))


def critic_of(endpoint: Endpoint, writer: Model, settings: Settings) -> Model | None:
    """The model that judges in the place of `writer`; None where that is `writer` itself."""
    name = settings.critic_model
    return None if name in {None, writer.name} else OpenAIModel(endpoint, str(name))


def _timing(settings: Settings, where: Address) -> Timing:
    # A server on this machine may have to load its model first.
    first = settings.first_byte_seconds or (120.0 if where.loopback else 60.0)
    return Timing(first_byte=first, idle=settings.idle_seconds, total=settings.max_seconds)


def _nothing_set(settings: Settings) -> str:
    if settings.model:
        return (
            f"no model configured: the model {settings.model!r} is named, but neither a key "
            "(OPENAI_API_KEY) nor a server (OPENAI_BASE_URL)"
        )
    return "no model configured"


def _no_list(endpoint: Endpoint) -> str:
    forgot = "" if "/v" in endpoint.address.base_url else " Did you forget /v1 in baseUrl?"
    return (
        f"{endpoint.address.host} does not list its models (HTTP 404), and none is named."
        f"{forgot} Name the model in OPENAI_MODEL or the setting model."
    )


def _not_one(endpoint: Endpoint, listed: tuple[str, ...]) -> str:
    host = endpoint.address.host
    if not listed:
        return f"{host} lists no model. Load one there, or name one in OPENAI_MODEL."
    return (
        f"{host} lists {len(listed)} models: {names(listed)}. "
        "Name one in OPENAI_MODEL or the setting model."
    )
