"""Owns telling whether files are as they were when they were read, without opening them.

A mark holds which file a path leads to, links followed, when it was written and how large it is.
Another file, one outside the workspace too, has another mark, and is then read with every care.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

Mark = tuple[int, int, int, int, int] | None
"""Device, number, written, changed (nanoseconds since the epoch), bytes; None: no such file."""
Marks = Mapping[Path, Mark]

SETTLED_NS = 2_000_000_000
"""Clocks of file systems tick as slowly as this: a file that was just written may be written once
more and look the same, as git's documentation has it of its index ("racy git")."""


def marks(paths: Iterable[Path]) -> dict[Path, Mark]:
    """The files as they are now."""
    return {path: _mark(path) for path in paths}


def settled(seen: Marks, now: int) -> bool:
    """Whether none of the files was written shortly before `now` or later.

    Args:
        seen: their marks.
        now: nanoseconds since the epoch, before the first of them was read.
    """
    return all(mark is None or max(mark[2:4]) < now - SETTLED_NS for mark in seen.values())


def _mark(path: Path) -> Mark:
    try:
        at = path.stat()
    except (OSError, ValueError):
        return None
    return at.st_dev, at.st_ino, at.st_mtime_ns, at.st_ctime_ns, at.st_size
