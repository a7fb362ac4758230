"""The workspace with a candidate in its place: in a namespace where that can be, else a copy."""

import shutil
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from self_refine.tools.running.run_command import Command, Running, Way
from self_refine.tools.scratch.scratch_copy import ScratchCopy

_TEMP = "/tmp/self-refine-temp"  # noqa: S108 - in a namespace, where `/tmp` is the command's own
_lock = threading.Lock()
_ways: dict[Path, Way] = {}


@dataclass(slots=True)
class ScratchView:
    """How the commands of one run see the workspace."""

    root: Path
    """Of the workspace, links resolved."""
    links: tuple[str, ...] = ()
    _copy: ScratchCopy | None = None

    @property
    def way(self) -> Way:
        """Which way is taken; found out once for each workspace, in some 0.2 s."""
        with _lock:
            if self.root not in _ways:
                _ways[self.root] = "namespace" if _can_be_alone(self.root) else "copy"
            return _ways[self.root]

    @property
    def seen_root(self) -> Path:
        """The workspace as commands see it.

        Raises:
            OSError: it is to be copied, and cannot be.
        """
        return self.root if self.way == "namespace" else self._copied().root

    @property
    def temp(self) -> str:
        """The folder for temporary files.

        Raises:
            OSError: as for `seen_root`.
        """
        return _TEMP if self.way == "namespace" else str(self._copied().temp)

    def put(self, path: str, data: bytes) -> tuple[tuple[str, bytes], ...]:
        """Put a file in its place; what the command is to bring there itself.

        Raises:
            OSError: it cannot be written.
        """
        if self.way == "namespace":
            return ((path, data),)
        self._copied().put(path, data)
        return ()

    def further_variables(self) -> dict[str, str]:
        """What a command needs to find the candidate, not the original."""
        return {} if self._copy is None else {"PYTHONPATH": ":".join(self._copy.import_roots())}

    def close(self) -> None:
        """Remove what was copied."""
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def _copied(self) -> ScratchCopy:
        if self._copy is None:
            self._copy = ScratchCopy(self.root, self.links)
        return self._copy


def _can_be_alone(root: Path) -> bool:
    """Whether a command can have the workspace for itself: tried, since systems differ."""
    program = shutil.which("cat")
    if sys.platform != "linux" or program is None:
        return False
    name = ".self-refine-probe"
    command = Command(
        argv=(program, name),
        cwd=str(root),
        env={},
        temp=_TEMP,
        way="namespace",
        workspace=str(root),
        home=str(Path.home()),
        files=((name, b"seen"),),
        seconds=5,
    )
    return Running(command).run().stdout == "seen"
