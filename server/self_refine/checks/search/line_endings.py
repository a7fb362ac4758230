"""Owns the form of a text that patterns see, with line feeds alone, and the way back from it."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from self_refine.text.spans import Span

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Flat:
    """A text whose every line end is one line feed, so that `$` finds each as it does on Unix.

    RE2 reads UTF-8, which has no lone surrogates: each is shown to it as U+FFFD.
    """

    data: bytes
    """In UTF-8."""
    pairs: tuple[int, ...] = ()
    """Offsets, in code points, of the line feeds that are two characters in the original."""

    def count(self, start: int, end: int) -> int:
        """How many code points stand between two offsets of `data`."""
        return len(self.data[start:end].decode("utf-8"))

    def original(self, span: Span) -> Span:
        """The same stretch (in code points) in offsets of the original."""
        if not self.pairs:
            return span
        start, end = bisect_left(self.pairs, span.start), bisect_left(self.pairs, span.end)
        return Span(span.start + start, span.end + end)


def flat(text: str) -> Flat:
    """The form of `text` that patterns are matched against."""
    if "\r" not in text:
        return Flat(encoded(text))
    pairs: list[int] = []
    for found in _ENDS.finditer(text):
        if found.end() - found.start() == 2:
            pairs.append(found.start() - len(pairs))
    return Flat(encoded(_ENDS.sub("\n", text)), tuple(pairs))


def encoded(text: str) -> bytes:
    """UTF-8 with as many characters: a lone surrogate becomes U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")
