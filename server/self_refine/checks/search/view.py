"""The part of a text that a check looks at, as one text of its own, and the way back from it.

Patterns and word lists search a view, not the text: what is left out of it is one character that is
no word (U+FFFC), so that nothing is found across it, and line ends are line feeds.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from self_refine.checks.search.line_endings import encoded
from self_refine.text.spans import Span

GAP = "\ufffc"
_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class View:
    """Some stretches of a text, joined."""

    data: bytes
    """In UTF-8."""
    starts: tuple[int, ...]
    """Where each piece begins in the view, in code points."""
    places: tuple[int, ...]
    """Where it begins in the text."""
    lengths: tuple[int, ...]
    """How long it is."""

    def count(self, start: int, end: int) -> int:
        """How many code points stand between two offsets of `data`."""
        return len(self.data[start:end].decode("utf-8"))

    def original(self, span: Span) -> Span:
        """A stretch of the view (in code points) in offsets of the text."""
        if len(self.starts) == 1:
            return span.moved(self.places[0] - self.starts[0])
        start = self._place(span.start)
        return Span(start, max(start, self._place(span.end)))

    def _place(self, at: int) -> int:
        piece = bisect_right(self.starts, at) - 1
        if piece < 0:
            return self.places[0] if self.places else 0
        return self.places[piece] + min(at - self.starts[piece], self.lengths[piece])


def view(text: str, stretches: Iterable[Span]) -> View:
    """The view of some stretches, which are in order and do not touch."""
    parts: list[str] = []
    starts: list[int] = []
    places: list[int] = []
    lengths: list[int] = []
    at, last = 0, 0
    for span in stretches:
        if span.start > last:
            gap = f"{GAP}\n" if text[span.start - 1] in "\r\n" else GAP
            parts.append(gap)
            at += len(gap)
        for start, end, words in _without_returns(text, span):
            starts.append(at)
            places.append(start)
            lengths.append(end - start)
            parts.append(words)
            at += len(words)
        last = span.end
    if last < len(text):
        parts.append(GAP)
    return View(encoded("".join(parts)), tuple(starts), tuple(places), tuple(lengths))


def _without_returns(text: str, span: Span) -> Iterable[tuple[int, int, str]]:
    """The pieces of a stretch between its carriage returns, each with its words."""
    words = span.of(text)
    if "\r" not in words:
        return ((span.start, span.end, words),)
    pieces: list[tuple[int, int, str]] = []
    at = span.start
    for found in _ENDS.finditer(text, span.start, span.end):
        # The piece's words end with one line feed, whatever the text has there.
        pieces.append((at, found.end() - 1, f"{text[at : found.start()]}\n"))
        at = found.end()
    if at < span.end:
        pieces.append((at, span.end, text[at : span.end]))
    return pieces
