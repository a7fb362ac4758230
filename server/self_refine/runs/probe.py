"""Owns whether a model answers: which one would, why, and how it takes one question."""

import asyncio
import json
from collections.abc import Callable
from typing import Literal

from self_refine.errors import UsageError
from self_refine.loop.requests import Answered, Call, Failed, Message
from self_refine.models.base import Model
from self_refine.models.client_loading import connect
from self_refine.models.endpoint_settings import (
    BadSetting,
    NoModel,
    critic_endpoint,
    endpoint_from,
)
from self_refine.models.error_messages import failed
from self_refine.models.faults import FaultError
from self_refine.models.network.chain import Link, walk
from self_refine.models.network.references import NotThere, fetched
from self_refine.models.openai.endpoint import Endpoint
from self_refine.models.worker_loop import WorkerLoop
from self_refine.runs import run_models
from self_refine.settings import Settings

Say = Callable[[str], None]
"""Hears one line."""

Health = Literal["fine", "none", "failed"]
"""`none`: no model is set, which is no fault."""

_SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
_MOST_OUTPUT = 2_000
"""Tokens: models that think first need room for it, and only what is written is paid for."""


async def examine(
    settings: Settings, say: Say, editor: Model | None = None, worker_loop: WorkerLoop | None = None
) -> Health:
    """Ask the models that a run would have.

    Args:
        settings: the user's.
        say: hears each line of the report.
        editor: the editor's own model, where it offers one.
        worker_loop: as for `run_models.connected`.

    Raises:
        ModelError: the server does not say which models it has.
        UsageError: a setting cannot be meant so.
    """
    broken = await _walked(settings, say, worker_loop)
    if broken is not None:
        say(f"Broken at {broken.name}: {broken.said}")
        return "failed"
    notes: list[str] = []
    async with run_models.connected(
        settings, on_note=notes.append, editor=editor, worker_loop=worker_loop
    ) as pair:
        if pair.writer is None:
            _none(settings, notes, say)
            return "none"
        because = "lent by the editor" if pair.writer is editor else _because(settings)
        say(f"model: {pair.writer.name} at {pair.writer.host}, {because}")
        fine = await _asked(pair.writer, "model", say)
        if pair.critic is not None:
            say(f"critic: {pair.critic.name} at {pair.critic.host}, from criticModel")
            fine = await _asked(pair.critic, "critic", say) and fine
    return "fine" if fine else "failed"


async def _walked(settings: Settings, say: Say, worker_loop: WorkerLoop | None) -> Link | None:
    """Walk the way to each endpoint that the settings name; the link that is broken, if one is.

    Raises:
        UsageError: a setting cannot be meant so.
    """
    match endpoint_from(settings):
        case BadSetting(message):
            raise UsageError(message)
        case NoModel():
            return None
        case Endpoint() as writer:
            pass
    endpoints = [writer]
    match critic_endpoint(settings, writer):
        case BadSetting(message):
            raise UsageError(message)
        case Endpoint() as critic:
            endpoints.append(critic)
    for endpoint in endpoints:
        walking = _walk_one(endpoint, say)
        broken = await (walking if worker_loop is None else worker_loop.do(walking))
        if broken is not None:
            return broken
    return None


async def _walk_one(endpoint: Endpoint, say: Say) -> Link | None:
    """Say each link of the way to one endpoint."""
    match await asyncio.to_thread(fetched, endpoint):
        case NotThere(message):
            raise UsageError(message)
        case Endpoint() as whole:
            say(f"endpoint: {whole.address.base_url}")
    try:
        client = await connect(whole)
    except FaultError as error:
        return Link("tls", failed(error.fault, whole).message, broken=True)
    try:
        async for link in walk(whole, client):
            say(f"  {link.name:7} {'broken' if link.broken else link.said}")
            if link.broken:
                return link
    finally:
        await client.close()
    return None


def _none(settings: Settings, notes: list[str], say: Say) -> None:
    say("model: none; checks and their fixes run alone, judged criteria are not checked")
    if settings.model or settings.critic_model:
        say(
            "problem: a model is named, but neither a key (OPENAI_API_KEY) nor a server "
            "(OPENAI_BASE_URL)"
        )
    for note in notes:
        say(note)
    if not notes:
        say("To use a model, set OPENAI_API_KEY, or OPENAI_BASE_URL to any compatible server.")


def _because(settings: Settings) -> str:
    """Which settings led to this model."""
    if settings.base_url:
        server = "from baseUrl"
    elif settings.provider:
        server = f"from provider {settings.provider}"
    else:
        server = "since there is a key for it"
    named = "" if settings.model else "; the only model that it lists"
    return server + named


async def _asked(model: Model, role: str, say: Say) -> bool:
    """Ask for one word as JSON, then for some in tags: what runs ask for; say how it went."""
    return await _asked_json(model, role, say) and await _asked_tags(model, role, say)


async def _asked_json(model: Model, role: str, say: Say) -> bool:
    clock = asyncio.get_running_loop().time
    began = clock()
    words_at: list[float] = []

    def heard(words: str, _form: str) -> None:
        if words:
            words_at.append(clock())

    answer = await model.complete(_CALL, heard, on_wait=lambda why: say(f"{role}: {why}"))
    took = clock() - began
    match answer:
        case Failed(message=message):
            say(f"{role}: failed. {message}")
            return False
        case Answered():
            begins = f", its first word after {words_at[0] - began:.1f} s" if words_at else ""
            say(f"{role}: answered in {took:.1f} s{begins}; {_shape(answer)}")
            return True


async def _asked_tags(model: Model, role: str, say: Say) -> bool:
    """Ask for some words between tags, as readings and rewrites are; say how fast they come."""
    clock = asyncio.get_running_loop().time
    words_at: list[float] = []

    def heard(words: str, _form: str) -> None:
        if words:
            words_at.append(clock())

    answer = await model.complete(_TAGS, heard, on_wait=lambda why: say(f"{role}: {why}"))
    match answer:
        case Failed(message=message):
            say(f"{role}: failed in tags. {message}")
            return False
        case Answered():
            kept = f"<{_TAGS.tag}>" in answer.text
            how = "it kept to our tags" if kept else "it did not keep to our tags"
            took = words_at[-1] - words_at[0] if len(words_at) > 1 else 0.0
            tokens = answer.cost.output_tokens
            speed = f", about {tokens / took:.0f} tokens a second" if took > _SHORT else ""
            say(f"{role}: {how}{speed}")
            return True


def _shape(answer: Answered) -> str:
    """What the answer says of JSON schemas, which critiques are asked for in."""
    if answer.form == "tagged":
        return "it takes no JSON schema, so critiques are asked for in tags"
    try:
        value = json.loads(answer.text)
    except (ValueError, RecursionError):
        value = None
    kept = isinstance(value, dict) and list(value) == ["word"]
    return "it kept to a JSON schema" if kept else "it took a JSON schema, but did not keep to it"


_SHORT = 0.05
"""Seconds that words must take to come before their speed says something."""
_TAGS = Call(
    purpose="refine",
    messages=(
        Message("system", "You work on one piece of text. The task at the end says what to do."),
        Message("user", "<text>\nA quiet morning.\n</text>\n"),
    ),
    task="Write the text three times, each on a line of its own, between <reply-00d0c7e5> "
    "and </reply-00d0c7e5>.",
    schema=None,
    tag="reply-00d0c7e5",
    max_output_tokens=_MOST_OUTPUT,
)
_CALL = Call(
    purpose="critique",
    messages=(
        Message("system", "You work on one piece of text. The task at the end says what to do."),
        Message("user", "<text>\nA quiet morning.\n</text>\n"),
    ),
    task='Name the first word of the text, as JSON such as {"word": "Yes"}.',
    schema=_SCHEMA,
    plain_task="Name the first word of the text between <reply-00d0c7e5> and </reply-00d0c7e5>.",
    tag="reply-00d0c7e5",
    max_output_tokens=_MOST_OUTPUT,
)
