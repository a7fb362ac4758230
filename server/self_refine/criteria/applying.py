"""Owns which texts criteria are for, and what is offered for one. Needs neither YAML nor checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, Protocol, TypeVar

from self_refine.criteria.finding.globs import matches
from self_refine.text.languages import covers

LABEL = "Self-refine selection"

Within = Literal["selection", "definition", "paragraph", "comments", "document"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Applies:
    """Which texts a file is for; what it leaves out does not restrict it."""

    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Globs, relative to the workspace folder."""
    within: Within = "selection"
    below: str = ""
    """The folder, relative to the workspace, that texts must lie in and globs are relative to."""


class Named(Protocol):
    """What is known of a criteria file before it is read in full, and after."""

    @property
    def id(self) -> str:
        """Names it in commands and settings."""

    @property
    def title(self) -> str:
        """As menus show it."""

    @property
    def applies(self) -> Applies:
        """Which texts it is for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What is to be judged."""

    language: str
    path: PurePosixPath | None
    """Relative to the workspace; None for standard input and untitled texts."""
    covers_document: bool
    """Whether the selection is the whole text."""
    lacks: tuple[Within, ...] = ()
    """Units of which nothing is in the selection."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One set of criteria that a user may start a run with."""

    title: str
    ids: tuple[str, ...]
    """Of its files."""
    label: str
    """As a menu shows it."""


_File = TypeVar("_File", bound=Named)


def offered(library: Iterable[Named], packs: Iterable[Named], target: Target) -> tuple[Offer, ...]:
    """What fits a text: the team's files together, then each alone; the packs where none fits.

    Args:
        library: the team's files.
        packs: those that ship.
        target: the text.
    """
    every = tuple(library)
    team = tuple(file for file in every if applies(file, target))
    if not team:
        return tuple(_alone(file) for file in not_replaced(every, packs) if applies(file, target))
    title = team[0].title if len(team) == 1 else "all that apply"
    together = Offer(title, tuple(file.id for file in team), LABEL)
    return (together, *(_alone(file) for file in team)) if len(team) > 1 else (together,)


def not_replaced(library: Iterable[Named], packs: Iterable[_File]) -> tuple[_File, ...]:
    """The shipped packs, but for those in whose place the team has a file of its own."""
    own = {file.id for file in library}
    return tuple(file for file in packs if file.id not in own)


def applies(file: Named, target: Target) -> bool:
    """Whether a file is for such a text.

    A text without a path is judged by its language alone, so a file that gives nothing but paths
    does not apply to it.
    """
    rules = file.applies
    if rules.languages and not any(covers(wanted, target.language) for wanted in rules.languages):
        return False
    path = relative(rules, target)
    if rules.below and path is None:
        return False
    if not rules.paths:
        return True
    if path is None:
        return bool(rules.languages)
    return any(matches(glob, path) for glob in rules.paths)


def relative(rules: Applies, target: Target) -> str | None:
    """The path of a text as the globs of a file see it; None for one that it does not reach."""
    if target.path is None:
        return None
    path = target.path.as_posix()
    if not rules.below:
        return path
    return path.removeprefix(f"{rules.below}/") if path.startswith(f"{rules.below}/") else None


class Layered(Named, Protocol):
    """A file that may change one from a folder above."""

    @property
    def label(self) -> str:
        """As users name it."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """Labels of the files that it extends."""


_Layered = TypeVar("_Layered", bound=Layered)


def in_reach(files: Iterable[_Layered], target: Target) -> tuple[_Layered, ...]:
    """The files whose folder a text lies in, without those that another changes for it."""
    near = tuple(
        file
        for file in files
        if not file.applies.below or relative(file.applies, target) is not None
    )
    changed = {label for file in near if applies(file, target) for label in file.replaces}
    kept = [file for file in near if file.label not in changed]
    # One id is one file: the nearest, where the text is for neither of two.
    return tuple({file.id: file for file in kept}.values())


def _alone(file: Named) -> Offer:
    return Offer(file.title, (file.id,), f"{LABEL}: {file.title}")
