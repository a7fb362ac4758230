"""Counts how often parts of a schema are asked about the values of a text, before they are.

Parts that refer to one another twice each, twenty levels deep, are a million parts; one that refers
to itself twice takes twice as long with each level of the text. The library follows every way, and
can run out of memory on one. Only references make that possible: a schema without is not counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

_MOST = 1_000_000
"""Times that some part of the schema is asked about some value."""
_LISTS = ("allOf", "anyOf", "oneOf")
_ONE = ("not", "if", "then", "else")
_TABLES = ("dependentSchemas", "dependencies")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
Part = int
"""Identity of a part of the schema: its documents are kept as long as it is counted."""


Landing = frozenset[tuple[Part, int]]
"""The parts that a value is judged by, and how often each."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one value: parts with the number of times, and what follows for entries."""

    times: dict[Part, int]
    total: int
    names: frozenset[str]
    """Of entries that some part has a rule of their own for."""
    first: int
    """Items that some part has a rule of their own for."""
    below: dict[str | int, Landing] = field(default_factory=dict)


_OTHER = "\0"
"""Stands for the names that no part has a rule of its own for."""


class _Enough(Exception):  # noqa: N818 - ends counting, and never leaves this module
    pass


class Effort:
    """Counts for one schema."""

    def __init__(self, documents: Mapping[str, Any], base: str) -> None:
        """Look at the schema.

        Args:
            documents: by address: the schema and the files that it refers to.
            base: address of the schema itself.
        """
        self._documents = documents
        self._base = base
        self._parts: dict[Part, tuple[str, Mapping[str, Any]]] = {}
        self._all: dict[tuple[Part, str], Counter[Part]] = {}
        self._known: dict[tuple[Landing, str], _Asked] = {}
        self._asked = 0
        self._open: set[tuple[Part, str]] = set()
        self._branched = any(map(_refers, documents.values()))

    def is_too_much(self, value: Any) -> bool:
        """Whether judging `value` would take too long."""
        if not self._branched:
            return False
        self._asked = 0
        root = self._part(self._base, self._documents[self._base])
        try:
            self._visit(value, frozenset((part, 1) for part in root))
        except (_Enough, RecursionError):
            return True
        return False

    def _visit(self, value: Any, landing: "Landing") -> None:
        kind = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else ""
        asked = self._asked_where(landing, kind)
        self._asked += asked.total
        if self._asked > _MOST:
            raise _Enough
        if not kind:
            return
        for name, child in value.items() if kind == "object" else enumerate(value):
            if below := self._landing_below(asked, name):
                self._visit(child, below)

    def _asked_where(self, landing: "Landing", kind: str) -> "_Asked":
        """What is asked of a value of some kind where it is judged by some parts."""
        if (landing, kind) not in self._known:
            times: Counter[Part] = Counter()
            for part, count in landing:
                for each, ways in self._closure(part, kind).items():
                    times[each] += ways * count
            self._known[landing, kind] = self._asked_of(times)
        return self._known[landing, kind]

    def _asked_of(self, times: Counter[Part]) -> "_Asked":
        schemas = [self._parts[part][1] for part in times]
        names = frozenset(name for each in schemas for name in _table(each.get("properties")))
        firsts = (_items(each.get(key)) for each in schemas for key in ("prefixItems", "items"))
        return _Asked(dict(times), times.total(), names, max(map(len, firsts), default=0))

    def _landing_below(self, asked: "_Asked", name: str | int) -> "Landing":
        """The parts that an entry is judged by; all that are not named are judged alike."""
        own = min(name, asked.first) if isinstance(name, int) else name
        if isinstance(own, str) and own not in asked.names:
            own = _OTHER
        if own not in asked.below:
            times: Counter[Part] = Counter()
            for part, count in asked.times.items():
                for each in self._below(part, own):
                    times[each] += count
            asked.below[own] = frozenset(times.items())
        return asked.below[own]

    def _part(self, uri: str, schema: Any) -> list[Part]:
        """The part, if there is anything in it to be followed."""
        if not isinstance(schema, dict):
            return []
        self._parts[id(schema)] = (uri, schema)
        return [id(schema)]

    def _closure(self, part: Part, kind: str) -> Counter[Part]:
        """The parts that are asked about one value where `part` is, with the number of ways."""
        key = (part, kind)
        if key in self._all or key in self._open:
            # The library itself ends what refers to itself for one value.
            return self._all.get(key, Counter())
        self._open.add(key)
        found = Counter([part])
        uri, schema = self._parts[part]
        if not kind or _takes(schema, kind):
            for each in self._beside(uri, schema):
                found.update(self._closure(each, kind))
        self._open.discard(key)
        self._all[key] = found
        return found

    def _beside(self, uri: str, schema: Mapping[str, Any]) -> Iterator[Part]:
        for key in _LISTS:
            for each in _items(schema.get(key)):
                yield from self._part(uri, each)
        for key in _ONE:
            yield from self._part(uri, schema.get(key))
        for key in _TABLES:
            for each in _table(schema.get(key)).values():
                yield from self._part(uri, each)
        for key in _REFERENCES:
            if isinstance(target := schema.get(key), str):
                yield from self._part(*self._target(uri, target))

    def _below(self, part: Part, name: str | int) -> Iterator[Part]:
        uri, schema = self._parts[part]
        if isinstance(name, int):
            first = _items(schema.get("prefixItems")) or _items(schema.get("items"))
            rest = schema.get("items") if isinstance(schema.get("items"), dict) else None
            yield from self._part(uri, first[name] if name < len(first) else rest)
            for key in ("additionalItems", "contains", "unevaluatedItems"):
                yield from self._part(uri, schema.get(key))
            return
        properties = _table(schema.get("properties"))
        if name in properties:
            yield from self._part(uri, properties[name])
        else:
            yield from self._part(uri, schema.get("additionalProperties"))
        for each in _table(schema.get("patternProperties")).values():
            yield from self._part(uri, each)
        yield from self._part(uri, schema.get("unevaluatedProperties"))

    def _target(self, uri: str, reference: str) -> tuple[str, Any]:
        where, fragment = urldefrag(urljoin(uri, reference))
        at = self._documents.get(where, self._documents.get(unquote(where)))
        if fragment and not fragment.startswith("/"):
            return where, _anchored(at, fragment)
        for step in unquote(fragment).split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(at, dict):
                at = at.get(name)
            elif isinstance(at, list) and name.isdecimal() and int(name) < len(at):
                at = at[int(name)]
            else:
                return where, None
        return where, at


def _takes(schema: Mapping[str, Any], kind: str) -> bool:
    """Whether a part goes on with such a value; the library looks at the type first."""
    given = schema.get("type", kind)
    return kind in given if isinstance(given, list) else kind == given


def _items(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _table(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _refers(schema: Any) -> bool:
    match schema:
        case dict():
            return not schema.keys().isdisjoint(_REFERENCES) or any(map(_refers, schema.values()))
        case list():
            return any(map(_refers, schema))
        case _:
            return False


def _anchored(schema: Any, name: str) -> Any:
    """The part of a schema that has this anchor."""
    match schema:
        case dict():
            if name in {schema.get("$anchor"), schema.get("$dynamicAnchor")}:
                return schema
            found = (_anchored(each, name) for each in schema.values())
        case list():
            found = (_anchored(each, name) for each in schema)
        case _:
            return None
    return next((each for each in found if each is not None), None)
