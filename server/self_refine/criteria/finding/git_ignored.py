"""Which files git leaves out, and which a user's own patterns name; git itself is not run.

Git's settings in a repository can name programs to start, so the ignore files are read here. The
patterns are matched by pathspec over RE2: a hostile `.gitignore` would make Python's `re` hang.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most servers never ask
    from pathspec import GitIgnoreSpec

_MOST_BYTES = 256 * 1024
"""Of an ignore file: no larger one is read, since a repository may have written it."""
_MOST_INDEX = 32 * 1024 * 1024


def is_ignored(path: Path, root: Path) -> bool:
    """Whether git leaves a file out: by a file of the repository, or by the user's own.

    A file that the repository holds all the same is not ignored.

    Args:
        path: absolute.
        root: the workspace folder; the repository may begin above it.
    """
    path, root = path.resolve(), root.resolve()
    top = next((at for at in (root, *root.parents) if (at / ".git").exists()), None)
    if top is None or not path.is_relative_to(top):
        return False
    return _verdict(top, path) and not _is_tracked(top, path.relative_to(top))


def _verdict(top: Path, path: Path) -> bool:
    """Go down from the top: what lies in an ignored folder is ignored, whatever stands below."""
    rules: list[tuple[Path, GitIgnoreSpec]] = list(_for_all(top))
    inside = [folder for folder in path.parents if folder.is_relative_to(top)]
    for folder, at in zip(reversed(inside), [*reversed(inside[:-1]), path], strict=True):
        rules += _rules(folder, folder / ".gitignore")
        verdict = False
        for base, spec in rules:
            name = at.relative_to(base).as_posix() + ("" if at == path else "/")
            found = spec.check_file(name).include
            verdict = verdict if found is None else found
        if verdict:
            return True
    return False


def _for_all(top: Path) -> "Iterator[tuple[Path, GitIgnoreSpec]]":
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    yield from _rules(top, Path(base) / "git" / "ignore")
    yield from _rules(top, top / ".git" / "info" / "exclude")


def _rules(folder: Path, file: Path) -> "Iterator[tuple[Path, GitIgnoreSpec]]":
    data = _regular(file, _MOST_BYTES)
    if data:
        yield folder, _spec(tuple(data.decode("utf-8", "replace").splitlines()))


def _is_tracked(top: Path, relative: Path) -> bool:
    """Whether the repository's index names a file: every entry ends its path with a zero byte."""
    index = _regular(top / ".git" / "index", _MOST_INDEX)
    return index is not None and os.fsencode(relative.as_posix()) + b"\0" in index


def is_named(path: Path, globs: Sequence[str]) -> bool:
    """Whether one of the user's patterns, written as in `.gitignore`, names a file.

    Args:
        path: absolute.
        globs: `*.draft.md` names a file anywhere, `notes/private/` a folder anywhere,
            `/srv/texts/` and `~/letters/` one place.
    """
    if not globs:
        return False
    spec = _spec(tuple(_anchored(glob) for glob in globs))
    return bool(spec.match_file(_without_anchor(path)))


def _anchored(glob: str) -> str:
    glob = glob.strip()
    if glob.startswith("~/"):
        end = "/" if glob.endswith("/") else ""
        return f"/{_without_anchor(Path(glob).expanduser())}{end}"
    if glob.startswith(("/", "**/", "!", "#")) or "/" not in glob.rstrip("/"):
        return glob
    return f"**/{glob}"


def _without_anchor(path: PurePath) -> str:
    return path.relative_to(path.anchor).as_posix() if path.anchor else path.as_posix()


@lru_cache(maxsize=64)
def _spec(lines: tuple[str, ...]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - see above

    return GitIgnoreSpec.from_lines(filter(_is_sound, lines), backend="re2")


def _is_sound(line: str) -> bool:
    """Whether a line means anything: pathspec raises on those that git passes over."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - see above

    try:
        GitIgnoreSpec.from_lines([line], backend="re2")
    except ValueError:
        return False
    return True


def _regular(file: Path, most: int) -> bytes | None:
    """What a regular file holds; None where it is none, is too large, or cannot be read."""
    try:
        # A pipe opened for reading would block until somebody writes.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            data = opened.read(most + 1)
    except OSError:
        return None
    return data if len(data) <= most else None
