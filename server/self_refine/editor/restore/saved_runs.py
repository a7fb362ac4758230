"""The files that say where runs stand in their documents: one for each document.

They hold no words of the document: where something stands in it, and its hash.
"""

import hashlib
import json
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cattrs

from self_refine.safe_write import private_folder, write_file

_log = logging.getLogger(__name__)

_MOST_FILES = 200
"""Documents that are remembered; the ones that were written longest ago are forgotten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedChange:
    """Where a change stands."""

    start: int | None
    """Offset of its words; None where the user's own stand there."""
    is_new: bool
    decision: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedRun:
    """One run of a document."""

    id: str
    kind: str
    title: str
    state: str
    """`waiting`, `landed`, or `ended` where there is nothing to review."""
    region: tuple[int, int]
    """The stretch of the document that belongs to the run."""
    whole: bool
    """Whether the original stands there."""
    language: str
    model: str = ""
    reason: str = ""
    review_first: bool = False
    criteria: tuple[str, ...] = ()
    instruction: str = ""
    began: str = ""
    changes: tuple[SavedChange, ...] = ()
    notes: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Where each of its notes stands, by its number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedDocument:
    """The runs of a document as it was."""

    uri: str
    digest: str
    runs: tuple[SavedRun, ...]


class SavedRuns:
    """The folder of these files, in the user's own state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "reviews"

    def write(self, document: SavedDocument) -> None:
        """Remember a document; one without runs is forgotten. Never raises."""
        path = self._path(document.uri)
        try:
            if not document.runs:
                path.unlink(missing_ok=True)
                return
            private_folder(self._folder)
            write_file(path, json.dumps(cattrs.unstructure(document)).encode())
            self._prune()
        except OSError as error:
            _log.warning("Where runs stand is not remembered: %s", error.strerror)

    def read(self, uri: str) -> SavedDocument | None:
        """What is remembered of a document. Never raises."""
        try:
            values: Any = json.loads(self._path(uri).read_text(encoding="utf-8"))
            return cattrs.structure(values, SavedDocument)
        except (OSError, ValueError, RecursionError, cattrs.BaseValidationError, TypeError):
            return None

    def _path(self, uri: str) -> Path:
        name = hashlib.sha256(uri.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._folder / f"{name}.json"

    def _prune(self) -> None:
        found = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in found[:-_MOST_FILES]:
            with suppress(OSError):
                path.unlink()
