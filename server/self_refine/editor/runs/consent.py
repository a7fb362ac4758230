"""Owns remembering which models the user was told about: what is sent where is said once each."""

import json
import logging
from pathlib import Path

from self_refine.safe_write import private_folder, write_file

_log = logging.getLogger(__name__)
_MOST = 200

_told: set[tuple[Path, str]] = set()
"""What this server has told: a folder that cannot be written is no reason to repeat it."""


class FirstUse:
    """A file in the user's own state folder; a repository cannot write it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "told.json"

    def is_new(self, host: str, model: str) -> bool:
        """Whether this pair was never told of; from now on it was. Never raises."""
        pair = f"{model} at {host}"
        if (self._path, pair) in _told:
            return False
        _told.add((self._path, pair))
        told = self._read()
        if pair in told:
            return False
        self._write([*told, pair][-_MOST:])
        return True

    def _read(self) -> list[str]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [pair for pair in told if isinstance(pair, str)] if isinstance(told, list) else []

    def _write(self, told: list[str]) -> None:
        try:
            private_folder(self._path.parent)
            write_file(self._path, json.dumps(told).encode())
        except OSError as error:
            _log.warning("What was said on first use is not remembered: %s", error.strerror)
