"""Owns the reading of server-sent events: bytes in, values of their JSON out, within bounds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from self_refine.models.faults import FaultError, Garbled, TooBig
from self_refine.models.openai.endpoint import Caps


@dataclass(frozen=True, slots=True)
class Done:
    """The server's own mark of the end, `[DONE]`."""


class Events:
    r"""Cuts a stream into events. Lines end with \n, \r\n or \r; comments are dropped."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._pending = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._name = ""
        self._count = 0

    def feed(self, piece: bytes) -> Iterator[Any]:
        """Give the values of the events that `piece` completes.

        Raises:
            FaultError: a line, or the number of events, is over its cap; an event is no JSON.
        """
        whole = b"\n" in piece or b"\r" in piece or self._pending.endswith(b"\r")
        self._pending += piece
        # Looked through once a line ends, not at each piece: a line may come in a thousand of them.
        for line in self._lines() if whole else ():
            if (event := self._take(line)) is not None:
                yield event
        if len(self._pending) > self._caps.line:
            raise FaultError(TooBig(f"{self._caps.line:,} bytes in one line"))

    def end(self) -> Iterator[Any]:
        """Give what the end of the stream completes."""
        yield from self.feed(b"\n\n")

    def _lines(self) -> Iterator[bytes]:
        whole, self._pending = self._pending, bytearray()
        if whole.endswith(b"\r"):  # perhaps half of \r\n
            whole, self._pending = whole[:-1], bytearray(b"\r")
        # bytes know the three line ends of the protocol and no others, unlike str.
        lines = bytes(whole).splitlines(keepends=True)
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            self._pending[:0] = lines.pop()
        yield from (line.rstrip(b"\r\n") for line in lines)

    def _take(self, line: bytes) -> Any:
        """Read one line; give a value where it ends an event."""
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
            self._size += len(value)
            if self._size > self._caps.line:
                raise FaultError(TooBig(f"{self._caps.line:,} bytes in one event"))
        elif name == b"event":
            self._name = value.strip().decode("utf-8", "replace")
        return None

    def _dispatch(self) -> Any:
        data, name = b"\n".join(self._data), self._name
        self._data, self._size, self._name = [], 0, ""
        if not data:
            return None
        self._count += 1
        if self._count > self._caps.chunks:
            raise FaultError(TooBig(f"{self._caps.chunks:,} chunks"))
        if data.strip() == b"[DONE]":
            return Done()
        value = parse(data)
        if name == "error" and not (isinstance(value, dict) and value.get("error")):
            return {"error": value}
        return {} if value is None else value


def parse(data: bytes) -> Any:
    """Read JSON from outside.

    Raises:
        FaultError: it is none.
    """
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise FaultError(Garbled("part of it is no JSON")) from None
