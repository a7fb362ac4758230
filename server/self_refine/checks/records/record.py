"""Owns `Record`: the value of a structured text, and where each part of it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from self_refine.text.spans import Span

Path = tuple[str | int, ...]
"""Keys and indexes that lead to a value."""

MOST_BYTES = 2_000_000
MOST_VALUES = 50_000
DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one value stands."""

    span: Span
    """Of the value, exactly as it is written."""
    key: Span | None
    """Of the key before it."""
    end: int
    """Where a further entry of it would go."""
    below: "Mapping[str | int, Spot]" = field(default_factory=dict)
    """Its entries or items."""
    hint: str = ""
    """What some readers of the format would take it for, as a sentence."""


@dataclass(frozen=True, slots=True)
class Twice:
    """A key that stands in one object a second time."""

    key: str
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One value to be judged."""

    value: Any
    """Of JSON's types alone, each text of it fit for UTF-8."""
    spots: Callable[[], Spot]
    """Where it stands; worked out when something is wrong."""
    prefix: str = ""
    """What the path to a part of it begins with: "document 2: ", "row 12, "."""
    unknown: frozenset[Path] = frozenset()
    """Values that only the reader of a custom tag knows."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a text is none of its format, and where; what is wrong ends nothing else."""

    span: Span
    detail: str
    """A sentence."""
    path: str = "the document"
    missing: bool = False
    """Whether something is to be added at `span`, which is a place."""


@dataclass(frozen=True, slots=True)
class TooMuch:
    """Why a text is not looked at: a clause."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """All that stands in one text."""

    records: tuple[Record, ...] = ()
    broken: tuple[Broken, ...] = ()
    twice: tuple[Twice, ...] = ()


def spot_at(spot: Spot, path: Path) -> Spot | None:
    """Where the value at a path stands; None where there is none."""
    for step in path:
        below = spot.below.get(step)
        if below is None:
            return None
        spot = below
    return spot


def shown(path: Path) -> str:
    """A path as people write it: `stages[2].name`; "" for the root."""
    return "".join(map(_shown, path)).removeprefix(".")


def _shown(step: str | int) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}" if step else '.""'
