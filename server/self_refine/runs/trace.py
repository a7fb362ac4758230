"""Owns the trace: one append-only file of JSON Lines for each run, in the user's state folder.

A trace holds the user's text, so only the user can read it (mode 0600; on Windows the profile
folder's own rights do that), and it goes after 30 days or when all of them pass 100 MB.
"""

import dataclasses
import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from self_refine.folder_handle import write_all
from self_refine.models.worker_loop import give_way
from self_refine.safe_write import close_file, open_new, private_folder

_log = logging.getLogger(__name__)

KEPT_DAYS = 30
KEPT_BYTES = 100_000_000


class Trace(Protocol):
    """Takes what happened in a run, in order."""

    def write(self, event: str, **values: Any) -> None:
        """Record `event`; `values` may hold dataclasses and enumerations."""

    def close(self) -> None:
        """Nothing more will come."""


class NoTrace:
    """Records nothing: `trace = false`, or a state folder that cannot be written."""

    def write(self, event: str, **values: Any) -> None:
        """Forget it."""

    def close(self) -> None:
        """Nothing to close."""


class FileTrace:
    """Appends to one file; the first failure is logged, and the run goes on without a trace.

    A thread of its own writes, in order: a version with hundreds of findings takes milliseconds.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._clock = clock
        self._began = clock()
        self._descriptor: int | None = open_new(path)
        self._thread = ThreadPoolExecutor(1, "trace", initializer=give_way)

    def write(self, event: str, **values: Any) -> None:
        """Append one line, soon: `event`, `ms` since the run began, and the values."""
        if self._descriptor is not None:
            milliseconds = round((self._clock() - self._began) * 1000)
            self._thread.submit(self._append, {"event": event, "ms": milliseconds, **values})

    def close(self) -> None:
        """Write what is still to be written, and close the file; a second time does nothing."""
        self._thread.shutdown(wait=True)
        self._let_go()

    def _append(self, values: dict[str, Any]) -> None:
        if self._descriptor is None:
            return
        try:
            line = json.dumps(values, default=_plain)
            write_all(self._descriptor, line.encode("utf-8", "surrogatepass") + b"\n")
        except OSError as error:
            _log.warning("The trace of this run ends here: %s", error.strerror)
            self._let_go()
        except (TypeError, ValueError) as error:
            _log.warning("The trace of this run lacks a line: %s", type(error).__name__)

    def _let_go(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                close_file(self._descriptor)
            self._descriptor = None


def open_trace(folder: Path, run_id: str) -> Trace:
    """A trace for `run_id` under `folder`/runs, after old ones were pruned; never raises."""
    runs = folder / "runs"
    try:
        private_folder(runs)
        prune(runs, now=time.time())
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        return FileTrace(runs / f"{stamp}-{run_id}.jsonl")
    except OSError as error:
        _log.warning("This run leaves no trace: %s: %s", runs, error.strerror)
        return NoTrace()


def read_trace(folder: Path, run_id: str) -> Iterator[dict[str, Any]]:
    """The lines of the trace of `run_id`, none where there is no such file.

    A line that a full disk or a kill has cut off is left out.
    """
    for path in (folder / "runs").glob(f"*-{run_id}.jsonl"):
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            with suppress(ValueError, RecursionError):
                if isinstance(values := json.loads(line), dict):
                    yield values


def prune(runs: Path, *, now: float) -> None:
    """Remove traces older than 30 days, and the oldest while all together pass 100 MB.

    Args:
        runs: the folder of the traces.
        now: seconds since the epoch.
    """
    found = sorted(((p.stat(), p) for p in runs.glob("*.jsonl")), key=lambda pair: pair[0].st_mtime)
    total = sum(stat.st_size for stat, _ in found)
    for stat, path in found:
        too_old = stat.st_mtime < now - KEPT_DAYS * 86_400
        if not too_old and total <= KEPT_BYTES:
            break
        with suppress(OSError):
            path.unlink()
        total -= stat.st_size


def _plain(value: Any) -> Any:
    """What JSON can hold, of what runs are made of."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    return str(value)
