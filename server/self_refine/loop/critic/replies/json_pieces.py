r"""Owns reading JSON that comes in pieces and is not always right. Knows no critique.

The standard library reads whole texts only, recurses, and gives up at the first comma too many.
Let through: trailing commas, NaN and Infinity (null), raw line ends in strings, escapes that JSON
does not know. Not let through: what could be read in two ways, such as a quotation mark too many.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Literal

DEPTH = 24
"""Containers inside one another; a critique needs five."""

_PLAIN = re.compile(r'[^"\\]+')
_BARE = re.compile(r"[^\s,:\[\]{}\"]+")
_SPACE = re.compile(r"\s+")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {"true": True, "false": False}


class Twice(Enum):
    """Stands for the value of a key that was given twice, with two values."""

    TWICE = auto()


@dataclass(slots=True)
class Container:
    """An object or a list that is open, or was just closed."""

    value: dict[str, Any] | list[Any]
    key: str | None = None
    """The key whose value comes next, in an object."""
    wants: Literal["key", "colon", "value", "comma"] = "value"
    held: list[dict[str, Any]] = field(default_factory=list)
    """For whoever listens: what waits until this closes."""


class Broken(Exception):  # noqa: N818 - caught where pieces are fed
    """What was read is no JSON, or is nested too deep. Caught by whoever feeds the pieces."""


class JsonPieces:
    """One JSON value, from its first bracket on."""

    def __init__(self) -> None:
        self.open: list[Container] = []
        """From the outermost; empty before and after the value."""
        self.at = 0
        """Where reading stands in the piece that was fed last."""
        self._string: list[str] | None = None
        self._escape = ""
        self._bare: list[str] = []

    def feed(self, text: str, at: int) -> Iterator[Container]:
        """Read on from `at`; yield each object or list that closes, `open` holding those around it.

        Ends where the outermost one closes, or with the text; `at` says where.

        Raises:
            Broken: nothing from `at` on belongs to the value.
        """
        self.at = at
        while self.at < len(text):
            if self._string is not None:
                self.at = self._in_string(text, self.at)
                continue
            if bare := _BARE.match(text, self.at):
                self._bare.append(bare.group())
                self.at = bare.end()
                continue
            self._end_bare()
            char = text[self.at]
            if char in "]}":
                closed = self._close(char)
                self.at += 1
                yield closed
                if not self.open:
                    return
            else:
                self.at = self._sign(text, self.at)

    def _sign(self, text: str, at: int) -> int:
        """Take white space or one sign that closes nothing; returns the offset after it."""
        if space := _SPACE.match(text, at):
            return space.end()
        match text[at]:
            case "{" | "[" as char:
                self._begin(char)
            case '"':
                self._expect_string()
                self._string = []
            case ":":
                self._colon()
            case _:
                self._comma()
        return at + 1

    # Containers ---------------------------------------------------------------------------------

    def _begin(self, char: str) -> None:
        if len(self.open) >= DEPTH or (self.open and self.open[-1].wants != "value"):
            raise Broken
        new = Container({}, wants="key") if char == "{" else Container([])
        if self.open:
            self._put(new.value)
        self.open.append(new)

    def _close(self, char: str) -> Container:
        top = self.open[-1]
        is_object = isinstance(top.value, dict)
        # A comma too many leaves an object waiting for a key, a list for a value.
        complete = top.wants in (("key", "comma") if is_object else ("value", "comma"))
        if is_object != (char == "}") or not complete:
            raise Broken
        return self.open.pop()

    def _put(self, value: Any) -> None:
        top = self.open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            twice = top.key in top.value and (
                isinstance(value, dict | list) or top.value[top.key] != value
            )
            top.value[top.key] = Twice.TWICE if twice else value
        top.wants = "comma"

    def _colon(self) -> None:
        if not self.open or self.open[-1].wants != "colon":
            raise Broken
        self.open[-1].wants = "value"

    def _comma(self) -> None:
        top = self.open[-1]
        if top.wants in ("colon", "value") and isinstance(top.value, dict):
            raise Broken
        top.wants = "key" if isinstance(top.value, dict) else "value"

    # Scalars ------------------------------------------------------------------------------------

    def _expect_string(self) -> None:
        if not self.open or self.open[-1].wants not in ("key", "value"):
            raise Broken

    def _end_bare(self) -> None:
        if not self._bare:
            return
        word, self._bare = "".join(self._bare), []
        if not self.open or self.open[-1].wants != "value":
            raise Broken
        self._put(_scalar(word))

    def _in_string(self, text: str, at: int) -> int:
        assert self._string is not None  # noqa: S101 - asked before
        if self._escape:
            self._escape += text[at]
            self._end_escape()
            return at + 1
        if found := _PLAIN.match(text, at):
            self._string.append(found.group())
            return found.end()
        if text[at] == "\\":
            self._escape = "\\"
        else:
            self._end_string()
        return at + 1

    def _end_escape(self) -> None:
        """Add what a complete escape stands for; one that JSON does not know stands for itself."""
        assert self._string is not None  # noqa: S101 - asked before
        sign, digits = self._escape[1], self._escape[2:]
        if sign == "u" and len(digits) < 4:
            return
        self._escape = ""
        if sign != "u":
            self._string.append(_ESCAPES.get(sign, sign))
        elif _HEX.fullmatch(digits):
            self._string.append(chr(int(digits, 16)))
        else:
            raise Broken

    def _end_string(self) -> None:
        words = _joined(self._string or [])
        self._string = None
        top = self.open[-1]
        if top.wants == "key":
            top.key, top.wants = words, "colon"
        else:
            self._put(words)


def _scalar(word: str) -> Any:
    """The value of a bare word; None for what is no number of a sensible size."""
    if word in _WORDS:
        return _WORDS[word]
    if re.fullmatch(r"-?[0-9]{1,9}(?:\.0{1,9})?", word):
        return int(word.partition(".")[0])
    return None


def _joined(parts: list[str]) -> str:
    """The string, its surrogate pairs joined; a half that is alone becomes U+FFFD."""
    words = "".join(parts)
    if not _HALF.search(words):
        return words
    return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
