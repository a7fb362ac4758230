"""Owns finding what was meant for a criteria file and lies, or is called, so that none is read.

Whoever wrote such a file would otherwise take it for criteria that every text meets.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from self_refine.criteria.finding.foreign_owner import is_own, sentence
from self_refine.criteria.finding.locations import FOLDERS, MOST_ENTRIES, SUFFIX, foreign
from self_refine.criteria.finding.safe_files import Got, read_contained

_MOST_LOOKED_AT = 2_000
"""Entries of the workspace's own folder and of those directly below."""
_MOST_READ = 50
"""Markdown files below `criteria/` whose first lines are looked at."""
_NEAR = frozenset({"criteria", "criterion", "criterias", "selfrefine"})
"""Folders that somebody may take for ours; case, `.`, `-` and `_` are left out."""
_NEARLY = re.compile(r"criteria.*\.(?:md|markdown|mdx|txt|ya?ml)\Z")
_OWN_USE = re.compile(r"(?:readme|license|licence|changelog|contributing|index)\b", re.IGNORECASE)
"""Files that lie in any folder, and are about it."""
_BULLET = re.compile(r"^(?:[-*+]|\d{1,3}[.)])[ \t]+\S", re.MULTILINE)
_FRONT = re.compile(r"---[ \t]*\r?\n(?:.*\r?\n){0,20}?criteria:[ \t]*\d")


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A file or a folder that is not read, and what to do about it."""

    path: Path
    message: str
    elsewhere: bool = False
    """Whether another workspace folder may well be the one that it belongs to."""


def astray(root: Path) -> Iterator[Misplaced]:
    """What is not read of a workspace, though it looks as if it should be."""
    yield from (Misplaced(path, sentence(path)) for path in foreign(root))
    yield from _outside(root)
    for name in FOLDERS:
        if is_own(root / name):
            yield from _inside(root / name, root)


def _outside(root: Path) -> Iterator[Misplaced]:
    """Criteria files in the workspace's own folder and in those directly below."""
    folders: list[Path] = []
    for entry in _entries(root):
        if _is_folder(entry):
            if entry.name not in FOLDERS:
                folders.append(Path(entry.path))
        elif entry.name.lower().endswith(SUFFIX):
            yield Misplaced(Path(entry.path), _MOVE)
    left = _MOST_LOOKED_AT
    for folder in folders:
        near = re.sub(r"[._-]", "", folder.name.lower()) in _NEAR
        entries = list(islice(_entries(folder), left))
        left -= len(entries)
        for entry in entries:
            if entry.name.lower().endswith(SUFFIX) and not _is_folder(entry):
                yield Misplaced(Path(entry.path), _MOVE, elsewhere=not near)


_MOVE = (
    "It is not read: criteria files lie below `criteria/` or `.self-refine/` of the workspace "
    "folder. Move it there."
)


def _inside(folder: Path, root: Path) -> Iterator[Misplaced]:
    """What is not read of the folders where criteria files lie."""
    failed: list[OSError] = []
    entries = read = 0
    for at, folders, names in os.walk(folder, onerror=failed.append):
        folders.sort()
        entries += len(names) + len(folders)
        if entries > MOST_ENTRIES:
            yield Misplaced(
                Path(at), f"There are more than {MOST_ENTRIES:,} files: it is not read."
            )
            return
        for name in folders:
            if Path(at, name).is_symlink():
                yield Misplaced(
                    Path(at, name), "It is a link to a folder, so nothing below it is read."
                )
            elif name.lower().endswith(SUFFIX):
                message = "It is a folder, so it is not read; criteria files in it are."
                yield Misplaced(Path(at, name), message)
        for name in sorted(names):
            if not name.lower().endswith(SUFFIX):
                named = _NEARLY.search(name.lower()) is not None
                read += name.lower().endswith((".md", ".mdc"))
                if named or (read <= _MOST_READ and _is_meant(Path(at, name), root)):
                    stem = (
                        re.sub(r"(?<![._-])[._-]*+criteria\Z", "", name.lower().split(".")[0])
                        or "team"
                    )
                    message = f"It is not read: call it {stem}{SUFFIX}."
                    yield Misplaced(Path(at, name), message)
    for error in failed:
        if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
            reason = (error.strerror or "no reason given").lower()
            yield Misplaced(Path(error.filename), f"The folder cannot be read: {reason}.")


def _is_meant(path: Path, root: Path) -> bool:
    """Whether a Markdown file has the front matter of criteria, or a list: any list is one."""
    if not path.name.lower().endswith((".md", ".mdc")) or _OWN_USE.match(path.name):
        return False
    got = read_contained(path, root)
    if not isinstance(got, Got):
        return False
    return _FRONT.match(got.text) is not None or _BULLET.search(got.text) is not None


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder in order of their names; none where it cannot be listed."""
    try:
        with os.scandir(folder) as listed:
            found = list(islice(listed, _MOST_LOOKED_AT))
    except (OSError, ValueError):
        return
    yield from sorted(found, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
