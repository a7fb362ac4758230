"""Owns the reading of a reply: chunks in, words out; how it ended; what it cost. No I/O."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from self_refine.models.base import Form
from self_refine.models.faults import (
    Cut,
    FaultError,
    Filtered,
    Garbled,
    Refusal,
    Status,
)
from self_refine.text.foreign import Foreign

_STOP = {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "completed"}
_LENGTH = {
    "length",
    "max_tokens",
    "max_output_tokens",
    "model_length",
    "model_context_window_exceeded",
}
_FILTERED = {"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii"}


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counts them; None where it does not, or not believably."""

    prompt: int | None = None
    cached: int | None = None
    completion: int | None = None


class Reply:
    """A completion that is coming in."""

    def __init__(self) -> None:
        self._content: list[str] = []
        self._reasoning: list[str] = []
        self._refused = False
        self._finish: str | None = None
        self._seen = False
        self.usage = Usage()

    @property
    def finished(self) -> bool:
        """Whether the server said how it ended: without that, it did not."""
        return self._finish is not None

    def take(self, chunk: Any) -> tuple[str, bool]:
        """Read one chunk, or a whole completion from a server that does not stream.

        Returns:
            its words, and whether anything came in at all: an empty chunk is no sign of life.

        Raises:
            FaultError: the chunk reports an error, or is no chunk.
        """
        if not isinstance(chunk, dict):
            raise FaultError(Garbled(f"it holds a {_kind(chunk)} where a chunk belongs"))
        if chunk.get("error"):
            raise FaultError(_reported(chunk["error"]))
        self._seen = self._seen or "choices" in chunk
        self.usage = _usage(chunk.get("usage")) or self.usage
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return "", False
        return self._choice(choice)

    def _choice(self, choice: Mapping[str, Any]) -> tuple[str, bool]:
        delta = choice.get("delta") or choice.get("message")
        delta = delta if isinstance(delta, dict) else {}
        words = _words(delta.get("content"))
        thought = _words(delta.get("reasoning_content")) or _words(delta.get("reasoning"))
        self._content.append(words)
        self._reasoning.append(thought)
        self._refused = self._refused or bool(_words(delta.get("refusal")))
        if isinstance(choice.get("finish_reason"), str) and choice["finish_reason"]:
            self._finish = choice["finish_reason"].lower()
        return words, bool(words or thought)

    def ended(self, form: Form, tag: str) -> tuple[str, Literal["stop", "length"]]:
        """The text of the whole reply, and how it ended.

        Raises:
            FaultError: it did not end as a reply does.
        """
        if self._finish is None:
            raise FaultError(Cut() if self._seen else Garbled("it holds no completion"))
        if self._finish in _FILTERED:
            raise FaultError(Filtered())
        if self._refused:
            raise FaultError(Refusal())
        if self._finish not in _STOP | _LENGTH:
            raise FaultError(Garbled("it ended for a reason that is none of the protocol's"))
        text = readable("".join(self._content), "".join(self._reasoning), form, tag)
        if not text.strip() and self._finish in _STOP:
            raise FaultError(Garbled("it is empty"))
        return text, "stop" if self._finish in _STOP else "length"

    @property
    def written(self) -> str:
        """All that the model wrote so far, thoughts included: what was paid for."""
        return "".join(self._reasoning) + "".join(self._content)


def readable(content: str, reasoning: str, form: Form, tag: str) -> str:
    """The part of a reply that holds the answer.

    Some servers put it into the reasoning field, some models think aloud first, some fence it.
    """
    mark = "{" if form == "json" else f"<{tag}"
    text = reasoning if mark not in content and mark in reasoning else content
    text = _without_thoughts(text, mark)
    return _without_fence(text) if form == "json" else text


_THOUGHTS = re.compile(r"\s*<(think|thinking|thought)>.*?</\1>\s*", re.DOTALL)
_CLOSE = "</think>"
_FENCE = re.compile(r"\s*```[\w-]*[ \t]*\n(.*)\n\s*```\s*", re.DOTALL)


def _without_thoughts(text: str, mark: str) -> str:
    """Without one leading block of thoughts, also where the server swallowed its opening tag."""
    if (block := _THOUGHTS.match(text)) and mark in text[block.end() :]:
        return text[block.end() :]
    head, close, tail = text.partition(_CLOSE)
    if close and mark not in head and mark in tail:
        return tail.lstrip()
    return text


def _without_fence(text: str) -> str:
    fenced = _FENCE.fullmatch(text)
    return fenced[1] if fenced else text


def _words(value: Any) -> str:
    """The text of a content field: a string, or the text parts of a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_words(p.get("text")) for p in value if isinstance(p, dict))
    return ""


def _reported(error: Any) -> Status:
    """An error inside a reply, as if it had come with its status."""
    code = error.get("code") or error.get("status") if isinstance(error, dict) else None
    number = int(code) if isinstance(code, int | str) and str(code).isdigit() else 500
    text = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)[:4000]
    return Status(number if 400 <= number < 600 else 500, Foreign(text))


def _usage(value: Any) -> Usage | None:
    if not isinstance(value, dict):
        return None
    details = value.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    if cached is None:  # DeepSeek's name for it
        cached = value.get("prompt_cache_hit_tokens")
    return Usage(
        _count(value.get("prompt_tokens")), _count(cached), _count(value.get("completion_tokens"))
    )


def _count(value: Any) -> int | None:
    return value if type(value) is int and value > 0 else None


def _kind(value: Any) -> str:
    return {list: "list", str: "text", type(None): "null"}.get(type(value), "number")
