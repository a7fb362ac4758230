"""The files of a pack: of a folder, of a copy in the workspace, of an installed distribution.

A distribution is never imported: importing runs its code. Its list of files is read instead.
"""

import os
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path, PurePosixPath

from self_refine.criteria.finding.locations import SUFFIX
from self_refine.criteria.finding.safe_files import Refused, read_contained
from self_refine.criteria.packs.pack_reference import Reference

COPIES = "self-refine-packs"
"""The folder of the workspace with copies of packs."""
MOST_FILES = 200
_ENDINGS = (SUFFIX, ".txt")
"""Criteria, and the lists of words that they name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackFiles:
    """What a pack holds."""

    folder: Path
    """Where its files lie."""
    files: dict[str, str] = field(default_factory=dict)
    """Texts by their paths in it."""
    revision: str = ""


def pack_files_of(reference: Reference, root: Path) -> PackFiles | str:
    """The files of a pack as they are on this machine; a sentence where it is not here."""
    copy = root / COPIES / reference.name
    if copy.is_dir():
        return folder_files(copy, root)
    if reference.folder:
        folder = root / reference.folder
        return (
            folder_files(folder, root) if folder.is_dir() else f"There is no folder {folder.name}."
        )
    if reference.distribution:
        return distribution_files(reference.distribution)
    return f"It is not here yet: self-refine packs add {reference.text}"


def folder_files(folder: Path, root: Path) -> PackFiles | str:
    """The files below a folder; links that lead out of `root` are refused."""
    found: dict[str, str] = {}
    for at, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if not name.endswith(_ENDINGS):
                continue
            path = Path(at, name)
            got = read_contained(path, root)
            if isinstance(got, Refused):
                return f"{path.name}: {got.message}"
            found[path.relative_to(folder).as_posix()] = got.text
            if len(found) > MOST_FILES:
                return f"It has more than {MOST_FILES} files."
    return PackFiles(folder=folder, files=found)


def distribution_files(name: str) -> PackFiles | str:
    """The criteria files that an installed distribution brought, by its own list."""
    try:
        distribution = metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):
        return f"No distribution {name} is installed: pip install {name}"
    listed = [p for p in distribution.files or () if PurePosixPath(str(p)).name.endswith(SUFFIX)]
    if not listed:
        return f"The distribution {name} has no criteria files."
    folder = Path(str(listed[0].locate())).parent
    for path in listed[1:]:
        while not Path(str(path.locate())).is_relative_to(folder):
            folder = folder.parent
    taken = folder_files(folder, folder)
    if isinstance(taken, str):
        return taken
    return PackFiles(folder=folder, files=taken.files, revision=distribution.version)
