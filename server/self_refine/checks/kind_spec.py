"""Owns `KindSpec`: what a criteria file may say about one kind of check, and how it is built."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from self_refine.checks.check import Check, Common
from self_refine.checks.key_schema import Shape

Values = Mapping[str, Any]
"""The keys of one check that the file gives, each of the shape that its kind asks for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one key; the reader of the file adds where it stands."""

    key: str
    message: str
    code: str = "CR204"
    at: tuple[str | int, ...] = ()
    """The part of its value that is wrong: keys and indexes below it."""


@dataclass(frozen=True, slots=True)
class WordList:
    """The text of a file that a check names."""

    text: str


Reader = Callable[[str], WordList | str]
"""Reads a file beside the criteria file; a string says why it may not, or cannot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KindSpec:
    """One kind of check."""

    keys: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    """What may stand in braces in its message."""
    message: str = ""
    """Where the file gives none."""
    build: Callable[[Common, Values, Reader], Check | Fault]
    doubts: Callable[[Values], Iterable[Fault]] = lambda _: ()
    """What looks like a slip and does not stop the check: a warning at its key."""
    gates: bool = True
    """Whether its findings may be errors, which no revision may have."""
    whole: bool = False
    """Whether it says something of a whole document only, never of a part of one."""
