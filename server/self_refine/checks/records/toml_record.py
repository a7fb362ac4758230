"""Reads TOML, with the place of each value: `tomllib` decides, and a scanner finds the places."""

import re
import tomllib
from dataclasses import dataclass, field

from self_refine.checks.records.plain_values import DEEP, plain
from self_refine.checks.records.record import (
    Broken,
    Record,
    Records,
    Spot,
    TooMuch,
)
from self_refine.text.lines import LineTable
from self_refine.text.spans import Span

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_LONG_KEY = re.compile(
    r"(?:^[ \t]*+\[{0,2}+|[{,])[ \t]*+"
    r"(?:(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){200}",
    re.MULTILINE,
)
"""`tomllib` takes time that grows with the square of a key's parts."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANKS = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^\s,\]}#]+(?: \d[\d:.]*(?:Z|[+-]\d\d:\d\d)?)?")
_QUOTED = (
    re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL),
    re.compile(r"'[^']*'"),
)
_STRINGS = (
    re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}', re.DOTALL),
    re.compile(r"'''(?:[^']|'(?!''))*+'{3,5}", re.DOTALL),
    *_QUOTED,
)


def read_toml(text: str, *, start: int = 0, end: int | None = None) -> Records | TooMuch:
    """The value of a TOML text, or of the part of one between `start` and `end`."""
    start += text.startswith("\ufeff", start)
    source = text[start:end]
    if _LONG_KEY.search(source):
        return DEEP
    try:
        value = plain(tomllib.loads(source.replace("\r\n", "\n")))
    except tomllib.TOMLDecodeError as error:
        return Records(broken=(_broken(source, str(error), start),))
    except RecursionError:
        return DEEP
    if isinstance(value, TooMuch):
        return value

    def spots() -> Spot:
        return _Scanner(source, start).scan()

    return Records(records=(Record(value=value, spots=spots),))


def _broken(source: str, message: str, start: int) -> Broken:
    found = _AT.search(message)
    at = len(source.rstrip())
    if found and found[1]:
        line = LineTable(source).span(int(found[1]) - 1)
        at = min(line.start + int(found[2]) - 1, line.end)
    said = message[: found.start()] if found else message
    length = 1 if source[at : at + 1].strip() else 0
    words = f"This is not TOML: {said[:1].lower()}{said[1:]}."
    return Broken(Span(start + at, start + at + length), words)


@dataclass(slots=True)
class _Table:
    """What is known of one value while the text is gone through."""

    span: Span
    key: Span | None
    end: int
    below: "dict[str | int, _Table]" = field(default_factory=dict)
    is_array: bool = False
    """Whether it is one of tables, so that its name means the last of them."""

    @property
    def spot(self) -> Spot:
        below = {name: each.spot for name, each in self.below.items()}
        return Spot(self.span, self.key, self.end, below)


class _Scanner:
    """Goes through a text that is TOML, and notes where its values stand."""

    def __init__(self, source: str, start: int) -> None:
        self._source, self._start = source, start

    def _span(self, start: int, end: int) -> Span:
        return Span(self._start + start, self._start + end)

    def scan(self) -> Spot:
        root = _Table(self._span(0, len(self._source)), None, self._start)
        table, at = root, self._space(0)
        while at < len(self._source):
            if self._source[at] == "[":
                table, at = self._header(root, at)
            else:
                at = self._pair(table, at)
            at = self._space(at)
        return root.spot

    def _space(self, at: int) -> int:
        found = _SPACE.match(self._source, at)
        return found.end() if found else at

    def _blanks(self, at: int) -> int:
        found = _BLANKS.match(self._source, at)
        return found.end() if found else at

    def _header(self, root: _Table, at: int) -> tuple[_Table, int]:
        is_array = self._source.startswith("[[", at)
        parts, end = self._key(at + 1 + is_array)
        end += 1 + is_array
        table = self._reach(root, parts[:-1])
        name, own = parts[-1]
        whole = self._span(at, end)
        if is_array:
            made = table.below.setdefault(name, _Table(own, own, whole.end, {}, is_array=True))
            made.below[len(made.below)] = item = _Table(own, own, whole.end)
            return item, end
        made = table.below.setdefault(name, _Table(own, own, whole.end))
        made.key, made.end = own, whole.end
        return made, end

    def _reach(self, table: _Table, parts: list[tuple[str, Span]]) -> _Table:
        for name, own in parts:
            table = table.below.setdefault(name, _Table(own, own, own.end))
            if table.is_array:
                table = table.below[len(table.below) - 1]
        return table

    def _pair(self, table: _Table, at: int) -> int:
        parts, at = self._key(at)
        owner = self._reach(table, parts[:-1])
        name, own = parts[-1]
        value, end = self._value(self._blanks(at + 1), own)
        owner.below[name] = value
        owner.end = table.end = self._start + end
        return end

    def _key(self, at: int) -> tuple[list[tuple[str, Span]], int]:
        parts: list[tuple[str, Span]] = []
        while True:
            at = self._blanks(at)
            found = next(m for p in (*_QUOTED, _BARE) if (m := p.match(self._source, at)))
            parts.append((_name(found[0]), self._span(*found.span())))
            at = self._blanks(found.end())
            if self._source[at : at + 1] != ".":
                return parts, at
            at += 1

    def _value(self, at: int, key: Span | None) -> tuple[_Table, int]:
        match self._source[at]:
            case "[":
                return self._array(at, key)
            case "{":
                return self._inline(at, key)
            case _:
                patterns = (*_STRINGS, _SCALAR)
                found = next(m for p in patterns if (m := p.match(self._source, at)))
                span = self._span(*found.span())
                return _Table(span, key, span.end), found.end()

    def _array(self, start: int, key: Span | None) -> tuple[_Table, int]:
        below: dict[str | int, _Table] = {}
        at, last = self._space(start + 1), start + 1
        while self._source[at] != "]":
            below[len(below)], last = self._value(at, None)
            at = self._after(last)
        return _Table(self._span(start, at + 1), key, self._start + last, below), at + 1

    def _inline(self, start: int, key: Span | None) -> tuple[_Table, int]:
        made = _Table(self._span(start, start), key, self._start + start + 1)
        at = self._space(start + 1)
        while self._source[at] != "}":
            at = self._after(self._pair(made, at))
        made.span = self._span(start, at + 1)
        return made, at + 1

    def _after(self, end: int) -> int:
        at = self._space(end)
        return self._space(at + 1) if self._source[at] == "," else at


def _name(written: str) -> str:
    if written[0] not in "\"'":
        return written
    (name,) = tomllib.loads(f"{written} = 0")
    return name
