"""A JSON Schema of front matter, for editors that have no server of ours.

It is made of the same tables that the reader goes by; a test holds the published file to it.
"""

from collections.abc import Mapping
from typing import Any, assert_never

from self_refine.checks.key_schema import (
    Anything,
    Flag,
    Json,
    Number,
    Shape,
    Table,
    TableOf,
    Text,
    Texts,
    Whole,
)
from self_refine.checks.registry import KINDS
from self_refine.criteria.reading.check_items import COMMON_KEYS
from self_refine.criteria.reading.front_matter import KEYS

_ID = "^[a-z0-9][a-z0-9-]*$"


def front_matter_schema() -> dict[str, Any]:
    """The schema, as draft 2020-12."""
    properties = {key: _of(shape) for key, shape in KEYS.items()}
    properties["criteria"] = {"const": 1}
    properties["id"] = {"type": "string", "pattern": _ID}
    properties["extends"] = {"type": "string"}
    properties["checks"] = {"type": "array", "items": {"oneOf": [_check(kind) for kind in KINDS]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a criteria file of self-refine",
        "type": "object",
        "properties": properties,
        "required": ["criteria"],
        "additionalProperties": False,
    }


def _check(kind: str) -> dict[str, Any]:
    spec = KINDS[kind]
    keys = {key: _of(shape) for key, shape in {**COMMON_KEYS, **spec.keys}.items()}
    keys["kind"] = {"const": kind}
    keys["id"] = {"type": "string", "pattern": _ID}
    return {
        "title": kind,
        "type": "object",
        "properties": keys,
        # What changes a check of another file inherits the rest.
        "required": ["id", "kind"],
        "additionalProperties": False,
    }


def _of(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text(one_of):
            return {"type": "string"} | ({"enum": list(one_of)} if one_of else {})
        case Flag():
            return {"type": "boolean"}
        case Whole(least):
            return {"type": "integer", "minimum": least}
        case Number():
            return {"type": "number", "exclusiveMinimum": 0}
        case Texts(one_of):
            return _texts(shape, _of(Text(one_of=one_of)))
        case Table():
            return _table(shape.keys, shape.required)
        case TableOf(value):
            return {"type": "object", "additionalProperties": _of(value), "minProperties": 1}
        case Anything() | Json():
            return {}
        case _:
            assert_never(shape)


def _texts(shape: Texts, item: dict[str, Any]) -> dict[str, Any]:
    listed = {"type": "array", "items": item, "minItems": 1}
    return {"anyOf": [listed, item]} if shape.or_one else listed


def _table(keys: Mapping[str, Shape], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: _of(value) for key, value in keys.items()},
        "required": list(required),
        "additionalProperties": False,
    }
