"""Owns `Span` and `Edit`: a stretch of a text and its replacement, in code points."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open stretch of a text, measured in code points."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last character; equal to `start` for a place between two characters."""

    @property
    def is_empty(self) -> bool:
        """Whether the span is a place rather than a stretch."""
        return self.start == self.end

    def contains(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def touches(self, other: "Span") -> bool:
        """Whether the two share a character or meet at an edge."""
        return self.start <= other.end and other.start <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character; places never do."""
        return max(self.start, other.start) < min(self.end, other.end)

    def moved(self, by: int) -> "Span":
        """The same stretch `by` code points further on."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """The words of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, order=True, slots=True)
class Edit:
    """The replacement of one span of a text."""

    span: Span
    text: str
    """What stands there afterwards."""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply non-overlapping edits, all of them in offsets of `text`.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.
    """
    parts: list[str] = []
    at = 0
    for edit in sorted(edits):
        if edit.span.start < at or not 0 <= edit.span.start <= edit.span.end <= len(text):
            raise ValueError(f"edit at {edit.span} overlaps its neighbour or leaves the text")
        parts += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    parts.append(text[at:])
    return "".join(parts)
