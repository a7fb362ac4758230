"""Verdicts of earlier runs, by what was judged: an unchanged text judged again costs nothing.

One file holds what was decided of one text under one brief, mode and model; its name is a hash of
all that. Inside, a hash of each criterion leads to its verdict, with the quotes and fixes of its
findings: neither the text nor the question stands there. Files are the user's alone (mode 0600),
and go after 30 days or when all of them pass 50 MB.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from self_refine.loop.prompt.prompt import PROMPT_VERSION
from self_refine.loop.task import Task
from self_refine.loop.types import Criterion, Known
from self_refine.runs.known_json import read_known, write_known
from self_refine.safe_write import private_folder, write_file
from self_refine.settings import Settings, cache_path

_log = logging.getLogger(__name__)

KEPT_DAYS = 30
KEPT_BYTES = 50_000_000
_LARGEST = 1_000_000
"""Bytes of one file; a larger one is not ours."""


def open_cache(settings: Settings) -> "VerdictCache | None":
    """The user's cache; None where the setting `cache` is off."""
    return VerdictCache(cache_path()) if settings.cache else None


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decided: the endpoint's host, and the model's name there."""

    host: str
    model: str


class Verdicts(Protocol):
    """What was decided in earlier runs. Never raises; called in threads."""

    def recall(self, task: Task, judge: Judge, text: str, ids: Sequence[str]) -> tuple[Known, ...]:
        """What is known of a text under the criteria with these ids."""

    def remember(self, task: Task, judge: Judge, text: str, known: Iterable[Known]) -> None:
        """Keep what was decided."""


class VerdictCache:
    """Keeps verdicts in a folder; the first failure is logged, and it goes on without."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        self._works, self._pruned = True, False

    def recall(self, task: Task, judge: Judge, text: str, ids: Sequence[str]) -> tuple[Known, ...]:
        """See `Verdicts.recall`; what a file says that cannot be is left out."""
        path = self._path(task, judge, text)
        entries = self._read(path)
        criteria = {c.id: c for c in task.criteria}
        found = (
            read_known(entries[key], criteria[id_], text)
            for id_ in ids
            if id_ in criteria and (key := criterion_key(criteria[id_], task)) in entries
        )
        return tuple(known for known in found if known is not None)

    def remember(self, task: Task, judge: Judge, text: str, known: Iterable[Known]) -> None:
        """See `Verdicts.remember`."""
        path = self._path(task, judge, text)
        criteria = {c.id: c for c in task.criteria}
        new = {
            criterion_key(criteria[each.criterion], task): write_known(each)
            for each in known
            if each.criterion in criteria
        }
        words = json.dumps(dict(self._read(path)) | new, ensure_ascii=False, separators=(",", ":"))
        if self._works:
            self._write(path, words.encode("utf-8", "surrogatepass"))

    def _path(self, task: Task, judge: Judge, text: str) -> Path:
        name = text_key(task, judge, text)
        return self._folder / "verdicts" / name[:2] / f"{name[2:]}.json"

    def _read(self, path: Path) -> Mapping[str, Any]:
        try:
            status = path.stat()
            if status.st_size > _LARGEST or status.st_mtime < self._oldest():
                return {}
            values = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    def _write(self, path: Path, data: bytes) -> None:
        try:
            private_folder(path.parent)
            write_file(path, data, mode=0o600)
            if not self._pruned:
                self._pruned = True
                prune(self._folder / "verdicts", oldest=self._oldest(), most=KEPT_BYTES)
        except OSError as error:
            self._works = False
            _log.warning("Verdicts are not kept: %s: %s", self._folder, error.strerror)

    def _oldest(self) -> float:
        return self._clock() - KEPT_DAYS * 86_400


def text_key(task: Task, judge: Judge, text: str) -> str:
    """Hash of all that a verdict on a text depends on but the criterion."""
    return _hash(
        PROMPT_VERSION,
        judge.host,
        judge.model,
        task.mode,
        task.reading,
        str(task.second_looks),
        task.brief,
        task.before,
        task.after,
        task.language,
        task.first_line_indent,
        text,
    )


def criterion_key(criterion: Criterion, task: Task) -> str:
    """Hash of a criterion's words and inputs; its name and its file may change."""
    return _hash(
        criterion.question,
        criterion.severity,
        criterion.fix,
        criterion.evidence,
        *criterion.exceptions,
        criterion.why,
        str(criterion.absence),
        *(part for pair in criterion.uses for part in pair),
        task.text if criterion.compare_original else "",
    )


def _hash(*parts: str) -> str:
    # Lengths are hashed too: ("a", "bc") is not ("ab", "c").
    words = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def prune(folder: Path, *, oldest: float, most: int) -> None:
    """Remove files from before `oldest`, and the oldest while all together are larger than `most`.

    Args:
        folder: of the cache.
        oldest: seconds since the epoch.
        most: bytes.
    """
    found = sorted(
        ((p.stat(), p) for p in folder.glob("*/*.json")), key=lambda pair: pair[0].st_mtime
    )
    total = sum(status.st_size for status, _ in found)
    for status, path in found:
        if status.st_mtime >= oldest and total <= most:
            break
        with suppress(OSError):
            path.unlink()
        total -= status.st_size
