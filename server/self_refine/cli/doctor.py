"""Owns `self-refine doctor`: says which model would answer and why, and asks it one question."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator

from self_refine import __version__
from self_refine.loop.steps import Answered, Call, Failed, Message
from self_refine.models.base import Model
from self_refine.runs import models
from self_refine.settings import Settings, config_path, load, state_path

_SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
_MOST_OUTPUT = 2_000
"""Tokens: models that think first need room for it, and only what is written is paid for."""

FINE, USAGE, MODEL = 0, 2, 3
"""Exit codes."""


def run() -> int:
    """Print what there is; return 0, 2 for settings that cannot be used, 3 for a model that fails.

    Raises:
        UsageError: a setting cannot be meant so; `ModelError`: the model does not answer.
    """
    loaded = load(environ=os.environ)
    for line in _about(loaded.settings):
        _say(line)
    for problem in loaded.problems:
        _say(f"problem: {problem}")
    return asyncio.run(_models(loaded.settings))


def _about(settings: Settings) -> Iterator[str]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield f"self-refine {__version__}, Python {python} on {sys.platform}"
    there = "" if config_path().exists() else " (not there: defaults)"
    yield f"settings: {config_path()}{there}"
    yield f"traces: {state_path() / 'runs'}" if settings.trace else "traces: off"


async def _models(settings: Settings) -> int:
    notes: list[str] = []
    async with models.connected(settings, on_note=notes.append) as pair:
        if pair.writer is None:
            return _none(settings, notes)
        _say(f"model: {pair.writer.name} at {pair.writer.host}, {_because(settings)}")
        codes = [await _asked(pair.writer, "model")]
        if pair.critic is not None:
            _say(f"critic: {pair.critic.name} at {pair.critic.host}, from criticModel")
            codes.append(await _asked(pair.critic, "critic"))
    return max(codes)


def _none(settings: Settings, notes: list[str]) -> int:
    _say("model: none; checks and their fixes run alone, judged criteria are not checked")
    if settings.model or settings.critic_model:
        _say(
            "problem: a model is named, but neither a key (OPENAI_API_KEY) nor a server "
            "(OPENAI_BASE_URL)"
        )
    for note in notes:
        _say(note)
    if not notes:
        _say("To use a model, set OPENAI_API_KEY, or OPENAI_BASE_URL to any compatible server.")
    return FINE


def _because(settings: Settings) -> str:
    """Which settings led to this model."""
    server = "from baseUrl" if settings.base_url else "since OPENAI_API_KEY is set"
    named = "" if settings.model else "; the only model that it lists"
    return server + named


async def _asked(model: Model, role: str) -> int:
    """Ask for one word, as JSON: what a critique needs; say how it went."""
    clock = asyncio.get_running_loop().time
    began = clock()
    words_at: list[float] = []

    def heard(words: str, _form: str) -> None:
        if words:
            words_at.append(clock())

    answer = await model.complete(_CALL, heard, on_wait=lambda why: _say(f"{role}: {why}"))
    took = clock() - began
    match answer:
        case Failed(message=message):
            _say(f"{role}: failed. {message}")
            return MODEL
        case Answered():
            begins = f", its first word after {words_at[0] - began:.1f} s" if words_at else ""
            _say(f"{role}: answered in {took:.1f} s{begins}; {_shape(answer)}")
            return FINE


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


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
