"""Owns where criteria files lie: below which folders of a workspace, and where those that ship."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

SUFFIX = ".criteria.md"
FOLDERS = ("criteria", ".self-refine")
MOST_ENTRIES = 20_000
"""Of folders below `criteria/`: a link to a huge tree must not hold the editor up."""


def workspace_root(path: Path) -> Path:
    """The nearest folder above that holds `.git`, `.self-refine` or a criteria file.

    Where none does, the folder of the file, or the folder itself.
    """
    start = path.resolve()
    folder = start if start.is_dir() else start.parent
    return next((at for at in (folder, *folder.parents) if _is_root(at)), folder)


def criteria_files(root: Path) -> Iterator[Path]:
    """Whatever is named like a criteria file in the folders of a workspace that may hold one."""
    for name in FOLDERS:
        yield from sorted(_below(root / name))


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
    if os.path.lexists(folder / ".git") or stat.S_ISDIR(_mode(folder / ".self-refine")):
        return True
    return next(_below(folder / "criteria"), None) is not None


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
