"""Finding and ending every process that a command has started, those too that left its group."""

import ctypes
import os
import signal
import sys
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SUBREAPER, _DEATH_SIGNAL = 36, 1
PATIENCE = 5.0
"""Seconds in which everything that is killed has to be gone."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What processes use together."""

    memory: int = 0
    """Bytes that are in memory; what several share counts for each."""
    processes: int = 0


def take_orphans() -> None:
    """Become the parent of whatever our descendants leave behind (Linux)."""
    _prctl(_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the parent is gone (Linux)."""
    _prctl(_DEATH_SIGNAL, signal.SIGKILL)


def _prctl(what: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(what, value, 0, 0, 0)


def usage_of_all(most: int) -> Usage:
    """What every process that `/proc` shows uses: in a namespace, those of the namespace."""
    return _usage(_processes(), most)


def usage_of_descendants(most: int) -> Usage:
    """What our descendants use."""
    return _usage(descendants(), most)


def end_descendants() -> None:
    """Kill all descendants: first all are stopped, so that none forks while others are killed."""
    until = time.monotonic() + PATIENCE
    stopped: set[int] = set()
    while time.monotonic() < until:
        found = set(descendants())
        if new := found - stopped:
            _signal(new, signal.SIGSTOP)
            stopped |= new
            continue
        if not found:
            return
        _signal(found, signal.SIGKILL)
        _bury()


def _signal(processes: set[int], how: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, how)


def _bury() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def descendants() -> list[int]:
    """Process ids of all that stem from this process; elsewhere than on Linux none."""
    children: dict[int, list[int]] = defaultdict(list)
    for process in _processes():
        with suppress(OSError, ValueError, IndexError):
            words = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
            state, parent, *_ = words.rpartition(")")[2].split()
            if state != "Z":
                children[int(parent)].append(process)
    found: list[int] = []
    left = list(children[os.getpid()])
    while left:
        process = left.pop()
        found.append(process)
        left += children.pop(process, ())
    return found


def _processes() -> list[int]:
    try:
        with os.scandir("/proc") as entries:
            return [int(entry.name) for entry in entries if entry.name.isdigit()]
    except OSError:
        return []


def _usage(processes: list[int], most: int) -> Usage:
    """With more processes than `most`, there is no time to ask each what it holds."""
    pages = 0
    for process in processes if len(processes) <= most else ():
        with suppress(OSError, ValueError, IndexError):
            pages += int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return Usage(memory=pages * os.sysconf("SC_PAGE_SIZE"), processes=len(processes))
