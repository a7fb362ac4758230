"""Owns the shapes that values in a criteria file may have; whoever reads the file checks them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One string."""

    one_of: tuple[str, ...] = ()
    """The only values allowed; () for any."""
    blank: bool = False
    """Whether "" is a value."""


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """A number above nought."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A list of strings, at least one."""

    one_of: tuple[str, ...] = ()
    or_one: bool = False
    """Whether one string may stand for the list of it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with a closed set of keys."""

    keys: "Mapping[str, Shape]"
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableOf:
    """A mapping whose keys the author chooses, at least one."""

    value: "Shape"


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value; a later version says more."""


@dataclass(frozen=True, slots=True)
class Json:
    """Any value, each part of it of the type that YAML 1.2 gives it."""


Shape = Text | Flag | Whole | Number | Texts | Table | TableOf | Anything | Json
