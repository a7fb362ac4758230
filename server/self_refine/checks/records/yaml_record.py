"""Reads YAML by the core schema of YAML 1.2, with the place of each value.

Values are made of the parser's events, so that an alias stands where it is written, and what is too
much is noticed before it is built.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from self_refine.checks.records.plain_values import DEEP, MANY, fits, sound
from self_refine.checks.records.record import (
    DEEPEST,
    MOST_VALUES,
    Broken,
    Path,
    Record,
    Records,
    Spot,
    TooMuch,
    Twice,
)
from self_refine.checks.records.yaml_core import core_value, hint
from self_refine.text.spans import Span

_TAG = "tag:yaml.org,2002:"
_TYPED = {f"{_TAG}{name}" for name in ("null", "bool", "int", "float")}
_KNOWN = {None, "!", *_TYPED, f"{_TAG}str", f"{_TAG}map", f"{_TAG}seq"}
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t\r\n]*)*")
_MOST_UNKNOWN = 5_000
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Made:
    """A value, where it stands, and the parts of it that only the reader of a tag knows."""

    value: Any
    spot: Spot
    unknown: tuple[Path, ...] = ()
    height: int = 0
    """Levels below it, those behind aliases too."""


@dataclass(slots=True)
class _Entries:
    """What a collection has so far."""

    value: Any
    below: dict[str | int, Spot] = field(default_factory=dict)
    unknown: list[Path] = field(default_factory=list)
    merged: list[_Made] = field(default_factory=list)
    height: int = 0

    def take(self, name: str | int, made: _Made) -> None:
        self.below[name] = made.spot
        self.unknown += ((name, *path) for path in made.unknown)
        self.height = max(self.height, made.height + 1)
        if self.height > DEEPEST:
            raise _Stop(DEEP)
        if len(self.unknown) > _MOST_UNKNOWN:
            raise _Stop(MANY)

    @property
    def end(self) -> int:
        """Where the last entry ends: with its value, or with its key where it has none."""
        ends = (max(s.span.end, s.key.end if s.key else 0) for s in self.below.values())
        return max(ends, default=0)


class _Stop(Exception):  # noqa: N818 - ends reading, and never leaves this module
    def __init__(self, why: TooMuch | Broken) -> None:
        super().__init__()
        self.why = why


def read_yaml_record(text: str, *, start: int = 0, end: int | None = None) -> Records | TooMuch:
    """The values of a YAML text, one for each of its documents.

    Args:
        text: all of it.
        start: where the YAML begins; a byte-order mark there is left out.
        end: where it ends; with the text by default.
    """
    import yaml  # noqa: PLC0415 - a server without such a check does not pay for it

    start += text.startswith("\ufeff", start)
    source = _SURROGATE.sub("\ufffd", text[start:end])
    reader = _Reader(source, start)
    try:
        made = reader.documents()
    except _Stop as stop:
        return stop.why if isinstance(stop.why, TooMuch) else Records(broken=(stop.why,))
    except yaml.YAMLError as error:
        if "nesting depth" in str(error):
            return DEEP
        return Records(broken=(_broken(error, source, start),))
    if not made:  # nothing, or comments alone: null, as every reader of YAML has it
        end = start + len(source.rstrip())
        made = [_Made(None, Spot(Span(end, end), None, end))]
    return Records(records=tuple(_records(made)), twice=tuple(reader.twice))


def _records(made: list[_Made]) -> Iterator[Record]:
    for number, each in enumerate(made, 1):
        yield Record(
            value=each.value,
            spots=partial(_spot_of, each),
            prefix=f"document {number}: " if len(made) > 1 else "",
            unknown=frozenset(each.unknown),
        )


def _spot_of(made: _Made) -> Spot:
    return made.spot


def _broken(error: Any, source: str, start: int) -> Broken:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at: int = mark.index if mark else getattr(error, "position", 0)
    at = min(at, len(source))
    words = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    if source[at : at + 1] == "\t":
        words = "a line is indented by blanks, never by tabs"
    end = at + 1 if source[at : at + 1].strip() or source[at : at + 1] == "\t" else at
    return Broken(Span(start + at, start + end), f"This is not YAML: {words}.")


@dataclass(slots=True)
class _Reader:
    source: str
    start: int
    twice: list[Twice] = field(default_factory=list)
    _anchors: dict[str, _Made | None] = field(default_factory=dict)
    _events: Iterator[Any] = field(default_factory=lambda: iter(()))
    _count: int = 0

    def documents(self) -> list[_Made]:
        import yaml  # noqa: PLC0415 - as above

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._events = iter(yaml.parse(self.source, Loader=loader))
        made: list[_Made] = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                made.append(self._node(next(self._events), None, 0))
        if not all(fits(each.value) for each in made):
            raise _Stop(MANY)
        return made

    def _node(self, event: Any, key: Span | None, depth: int) -> _Made:
        import yaml  # noqa: PLC0415 - as above

        self._count += 1
        if self._count > MOST_VALUES:
            raise _Stop(MANY)
        if depth > DEEPEST:
            raise _Stop(DEEP)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, key)
        if event.anchor:
            self._anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            made = self._scalar(event, key)
        elif isinstance(event, yaml.SequenceStartEvent):
            made = self._sequence(event, key, depth)
        else:
            made = self._mapping(event, key, depth)
        if event.tag not in _KNOWN:
            made = _Made(made.value, made.spot, ((), *made.unknown), made.height)
        if event.anchor:
            self._anchors[event.anchor] = made
        return made

    def _alias(self, event: Any, key: Span | None) -> _Made:
        span = self._span(event.start_mark.index, event.end_mark.index)
        made = self._anchors.get(event.anchor)
        if made is None:
            inside = event.anchor in self._anchors
            what = "stands for what it is a part of" if inside else "names no anchor above it"
            raise _Stop(Broken(span, f"This is not YAML: the alias {what}."))
        return _Made(
            made.value, Spot(span, key, span.end, made.spot.below), made.unknown, made.height
        )

    def _scalar(self, event: Any, key: Span | None) -> _Made:
        bare = not event.style and event.tag is None
        core = bare or event.tag in _TYPED
        value = core_value(event.value) if core else sound(event.value)
        span = self._written(event)
        told = hint(event.value) if bare and isinstance(value, str) else ""
        return _Made(value, Spot(span, key, span.end, {}, told))

    def _sequence(self, event: Any, key: Span | None, depth: int) -> _Made:
        import yaml  # noqa: PLC0415 - as above

        entries = _Entries([])
        while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
            made = self._node(inner, None, depth + 1)
            entries.take(len(entries.value), made)
            entries.value.append(made.value)
        return self._closed(event, inner, key, entries)

    def _mapping(self, event: Any, key: Span | None, depth: int) -> _Made:
        import yaml  # noqa: PLC0415 - as above

        entries = _Entries({})
        while not isinstance(inner := next(self._events), yaml.MappingEndEvent):
            name, own = self._key(inner)
            made = self._node(next(self._events), own, depth + 1)
            if name == "<<" and isinstance(made.value, dict | list):
                entries.merged.append(made)
                continue
            if name in entries.value:
                self.twice.append(Twice(name, own))
            entries.value[name] = made.value
            entries.take(name, made)
        closed = self._closed(event, inner, key, entries)
        return _with_merged(closed, entries) if entries.merged else closed

    def _key(self, event: Any) -> tuple[str, Span]:
        import yaml  # noqa: PLC0415 - as above

        if isinstance(event, yaml.AliasEvent):
            made = self._alias(event, None)
            if isinstance(made.value, str):
                return made.value, made.spot.span
        if not isinstance(event, yaml.ScalarEvent):
            raise _Stop(TooMuch("a key in it is no text, and JSON Schema knows no other keys"))
        if event.anchor:
            self._anchors[event.anchor] = self._scalar(event, None)
        return sound(event.value), self._written(event)

    def _closed(self, event: Any, ending: Any, key: Span | None, entries: _Entries) -> _Made:
        start = self.start + self._begin(event.start_mark.index)
        if event.flow_style:
            span = Span(start, self.start + ending.end_mark.index)
            last = entries.end or start + 1
        else:
            ends = [entries.end, *(made.spot.span.end for made in entries.merged)]
            last = max(start, *ends)
            span = Span(start, last)
        spot = Spot(span, key, last, entries.below)
        return _Made(entries.value, spot, tuple(entries.unknown), entries.height)

    def _written(self, event: Any) -> Span:
        """A scalar without its tag and anchor, and without the blank lines below a block."""
        at = self._begin(event.start_mark.index)
        words = self.source[at : max(at, event.end_mark.index)].rstrip()
        return self._span(at, at + len(words))

    def _begin(self, at: int) -> int:
        found = _PROPERTIES.match(self.source, at)
        return found.end() if found else at

    def _span(self, start: int, end: int) -> Span:
        return Span(self.start + start, self.start + end)


def _with_merged(made: _Made, entries: _Entries) -> _Made:
    """Take over what `<<` names; what stands in the mapping itself, or earlier, wins."""
    unknown = list(made.unknown)
    for each in entries.merged:
        listed = isinstance(each.value, list)
        for source in each.value if listed else [each.value]:
            for name, value in source.items() if isinstance(source, dict) else ():
                if name not in entries.value:
                    entries.value[name] = value
                    entries.below[name] = Spot(each.spot.span, each.spot.key, each.spot.span.end)
        unknown += (path[1:] if listed else path for path in each.unknown)
    height = max(made.height, *(each.height for each in entries.merged))
    return _Made(made.value, made.spot, tuple(unknown), height)
