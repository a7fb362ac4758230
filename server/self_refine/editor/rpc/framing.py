"""Owns where one message ends and the next begins: bytes in, bodies out. Pure."""

from dataclasses import dataclass

MOST_BODY = 256 * 1024 * 1024
"""Longest message in bytes; a document of 50 MB is well below."""
_MOST_HEADERS = 16 * 1024
_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Broken:
    """The stream cannot be followed any further; the reason is a clause for the log."""

    reason: str


class Frames:
    """Bytes as they come in, cut into messages."""

    def __init__(self, most: int = MOST_BODY) -> None:
        self._most = most
        self._buffer = bytearray()
        self._at = 0
        self._body: int | None = None
        """Length of the body that is to come, None while headers are read."""

    def feed(self, data: bytes) -> None:
        """Take what has come in."""
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
        self._buffer += data

    def next(self) -> bytes | Broken | None:
        """The next message's body; None until more has come in."""
        if self._body is None:
            match self._read_headers():
                case int(length):
                    self._body = length
                case other:
                    return other
        end = self._at + self._body
        if len(self._buffer) < end:
            return None
        body = bytes(memoryview(self._buffer)[self._at : end])
        self._at, self._body = end, None
        return body

    @property
    def is_inside(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._body is not None or self._at < len(self._buffer)

    def _read_headers(self) -> int | Broken | None:
        end = self._buffer.find(_END, self._at, self._at + _MOST_HEADERS)
        if end < 0:
            if len(self._buffer) - self._at >= _MOST_HEADERS:
                return Broken("a message began with no end of its headers")
            return None
        headers = bytes(self._buffer[self._at : end])
        self._at = end + len(_END)
        length = _length(headers)
        if length is None:
            return Broken("a message came without a Content-Length that is a number")
        if length > self._most:
            return Broken(f"a message of {length} bytes was announced; the most is {self._most}")
        return length


def _length(headers: bytes) -> int | None:
    """The value of Content-Length, however its name is written."""
    for line in headers.split(b"\r\n"):
        name, _, value = line.partition(b":")
        value = value.strip()
        if name.strip().lower() == b"content-length" and value.isdigit() and len(value) < 20:
            return int(value)
    return None
