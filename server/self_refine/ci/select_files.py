"""Which files `check` looks at: those that are named, and those below named folders."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from self_refine.ci.git import GitProblem, run_git

_LEFT_OUT = {"node_modules", "__pycache__", "venv"}
"""Folders that hold nobody's texts; outside of git nothing else says so."""


@dataclass(frozen=True, slots=True)
class Selected:
    """One file to look at."""

    path: PurePosixPath
    """Relative to the root; absolute where it lies outside."""
    is_named: bool
    """Whether the user named the file itself."""


def select_files(root: Path, here: Path, names: Sequence[str]) -> list[Selected] | str:
    """The files, each once, in order of their paths; a sentence where a name is no path."""
    chosen: dict[PurePosixPath, Selected] = {}
    for name in names or ["."]:
        path = (here / name).absolute()
        if path.is_dir():
            found = [Selected(each, is_named=False) for each in _below(root, path)]
        elif path.exists():
            found = [Selected(_relative(root, path), is_named=True)]
        else:
            return _no_path(name, here)
        for each in found:
            if each.is_named or each.path not in chosen:
                chosen[each.path] = each
    return [chosen[path] for path in sorted(chosen)]


def _no_path(name: str, here: Path) -> str:
    known = run_git(
        here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
    )
    if not isinstance(known, GitProblem):
        return (
            f"There is no file or folder {name!r}. To compare with that commit, write "
            f"--diff-base {name}."
        )
    return f"There is no file or folder {name!r}. Name one that exists, or leave it out."


def _below(root: Path, folder: Path) -> Iterator[PurePosixPath]:
    listed = run_git(folder, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if isinstance(listed, GitProblem):
        yield from _walked(root, folder)
        return
    for name in dict.fromkeys(listed.split(b"\0")):
        path = folder / os.fsdecode(name)
        # Links are left to what they lead to; what was deleted in the work tree is not there.
        if name and not path.is_symlink() and path.is_file():
            yield _relative(root, path)


def _walked(root: Path, folder: Path) -> Iterator[PurePosixPath]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _LEFT_OUT)
        for name in sorted(names):
            path = Path(at, name)
            if not name.startswith(".") and not path.is_symlink():
                yield _relative(root, path)


def _relative(root: Path, path: Path) -> PurePosixPath:
    whole = Path(os.path.normpath(path))
    inside = whole.is_relative_to(root)
    return PurePosixPath((whole.relative_to(root) if inside else whole).as_posix())
