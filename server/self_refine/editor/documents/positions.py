"""Owns position encodings: the one place that counts in anything but code points.

A column of the protocol counts units of the encoding that client and server have agreed on. What
lies beyond the end of a line is its end; what lies inside a character is the character's start.
"""

from collections.abc import Sequence
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
DEFAULT: Encoding = "utf-16"
"""What the protocol presumes where a client names none."""


def chosen(offered: Sequence[object]) -> Encoding:
    """The first encoding that the client offers and that we know: its order is its preference."""
    for name in offered:
        for encoding in ENCODINGS:
            if name == encoding:
                return encoding
    return DEFAULT


def to_code_points(line: str, units: int, encoding: Encoding) -> int:
    """The column in code points, 0 to `len(line)`; `units` may be any number."""
    if units <= 0:
        return 0
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    if encoding == "utf-16":
        return _from_utf16(line, units)
    return _from_utf8(line, units)


def to_units(line: str, column: int, encoding: Encoding) -> int:
    """The column in units of the encoding; `column` counts code points and lies in the line."""
    if encoding == "utf-32" or line.isascii():
        return column
    prefix = line[:column]
    if encoding == "utf-16":
        return len(prefix.encode("utf-16-le", "surrogatepass")) // 2
    return len(prefix.encode("utf-8", "surrogatepass"))


def _from_utf16(line: str, units: int) -> int:
    # No character is shorter than a unit, so what follows cannot matter.
    prefix = line[:units]
    data = prefix.encode("utf-16-le", "surrogatepass")
    if len(data) == 2 * len(prefix):
        return len(prefix)
    before = data[: 2 * units].decode("utf-16-le", "surrogatepass")
    column = len(before)
    # Half of a pair decodes to a surrogate on its own, which is not what stands in the line.
    return column if before[-1] == prefix[column - 1] else column - 1


def _from_utf8(line: str, units: int) -> int:
    data = line[:units].encode("utf-8", "surrogatepass")
    if len(data) <= units:
        return len(line[:units])
    while data[units] & 0xC0 == 0x80:
        # A continuation byte: the position is inside a character.
        units -= 1
    return len(data[:units].decode("utf-8", "surrogatepass"))
