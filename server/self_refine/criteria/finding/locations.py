"""Owns where criteria files lie: below which folders of a workspace, and where those that ship."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from self_refine.criteria.finding.foreign_owner import is_own

SUFFIX = ".criteria.md"
CONFIG = "self-refine.toml"
FOLDERS = ("criteria", ".self-refine")
_SKIPPED = frozenset({*FOLDERS, "node_modules", "__pycache__", "vendor", "target", "dist"})
_DEEPEST_FOLDER = 20
"""Folders on the way from a workspace to a text that are looked into."""
MOST_ENTRIES = 20_000
"""Of folders below `criteria/`: a link to a huge tree must not hold the editor up."""


def workspace_root(path: Path) -> Path:
    """The nearest folder above that holds `.git`; else `.self-refine` or a criteria file.

    Folders of a repository may have criteria of their own: its root is that of all of them. Where
    nothing says so, the folder of the file, or the folder itself. What another user of the machine
    has put there makes no root.
    """
    start = path.resolve()
    folder = start if start.is_dir() else start.parent
    above = (folder, *folder.parents)
    repository = next((at for at in above if _is_repository(at)), None)
    return repository or next((at for at in above if _is_root(at)), folder)


def nested_folders(root: Path, folders: Iterable[Path]) -> tuple[Path, ...]:
    """The folders below a workspace on the way to these and they themselves, outermost first."""
    found: set[Path] = set()
    for folder in folders:
        if folder.is_relative_to(root):
            steps = folder.relative_to(root).parts[:_DEEPEST_FOLDER]
            found |= {root.joinpath(*steps[:n]) for n in range(1, len(steps) + 1)}
    return tuple(sorted(found, key=lambda path: (len(path.parts), path)))


def folders_with_criteria(root: Path) -> tuple[Path, ...]:
    """The folders below a workspace that have criteria files of their own, found by looking down.

    Hidden folders and those of packages are left out, and so is what lies in folders of criteria.
    """
    found: list[Path] = []
    entries = 0
    for at, folders, names in os.walk(root):
        entries += len(names) + len(folders)
        if entries > MOST_ENTRIES:
            break
        here = Path(at)
        if here != root and _is_root(here):
            found.append(here)
        folders[:] = [name for name in folders if name[0] != "." and name not in _SKIPPED]
    return tuple(found)


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


def _is_repository(folder: Path) -> bool:
    # `Path.exists` raises where a folder may not be entered; this does not.
    return os.path.lexists(folder / ".git") and is_own(folder / ".git")


def _is_root(folder: Path) -> bool:
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
