"""Owns reading a workspace folder: its criteria files, and what its users have dismissed.

What is as it was is not read again; reading blocks, so it is done in a thread.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from self_refine.criteria.finding.file_stamps import Marks, marks, settled
from self_refine.criteria.silenced import Dismissal, dismissals_path, read_dismissals

if TYPE_CHECKING:  # a workspace that has no criteria files needs neither YAML nor Markdown
    from self_refine.criteria.criteria_file import Library


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """What a workspace folder holds."""

    team: "Library"
    """Its criteria files."""
    dismissed: frozenset[Dismissal] = frozenset()
    marks: Marks | None = field(default=None, compare=False, repr=False)
    """Of all files that were read; None where one may be another by now and look the same."""


def read_folder(
    root: Path | None,
    read_team: "Callable[[Path, frozenset[Path]], Library]",
    last: Folder | None = None,
    texts: frozenset[Path] = frozenset(),
) -> Folder:
    """Read a folder, none for None; gives `last` where all of it is as it was then.

    Args:
        root: the workspace folder.
        read_team: reads its criteria files, and those on the way to texts; blocks.
        last: what was read before.
        texts: folders of texts; they and those on the way to them may have criteria, too.
    """
    from self_refine.criteria.criteria_file import Library  # noqa: PLC0415 - see the top
    from self_refine.criteria.finding.locations import (  # noqa: PLC0415 - see the top
        criteria_files,
        nested_folders,
    )
    from self_refine.criteria.finding.misplaced import astray  # noqa: PLC0415 - see the top

    if root is None:
        return Folder(team=Library((), ()))
    now = time.time_ns()
    folders = (root, *nested_folders(root, texts))
    found = (path for folder in folders for path in criteria_files(folder))
    config = (root / "self-refine.toml", root / "self-refine.lock")
    files = (*found, *(stray.path for stray in astray(root)), *filter(Path.exists, config))
    lists = last.team.lists if last is not None else ()
    seen = marks((*files, dismissals_path(root), *lists))
    if last is not None and last.marks == seen:
        return last
    team = read_team(root, texts) if files else Library((), ())
    # Lists are known once the files have been read: what was written since then is not settled.
    seen = {path: mark for path, mark in seen.items() if path not in lists} | marks(team.lists)
    return Folder(
        team=team,
        dismissed=read_dismissals(root),
        marks=seen if settled(seen, now) else None,
    )
