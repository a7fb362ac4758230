"""Whose folders are: what another user of the machine has put above a text is not trusted.

Criteria are looked for in the folders above a text, as git looks for its own. On a machine that
several people use, one of them could put `criteria/` into a folder above everybody's, such as
`/tmp`. So ownership decides, as in git since CVE-2022-24765, and git's `safe.directory` says which
folders of others are trusted all the same. Unlike git, what belongs to root is trusted: whoever is
root can change this program, too. Windows tells no owner that could be compared: all is trusted.
"""

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_MOST_BYTES = 256 * 1024
"""Of a settings file of git."""


def is_own(path: Path) -> bool:
    """Whether a folder or file may be trusted: it and the folder it lies in are the user's own.

    What does not exist is nobody's, and so no danger.
    """
    if sys.platform == "win32":
        return True
    return all(_is_own(each) for each in (path, path.parent)) or _is_safe(path.parent)


def sentence(path: Path) -> str:
    """Why something is not trusted, and what to do."""
    folder = path.parent
    return (
        f"{path.name} in {folder} belongs to another user of this machine, so it is not read. "
        f"If you trust it: git config --global --add safe.directory {folder}"
    )


def _is_own(path: Path) -> bool:
    try:
        owner = os.lstat(path).st_uid
    except (OSError, ValueError):
        return True
    return owner in _users()


def _users() -> set[int]:
    """The user, root, and who has become root by sudo."""
    if sys.platform == "win32":
        return set()
    sudo = os.environ.get("SUDO_UID", "")
    became = {int(sudo)} if os.geteuid() == 0 and sudo.isdecimal() and len(sudo) < 12 else set()
    return {os.geteuid(), 0} | became


def _is_safe(folder: Path) -> bool:
    """Whether git's settings name a folder of another user as safe."""
    names = {str(folder), str(folder.resolve())}
    for value in _safe_directories(_files()):
        known = value.removesuffix("/") or value
        below = known.removesuffix("*") if known.endswith("/*") else None
        if known == "*" or known in names:
            return True
        if below is not None and any(name.startswith(below) for name in names):
            return True
    return False


def _files() -> tuple[tuple[Path, int], ...]:
    """The user's own settings of git and the machine's, each with its time of change."""
    home = Path.home()
    base = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
    files = (Path("/etc/gitconfig"), Path(base) / "git" / "config", home / ".gitconfig")
    return tuple((file, _changed(file)) for file in files)


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=8)
def _safe_directories(files: tuple[tuple[Path, int], ...]) -> tuple[str, ...]:
    """The values of `safe.directory`; an empty one takes back those before it."""
    found: list[str] = []
    for file, changed in files:
        for value in _values(file) if changed else ():
            found = [*found, value] if value else []
    return tuple(os.path.expanduser(value) for value in found)  # noqa: PTH111 - may end in /*


def _values(file: Path) -> Iterator[str]:
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return
    section = ""
    for line in (line.strip() for line in text.split("\n")):
        if line.startswith("["):
            section = line.strip("[]").strip().lower()
        elif section == "safe":
            name, equals, value = line.partition("=")
            if equals and name.strip().lower() == "directory":
                yield value.strip().strip('"')
