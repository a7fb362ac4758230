"""The process between us and a command: it sets the stage, waits, and leaves no process behind.

Started as `python -I -S -c` with nothing but the standard library. Reads one line of JSON from
standard input (`Order` says its keys); when that stream ends, everything is ended: whoever closes
it, or dies, cancels. Writes one line of JSON to the descriptor that its argument names.
"""

import base64
import json
import os
import resource
import select
import signal
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from self_refine.tools.running import namespace
from self_refine.tools.running.process_tree import (
    Usage,
    die_with_parent,
    end_descendants,
    take_orphans,
    usage_of_all,
    usage_of_descendants,
)

_LOOK = 0.1
"""Seconds between two looks at what the processes use."""
_MOST_REPORT = 5 * 1024 * 1024

Order = dict[str, Any]
"""argv, env, cwd: of the command. stdin: base64 or None. report: path or "".
temp: a folder for temporary files, made where it is missing. files: pairs of a
path below `workspace` and base64. workspace, home, way ("namespace" or "plain"), network,
memory, processes, disk (bytes, count, bytes)."""


def main(result: int) -> None:
    """Carry out one order, and say how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    control = sys.stdin.fileno()
    order = json.loads(_first_line(control))
    try:
        done = _carried_out(order, control)
    except OSError as error:
        done = {"refused": f"{error.strerror or error}"}
    with os.fdopen(result, "wb") as answer:
        answer.write(json.dumps(done).encode())


def _first_line(descriptor: int) -> bytes:
    data = bytearray()
    while not data.endswith(b"\n"):
        part = os.read(descriptor, 1) if len(data) < 8 else os.read(descriptor, 65536)
        if not part:
            raise SystemExit(1)
        data += part
    return bytes(data)


def _carried_out(order: Order, control: int) -> dict[str, Any]:
    alone = order["way"] == "namespace"
    if alone:
        namespace.enter(order)
    else:
        take_orphans()
    child, answers = _forked(_as_first_process if alone else _as_parent, order)
    try:
        ended = _watch(control, answers, order, everybody=alone)
    finally:
        # The first process of a namespace takes all others with it.
        for end in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                end(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if not alone:
            end_descendants()
    told = _all_of(answers)
    if ended:
        return {"ended": ended}
    return json.loads(told) if told else {"ended": "broken"}


def _forked(role: Callable[[Order], dict[str, Any]], order: Order) -> tuple[int, int]:
    """Start a child in a role; its process id, and where it answers."""
    answers, writes = os.pipe()
    child = os.fork()
    if child:
        os.close(writes)
        return child, answers
    code = 1
    try:
        os.close(answers)
        os.setsid()
        die_with_parent()
        done = role(order)
        with os.fdopen(writes, "wb") as told:
            told.write(json.dumps(done).encode())
        code = 0
    except OSError as error:
        with os.fdopen(writes, "wb") as told:
            told.write(json.dumps({"refused": error.strerror or str(error)}).encode())
    finally:
        os._exit(code)


def _as_first_process(order: Order) -> dict[str, Any]:
    """As process 1 of the namespace: start the command and end whatever it leaves."""
    namespace.settle(order)
    return _as_parent(order)


def _as_parent(order: Order) -> dict[str, Any]:
    alone = order["way"] == "namespace"
    Path(order["temp"]).mkdir(mode=0o700, exist_ok=True)
    command = _started(order)
    code = _reaped(command)
    if alone:
        _end_all_others()
    return {"exit": code, "report": _report(order["report"])}


def _started(order: Order) -> int:
    given = _input(order["stdin"])
    child = os.fork()
    if child:
        os.close(given)
        return child
    try:
        os.dup2(given, 0)
        os.closerange(3, 256)
        os.chdir(order["cwd"])
        os.nice(10)
        _limit(order)
        for each in (signal.SIGINT, signal.SIGPIPE):
            signal.signal(each, signal.SIG_DFL)
        os.execve(order["argv"][0], order["argv"], order["env"])  # noqa: S606 - no shell
    except OSError as error:
        os.write(2, f"{error.strerror}\n".encode())
    finally:
        os._exit(127)


def _input(data: str | None) -> int:
    """A descriptor from which the command reads; nothing where it gets nothing."""
    if data is None:
        return os.open(os.devnull, os.O_RDONLY)
    with tempfile.TemporaryFile() as file:
        file.write(base64.b64decode(data))
        file.seek(0)
        return os.dup(file.fileno())


def _limit(order: Order) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, most in (
        (resource.RLIMIT_FSIZE, order["disk"]),
        # Not the address space: runtimes reserve far more of it than they use.
        (resource.RLIMIT_DATA, order["memory"]),
    ):
        _, hard = resource.getrlimit(kind)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))


def _reaped(command: int) -> int:
    """The exit code of the command, negative for a signal; orphans are buried meanwhile."""
    while True:
        process, status = os.waitpid(-1, 0)
        if process == command:
            return os.waitstatus_to_exitcode(status)


def _end_all_others() -> None:
    try:
        os.kill(-1, signal.SIGKILL)
        while True:
            os.waitpid(-1, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def _report(path: str) -> str:
    """The report file as base64; "" where there is none, or it is none that we would read."""
    if not path:
        return ""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return ""
        data = file.read(_MOST_REPORT + 1)
    return base64.b64encode(data).decode() if len(data) <= _MOST_REPORT else ""


def _watch(control: int, answers: int, order: Order, *, everybody: bool) -> str:
    """Wait for the child's answer; why it is to be ended, or ""."""
    while True:
        ready, _, _ = select.select([control, answers], [], [], _LOOK)
        if answers in ready:
            return ""
        if control in ready and not os.read(control, 4096):
            return "stopped"
        look = usage_of_all if everybody else usage_of_descendants
        used = look(order["processes"])
        if why := _too_much(used, order):
            return why


def _too_much(used: Usage, order: Order) -> str:
    if used.memory > order["memory"]:
        return "memory"
    return "processes" if used.processes > order["processes"] else ""


def _all_of(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as file:
        return file.read()
