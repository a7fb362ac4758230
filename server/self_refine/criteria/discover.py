"""Owns finding criteria files: those of a workspace, and those that ship with the project."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from self_refine.criteria.files import CriteriaFile
from self_refine.criteria.problems import Problem
from self_refine.criteria.read import Reading, read
from self_refine.criteria.safe_files import Refused, read_contained
from self_refine.loop.nouns import Severity
from self_refine.text.invisible import plain

SUFFIX = ".criteria.md"
_FOLDERS = ("criteria", ".self-refine")
_MOST_FILES = 200
_LONGEST_LABEL = 400
_MOST_ENTRIES = 20_000
"""Of folders below `criteria/`: a link to a huge tree must not hold the editor up."""


@dataclass(frozen=True, slots=True)
class Library:
    """Criteria files that can be used, in order of their labels, and what is wrong with others."""

    files: tuple[CriteriaFile, ...]
    problems: tuple[Problem, ...]


def workspace_root(path: Path) -> Path:
    """The nearest folder above that holds `.git`, `.self-refine` or a criteria file.

    Where none does, the folder of the file, or the folder itself.
    """
    start = path.resolve()
    folder = start if start.is_dir() else start.parent
    return next((at for at in (folder, *folder.parents) if _is_root(at)), folder)


def discover(root: Path) -> Library:
    """The files of the team. Those that ship with the project are left to `shipped`."""
    own = _pack_folder().resolve()
    readings: list[Reading] = []
    seen: dict[tuple[int, int], Path] = {}
    for path in _candidates(root):
        if _is_inside(path, own) or _is_seen(path, seen):
            continue
        # A stranger's file name must not write on the user's screen.
        label = plain(path.relative_to(root).as_posix(), _LONGEST_LABEL)
        if len(readings) == _MOST_FILES:
            message = f"There are more than {_MOST_FILES} criteria files: this one is not read."
            readings.append(_refused(path, label, Refused(message, code="CR211")))
            break
        readings.append(_read(path, label, root, shipped=False))
    return _library(readings)


def shipped() -> Library:
    """The packs that come with the project."""
    folder = _pack_folder()
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(SUFFIX))
    return _library(
        [_read(folder / name, name.removesuffix(SUFFIX), folder, shipped=True) for name in names]
    )


def _pack_folder() -> Path:
    """`self_refine/packs` in an installed wheel, `criteria/` in a checkout."""
    package = Path(str(files("self_refine")))
    packs = package / "packs"
    return packs if packs.is_dir() else package.parent.parent / "criteria"


def _is_root(folder: Path) -> bool:
    # `Path.exists` raises where a folder may not be entered; these do not.
    if os.path.lexists(folder / ".git") or stat.S_ISDIR(_mode(folder / ".self-refine")):
        return True
    return next(_below(folder / "criteria"), None) is not None


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _candidates(root: Path) -> Iterator[Path]:
    for name in _FOLDERS:
        yield from sorted(_below(root / name))


def _below(folder: Path) -> Iterator[Path]:
    """Criteria files below a folder; linked folders are not entered."""
    entries = 0
    for at, folders, names in os.walk(folder):
        folders.sort()
        entries += len(names) + len(folders)
        if entries > _MOST_ENTRIES:
            return
        for name in names:
            if name.lower().endswith(SUFFIX):
                yield Path(at, name)


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):
        # A link that leads to itself; reading it says so.
        return False


def _is_seen(path: Path, seen: dict[tuple[int, int], Path]) -> bool:
    """Whether this is a file already read by another name: a link, or another case of letters."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return False
    if not stat.S_ISREG(status.st_mode) or not status.st_ino:
        return False
    return seen.setdefault((status.st_dev, status.st_ino), path) is not path


def _read(path: Path, label: str, root: Path, *, shipped: bool) -> Reading:
    got = read_contained(path, root)
    if isinstance(got, Refused):
        return _refused(path, label, got)
    return read(got.text, path, label, shipped=shipped, root=root)


def _refused(path: Path, label: str, refused: Refused) -> Reading:
    line = refused.before.count("\n") + 1
    column = len(refused.before) - refused.before.rfind("\n")
    problem = Problem(
        path=path,
        line=line,
        column=column,
        end_line=line,
        end_column=column + 1,
        severity=Severity.ERROR,
        code=refused.code,
        message=refused.message,
        label=label,
    )
    return Reading(None, (problem,))


def _library(readings: list[Reading]) -> Library:
    """Put readings together; the same id twice is an error in the later file, no silent win."""
    kept: dict[str, CriteriaFile] = {}
    problems: list[Problem] = []
    for reading in readings:
        problems += reading.problems
        file = reading.file
        if file is None:
            continue
        if file.id in kept:
            problems.append(_twice(file, kept[file.id]))
        else:
            kept[file.id] = file
    return Library(tuple(kept.values()), tuple(problems))


def _twice(file: CriteriaFile, first: CriteriaFile) -> Problem:
    return Problem(
        path=file.path,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        severity=Severity.ERROR,
        code="CR203",
        message=f"The id {file.id!r} is that of {first.label}: this file is not used.",
        label=file.label,
    )
