"""Reads a JSON Schema and the files that it refers to: those of the workspace or pack, no others.

The library asks for each resource that a `$ref` names; what is no file beside the criteria file is
refused here, and nothing is ever fetched.
"""

import json
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from self_refine.checks.json_schema.effort import Effort
from self_refine.checks.kind_spec import Fault, Reader
from self_refine.checks.records.json_record import read_json
from self_refine.checks.records.record import TooMuch
from self_refine.checks.records.toml_record import read_toml
from self_refine.checks.records.yaml_record import read_yaml_record

_FOLDER = "/" + 30 * "d/"
"""Stands for the folder of the criteria file: deep enough for any number of `..`."""
_BASE = f"ws://files{_FOLDER}"
_MOST_FILES = 20
_MOST_COMPILED = 1 << 20
"""Bytes of a compiled pattern, as for RE2."""
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema that was found sound, with all that it refers to; plain data."""

    root: str
    """As JSON."""
    base: str
    """The address that stands for where it lies."""
    others: tuple[tuple[str, str], ...] = ()
    """Address and JSON of each file that it refers to."""

    @property
    def value(self) -> Any:
        """The schema itself; to be read only."""
        return _loaded(self.root)


@lru_cache(maxsize=32)
def _loaded(text: str) -> Any:
    return json.loads(text)


def read_schema(given: Any, read: Reader) -> Schema | Fault:
    """The schema that a check gives, inline or by the name of a file.

    Args:
        given: its value.
        read: reads a file beside the criteria file.
    """
    named = isinstance(given, str)
    value = _file(given, read) if named else given
    if isinstance(value, _Refused):
        return Fault("schema", f"{given!r}: {value.why}", value.code)
    if not isinstance(value, dict | bool):
        return Fault("schema", "A schema is a mapping, or the name of a file that holds one.")
    files = _Files(read)
    base = _BASE + (given if named else "criteria")
    try:
        _validator(value, base, files)
    except ValueError as error:  # the library's own errors are of this class
        return _fault(error, files, given if named else "")
    except RecursionError:
        return Fault("schema", "The schema is nested too deep.", "CR211")
    others = tuple((uri, json.dumps(found)) for uri, found in files.found.items())
    return Schema(json.dumps(value), base, others)


@lru_cache(maxsize=32)
def validator(schema: Schema) -> Any:
    """The library's validator of a schema that was read."""
    known = {uri: json.loads(text) for uri, text in schema.others}
    return _validator(schema.value, schema.base, known.__getitem__)


@lru_cache(maxsize=32)
def effort(schema: Schema) -> Effort:
    """What says beforehand how long judging by a schema takes."""
    known = {uri: _loaded(text) for uri, text in schema.others}
    return Effort({schema.base: schema.value, **known}, schema.base)


def _validator(value: Any, base: str, retrieve: Any) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - 40 ms, for files that have such a check

    return jsonschema_rs.validator_for(
        value,
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(size_limit=_MOST_COMPILED),
        base_uri=base,
        retriever=retrieve,
    )


@dataclass(frozen=True, slots=True)
class _Refused:
    why: str
    code: str = "CR214"


@dataclass(slots=True)
class _Files:
    """Answers the library's questions for resources, and remembers what came of them."""

    read: Reader
    found: dict[str, Any] = field(default_factory=dict)
    refused: _Refused | None = None

    def __call__(self, uri: str) -> Any:
        if uri not in self.found:
            got = self._get(uri)
            if isinstance(got, _Refused):
                self.refused = self.refused or got
                raise LookupError(got.why)
            self.found[uri] = got
        return self.found[uri]

    def _get(self, uri: str) -> Any:
        parts = urlsplit(uri)
        if (parts.scheme, parts.netloc) != ("ws", "files") or parts.query:
            return _Refused(
                f"a `$ref` or `$schema` leads to {uri[:200]}, and nothing is fetched. Name a file "
                "of the workspace, relative to the schema; where the schema has an `$id`, remove "
                "it, since references are relative to that."
            )
        if len(self.found) >= _MOST_FILES:
            return _Refused(f"it refers to more than {_MOST_FILES} files.", "CR211")
        name = posixpath.relpath(unquote(parts.path), _FOLDER)
        got = _file(name, self.read)
        return _Refused(f"{name!r}: {got.why}", got.code) if isinstance(got, _Refused) else got


def _file(name: str, read: Reader) -> Any:
    """The value of a file that holds a schema."""
    got = read(name)
    if isinstance(got, str):
        return _Refused(got.partition(": ")[2] or got)
    text = got.text
    match posixpath.splitext(name)[1].lower():
        case ".json":
            records = read_json(text)
        case ".yaml" | ".yml":
            records = read_yaml_record(text)
        case ".toml":
            records = read_toml(text)
        case _:
            return _Refused("a schema is a file that ends in .json, .yaml or .toml.", "CR204")
    if isinstance(records, TooMuch):
        return _Refused(f"{records.reason}.", "CR211")
    if records.broken:
        broken = records.broken[0]
        line = text.count("\n", 0, broken.span.start) + 1
        return _Refused(f"line {line}: {broken.detail}", "CR204")
    if len(records.records) != 1:
        return _Refused("it holds no schema.", "CR204")
    return records.records[0].value


def _fault(error: Any, files: _Files, name: str) -> Fault:
    if files.refused is not None:
        why = files.refused.why
        return Fault("schema", f"{name!r}: {why}" if name else _sentence(why), files.refused.code)
    kind = getattr(getattr(error, "kind", None), "name", "")
    at = tuple(getattr(error, "instance_path", ()))
    where = "/".join(map(str, at))
    place = f"{name!r}, at {where or 'its root'}: " if name else ""
    if kind == "$ref":
        return Fault("schema", _sentence(f"{place}{_unresolved(error)}"), at=at)
    if kind == "format":
        words = (
            "This pattern cannot be used: patterns run in linear time, so there are no "
            "look-arounds and back-references, and what is compiled stays below 1 MB."
        )
        return Fault("schema", f"{place}{words}", "CR206", at)
    words = f"`{at[-1]}` has no value of the kind that JSON Schema wants there." if at else ""
    return Fault("schema", f"{place}{words or 'This is no JSON Schema.'}", at=at)


def _unresolved(error: Any) -> str:
    message = str(getattr(error, "message", ""))
    if "meta-schema" in message:
        return f"`$schema` names a dialect that is not built in; leave it out, or name {_SCHEMA}."
    return "a `$ref` names a part of the schema that is not there."


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def parent_of(schema: Mapping[str, Any] | Any, path: list[Any]) -> Mapping[str, Any]:
    """The schema that holds the keyword at the end of a path; {} where the path leads elsewhere."""
    at: Any = schema
    for step in path[:-1]:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            return {}
    return at if isinstance(at, dict) else {}
