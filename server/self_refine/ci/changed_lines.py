"""Which lines of which files differ from a base, as `git diff` against the merge base says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from self_refine.ci.git import GitProblem, merge_base, run_git

_HUNK = re.compile(rb"^@@ -[0-9]+(?:,[0-9]+)? \+([0-9]+)(?:,([0-9]+))? @@", re.MULTILINE)
_ONE_FILE = re.compile(rb"^diff --git ", re.MULTILINE)
# A user's settings may change the prefixes. Copies are not looked for: that compares all files.
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/",
         "--dst-prefix=b/", "-M", "--ignore-submodules")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """What of one file is new. Lines count from 1."""

    lines: tuple[range, ...]
    """Added or rewritten lines of the work tree; a place where lines went is an empty range."""
    is_new: bool = False
    """Whether the base has no such file, under this name or an older one."""
    was: PurePosixPath | None = None
    """The name in the base where it was another."""

    def touches(self, first: int, last: int, margin: int = 0) -> bool:
        """Whether one of the lines `first` to `last` is new, or stands within `margin` of one."""
        if self.is_new:
            return True
        return any(
            first - margin < max(each.stop, each.start + 1) and each.start <= last + margin
            for each in self.lines
        )


Changes = Mapping[PurePosixPath, Changed]
"""By path relative to the root of the work tree."""


def changes_since(root: Path, ref: str) -> Changes | GitProblem:
    """What the work tree at `root` changes since it parted from `ref`, untracked files included."""
    base = merge_base(root, ref)
    if isinstance(base, GitProblem):
        return base
    names = run_git(root, *_DIFF, "--name-status", "-z", base, "--")
    patch = run_git(root, *_DIFF, "-U0", base, "--")
    untracked = run_git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if isinstance(names, GitProblem):
        return names
    if isinstance(patch, GitProblem):
        return patch
    if isinstance(untracked, GitProblem):
        return untracked
    found = dict(_changed(list(_entries(names)), patch))
    return found | {path: Changed((), is_new=True) for path in _paths(untracked)}


def _changed(
    entries: list[tuple[str, PurePosixPath, PurePosixPath | None]], patch: bytes
) -> Iterator[tuple[PurePosixPath, Changed]]:
    """Pair each entry with its part of the patch; git lists both in the same order."""
    starts = [found.start() for found in _ONE_FILE.finditer(patch)]
    parts = [patch[at:end] for at, end in zip(starts, [*starts[1:], len(patch)], strict=True)]
    for (status, path, was), part in zip(entries, parts, strict=False):
        if status != "D":
            yield path, Changed(tuple(_ranges(part)), is_new=status == "A", was=was)


def _ranges(part: bytes) -> Iterator[range]:
    for found in _HUNK.finditer(part):
        start, count = int(found[1]), int(found[2] or 1)
        yield range(start, start + count)


def _entries(names: bytes) -> Iterator[tuple[str, PurePosixPath, PurePosixPath | None]]:
    """Status, path, and the path before it was renamed; a rename has three fields."""
    fields = iter(_texts(names))
    for status in fields:
        first = PurePosixPath(next(fields))
        if status[:1] in {"R", "C"}:
            yield status[:1], PurePosixPath(next(fields)), first
        else:
            yield status[:1], first, None


def _paths(listed: bytes) -> Iterator[PurePosixPath]:
    return (PurePosixPath(name) for name in _texts(listed))


def _texts(listed: bytes) -> Iterator[str]:
    return (each.decode("utf-8", "surrogateescape") for each in listed.split(b"\0") if each)
