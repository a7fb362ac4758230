"""Words for what a schema finds: built from the kind of error, never from the value."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}
_FORMATS = {
    "date": "no date such as 2026-08-01",
    "time": "no time such as 09:12:00Z",
    "date-time": "no date and time such as 2026-08-01T09:12:00Z",
    "duration": "no duration such as P3DT4H",
    "email": "no mail address",
    "idn-email": "no mail address",
    "hostname": "no host name",
    "idn-hostname": "no host name",
    "ipv4": "no IPv4 address",
    "ipv6": "no IPv6 address",
    "uri": "no full address such as https://example.com/a",
    "uri-reference": "no address",
    "iri": "no full address",
    "uuid": "no UUID",
    "regex": "no regular expression",
    "json-pointer": "no JSON pointer",
}
_MOST_LISTED = 12
_LONGEST = 120


def type_of(value: Any) -> str:
    """What a value is, for people."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "a mapping"


def wrong_type(value: Any, wanted: Sequence[str]) -> str:
    """What a value is, and what it must be."""
    order = [name for name in _TYPES if name in wanted]
    return f"is {type_of(value)}, and must be {_either([_TYPES[name] for name in order])}"


def words_of(keyword: str, given: Mapping[str, Any], value: Any) -> str:
    """What is wrong with a value, as a clause that its path begins.

    Args:
        keyword: of the schema.
        given: what the library says of it: limits, options.
        value: only its kind and its size are told.
    """
    match keyword:
        case "type":
            return wrong_type(value, given.get("types", ()))
        case "enum":
            return f"must be {_options(given.get('options', ()))}"
        case "const":
            return f"must be {_literal(given.get('expected_value'))}"
        case "pattern":
            return f"does not match {_cut(str(given.get('pattern', '')))}"
        case "format":
            name = str(given.get("format", ""))
            return f"is {_FORMATS.get(name, f'not of the form {name}')}"
        case "minLength" | "maxLength":
            return _size(len(value), "character", keyword, given)
        case "minItems" | "maxItems":
            return _size(len(value), "item", keyword, given)
        case "minProperties" | "maxProperties":
            return _size(len(value), "entry", keyword, given)
        case _:
            return _of_numbers(keyword, given)


def _of_numbers(keyword: str, given: Mapping[str, Any]) -> str:
    limit = given.get("limit")
    match keyword:
        case "minimum":
            return f"must be {limit} or more"
        case "maximum":
            return f"must be {limit} or less"
        case "exclusiveMinimum":
            return f"must be more than {limit}"
        case "exclusiveMaximum":
            return f"must be less than {limit}"
        case "multipleOf":
            return f"must be a multiple of {given.get('multiple_of')}"
        case "contains":
            return "has not as many items of the kind that the schema asks for"
        case "uniqueItems":
            return "stands twice"
        case "not":
            return "is what the schema rules out"
        case "falseSchema":
            return "is not allowed here"
        case _:
            return f"is not as the schema asks (`{keyword}`)"


def _size(size: int, unit: str, keyword: str, given: Mapping[str, Any]) -> str:
    limit = given.get("limit")
    many = {"entry": "entries"}.get(unit, f"{unit}s")
    bound = f"at least {limit}" if keyword.startswith("min") else f"at most {limit}"
    verb = "is" if limit == 1 else "are"
    tail = "required" if keyword.startswith("min") else "allowed"
    return f"has {size} {unit if size == 1 else many}; {bound} {verb} {tail}"


def _options(options: Sequence[Any]) -> str:
    shown = [_literal(option) for option in options[:_MOST_LISTED]]
    if len(shown) == 1:
        return shown[0]
    more = ", …" if len(options) > len(shown) else ""
    return f"one of {', '.join(shown)}{more}"


def _literal(value: Any) -> str:
    """A value of the schema, as it is written in most formats."""
    plain = isinstance(value, str) and value.strip() == value and value
    return _cut(value if plain else json.dumps(value, ensure_ascii=False))


def _cut(words: str) -> str:
    folded = " ".join(words.split())
    return folded if len(folded) <= _LONGEST else f"{folded[:_LONGEST].rstrip()} …"


def _either(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"
