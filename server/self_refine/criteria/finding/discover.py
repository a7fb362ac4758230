"""Owns finding criteria files: those of a workspace, and those that ship with the project."""

import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from self_refine.criteria.criteria_file import CriteriaFile, Library
from self_refine.criteria.finding.locations import SUFFIX, criteria_files, pack_files, pack_folder
from self_refine.criteria.finding.misplaced import astray
from self_refine.criteria.finding.safe_files import Refused, read_contained
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.reader import Reading, read
from self_refine.loop.types import Severity
from self_refine.text.invisible import plain

_MOST_FILES = 200
_MOST_CHECKS = 1_000
"""Of a workspace: each may take a megabyte once its pattern is compiled."""
_LONGEST_LABEL = 400
_NOTHING: Mapping[str, str] = {}


def discover(
    root: Path,
    *,
    hear: Callable[[object], None] = lambda _: None,
    skip: Mapping[str, str] = _NOTHING,
) -> Library:
    """The files of the team. Those that ship with the project are left to `shipped`.

    Args:
        root: the workspace folder.
        hear: hears the path of each file before it is read.
        skip: by its path, why a file is not to be read.
    """
    own = pack_folder().resolve()
    readings: list[Reading] = []
    seen: dict[tuple[int, int], Path] = {}
    for path in criteria_files(root):
        if _is_inside(path, own) or _is_seen(path, seen):
            continue
        # A stranger's file name must not write on the user's screen.
        label = plain(path.relative_to(root).as_posix(), _LONGEST_LABEL)
        if len(readings) == _MOST_FILES:
            message = f"There are more than {_MOST_FILES} criteria files: this one is not read."
            readings.append(_refused(path, label, Refused(message, code="CR211")))
            break
        if why := skip.get(str(path)):
            message = f"This file is not used: {why}. Make its patterns simpler or fewer."
            readings.append(_refused(path, label, Refused(message, code="CR211")))
            continue
        hear(path)
        readings.append(read_one(path, label, root))
    readings += _strays(root, own, seen, alone=not readings)
    return _library(readings)


def _strays(
    root: Path, own: Path, seen: dict[tuple[int, int], Path], *, alone: bool
) -> Iterator[Reading]:
    """What looks like a criteria file and is none; `alone` where the workspace has no other."""
    for stray in astray(root):
        if not _is_inside(stray.path, own) and not _is_seen(stray.path, seen):
            inside = stray.path.is_relative_to(root)
            name = stray.path.relative_to(root) if inside else stray.path
            label = plain(name.as_posix(), _LONGEST_LABEL)
            # At the prompt, hints are not shown: in a repository of several projects a file may
            # well belong to another.
            hint = stray.elsewhere and not alone
            yield _refused(
                stray.path,
                label,
                Refused(stray.message),
                Severity.HINT if hint else Severity.WARNING,
            )


def shipped() -> Library:
    """The packs that come with the project."""
    folder = pack_folder()
    return _library(
        [
            read_one(path, path.name.removesuffix(SUFFIX), folder, shipped=True)
            for path in pack_files()
        ]
    )


def read_file(path: Path) -> Library:
    """The one criteria file at `path`, wherever it lies; what is wrong in it is in `problems`."""
    absolute = path.absolute()
    return _library([read_one(absolute, path.name, absolute.parent)])


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


def read_one(path: Path, label: str, root: Path, *, shipped: bool = False) -> Reading:
    """Read one criteria file, which must lie inside `root`; `label` is its name for users."""
    got = read_contained(path, root)
    if isinstance(got, Refused):
        return _refused(path, label, got)
    return read(got.text, path, label, shipped=shipped, root=root)


def _refused(
    path: Path, label: str, refused: Refused, severity: Severity = Severity.ERROR
) -> Reading:
    line = refused.before.count("\n") + 1
    column = len(refused.before) - refused.before.rfind("\n")
    problem = Problem(
        path=path,
        line=line,
        column=column,
        end_line=line,
        end_column=column + 1,
        severity=severity,
        code=refused.code,
        message=refused.message,
        label=label,
    )
    return Reading(None, (problem,))


def _library(readings: list[Reading]) -> Library:
    """Put readings together; the same id twice is an error in the later file, no silent win."""
    kept: dict[str, CriteriaFile] = {}
    checks = 0
    problems: list[Problem] = []
    lists: list[Path] = []
    for reading in readings:
        problems += reading.problems
        lists += reading.lists
        file = reading.file
        if file is None:
            continue
        if file.id in kept:
            problems.append(_twice(file, kept[file.id]))
        elif (checks := checks + len(file.checks)) > _MOST_CHECKS:
            problems.append(_too_many(file))
        else:
            kept[file.id] = file
    return Library(tuple(kept.values()), tuple(problems), tuple(lists))


def _too_many(file: CriteriaFile) -> Problem:
    return _unused(
        file,
        "CR211",
        f"The workspace has more than {_MOST_CHECKS} checks: this file is not used. Take some out.",
    )


def _twice(file: CriteriaFile, first: CriteriaFile) -> Problem:
    message = f"The id {file.id!r} is that of {first.label}: this file is not used."
    return _unused(file, "CR203", message)


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
