"""Owns whether a model answers: which one would, why, and how it takes one question."""

import asyncio
import json
from collections.abc import Callable
from typing import Literal

from self_refine.loop.requests import Answered, Call, Failed, Message
from self_refine.models.base import Model
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
    server = "from baseUrl" if settings.base_url else "since OPENAI_API_KEY is set"
    named = "" if settings.model else "; the only model that it lists"
    return server + named


async def _asked(model: Model, role: str, say: Say) -> bool:
    """Ask for one word, as JSON: what a critique needs; say how it went."""
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
