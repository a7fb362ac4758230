"""Owns reading files that a repository provides: contained, regular, small, never blocking."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from self_refine.criteria.finding.git_ignored import is_ignored
from self_refine.criteria.finding.key_files import holds_keys

MOST_BYTES = 64 * 1024
"""No criteria file or word list that people keep is larger."""
MOST_SCHEMA_BYTES = 1024 * 1024
"""Schemas of well-known formats have some hundred kB."""


@dataclass(frozen=True, slots=True)
class Got:
    """What the file holds."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file is not read; `before` is what could be decoded ahead of a wrong byte."""

    message: str
    before: str = ""
    code: str = "CR214"


def read_contained(
    path: Path, root: Path, *, hidden: bool = True, most: int = MOST_BYTES
) -> Got | Refused:
    """Read a UTF-8 file that lies, links resolved, inside `root`.

    Args:
        path: of the file.
        root: the folder that it must lie in.
        hidden: whether it may be hidden, or lie in a hidden folder other than `.self-refine`.
        most: bytes that it may have.
    """
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        return Refused(f"It cannot be read: {_reason(error)}.")
    inside = root.resolve()
    if not real.is_relative_to(inside):
        return Refused("It lies outside the workspace, so it is not read.")
    named = _is_led_to(path, real, root) or not hidden
    if named and (why := _private(real, inside)):
        return Refused(f"It {why}, so it is not read.")
    return _read_regular(real, most)


def _is_led_to(path: Path, real: Path, root: Path) -> bool:
    """Whether a link below the root leads to a file, and so the repository has chosen which."""
    at = path.absolute()
    below = at.relative_to(root.absolute()) if at.is_relative_to(root.absolute()) else None
    return below is None or root.resolve() / below != real


def _private(real: Path, root: Path) -> str:
    """Why a file that somebody else names is nobody's business, as a clause; "" where it is none.

    `.env` and `.git/config` hold what no criteria file has a use for, and what git ignores may be
    the user's alone: words of it would stand in messages, and go to a model.
    """
    parts = (part for part in real.relative_to(root).parts if part != ".self-refine")
    if any(part.startswith(".") for part in parts):
        return "is hidden"
    if holds_keys(real.relative_to(root)):
        return "is there to hold secrets"
    return "is ignored by git" if is_ignored(real, root) else ""


def named_file(name: str, folder: Path, root: Path) -> Got | Refused:
    """Read a file that a criteria file names relative to its own folder."""
    if "://" in name or name.startswith(("/", "\\", "~")) or "\\" in name or ":" in name[:2]:
        return Refused("A file is named relative to the criteria file, with `/` between folders.")
    schema = name.lower().endswith((".json", ".yaml", ".yml", ".toml"))
    most = MOST_SCHEMA_BYTES if schema else MOST_BYTES
    return read_contained(folder / name, root, hidden=False, most=most)


def _read_regular(path: Path, most: int) -> Got | Refused:
    # A pipe opened for reading would block until somebody writes; a device may never end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Refused("It is no regular file, so it is not read.")
        descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Refused("It is no regular file, so it is not read.")
            data = file.read(most + 1)
    except OSError as error:
        return Refused(f"It cannot be read: {_reason(error)}.")
    if len(data) > most:
        return Refused(f"It is larger than {most // 1024} kB, so it is not read.", "", "CR211")
    return _decoded(data)


def _decoded(data: bytes) -> Got | Refused:
    try:
        return Got(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Refused(
            f"Byte 0x{data[error.start]:02X} here is not UTF-8: save the file as UTF-8.",
            data[: error.start].decode("utf-8"),
            "CR212",
        )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "its name leads nowhere"
