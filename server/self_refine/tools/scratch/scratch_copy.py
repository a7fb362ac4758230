"""A copy of the workspace for systems without namespaces: what git knows, and links to the rest.

A command can write outside of it, and through the links; the documentation says so.
"""

import os
import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from self_refine.folder_handle import is_running
from self_refine.tools.related_tests import workspace_files

_MOST_FILES, _MOST_BYTES = 20_000, 500 * 1024 * 1024
_LINKED = (".venv", "venv", "node_modules", "vendor", "target")
_BEGINS = "self-refine-scratch-"


class TooLargeError(OSError):
    """The workspace is too large to be copied; the text is a clause."""


class ScratchCopy:
    """One copy, reused for all candidates of a run."""

    def __init__(self, root: Path, links: Sequence[str]) -> None:
        """Copy.

        Raises:
            OSError: it is too large (TooLargeError), or cannot be copied.
        """
        remove_left_copies()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_BEGINS}{os.getpid()}-"))
        self.root = self._folder / "workspace"
        self.temp = self._folder / "temp"
        self._ticks = 0
        try:
            self.root.mkdir()
            self.temp.mkdir()
            _copy(root, self.root)
            _link(root, self.root, (*_LINKED, *links))
        except BaseException:
            self.close()
            raise

    def put(self, path: str, data: bytes) -> None:
        """Write a file of the copy, two seconds later than any version of it before."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.stat().st_mtime if file.exists() else 0.0
        file.unlink(missing_ok=True)
        file.write_bytes(data)
        self._ticks += 2
        later = max(file.stat().st_mtime, before) + self._ticks
        os.utime(file, (later, later))

    def import_roots(self) -> list[str]:
        """Where Python is to look first: an installed copy of the project is the original."""
        roots = [self.root / "src", *(self.root / name for name in self._package_folders())]
        return [str(folder) for folder in (*roots, self.root) if folder.is_dir()]

    def _package_folders(self) -> list[str]:
        try:
            project = tomllib.loads((self.root / "pyproject.toml").read_text("utf-8"))
            named = project["tool"]["setuptools"]["package-dir"].values()
            return [name for name in named if isinstance(name, str) and ".." not in name]
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return []

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self._folder, ignore_errors=True)


def remove_left_copies() -> None:
    """Remove the copies of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_BEGINS}*"):
        owner = folder.name.removeprefix(_BEGINS).partition("-")[0]
        if owner.isdigit() and not is_running(int(owner)) and not folder.is_symlink():
            with suppress(OSError):
                if folder.stat().st_uid == os.getuid():
                    shutil.rmtree(folder, ignore_errors=True)


def _copy(root: Path, to: Path) -> None:
    names = workspace_files(root)
    if len(names) > _MOST_FILES:
        raise TooLargeError(f"the workspace is too large to copy ({len(names):,} files)")
    size = 0
    for name in names:
        source, target = root / name, to / name
        if name.split("/")[0] in _LINKED:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            if source.resolve().is_relative_to(root):
                target.symlink_to(source.readlink())
        elif source.is_file():
            size += source.stat().st_size
            if size > _MOST_BYTES:
                raise TooLargeError("the workspace is too large to copy (over 500 MB)")
            shutil.copy2(source, target)


def _link(root: Path, to: Path, names: Sequence[str]) -> None:
    for name in dict.fromkeys(names):
        if (root / name).is_dir() and not (to / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            (to / name).symlink_to((root / name).resolve())
