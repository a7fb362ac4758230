"""Finds keywords of a schema that look like a slip: JSON Schema itself allows any."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from self_refine.checks.kind_spec import Fault

_SCHEMAS = (
    *("not", "if", "then", "else", "propertyNames", "items", "additionalItems", "contains"),
    *("additionalProperties", "unevaluatedProperties", "unevaluatedItems"),
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_TABLES = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
_OTHERS = (
    *("type", "enum", "const", "pattern", "format", "required", "dependentRequired", "minLength"),
    *("maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "minProperties"),
    *("maxProperties", "title", "description", "default", "examples", "deprecated", "readOnly"),
    *("writeOnly", "contentEncoding", "contentMediaType", "contentSchema", "dependencies", "id"),
    *("$schema", "$id", "$ref", "$anchor", "$comment", "$vocabulary", "$dynamicRef"),
    *("$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"),
)
_KNOWN = (*_SCHEMAS, *_LISTS, *_TABLES, *_OTHERS)


def slips(schema: Any, at: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """A warning for each keyword that is unknown and near a known one."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in _SCHEMAS:
            yield from slips(value, (*at, key))
        elif key in _LISTS and isinstance(value, list):
            for number, each in enumerate(value):
                yield from slips(each, (*at, key, number))
        elif key in _TABLES and isinstance(value, dict):
            for name, each in value.items():
                yield from slips(each, (*at, key, name))
        elif key not in _KNOWN and (close := get_close_matches(key[:60], _KNOWN, 1, 0.8)):
            message = f"JSON Schema has no keyword {key!r}. Did you mean {close[0]!r}?"
            yield Fault("schema", message, at=(*at, key))
