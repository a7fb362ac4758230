"""The child process that reads criteria files and runs their checks, for `check_process.py`.

Patterns of a repository hold the interpreter's lock while they are compiled and matched, and can
take memory without end: here they hold up nobody, and the system ends what overruns.
Messages on standard input and output are pickles, each after its length in eight bytes.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; what Python and its libraries need is a fifth of it."""
_CPU_SECONDS = 60
"""For one request: a backstop for a child whose parent is gone."""


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _limit_memory()
    while (data := read_message(requests)) is not None:
        _limit_time()
        write_message(answers, ("done", _answered(data, answers)))


def _answered(data: bytes, answers: BinaryIO) -> Any:
    name, given = pickle.loads(data)  # noqa: S301 - from our own parent

    def hear(at: object) -> None:
        write_message(answers, ("at", str(at)))

    return _ANSWERS[name](*given, hear)


def read_message(stream: BinaryIO) -> bytes | None:
    """The next message; None at the end of the stream."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    data = stream.read(size := int.from_bytes(head))
    return data if len(data) == size else None


def write_message(stream: BinaryIO, message: object) -> None:
    """Send one message."""
    write_data(stream, pickle.dumps(message))


def write_data(stream: IO[bytes], data: bytes) -> None:
    """Send one message that is pickled already."""
    stream.write(len(data).to_bytes(8) + data)
    stream.flush()


Hear = Callable[[object], None]


def _team(root: Path, folders: tuple[Path, ...], skip: Mapping[str, str], hear: Hear) -> Any:
    from self_refine.criteria.finding.discover import discover  # noqa: PLC0415 - when first asked

    return discover(root, folders, hear=hear, skip=skip)


def _draft(text: str, path: Path, label: str, root: Path | None, hear: Hear) -> Any:
    from self_refine.criteria.finding.discover import read_in_place  # noqa: PLC0415 - as above
    from self_refine.criteria.reading.reader import read  # noqa: PLC0415 - as above
    from self_refine.criteria.showing.wording import wording  # noqa: PLC0415 - as above

    hear(path)
    reading = read(text, path, label) if root is None else read_in_place(path, root, text)
    return (*reading.problems, *wording(reading))


def _run(checks: bytes, subject: Mapping[str, Any], hear: Hear) -> Any:
    from self_refine.checks.registry import run_checks  # noqa: PLC0415 - when first asked
    from self_refine.checks.subject import Subject  # noqa: PLC0415 - as above

    return run_checks(_unpickled(checks), Subject(**subject), hear=hear)


def _protected(patterns: tuple[str, ...], text: str, hear: Hear) -> Any:
    from self_refine.checks.search.protect_patterns import protected  # noqa: PLC0415 - as above

    hear("protect")
    return protected(patterns, text)


_ANSWERS: Mapping[str, Callable[..., Any]] = {
    "team": _team,
    "draft": _draft,
    "run": _run,
    "protected": _protected,
    "ping": lambda hear: hear("ping"),
}

_known: dict[bytes, Any] = {}
"""Checks by their pickle: those of a document are run again at every pause of its typing."""


def _unpickled(data: bytes) -> Any:
    if data not in _known:
        if len(_known) >= 8:
            del _known[next(iter(_known))]
        _known[data] = pickle.loads(data)  # noqa: S301 - from our own parent
    return _known[data]


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _limit_time() -> None:
    """The system ends a request that takes too long, even inside one call of a library."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        used = sum(os.times()[:2])
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + _CPU_SECONDS, hard))
