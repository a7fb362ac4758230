"""Reading values out of JSON that somebody else wrote: what has another shape is left out."""

import json
from collections.abc import Iterator
from typing import Any

from self_refine.tools.results.reported import Unreadable

_DEEPEST = 10_000_000


def parsed(text: str) -> Any:
    """The value, or `Unreadable`."""
    if not text.strip():
        return Unreadable("it printed no report")
    if len(text) > _DEEPEST:
        return Unreadable("its report is longer than 10 MB")
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return Unreadable("its report is no JSON")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def inside(value: Any, *names: str) -> Any:
    """The value below these names, None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def words(value: Any) -> str:
    """A string; "" for anything else."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int:
    """A whole number of a sensible size; 0 for anything else."""
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31
    return value if sound else 0
