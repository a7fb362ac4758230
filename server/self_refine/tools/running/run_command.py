"""One command, from outside: started through the launcher, read, bounded in time, cancelled."""

import base64
import binascii
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from self_refine.tools.running.capped_output import CappedOutput
from self_refine.tools.running.process_tree import PATIENCE

MEMORY = 4 * 1024**3
PROCESSES = 500
DISK = 1024**3
"""Most bytes that all processes of a command hold, most processes, most bytes that it writes."""
_PATIENCE = {"namespace": 0.3, "copy": PATIENCE + 1}
"""Seconds in which the launcher ends everything, before it is ended itself. A namespace ends with
it, everything at once; without one, nobody else finds what has left its group."""
_START = (
    "import sys; sys.path[:] = {path!r}; "
    "from self_refine.tools.running.launcher import main; main({result})"
)

Way = Literal["namespace", "copy"]
"""How the candidate is put in place: see `scratch/scratch_view.py`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """What is to be run, complete."""

    argv: tuple[str, ...]
    """The first is an absolute path."""
    cwd: str
    env: Mapping[str, str]
    stdin: bytes | None = None
    report: str = ""
    """Path of the report file that the command writes, "" where it prints."""
    temp: str
    """Folder for its temporary files."""
    way: Way
    workspace: str
    home: str
    files: tuple[tuple[str, bytes], ...] = ()
    """What stands in the workspace instead, by relative path; in a copy it stands there already."""
    seconds: float
    network: bool = False
    processes: int = 0
    """Most that it may start; 0 for the usual."""


Ending = Literal["exit", "stopped", "time", "memory", "processes", "refused", "broken"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """How a command ended, and what it said."""

    ending: Ending
    code: int = 0
    """Exit code, negative for a signal; only where it ended by itself."""
    stdout: str = ""
    stderr: str = ""
    report: bytes = b""
    reason: str = ""
    """Of the system, where it refused to set the stage."""


@dataclass(slots=True)
class Running:
    """One command that can be stopped from any thread."""

    command: Command
    hear: Callable[[str], None] = lambda _: None
    """Hears the end of what was printed until now, on another thread."""
    _over: threading.Event = field(default_factory=threading.Event)
    _why: Ending = "stopped"
    _launcher: "subprocess.Popen[bytes] | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def stop(self) -> None:
        """End it and all that it started; returns at once."""
        self._over.set()
        self._end("stopped")

    def run(self) -> Ran:
        """Run it to its end; blocks. Nothing of it is left when this returns."""
        reads, writes = os.pipe()
        with os.fdopen(reads, "rb") as answers:
            try:
                launcher = self._started(writes)
            except OSError as error:
                return Ran(ending="refused", reason=error.strerror or str(error))
            finally:
                os.close(writes)
            timer = threading.Timer(self.command.seconds, self._end, ("time",))
            timer.daemon = True
            timer.start()
            outputs = self._outputs(launcher)
            try:
                self._send(launcher)
                if self._over.is_set():
                    self._end("stopped")
                told = answers.read()
            finally:
                timer.cancel()
                _gone(launcher, _PATIENCE[self.command.way])
        for output in outputs:
            output.finish()
        return self._ran(told, *outputs)

    def _started(self, result: int) -> "subprocess.Popen[bytes]":
        # Isolated: neither the folder nor the environment says what is imported.
        start = _START.format(path=_search_path(), result=result)
        launcher = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-S", "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(result,),
            env={},
            start_new_session=True,
        )
        with self._lock:
            self._launcher = launcher
        return launcher

    def _send(self, launcher: "subprocess.Popen[bytes]") -> None:
        assert launcher.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(OSError, ValueError):  # it was ended meanwhile
            launcher.stdin.write(json.dumps(_order(self.command)).encode() + b"\n")
            launcher.stdin.flush()

    def _outputs(self, launcher: "subprocess.Popen[bytes]") -> tuple[CappedOutput, CappedOutput]:
        stdout, stderr = launcher.stdout, launcher.stderr
        assert stdout is not None  # noqa: S101 - a pipe
        assert stderr is not None  # noqa: S101 - a pipe
        return CappedOutput(stdout, self.hear), CappedOutput(stderr, self.hear)

    def _end(self, why: Ending) -> None:
        """Close the launcher's standard input, which ends everything; the first reason counts."""
        with self._lock:
            launcher = self._launcher
            if launcher is None or launcher.poll() is not None:
                return
            if launcher.stdin is not None and not launcher.stdin.closed:
                self._why = why
                _close(launcher.stdin)
        killer = threading.Timer(_PATIENCE[self.command.way], launcher.kill)
        killer.daemon = True
        killer.start()

    def _ran(self, told: bytes, stdout: CappedOutput, stderr: CappedOutput) -> Ran:
        said = Ran(ending="exit", stdout=stdout.text, stderr=stderr.text)
        try:
            answer: dict[str, Any] = json.loads(told)
        except ValueError:
            answer = {"ended": "stopped"}
        if "refused" in answer:
            return replace(said, ending="refused", reason=str(answer["refused"]))
        if "exit" in answer:
            return replace(said, code=answer["exit"], report=_decoded(answer["report"]))
        ended: Ending = answer["ended"]
        return replace(said, ending=self._why if ended == "stopped" else ended)


def _order(command: Command) -> dict[str, Any]:
    return {
        "argv": command.argv,
        "env": dict(command.env),
        "cwd": command.cwd,
        "stdin": None if command.stdin is None else base64.b64encode(command.stdin).decode(),
        "report": command.report,
        "temp": command.temp,
        "files": [(path, base64.b64encode(data).decode()) for path, data in command.files],
        "workspace": command.workspace,
        "home": command.home,
        "way": command.way,
        "network": command.network,
        "memory": min(MEMORY, _memory() // 2),
        "processes": command.processes or PROCESSES,
        "disk": min(DISK, _memory() // 4),
    }


def _memory() -> int:
    """Bytes of memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _decoded(report: str) -> bytes:
    try:
        return base64.b64decode(report)
    except (binascii.Error, ValueError):
        return b""


def _gone(launcher: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Wait for the launcher's end, which comes soon after its answer."""
    try:
        launcher.wait(seconds)
    except subprocess.TimeoutExpired:
        launcher.kill()
        launcher.wait()
    if launcher.stdin is not None:
        _close(launcher.stdin)


def _close(stream: IO[bytes]) -> None:
    with suppress(OSError, ValueError):
        stream.close()


def _search_path() -> list[str]:
    """Where this process imports from, without the folder that it happens to run in."""
    return [str(Path(entry).absolute()) for entry in sys.path if entry]
