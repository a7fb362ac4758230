"""Owns `CriteriaFile`: what one `*.criteria.md` says, read and checked; `Library`: all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from self_refine.criteria.applying import Applies

if TYPE_CHECKING:  # a server whose workspace has no criteria files does without all of them
    from self_refine.checks.registry import Check
    from self_refine.criteria.problems import Problem
    from self_refine.criteria.reading.inheritance import Layer
    from self_refine.loop.types import Criterion


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """A text that criteria need beside the candidate."""

    origin: str
    """Where it comes from, such as `file:notes.txt`."""
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A value that a team may set; `{option.NAME}` stands for it."""

    default: str
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Good:
    """A fixture that no criterion may fault."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A fixture that these criteria must fault, by the last parts of their ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """Not judged itself: the text of an input for the other fixtures."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fixture:
    """One fenced example of a criteria file."""

    language: str
    text: str
    announces: Good | Bad | Given
    line: int
    """Of its opening fence, from 1."""
    end_column: int
    """After the last character of that line, from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CriteriaFile:
    """One criteria file that can be used."""

    id: str
    title: str
    description: str
    path: Path
    label: str
    """As users name it: relative to the workspace, or the name of a shipped pack."""
    digest: str
    """sha256 of the file, and of the word lists that it names."""
    shipped: bool
    applies: Applies
    criteria: "tuple[Criterion, ...]"
    """Checks first, then judged ones, each in file order."""
    checks: "tuple[Check, ...]"
    """One for each criterion that a check decides, kinds still to come included."""
    protect: tuple[str, ...] = ()
    passes: int | None = None
    brief: str = ""
    """What the texts are for: context for those who judge and write."""
    inputs: Mapping[str, Input] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of the inputs that a criterion needs, by its full id."""
    options: Mapping[str, Option] = field(default_factory=dict)
    fixtures: tuple[Fixture, ...] = ()
    replaces: tuple[str, ...] = ()
    """Labels of the files that this one extends: where it applies, they do not."""
    layer: "Layer | None" = field(default=None, compare=False, repr=False)
    """What another file may extend, and where each key stands; None once a library is whole."""


@dataclass(frozen=True, slots=True)
class Library:
    """Criteria files that can be used, in order of their labels, and what is wrong with others."""

    files: tuple[CriteriaFile, ...]
    problems: "tuple[Problem, ...]"
    lists: tuple[Path, ...] = ()
    """The word lists that they name, those too that could not be read."""
    installed: tuple[CriteriaFile, ...] = ()
    """Those of the team's packs: used where `self-refine.toml` or the user names them."""
