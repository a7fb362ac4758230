"""The checks of a workspace in a process of their own: a deadline, a memory limit, a new start.

A criteria file is written by whoever wrote the repository. What takes too long, or too much
memory, is named, left out, and not tried again until it changes; everything else goes on.
"""

import hashlib
import io
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from self_refine.runs.check_worker import read_message, write_data

if TYPE_CHECKING:  # a server whose workspace has no criteria files does without all of them
    from self_refine.checks.registry import Check
    from self_refine.checks.subject import Subject
    from self_refine.criteria.criteria_file import Library
    from self_refine.criteria.problems import Problem
    from self_refine.loop.types import CheckResult

FILE_SECONDS = 5.0
"""For one criteria file, or one check on one text."""
_MOST_CULPRITS = 5
"""Of one request: with more, nothing of it is done."""
_START = (
    "import sys; sys.path[:] = {path!r}; from self_refine.runs.check_worker import main; main()"
)


@dataclass(frozen=True, slots=True)
class Overrun:
    """A request that did not end by itself."""

    at: str
    """What was being worked on: a path, or the id of a criterion; "" where that is not known."""
    reason: str


class CheckProcess:
    """The process, started when it is first needed. Its methods block, and any thread may call."""

    def __init__(self, seconds: float = FILE_SECONDS) -> None:
        self._seconds = seconds
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._bad: dict[tuple[str, str], str] = {}
        """Why something is not tried again, by what it is and the hash of what it was."""

    def start(self) -> None:
        """Have it ready before it is needed."""
        self._ask("ping", ())

    def close(self) -> None:
        """End it, and whatever it does; whoever waits for it is answered at once."""
        self._closed = True
        if (child := self._child) is not None:
            child.kill()
        with self._turn:
            self._forget()

    def team(self, root: Path, folders: Iterable[Path] = ()) -> "Library":
        """The criteria files of a workspace; one that cannot be read in time is a problem.

        Args:
            root: the workspace.
            folders: of texts; these and those on the way to them may have files, too.
        """
        from self_refine.criteria.criteria_file import Library  # noqa: PLC0415 - see the top

        skip: dict[str, str] = {}
        nested = tuple(folders)
        got: Any = Overrun("", "")
        for _ in range(_MOST_CULPRITS):
            skip |= {at: why for (at, seen), why in self._bad.items() if seen == _stamp(Path(at))}
            got = self._ask("team", (root, nested, skip))
            if not isinstance(got, Overrun):
                library: Library = got
                return library
            if not got.at:
                break
            self._bad[got.at, _stamp(Path(got.at))] = got.reason
        path = Path(got.at) if got.at else root
        return Library((), (overrun_problem(path, path.name, got),))

    def draft(
        self, text: str, path: Path, label: str, root: Path | None
    ) -> "tuple[Problem, ...] | Overrun":
        """What is wrong in a criteria file as it stands in an editor."""
        key = (str(path), _hash(text))
        if key in self._bad:
            return Overrun(str(path), self._bad[key])
        got: tuple[Problem, ...] | Overrun = self._ask("draft", (text, path, label, root))
        if isinstance(got, Overrun):
            self._bad[key] = got.reason
        return got

    def run(self, checks: "Sequence[Check]", subject: "Subject") -> "tuple[CheckResult, ...]":
        """Run checks on one text; one that overruns was not checked, with the reason."""
        given = {field.name: getattr(subject, field.name) for field in fields(subject)}
        wanted = list(checks)
        for _ in range(_MOST_CULPRITS):
            wanted = [self._or_bad(check) for check in wanted]
            got = self._ask("run", (pickle.dumps(tuple(wanted)), given))
            if not isinstance(got, Overrun):
                results: tuple[CheckResult, ...] = got
                return results
            culprit = next((c for c in wanted if c.criterion_id == got.at), None)
            if culprit is None:
                break
            self._bad[got.at, _hash(culprit)] = got.reason
        return tuple(_not_run(check, "the checks of this text took too long") for check in checks)

    def protected(self, patterns: tuple[str, ...], text: str) -> tuple[str, ...]:
        """The stretches that patterns protect; none where that takes too long."""
        if not patterns:
            return ()
        got: tuple[str, ...] | Overrun = self._ask("protected", (patterns, text))
        return () if isinstance(got, Overrun) else got

    def _or_bad(self, check: "Check") -> "Check":
        reason = self._bad.get((check.criterion_id, _hash(check))) if self._bad else None
        return check if reason is None else _held_back(check, reason)

    def _ask(self, name: str, given: tuple[Any, ...]) -> Any:
        """The answer of the process, or `Overrun`."""
        data = pickle.dumps((name, given))
        with self._turn:
            if self._closed:
                return Overrun("", "the program is ending")
            try:
                child = self._running()
            except OSError as error:
                return Overrun("", f"the process for checks cannot be started: {error.strerror}")
            got = _Conversation(child, self._seconds).ask(data)
            if isinstance(got, Overrun):
                self._forget()
            return got

    def _forget(self) -> None:
        """End the child, if there is one; the next request starts another."""
        if self._child is not None:
            _end(self._child)
            self._child = None

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is not None:
            self._forget()
        if self._child is None:
            # Isolated: neither the folder nor the environment says what is imported.
            command = [sys.executable, "-I", "-S", "-c", _START.format(path=_search_path())]
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Kill it, and leave neither a pipe nor a dead process behind."""
    child.kill()
    with suppress(OSError, ValueError):
        child.communicate()


class _Conversation:
    """One request: each message of the child gives it its seconds once more."""

    def __init__(self, child: "subprocess.Popen[bytes]", seconds: float) -> None:
        self._child, self._seconds = child, seconds
        self._at, self._late = "", False

    def ask(self, data: bytes) -> Any:
        assert self._child.stdin is not None  # noqa: S101 - it is a pipe
        assert self._child.stdout is not None  # noqa: S101
        try:
            write_data(self._child.stdin, data)
            return self._heard(self._child.stdout)
        except (OSError, ValueError, EOFError, pickle.UnpicklingError):
            return self._overrun()

    def _heard(self, answers: Any) -> Any:
        while True:
            timer = threading.Timer(self._seconds, self._end)
            timer.daemon = True
            timer.start()
            try:
                data = read_message(answers)
            finally:
                timer.cancel()
            if data is None:
                return self._overrun()
            kind, value = _Values(io.BytesIO(data)).load()
            if kind == "done":
                return value
            self._at = value

    def _end(self) -> None:
        self._late = True
        self._child.kill()

    def _overrun(self) -> Overrun:
        if self._late:
            return Overrun(self._at, f"it took longer than {self._seconds:g} seconds")
        return Overrun(self._at, "it needed too much memory, or broke the process for checks")


class _Values(pickle.Unpickler):
    """Takes values of our own types alone: the child has read what a stranger wrote."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "getattr"):
            return _member  # how Python 3.11.0 to 3.11.3 pickle a member of an enumeration
        found = super().find_class(module, name)
        ours = module.startswith("self_refine.") and isinstance(found, type)
        if ours or (module, name) in _HARMLESS:
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _member(kind: object, name: str) -> Enum:
    """A member of an enumeration; no other attribute of anything."""
    if isinstance(kind, type) and issubclass(kind, Enum) and name in kind.__members__:
        return kind[name]
    raise pickle.UnpicklingError(f"an attribute: {name}")


_HARMLESS = {
    *(("pathlib", name) for name in ("PosixPath", "WindowsPath", "PurePosixPath")),
    *(("builtins", name) for name in ("frozenset", "set")),
}


def _search_path() -> list[str]:
    """Where this process imports from, without the folder that it happens to run in."""
    return [str(Path(entry).absolute()) for entry in sys.path if entry]


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"


def _hash(value: object) -> str:
    return hashlib.sha256(pickle.dumps(value)).hexdigest()


def _held_back(check: "Check", reason: str) -> "Check":
    from self_refine.checks.check import Common  # noqa: PLC0415 - see the top
    from self_refine.checks.registry import NotRun  # noqa: PLC0415 - as above

    common = Common(id=check.criterion_id, severity=check.severity, message="", when=check.when)
    return NotRun(common=common, reason=reason)


def _not_run(check: "Check", reason: str) -> "CheckResult":
    from self_refine.loop.types import CheckResult, Verdict  # noqa: PLC0415 - see the top

    return CheckResult(criterion=check.criterion_id, verdict=Verdict.NOT_CHECKED, reason=reason)


def overrun_problem(path: Path, label: str, overrun: Overrun) -> "Problem":
    """Say at a criteria file that it is not used."""
    from self_refine.criteria.problems import Problem  # noqa: PLC0415 - see the top
    from self_refine.loop.types import Severity  # noqa: PLC0415 - as above

    return Problem(
        path=path,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        severity=Severity.ERROR,
        code="CR211",
        message=f"This file is not used: {overrun.reason}. Make its patterns simpler or fewer.",
        label=label,
    )
