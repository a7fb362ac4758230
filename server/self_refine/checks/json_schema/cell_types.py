"""Turns the cells of a CSV row into the numbers and flags that a schema wants."""

import re
from collections.abc import Mapping
from typing import Any

from self_refine.checks.records.plain_values import finite, whole

_WHOLE = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_DEEPEST = 20


def converted(row: Mapping[str, str], schema: Any) -> dict[str, Any]:
    """The row with each cell as its property is typed; what does not fit stays text."""
    if not isinstance(schema, dict):
        return dict(row)
    return {
        name: _cell(cell, _types(_property(schema, name), schema, 0)) for name, cell in row.items()
    }


def _property(schema: Mapping[str, Any], name: str) -> Any:
    properties = schema.get("properties")
    if isinstance(properties, dict) and name in properties:
        return properties[name]
    return schema.get("additionalProperties")


def _types(part: Any, root: Mapping[str, Any], depth: int) -> frozenset[str]:
    """The types that a part of the schema names; empty where it names none."""
    if not isinstance(part, dict) or depth > _DEEPEST:
        return frozenset()
    given = part.get("type")
    if isinstance(given, str | list):
        return frozenset([given] if isinstance(given, str) else map(str, given))
    reference = part.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        return _types(_target(root, reference), root, depth + 1)
    choices = [each for key in ("anyOf", "oneOf", "allOf") for each in part.get(key) or ()]
    found = frozenset(t for each in choices for t in _types(each, root, depth + 1))
    return found or frozenset(
        map(_type_of, part.get("enum", [part["const"]] if "const" in part else []))
    )


def _target(root: Any, reference: str) -> Any:
    for step in reference.split("/")[1:]:
        root = root.get(step) if isinstance(root, dict) else None
    return root


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "null"


def _cell(cell: str, types: frozenset[str]) -> Any:
    if "string" in types:
        return cell
    words = cell.strip()
    if types & {"integer", "number"} and _WHOLE.fullmatch(words):
        return whole(words)
    if types & {"integer", "number"} and _NUMBER.fullmatch(words):
        return finite(float(words))
    if "boolean" in types and words.lower() in {"true", "false"}:
        return words.lower() == "true"
    return cell
