"""What a command prints: its head and its tail are kept, all of it is read."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO

_HEAD, _TAIL = 256 * 1024, 768 * 1024
_AFTERWARDS = 1.0
"""Seconds that are read on once the command is gone: a child may hold the other end for ever."""
_BETWEEN = 0.1
"""Seconds between two times that the newest output is heard."""
_LONGEST = 2000
"""Bytes of the newest output that are heard: some lines, the last one need not be whole."""


class CappedOutput:
    """Reads one stream on a thread of its own, so that the command never waits for us."""

    def __init__(self, stream: IO[bytes], hear: Callable[[str], None]) -> None:
        self._stream, self._hear = stream, hear
        self._head, self._tail = bytearray(), bytearray()
        self._left_out = 0
        self._heard = 0.0
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        """What was printed; a line in the middle says how much was left out."""
        cut = f"\n[{self._left_out:,} bytes left out]\n".encode() if self._left_out else b""
        return bytes(self._head + cut + self._tail).decode("utf-8", "replace")

    def finish(self) -> None:
        """Stop reading, soon: the command has ended."""
        self._thread.join(_AFTERWARDS)
        if not self._thread.is_alive():
            with suppress(OSError, ValueError):
                self._stream.close()

    def _read(self) -> None:
        read = getattr(self._stream, "read1", self._stream.read)
        with suppress(OSError, ValueError):
            while data := read(65536):
                self._take(data)
            self._tell()

    def _take(self, data: bytes) -> None:
        room = _HEAD - len(self._head)
        self._head += data[:room] if room > 0 else b""
        self._tail += data[room:] if room > 0 else data
        if len(self._tail) > 2 * _TAIL:
            self._left_out += len(self._tail) - _TAIL
            del self._tail[:-_TAIL]
        if time.monotonic() - self._heard >= _BETWEEN:
            self._tell()

    def _tell(self) -> None:
        self._heard = time.monotonic()
        end = self._tail or self._head
        self._hear(bytes(end[-_LONGEST:]).decode("utf-8", "replace"))
