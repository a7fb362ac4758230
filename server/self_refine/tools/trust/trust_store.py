"""Which commands the user has allowed: a file of theirs, outside of every workspace."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from self_refine.safe_write import private_folder, write_file
from self_refine.tools.trust.wanted import Wanted, read_wanted

_MOST = 500
_MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Allowed:
    """Exactly this was allowed."""


@dataclass(frozen=True, slots=True)
class Changed:
    """It was allowed when it was something else."""

    was: Wanted


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody has allowed it."""


Trust = Allowed | Changed | NotAsked


class TrustStore:
    """The file. Reading never raises: what cannot be read allows nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "commands.json"

    def trust(self, wanted: Wanted) -> Trust:
        """Whether a command may run."""
        known = [each for each in self.all() if each.place == wanted.place]
        if any(each.fingerprint == wanted.fingerprint for each in known):
            return Allowed()
        return Changed(known[-1]) if known else NotAsked()

    def all(self) -> tuple[Wanted, ...]:
        """Everything that is allowed."""
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                return ()
            kept: Any = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return ()
        listed = kept.get("allowed") if isinstance(kept, dict) else None
        found = [read_wanted(each) for each in listed] if isinstance(listed, list) else []
        return tuple(each for each in found if each is not None)

    def allow(self, wanted: Wanted) -> None:
        """Allow exactly this, in the place of what was allowed of the same check.

        Raises:
            OSError: it cannot be kept.
        """
        others = [each for each in self.all() if each.place != wanted.place]
        self._write([*others, wanted])

    def revoke(self, wanted: Wanted) -> None:
        """Allow no command of this check any more.

        Raises:
            OSError: the file cannot be written.
        """
        self._write([each for each in self.all() if each.place != wanted.place])

    def _write(self, allowed: Sequence[Wanted]) -> None:
        private_folder(self._path.parent)
        kept = {"allowed": [each.as_json for each in allowed[-_MOST:]]}
        write_file(self._path, json.dumps(kept, indent=1).encode())
