"""Owns where criteria files lie: below which folders of a workspace, and where those that ship."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from self_refine.criteria.finding.foreign_owner import is_own

SUFFIX = ".criteria.md"
FOLDERS = ("criteria", ".self-refine")
MOST_ENTRIES = 20_000
"""Of folders below `criteria/`: a link to a huge tree must not hold the editor up."""


def workspace_root(path: Path) -> Path:
    """The nearest folder above that holds `.git`, `.self-refine` or a criteria file.

    Where none does, the folder of the file, or the folder itself. What another user of the machine
    has put there makes no root.
    """
    start = path.resolve()
    folder = start if start.is_dir() else start.parent
    return next((at for at in (folder, *folder.parents) if _is_root(at)), folder)


def criteria_files(root: Path) -> Iterator[Path]:
    """Whatever is named like a criteria file in the folders of a workspace that may hold one."""
    for name in FOLDERS:
        if is_own(root / name):
            yield from sorted(_below(root / name))


def foreign(root: Path) -> Iterator[Path]:
    """What another user has put into a workspace folder, or above it where it would be looked for.

    Above a folder that has a mark of its own nothing is looked for.
    """
    above = () if _is_root(root) else root.parents
    for folder in (root, *above):
        if above and _is_root(folder):
            return
        for name in (*FOLDERS, ".git"):
            path = folder / name
            if os.path.lexists(path) and not is_own(path):
                yield path


def pack_folder() -> Path:
    """`self_refine/packs` in an installed wheel, `criteria/` in a checkout."""
    package = Path(__file__).parents[2]
    packs = package / "packs"
    return packs if packs.is_dir() else package.parent.parent / "criteria"


def pack_files() -> tuple[Path, ...]:
    """The criteria files that ship, in order of their names."""
    folder = pack_folder()
    return tuple(sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX)))


def _is_root(folder: Path) -> bool:
    # `Path.exists` raises where a folder may not be entered; these do not.
    if os.path.lexists(folder / ".git") and is_own(folder / ".git"):
        return True
    if stat.S_ISDIR(_mode(folder / ".self-refine")) and is_own(folder / ".self-refine"):
        return True
    criteria = folder / "criteria"
    return next(_below(criteria), None) is not None and is_own(criteria)


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def _below(folder: Path) -> Iterator[Path]:
    """Criteria files below a folder; linked folders are not entered."""
    entries = 0
    for at, folders, names in os.walk(folder):
        folders.sort()
        entries += len(names) + len(folders)
        if entries > MOST_ENTRIES:
            return
        for name in names:
            if name.lower().endswith(SUFFIX):
                yield Path(at, name)
