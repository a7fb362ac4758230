"""Owns what a server can do, and how we learn it: from refusals that name what they refuse.

Servers speak one protocol differently. Nothing is probed; the first refusal that names a feature
takes it away for this model at this server, for as long as we run.
"""

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Literal

from self_refine.models.faults import Status
from self_refine.models.openai.endpoint import Endpoint


class ReplyFormat(IntEnum):
    """Ways to a structured reply, the strictest first."""

    STRICT = 0
    """The schema, every field of it held."""
    LOOSE = 1
    """The schema, as far as the server likes."""
    OBJECT = 2
    """Any JSON object; the schema stands in the prompt."""
    TAGGED = 3
    """Plain text in tags."""


LimitField = Literal["max_tokens", "max_completion_tokens"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Abilities:
    """What may be sent to one model at one server."""

    reply_format: ReplyFormat = ReplyFormat.STRICT
    limit_field: LimitField = "max_tokens"
    most_output: int | None = None
    """The largest limit that it takes, None while it takes all."""
    temperature: bool = True
    usage: bool = True
    """Whether it may be asked to count tokens at the end of a stream."""
    effort: bool = True
    """Whether it may be told how long to think."""
    system: bool = True
    """Whether it takes a `system` message; else its words lead the user's."""


_THINKS = re.compile(
    r"(?:^|[/:_-])(?:gpt-5|gpt-oss|o[134](?:-|$)|qwen-?3|qwq|deepseek-r|magistral)|reason|think|-r1\b",
    re.IGNORECASE,
)


def thinks(model: str) -> bool:
    """Whether a model of this name is known to think before it answers."""
    return bool(_THINKS.search(model)) and "instruct" not in model.lower()


def presumed(endpoint: Endpoint) -> Abilities:
    """What is known of a server by its name alone."""
    host = endpoint.address.name
    if host.endswith((".openai.com", ".azure.com")):
        return Abilities(limit_field="max_completion_tokens")
    if host.endswith(".anthropic.com"):  # takes response_format and pays no heed to it
        return Abilities(reply_format=ReplyFormat.TAGGED)
    if host.endswith(".deepseek.com"):
        return Abilities(reply_format=ReplyFormat.OBJECT)
    return Abilities()


_MAY_TEACH = {400, 404, 422, 501}
_TOO_LONG = re.compile(
    r"context.?(length|window|size)|maximum context|n_ctx|prompt is too long"
    r"|too many (input )?tokens|input.{0,20}too long|exceed_context"
)
_SCHEMA = re.compile(
    r"response_format|response format|json_schema|json schema|json_object|json mode"
    r"|structured.?output|guided|grammar|invalid schema"
)
_MOST = re.compile(
    r"(?:at most|maximum(?: of| is| value)?|up to|<=|less than or equal to)\D{0,20}(\d{2,7})"
)


def says_too_long(status: Status) -> bool:
    """Whether a refusal is about the length of the prompt, which no feature explains."""
    return status.code in {400, 413, 422, 500} and bool(_TOO_LONG.search(status.text.raw.lower()))


def learn(now: Abilities, status: Status) -> Abilities | None:
    """What is left after a refusal; None where it names nothing that could be left out."""
    if status.code not in _MAY_TEACH or says_too_long(status):
        return None
    text = status.text.raw.lower()
    if _SCHEMA.search(text):
        return (
            replace(now, reply_format=ReplyFormat(now.reply_format + 1))
            if now.reply_format < ReplyFormat.TAGGED
            else None
        )
    if now.effort and "reasoning" in text:
        return replace(now, effort=False)
    if now.usage and re.search(r"stream_options|include_usage", text):
        return replace(now, usage=False)
    if "max_tokens" in text or "max_completion_tokens" in text:
        return _learn_tokens(now, text)
    if now.temperature and "temperature" in text:
        return replace(now, temperature=False)
    if now.system and re.search(
        r"system.{0,20}(role|message|prompt)|role.{0,30}system|developer", text
    ):
        return replace(now, system=False)
    return None


def _learn_tokens(now: Abilities, text: str) -> Abilities | None:
    """Either the number is too large, or the other field is the right one."""
    if (most := _MOST.search(text)) and int(most[1]) != now.most_output:
        return replace(now, most_output=int(most[1]))
    other: LimitField = "max_completion_tokens" if now.limit_field == "max_tokens" else "max_tokens"
    # Never neither: some servers would write without an end.
    return replace(now, limit_field=other)
