"""Owns the body of a request: a call, as this server can take it."""

import json
from typing import Any

from self_refine.loop.requests import Call
from self_refine.models.base import Form
from self_refine.models.openai.abilities import Abilities, ReplyFormat, thinks


def form_of(call: Call, abilities: Abilities) -> Form:
    """Whether the reply will be JSON or tagged text."""
    return (
        "tagged" if call.schema is None or abilities.reply_format is ReplyFormat.TAGGED else "json"
    )


def messages(call: Call, abilities: Abilities) -> list[dict[str, str]]:
    """What is said, the task last in the last message of the user; one system message or none."""
    said = [{"role": m.role, "content": clean(m.content)} for m in call.messages]
    task = clean(_task(call, abilities))
    if said and said[-1]["role"] == "user":
        said[-1]["content"] += task
    else:
        said.append({"role": "user", "content": task})
    if not abilities.system and said[0]["role"] == "system" and len(said) > 1:
        first = said.pop(0)
        said[0]["content"] = f"{first['content']}\n\n{said[0]['content']}"
    return said


def body(call: Call, model: str, abilities: Abilities, effort: str = "") -> dict[str, Any]:
    """The request: only what is set, and only what the server takes.

    Args:
        call: what is asked.
        model: its name.
        abilities: what the server takes.
        effort: how long a model that thinks may do so before it judges; "" leaves it to it.
    """
    wanted = call.max_output_tokens
    request: dict[str, Any] = {
        "model": model,
        "messages": messages(call, abilities),
        "stream": True,
        abilities.limit_field: min(wanted, abilities.most_output or wanted),
    }
    if abilities.usage:
        request["stream_options"] = {"include_usage": True}
    if abilities.temperature and call.temperature is not None:
        request["temperature"] = call.temperature
    if effort and abilities.effort and call.purpose == "critique" and thinks(model):
        request["reasoning_effort"] = effort
    if form_of(call, abilities) == "json":
        request["response_format"] = _response_format(call, abilities.reply_format)
    return request


def prompt(request: dict[str, Any]) -> str:
    """All text of a request that the model reads."""
    return "\n".join(m["content"] for m in request["messages"])


def _task(call: Call, abilities: Abilities) -> str:
    if call.schema is None:
        return call.task
    if abilities.reply_format is ReplyFormat.TAGGED:
        return call.plain_task or call.task
    if abilities.reply_format is ReplyFormat.OBJECT:
        schema = json.dumps(call.schema, ensure_ascii=False, separators=(",", ":"))
        return f"{call.task}\nAnswer with one JSON object that this JSON Schema allows:\n{schema}\n"
    return call.task


def _response_format(call: Call, reply_format: ReplyFormat) -> dict[str, Any]:
    if reply_format is ReplyFormat.OBJECT:
        return {"type": "json_object"}
    named: dict[str, Any] = {"name": call.purpose, "schema": call.schema}
    if reply_format is ReplyFormat.STRICT:
        named["strict"] = True
    return {"type": "json_schema", "json_schema": named}


def clean(text: str) -> str:
    """`text` without halves of surrogate pairs, which UTF-8 cannot carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
