"""Turns values of the standard parsers into values of JSON's types, within a budget."""

import sys
from datetime import date, datetime, time
from typing import Any

from self_refine.checks.records.record import DEEPEST, MOST_BYTES, MOST_VALUES, TooMuch

_LARGEST = sys.float_info.max
_LONGEST_WHOLE = 300
"""Digits of a whole number that is kept as one."""

MANY = TooMuch(f"it has more than {MOST_VALUES:,} values")
DEEP = TooMuch(f"it is nested deeper than {DEEPEST} levels")


def too_long(text: str) -> TooMuch | None:
    """Whether a text is longer than anybody waits for."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size <= MOST_BYTES:
        return None
    return TooMuch(f"it has {size / 1e6:.1f} MB; a schema check reads {MOST_BYTES / 1e6:g} MB")


def plain(value: Any) -> Any:
    """The same value in JSON's types; `TooMuch` where it is beyond the budget."""
    try:
        return _plain(value, _Budget(), 0)
    except _Spent as spent:
        return spent.why


class _Spent(Exception):  # noqa: N818 - no error: it ends the walk, and never leaves this module
    def __init__(self, why: TooMuch) -> None:
        super().__init__(why.reason)
        self.why = why


class _Budget:
    def __init__(self) -> None:
        self.left = MOST_VALUES

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _Spent(MANY)


def _plain(value: Any, budget: _Budget, depth: int) -> Any:
    budget.spend()
    if depth > DEEPEST:
        raise _Spent(DEEP)
    match value:
        case dict():
            return {sound(key): _plain(each, budget, depth + 1) for key, each in value.items()}
        case list():
            return [_plain(each, budget, depth + 1) for each in value]
        case str():
            return sound(value)
        case float():
            return finite(value)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return value


def sound(text: str) -> str:
    """A text without halves of characters, which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def finite(value: float) -> float:
    """The nearest number that JSON has."""
    if value != value:  # noqa: PLR0124 - only NaN differs from itself
        return 0.0
    return max(-_LARGEST, min(_LARGEST, value))


def whole(digits: str) -> int | float:
    """A whole number as it is written; one that nobody counts with is read as a float."""
    return int(digits) if len(digits) < _LONGEST_WHOLE else finite(float(digits))


def fits(value: Any) -> bool:
    """Whether a value whose parts may be shared is within the budget, counted in full."""
    return _size(value, {}) <= MOST_VALUES


def _size(value: Any, known: dict[int, int]) -> int:
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(each, known) for each in parts)
    return known[id(value)]
