"""Owns writing the protocol's types as plain JSON values.

The same that lsprotocol's converter makes of them, without a function compiled for each class at
its first use: those are a tenth of the time until a server answers `initialize`.
"""

import json
from enum import Enum
from typing import Any

import attrs
from lsprotocol import types

_FIELDS: dict[type, tuple[tuple[str, str, object], ...]] = {}
_PLAIN = frozenset((str, int, float, bool, type(None)))


def plain(value: Any) -> Any:
    """Plain JSON values; what has its default is left out, as the protocol wants it.

    Raises:
        TypeError: something in it is no value of JSON or of the protocol.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {name: plain(part) for name, part in value.items()}
    if kind is list or kind is tuple:
        return [plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return {name: plain(part) for name, part in _object(value).items()}


def as_json(value: Any) -> str:
    """The same as text.

    Raises:
        TypeError: something in it is no value of JSON or of the protocol.
    """
    return _ENCODER.encode(value)


def _object(value: Any) -> Any:
    """One value of the protocol as an object of JSON; what is in it is left as it is."""
    if isinstance(value, Enum):
        return value.value
    kind = type(value)
    return {
        name: part
        for field, name, default in (_FIELDS.get(kind) or _fields(kind))
        if (part := getattr(value, field)) is not default
    }


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_object, check_circular=False)
"""Goes through what is plain already in C."""


def _fields(kind: type) -> tuple[tuple[str, str, object], ...]:
    """Of each field its name here, its name on the wire, and the value that is left out."""
    if not attrs.has(kind):
        raise TypeError(f"{kind.__name__} cannot be sent")
    found = tuple(
        (
            field.name,
            _camel(field.name),
            # Some are part of a union, and are sent although they say what they always say.
            attrs.NOTHING if types.is_special_property(kind, field.name) else field.default,
        )
        for field in attrs.fields(kind)
    )
    _FIELDS[kind] = found
    return found


def _camel(name: str) -> str:
    first, *others = name.removesuffix("_").split("_")
    return first + "".join(part.title() for part in others)
