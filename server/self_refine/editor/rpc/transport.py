"""Owns the two streams: messages in from standard input, out to standard output, never in the way.

POSIX reads the pipe in the event loop; Windows, and a file as standard input, through a thread.
"""

import asyncio
import contextlib
import logging
import os
import select
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from self_refine.editor.rpc.framing import Broken, Frames

_log = logging.getLogger(__name__)

_ENOUGH = 1024 * 1024
"""Bytes that wait to be read by the client before what can be spared is dropped."""
_MOST = 64 * 1024 * 1024
"""Bytes after which the client counts as gone."""
_CHUNK = 65_536
_AT_ONCE = getattr(select, "PIPE_BUF", 512)
"""What a pipe that says it is writable takes without blocking."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Descriptors that nobody else has."""

    input: int
    output: int


def take_over() -> Streams:
    """Keep standard input and output for messages; what others print goes to standard error."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere == 2:
        # Standard error is closed. Whatever was opened next would take its number, and be written
        # to by everything that complains.
        os.set_inheritable(nowhere, True)
    streams = Streams(os.dup(0), os.dup(1))
    os.dup2(nowhere, 0)
    try:
        os.dup2(2, 1)
    except OSError:
        # Windows has it open, and nothing behind it.
        os.dup2(nowhere, 2)
        os.dup2(nowhere, 1)
    if nowhere != 2:
        os.close(nowhere)
    # What was printed before, too.
    sys.stdout.flush()
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415 - Windows alone has it

        for descriptor in (streams.input, streams.output):
            msvcrt.setmode(descriptor, os.O_BINARY)  # type: ignore[attr-defined,unused-ignore]
    return streams


class Writer:
    """Writes messages in order; a client that does not read holds up nobody but itself."""

    def __init__(self, descriptor: int, on_lost: Callable[[str], None]) -> None:
        self._descriptor = descriptor
        self._on_lost = on_lost
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._changed = threading.Condition()
        self._closing = False
        self._lost = False
        self._thread: threading.Thread | None = None
        self._poll = _poll_of(descriptor) if os.name == "posix" else None

    def write(self, data: bytes, *, spare: bool = False) -> None:
        """Send, or queue to be sent; `spare`: may be dropped where the client does not keep up."""
        with self._changed:
            if self._lost or self._closing:
                return
            if not self._waiting and self._is_small_and_free(data):
                self._write_now(data)
                return
            if spare and self._size > _ENOUGH:
                return
            if self._size > _MOST:
                self._lose(f"{_MOST} bytes wait to be read")
                return
            self._waiting.append(data)
            self._size += len(data)
            self._begin()
            self._changed.notify_all()

    def close(self, seconds: float = 0.0) -> None:
        """Send what waits, for no longer than that."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or self._lost, seconds)
            self._closing = True
            self._changed.notify_all()

    def _is_small_and_free(self, data: bytes) -> bool:
        """Whether the message can be written here and now: that saves a change of threads."""
        return self._poll is not None and len(data) <= _AT_ONCE and bool(self._poll.poll(0))

    def _write_now(self, data: bytes) -> None:
        try:
            done = os.write(self._descriptor, data)
        except BlockingIOError:
            done = 0
        except OSError:
            self._lose("it closed the stream")
            return
        if done < len(data):
            self._waiting.append(data[done:])
            self._size += len(data) - done
            self._begin()
            self._changed.notify_all()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if self._closing or self._lost:
                    return
                data = self._waiting[0]
            try:
                _write_all(self._descriptor, data)
            except OSError:
                with self._changed:
                    self._lose("it closed the stream")
                return
            with self._changed:
                self._waiting.popleft()
                self._size -= len(data)
                self._changed.notify_all()

    def _lose(self, reason: str) -> None:
        if not self._lost:
            self._lost = True
            self._changed.notify_all()
            self._on_lost(reason)


def _poll_of(descriptor: int) -> "select.poll":
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return poll


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest[:_CHUNK]) :]
        except BlockingIOError:
            # Standard input and output can be one socket, which the reader made non-blocking.
            _poll_of(descriptor).poll()


class Reader(asyncio.Protocol):
    """Hands on one message after the other, in the event loop."""

    def __init__(self, receive: Callable[[bytes], bool], on_end: Callable[[str], None]) -> None:
        self._receive, self._on_end = receive, on_end
        self._frames = Frames()
        self._loop = asyncio.get_running_loop()
        self._planned = False
        self._ended = False

    def data_received(self, data: bytes) -> None:
        """Bytes have come in."""
        self._frames.feed(data)
        if not self._planned:
            self._hand_on()

    def eof_received(self) -> None:
        """The client has closed its end."""
        self._end("")

    def connection_lost(self, exc: Exception | None) -> None:
        """The pipe is gone."""
        self._end("" if exc is None else "standard input cannot be read")

    def _hand_on(self) -> None:
        self._planned = False
        while not self._ended:
            match self._frames.next():
                case None:
                    return
                case Broken(reason):
                    self._end(reason)
                case body:
                    # A request begins in the next turn of the loop. What the client sent after it
                    # waits until then, so that a handler sees the texts as they were when asked.
                    if self._receive(body):
                        self._planned = True
                        self._loop.call_soon(self._hand_on)
                        return

    def _end(self, reason: str) -> None:
        if not self._ended:
            self._ended = True
            self._on_end(reason)


async def read(
    descriptor: int, receive: Callable[[bytes], bool], on_end: Callable[[str], None]
) -> Callable[[], None]:
    """Read messages from now on; returns what ends it.

    Args:
        descriptor: to read from.
        receive: takes a message; True where the next one is to wait for a turn of the loop.
        on_end: hears that nothing more can come, and why where that is no plain end.
    """
    reader = Reader(receive, on_end)
    loop = asyncio.get_running_loop()
    if os.name == "posix":
        file = os.fdopen(descriptor, "rb", buffering=0)
        with contextlib.suppress(ValueError):
            # Refuses what is neither pipe nor socket nor terminal.
            transport, _ = await loop.connect_read_pipe(lambda: reader, file)
            return transport.close
        descriptor = os.dup(descriptor)
    threading.Thread(
        target=_read_in_thread, args=(descriptor, loop, reader), name="reader", daemon=True
    ).start()
    return lambda: None


def _read_in_thread(descriptor: int, loop: asyncio.AbstractEventLoop, reader: Reader) -> None:
    """Asyncio cannot read a pipe on Windows' standard input."""
    with contextlib.suppress(RuntimeError):
        # The loop is closed: the server is on its way out.
        while True:
            try:
                data = os.read(descriptor, _CHUNK)
            except OSError:
                data = b""
            if not data:
                loop.call_soon_threadsafe(reader.eof_received)
                return
            loop.call_soon_threadsafe(reader.data_received, data)
