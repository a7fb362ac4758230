"""Owns reading a critique in JSON: whatever stands around it, as far as it is complete."""

import re
from typing import Any

from self_refine.loop.critic.replies.json_pieces import Broken, Container, JsonPieces
from self_refine.loop.critic.replies.raw_critique import MOST, RawEntry, RawIssue

_START = re.compile(r"[{\[]|<(/?)(think|thinking|thought)>")
_END_OF_THOUGHT = re.compile(r"</(?:think|thinking|thought)>")
_LONGEST = len("</thinking>")
_FIELDS = ("quote", "kind", "problem", "instruction")


class JsonReader:
    """Reads the first JSON value that holds a critique.

    Prose, fences and thoughts before it are passed over, later values are not looked at. An entry
    is any object with an `id` and a verdict or issues: models nest them one level more or less.
    """

    def __init__(self) -> None:
        self._entries: list[RawEntry] = []
        self._json: JsonPieces | None = None
        self._pending = ""
        """The end of what stands outside, where it may be the beginning of a tag."""
        self._thinking = False
        self._left = MOST
        self._deaf = False
        """After the value that held the critique."""

    @property
    def entries(self) -> tuple[RawEntry, ...]:
        """The entries that are complete so far."""
        return tuple(self._entries)

    def feed(self, delta: str) -> list[RawIssue]:
        """Read on; the issues that became complete."""
        text, self._pending = self._pending + delta[: self._left], ""
        self._left = max(0, self._left - len(delta))
        issues: list[RawIssue] = []
        at = 0
        while at < len(text):
            if self._json is None:
                at = self._outside(text, at)
            else:
                at = self._inside(text, at, self._json, issues)
        return issues

    def end(self, *, cut: bool) -> list[RawIssue]:  # noqa: ARG002 - cut or not, it is the same
        """Nothing more comes. What is not closed is no entry."""
        return []

    def _outside(self, text: str, at: int) -> int:
        pattern = _END_OF_THOUGHT if self._thinking else _START
        found = pattern.search(text, at)
        if found is None:
            begun = text.rfind("<", max(at, len(text) - _LONGEST))
            self._pending = text[begun:] if begun >= 0 else ""
            return len(text)
        if self._thinking:
            self._thinking = False
        elif found[2]:
            self._thought(closing=bool(found[1]))
        elif not self._deaf:
            self._json = JsonPieces()
            return found.start()
        return found.end()

    def _thought(self, *, closing: bool) -> None:
        self._thinking = not closing
        if closing:  # a server swallowed the opening tag: all that was before was a thought
            self._entries, self._deaf = [], False

    def _inside(self, text: str, at: int, json: JsonPieces, issues: list[RawIssue]) -> int:
        try:
            for closed in json.feed(text, at):
                issues += self._closed(closed, json.open)
        except Broken:
            # Braces in prose are no critique. One that breaks in the middle ends there: what
            # follows may be words of the text that look like an entry.
            self._json, self._deaf = None, bool(self._entries) or any(map(_is_ours, json.open))
        else:
            if not json.open:
                self._json, self._deaf = None, bool(self._entries)
        return json.at

    def _closed(self, closed: Container, around: list[Container]) -> list[RawIssue]:
        value = closed.value
        if not isinstance(value, dict):
            return []
        if _is_entry(value):
            self._entries.append(_entry(value))
            id_ = _text(value["id"])
            return [_issue(id_, held) for held in closed.held]
        if len(around) < 2 or around[-2].key != "issues" or "quote" not in value:
            return []
        owner = around[-2]
        if isinstance(owner.value, dict) and (id_ := _text(owner.value.get("id"))):
            return [_issue(id_, value)]
        owner.held.append(value)
        return []


def _is_ours(container: Container) -> bool:
    value = container.value
    return isinstance(value, dict) and ("criteria" in value or "id" in value)


def _is_entry(value: dict[str, Any]) -> bool:
    return "id" in value and ("verdict" in value or "issues" in value)


def _entry(value: dict[str, Any]) -> RawEntry:
    id_, issues = _text(value["id"]), value.get("issues", [])
    whole = isinstance(issues, list)
    return RawEntry(
        criterion=id_,
        evidence=_text(value.get("evidence")),
        issues=tuple(_issue(id_, each) for each in issues) if isinstance(issues, list) else (),
        verdict=_text(value.get("verdict")) if whole else "",
    )


def _issue(id_: str, value: Any) -> RawIssue:
    if not isinstance(value, dict):
        return RawIssue(criterion=id_, whole=False)
    segment = value.get("segment")
    words = {name: _text(value.get(name)) for name in _FIELDS}
    whole = isinstance(value.get("quote"), str)
    number = isinstance(segment, int) and not isinstance(segment, bool)
    return RawIssue(
        criterion=id_,
        segment=str(segment) if number else _text(segment),
        whole=whole,
        **words,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
