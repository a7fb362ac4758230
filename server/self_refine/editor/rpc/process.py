"""Owns how the process ends: signals, a parent that dies, and a way out that nothing can block."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)

WATCH_SECONDS = 3.0
"""Between two looks at the client's process."""
LAST_SECONDS = 1.5
"""From the wish to end to a hard exit; VS Code kills after 2 s."""

_SYNCHRONIZE = 0x0010_0000
_WAIT_TIMEOUT = 0x102


def leave_soon(code: int, seconds: float = LAST_SECONDS) -> None:
    """Exit hard after that time, whatever threads or files still hang."""
    timer = threading.Timer(seconds, os._exit, [code])
    timer.daemon = True
    timer.start()


def on_signals(loop: asyncio.AbstractEventLoop, finish: Callable[[str], None]) -> None:
    """End in an orderly way when the system asks for it."""
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is None:
            continue
        reason = f"the signal {name} came"
        if os.name == "nt":
            signal.signal(
                number,
                lambda *_, r=reason: loop.call_soon_threadsafe(finish, r),
            )
        else:
            loop.add_signal_handler(number, finish, reason)


async def watch(client: int, on_death: Callable[[str], None]) -> None:
    """Say when the client's process is gone: another process may keep its pipe open.

    Args:
        client: its process id, as it said itself.
        on_death: hears it.
    """
    parent = os.getppid()
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        # A dead process that nobody has waited for is still listed; its children have moved.
        if not is_alive(client) or (client == parent and os.getppid() != parent):
            on_death("the editor's process has ended")
            return


def is_alive(process: int) -> bool:
    """Whether a process of this id exists."""
    if process <= 0:
        return False
    if sys.platform == "win32":
        return _is_alive_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _is_alive_on_windows(process: int) -> bool:
    import ctypes  # noqa: PLC0415 - Windows alone needs it

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(_SYNCHRONIZE, False, process)
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == _WAIT_TIMEOUT)
    finally:
        kernel.CloseHandle(handle)
