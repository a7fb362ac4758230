"""Reads JSON, with the place of each value; comments and last commas where the text is JSONC."""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from self_refine.checks.records.plain_values import DEEP, plain, sound, whole
from self_refine.checks.records.record import DEEPEST, Broken, Record, Records, Spot, TooMuch, Twice
from self_refine.text.spans import Span

_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_BRACKETS = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_COMMENTS = re.compile(rf"{_STRING}|//[^\r\n]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LAST_COMMAS = re.compile(rf"{_STRING}|,(?=[ \t\r\n]*+[\]}}])", re.DOTALL)
_CONSTANTS = re.compile(rf"{_STRING}|-?(?:Infinity|NaN)", re.DOTALL)
_NO_END = re.compile(r"[^\r\n]")
_BLANKS = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"[^\s,\]}:]*")
_OPEN = "Unterminated string starting at"
_WORDS = {
    "Expecting value": "a value is expected here",
    "Expecting ',' delimiter": "',' or a closing bracket is expected here",
    "Expecting ':' delimiter": "':' is expected here",
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected here",
    "Illegal trailing comma before end of object": "no ',' may stand before the closing bracket",
    "Illegal trailing comma before end of array": "no ',' may stand before the closing bracket",
    "Extra data": "nothing may stand behind the value",
    _OPEN: "the text that begins here has no closing quotation mark",
    "Invalid control character at": "a line break or tab in quotation marks must be an escape",
    "Invalid \\escape": "there is no such escape; a backslash is written twice",
    "Invalid \\uXXXX escape": "four hexadecimal digits are expected here",
}
_MOST_UNDERLINED = 40


def read_json(text: str, *, relaxed: bool = False) -> Records | TooMuch:
    """The value of a JSON text.

    Args:
        text: all of it.
        relaxed: whether comments and commas before a closing bracket may stand in it.
    """
    start = 1 if text.startswith("\ufeff") else 0
    source = _strict(text[start:]) if relaxed else text[start:]
    if _depth(source) > DEEPEST:
        return DEEP
    repeated: list[str] = []
    try:
        value = plain(_parsed(source, repeated))
    except json.JSONDecodeError as error:
        return Records(broken=(_broken(source, error.pos, error.msg, start),))
    if isinstance(value, TooMuch):
        return value

    def spots() -> Spot:
        return _Scanner(source, start).scan()

    return Records(
        records=(Record(value=value, spots=spots),),
        twice=_twice(source, start) if repeated else (),
    )


def _parsed(source: str, repeated: list[str]) -> Any:
    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            repeated.append("")
        return made

    try:
        return json.loads(source, object_pairs_hook=pairs, parse_constant=_refuse, parse_int=whole)
    except _NotJson:
        raise json.JSONDecodeError("Expecting value", source, _constant(source)) from None


class _NotJson(Exception):  # noqa: N818 - says where to look again
    """`NaN` or `Infinity`: Python reads them, JSON has none."""


def _refuse(_: str) -> Any:
    raise _NotJson


def _constant(source: str) -> int:
    found = (m.start() for m in _CONSTANTS.finditer(source) if not m[0].startswith('"'))
    return next(found, 0)


def _strict(source: str) -> str:
    """As long a text without what JSON does not have."""

    def blank(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith('"') else _NO_END.sub(" ", found[0])

    return _LAST_COMMAS.sub(blank, _COMMENTS.sub(blank, source))


def _depth(source: str) -> int:
    deepest = depth = 0
    for found in _BRACKETS.finditer(source):
        if found[0] in {"[", "{"}:
            depth += 1
            deepest = max(deepest, depth)
        elif found[0] in {"]", "}"}:
            depth -= 1
    return deepest


def _broken(source: str, at: int, message: str, start: int) -> Broken:
    words = _WORDS.get(message, "it cannot be read from here on")
    at = min(at, len(source))
    if not source[at:].strip() and message != _OPEN:
        words = "it ends too early" if source.strip() else "there is nothing in it"
        at = len(source.rstrip())
    found = _WORD.match(source, at)
    length = min(max(1, len(found[0]) if found else 0), len(source) - at, _MOST_UNDERLINED)
    if not source[at : at + length].strip():
        length = 0
    return Broken(Span(start + at, start + at + length), f"This is not JSON: {words}.")


def _twice(source: str, start: int) -> tuple[Twice, ...]:
    scanner = _Scanner(source, start)
    scanner.scan()
    return tuple(scanner.twice)


class _Scanner:
    """Goes through a text that is JSON, and notes where its values stand."""

    def __init__(self, source: str, start: int) -> None:
        self._source, self._start = source, start
        self.twice: list[Twice] = []

    def scan(self) -> Spot:
        spot, _ = self._value(self._next(0), None)
        return spot

    def _next(self, at: int) -> int:
        found = _BLANKS.match(self._source, at)
        return found.end() if found else at

    def _span(self, start: int, end: int) -> Span:
        return Span(self._start + start, self._start + end)

    def _value(self, at: int, key: Span | None) -> tuple[Spot, int]:
        match self._source[at]:
            case "{":
                return self._object(at, key)
            case "[":
                return self._array(at, key)
            case '"':
                end = scanstring(self._source, at + 1, True)[1]
            case _:
                found = _WORD.match(self._source, at)
                end = found.end() if found else at
        return Spot(self._span(at, end), key, self._start + end), end

    def _object(self, start: int, key: Span | None) -> tuple[Spot, int]:
        below: dict[str | int, Spot] = {}
        at, last = self._next(start + 1), start + 1
        while self._source[at] != "}":
            name, end = scanstring(self._source, at + 1, True)
            name, own = sound(name), self._span(at, end)
            if name in below:
                self.twice.append(Twice(name, own))
            below[name], last = self._value(self._next(self._next(end) + 1), own)
            at = self._after(last)
        return Spot(self._span(start, at + 1), key, self._start + last, below), at + 1

    def _array(self, start: int, key: Span | None) -> tuple[Spot, int]:
        below: dict[str | int, Spot] = {}
        at, last = self._next(start + 1), start + 1
        while self._source[at] != "]":
            below[len(below)], last = self._value(at, None)
            at = self._after(last)
        return Spot(self._span(start, at + 1), key, self._start + last, below), at + 1

    def _after(self, end: int) -> int:
        at = self._next(end)
        return self._next(at + 1) if self._source[at] == "," else at
