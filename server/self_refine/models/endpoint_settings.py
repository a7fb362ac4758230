"""Which endpoint the user's settings name, and what it is asked with. Nothing is sent."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from self_refine.models.network.reach import Secrets, Trust
from self_refine.models.openai.endpoint import (
    OPENAI,
    Address,
    BadAddress,
    Endpoint,
    Timing,
    address,
    key_problem,
    origin_of,
)
from self_refine.models.openai.key_origin import belongs, key_withheld
from self_refine.models.presets import PRESETS, Preset, preset_at, url_of
from self_refine.settings import Settings


@dataclass(frozen=True, slots=True)
class NoModel:
    """Nobody answers: checks run alone. The reason is a phrase for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class BadSetting:
    """A setting that cannot be meant so; the message says which, and what it should be."""

    message: str


def endpoint_from(
    settings: Settings, environ: Mapping[str, str] = os.environ
) -> Endpoint | NoModel | BadSetting:
    """The endpoint that the user's settings name."""
    if settings.base_url == "":
        return BadSetting(_EMPTY)
    preset = PRESETS.get(settings.provider or "")
    if settings.base_url is None and preset is None and not _has_key(settings):
        return NoModel(_nothing_set(settings))
    if settings.api_key and (problem := key_problem(settings.api_key)):
        return BadSetting(problem)
    url = settings.base_url or (preset.base_url if preset else OPENAI)
    if url is None:
        return BadSetting(_NO_URL)
    match address(url, settings.allow_http):
        case BadAddress(message):
            return BadSetting(message)
        case Address() as where:
            return _asked_with(where, settings, preset, environ)


def critic_endpoint(
    settings: Settings, writer: Endpoint, environ: Mapping[str, str] = os.environ
) -> Endpoint | BadSetting | None:
    """The endpoint of the model that judges; None where that is the writer's.

    A key and headers that were set for the writer's endpoint go to another one only where that is
    at the same origin.
    """
    named = settings.critic_base_url
    if named is None:
        return None
    if settings.critic_model is None:
        return BadSetting("criticBaseUrl is set, but criticModel names no model of it.")
    url = url_of(named)
    if url is None:
        return BadSetting(f"criticBaseUrl is {named!r}, which has no address: write its URL.")
    match address(url, settings.allow_http, "criticBaseUrl"):
        case BadAddress(message):
            return BadSetting(message)
        case Address() as where:
            return _critic_asked_with(where, settings, writer, environ)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Key:
    """A key, or where it is kept, or why none goes there."""

    key: str | None = field(default=None, repr=False)
    key_from: str | None = None
    command: tuple[str, ...] = field(default=(), repr=False)
    withheld: str = ""


def _asked_with(
    where: Address, settings: Settings, chosen: Preset | None, environ: Mapping[str, str]
) -> Endpoint | BadSetting:
    """The writer's endpoint with its key, or with where that is kept."""
    if (settings.extra_headers or settings.extra_query) and not _belong(settings, where):
        return BadSetting(
            f"extraHeaders and extraQuery were not set for {where.host}, so nothing is sent there: "
            f"write them where its baseUrl stands, or baseUrl = {where.base_url!r} beside them."
        )
    preset = chosen or preset_at(where.name, where.base_url)
    key = _writers_key(where, settings, preset, environ)
    if key.withheld and settings.base_url is None and chosen is None:
        return BadSetting(f"{key.withheld} Or name the key's server in baseUrl.")
    secrets = Secrets(headers=settings.extra_headers, query=settings.extra_query)
    return _endpoint(where, settings.model, settings, preset, key, secrets)


def _critic_asked_with(
    where: Address, settings: Settings, writer: Endpoint, environ: Mapping[str, str]
) -> Endpoint:
    preset = preset_at(where.name, where.base_url)
    same = where.origin == writer.address.origin
    key = _critics_key(where, settings, writer, preset, environ)
    secrets = writer.secrets if same else Secrets()
    return _endpoint(where, settings.critic_model, settings, preset, key, secrets)


def _endpoint(  # noqa: PLR0913, PLR0917 - the parts of an endpoint
    where: Address,
    model: str | None,
    settings: Settings,
    preset: Preset | None,
    key: _Key,
    secrets: Secrets,
) -> Endpoint:
    return Endpoint(
        address=where,
        model=model,
        key=key.key,
        key_withheld=key.withheld,
        timing=_timing(settings, where),
        effort=settings.reasoning_effort,
        key_header=preset.key_header if preset else "",
        key_variable=(preset.variable if preset else None) or "OPENAI_API_KEY",
        secrets=replace(
            secrets,
            key_from=key.key_from,
            key_command=key.command,
            proxy=settings.proxy,
            no_proxy=settings.no_proxy,
        ),
        trust=Trust(
            ca_file=settings.ca_file,
            ca_system=settings.ca_system,
            client_certificate=settings.client_certificate,
        ),
    )


def _writers_key(
    where: Address, settings: Settings, preset: Preset | None, environ: Mapping[str, str]
) -> _Key:
    """The editor's key first, then where the settings say it is kept, then the environment's."""
    source = settings.key_source
    withheld = key_withheld(source, where)
    kept = settings.key_from or settings.key_command
    if source is not None and source.given_by == "editor":
        return _Key(key=None if withheld else settings.api_key, withheld=withheld)
    if kept and withheld:
        return _Key(withheld=withheld)
    if kept:
        return _Key(key_from=settings.key_from, command=settings.key_command)
    if variable := _variable_set(where, preset, environ):
        return _Key(key_from=f"env:{variable}")
    if not settings.api_key:
        return _Key()
    own = preset if settings.provider and source is not None else None
    if own and own.variable and origin_of(source.url if source else None) != where.origin:
        withheld = f"OPENAI_API_KEY is not for {own.title}: set {own.variable}."
    return _Key(key=None if withheld else settings.api_key, withheld=withheld)


def _critics_key(
    where: Address,
    settings: Settings,
    writer: Endpoint,
    preset: Preset | None,
    environ: Mapping[str, str],
) -> _Key:
    """Its own, the writer's at the same origin, or the one that the environment keeps for it."""
    if settings.critic_key_from:
        return _Key(key_from=settings.critic_key_from)
    if where.origin == writer.address.origin:
        kept = writer.secrets
        return _Key(
            key=writer.key,
            key_from=kept.key_from,
            command=kept.key_command,
            withheld=writer.key_withheld,
        )
    if variable := _variable_set(where, preset, environ):
        return _Key(key_from=f"env:{variable}")
    theirs = {origin_of(OPENAI), origin_of(environ.get("OPENAI_BASE_URL"))}
    if where.origin in theirs and environ.get("OPENAI_API_KEY", "").strip():
        return _Key(key_from="env:OPENAI_API_KEY")
    return _Key(withheld=f"Set criticKeyFrom to where the key of {where.host} is kept.")


def _variable_set(where: Address, preset: Preset | None, environ: Mapping[str, str]) -> str:
    """The variable that holds a key of this provider, "" where none is set or none may go there."""
    if preset is None or preset.variable is None or not where.encrypted or where.loopback:
        return ""
    return preset.variable if environ.get(preset.variable, "").strip() else ""


def _belong(settings: Settings, where: Address) -> bool:
    """Whether headers and query parameters were set for this endpoint."""
    return settings.extras_for is None or belongs(settings.extras_for, where)


def _has_key(settings: Settings) -> bool:
    return bool(settings.api_key or settings.key_from or settings.key_command)


def _timing(settings: Settings, where: Address) -> Timing:
    # A server on this machine or beside it may have to load its model first.
    near = where.loopback or not where.encrypted
    first = settings.first_byte_seconds or (120.0 if near else 60.0)
    return Timing(first_byte=first, idle=settings.idle_seconds, total=settings.max_seconds)


def _nothing_set(settings: Settings) -> str:
    if settings.model:
        return (
            f"no model configured: the model {settings.model!r} is named, but neither a key "
            "(OPENAI_API_KEY) nor a server (OPENAI_BASE_URL)"
        )
    return "no model configured"


_EMPTY = (
    "OPENAI_BASE_URL is set, but empty. Unset it to use OpenAI's endpoint, or name another one "
    "in it, such as http://127.0.0.1:8080/v1."
)
_NO_URL = (
    "provider is azure, and each of its customers has an address: write it in baseUrl, such as "
    "https://NAME.openai.azure.com/openai/v1."
)
