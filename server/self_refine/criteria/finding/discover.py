"""Finds criteria files: those of a workspace, and those that ship with the project."""

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from self_refine.criteria.criteria_file import CriteriaFile, Library
from self_refine.criteria.finding.layers import Layers, is_inside
from self_refine.criteria.finding.locations import (
    CONFIG,
    SUFFIX,
    nested_folders,
    pack_files,
    pack_folder,
)
from self_refine.criteria.finding.misplaced import astray
from self_refine.criteria.finding.refusals import refused
from self_refine.criteria.finding.safe_files import Refused, read_contained
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.reader import Reading, read
from self_refine.loop.types import Severity

_MOST_CHECKS = 1_000
"""Of a workspace: each may take a megabyte once its pattern is compiled."""
_NOTHING: Mapping[str, str] = {}


def discover(
    root: Path,
    folders: Iterable[Path] = (),
    *,
    hear: Callable[[object], None] = lambda _: None,
    skip: Mapping[str, str] = _NOTHING,
) -> Library:
    """The files of the team. Those that ship with the project are left to `shipped`.

    Args:
        root: the workspace folder.
        folders: of the texts to be judged; these and those on the way may have files, too.
        hear: hears the path of each file before it is read.
        skip: by its path, why a file is not to be read.
    """
    layers = Layers(
        root, (root, *nested_folders(root, folders)), _packs, hear, skip, _options(root)
    )
    readings = list(layers.every())
    readings += _strays(layers, alone=not readings)
    return _light(_with_config(_library(readings), root))


def _with_config(library: Library, root: Path) -> Library:
    """The library with what `self-refine.toml` adds, where there is one."""
    if not (root / CONFIG).is_file():
        return library
    from self_refine.criteria.packs.use_packs import (  # noqa: PLC0415 - most workspaces have none
        with_team_config,
    )

    return with_team_config(library, _packs, root)


def _options(root: Path) -> Mapping[str, str]:
    """The values of options that `self-refine.toml` gives."""
    if not (root / CONFIG).is_file():
        return {}
    from self_refine.criteria.packs.team_config import read_config  # noqa: PLC0415 - as below

    return read_config(root).options


def _strays(layers: Layers, *, alone: bool) -> Iterator[Reading]:
    """What looks like a criteria file and is none; `alone` where the workspace has no other."""
    own = pack_folder().resolve()
    seen = {_number(path) for path in layers.files} - {None}
    for stray in astray(layers.root):
        number = _number(stray.path)
        if not is_inside(stray.path, own) and number not in seen:
            seen |= {number} - {None}
            # At the prompt, hints are not shown: in a repository of several projects a file may
            # well belong to another.
            severity = Severity.HINT if stray.elsewhere and not alone else Severity.WARNING
            yield refused(stray.path, layers.label(stray.path), Refused(stray.message), severity)


def shipped() -> Library:
    """The packs that come with the project."""
    return _light(_packs())


@cache
def _packs() -> Library:
    """The same, read once, with what others may extend: it does not change while a program runs."""
    folder = pack_folder()
    return _library([_pack(path, folder) for path in pack_files()])


def _pack(path: Path, folder: Path) -> Reading:
    label = path.name.removesuffix(SUFFIX)
    got = read_contained(path, folder)
    if isinstance(got, Refused):
        return refused(path, label, got)
    return read(got.text, path, label, shipped=True, root=folder)


def read_file(path: Path) -> Library:
    """The one criteria file at `path`, wherever it lies; what is wrong in it is in `problems`."""
    absolute = path.absolute()
    return _library([read_in_place(absolute, absolute.parent)])


def read_in_place(path: Path, root: Path, text: str | None = None) -> Reading:
    """Read one criteria file with what it extends.

    Args:
        path: where it lies.
        root: the workspace, in which it must lie.
        text: what stands in it by now, where that is not yet on the disk.
    """
    folders = (root, *nested_folders(root, (path.parent,)))
    layers = Layers(root, folders, _packs, options=_options(root))
    layers.collect()
    if text is not None:
        layers.put(path, text)
    return layers.reading(path)


def _number(path: Path) -> tuple[int, int] | None:
    """Which regular file a path leads to; None where it leads to none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    regular = stat.S_ISREG(status.st_mode) and status.st_ino
    return (status.st_dev, status.st_ino) if regular else None


def _library(readings: list[Reading]) -> Library:
    """Put readings together; the same id twice is an error in the later file, no silent win."""
    kept: dict[tuple[str, str], CriteriaFile] = {}
    checks = 0
    problems: list[Problem] = []
    lists: list[Path] = []
    for reading in readings:
        problems += reading.problems
        lists += reading.lists
        file = reading.file
        if file is None:
            continue
        if (wrong := _twice(file, kept)) is not None:
            problems.append(wrong)
        elif (checks := checks + len(file.checks)) > _MOST_CHECKS:
            problems.append(_too_many(file))
        else:
            kept[file.applies.below, file.id] = file
    return Library(tuple(kept.values()), tuple(problems), tuple(lists))


def _light(library: Library) -> Library:
    """A library without what its files were made of: it may go to another process."""
    files, installed = (
        tuple(replace(file, layer=None) for file in each)
        for each in (library.files, library.installed)
    )
    return replace(library, files=files, installed=installed)


def _too_many(file: CriteriaFile) -> Problem:
    return _unused(
        file,
        "CR211",
        f"The workspace has more than {_MOST_CHECKS} checks: this file is not used. Take some out.",
    )


def _twice(file: CriteriaFile, kept: dict[tuple[str, str], CriteriaFile]) -> Problem | None:
    """What is wrong where a file here or above has the id, too, and this one does not extend it."""
    below = file.applies.below
    parts = below.split("/") if below else []
    above = ["/".join(parts[:n]) for n in range(len(parts) + 1)]
    first = next((kept[at, file.id] for at in reversed(above) if (at, file.id) in kept), None)
    if first is None or first.label in file.replaces:
        return None
    aid = (
        f"Write `extends: {file.id}` to change that file, or take another id."
        if first.applies.below != below
        else "This file is not used."
    )
    return _unused(file, "CR203", f"The id {file.id!r} is that of {first.label}, too. {aid}")


def _unused(file: CriteriaFile, code: str, message: str) -> Problem:
    return Problem(
        path=file.path,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        severity=Severity.ERROR,
        code=code,
        message=message,
        label=file.label,
    )
