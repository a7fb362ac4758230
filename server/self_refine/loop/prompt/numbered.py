"""Owns a candidate as a model is shown it: its body, with a number before each segment."""

from dataclasses import dataclass
from functools import lru_cache

from self_refine.loop.prompt import tags
from self_refine.loop.writer.whitespace_frame import WhitespaceFrame, body_of, frame_of
from self_refine.text.lines import LineTable
from self_refine.text.segmenting.segments import segments
from self_refine.text.spans import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbered:
    """A text, its body, and its segments in the coordinates of both. Numbers count from 1."""

    text: str
    body: str
    spans: tuple[Span, ...]
    """The segments in the text."""
    body_spans: tuple[Span, ...]
    """The same segments in the body."""

    @property
    def marked(self) -> str:
        """The body with each segment's number directly before it.

        Each line of code has its own, too: a model that had to count from every fifth line on
        pointed at the wrong ones.
        """
        parts: list[str] = []
        mark = tags.marker(self.body)
        at = 0
        for number, span in enumerate(self.body_spans, 1):
            parts += (self.body[at : span.start], mark(number), span.of(self.body))
            at = span.end
        return "".join((*parts, self.body[at:]))

    def number_of(self, span: Span) -> int:
        """The segment in which a stretch of the text begins, or after which a place stands.

        0 for what stands before the first segment.
        """
        at = span.start - 1 if span.is_empty else span.start
        return sum(segment.start <= at for segment in self.spans)


@lru_cache(maxsize=16)  # every call about a candidate, and what is read from it, asks for the same
def numbered(text: str, language: str, first_line_indent: str = "") -> Numbered:
    """Number the segments of `text`, which stands after `first_line_indent` on its first line."""
    frame = frame_of(text, first_line_indent)
    body, spans = body_of(frame, text), segments(text, language)
    to_body = Places(frame, text, body)
    return Numbered(
        text=text,
        body=body,
        spans=spans,
        body_spans=tuple(Span(to_body(span.start), to_body(span.end)) for span in spans),
    )


class Places:
    """Where an offset of a text is in its body, each line of which ends one line of the text.

    What the body leaves out counts as the place after it. An offset costs a look into a table.
    """

    def __init__(self, frame: WhitespaceFrame, text: str, body: str) -> None:
        self._lead = len(frame.lead)
        self._end = max(self._lead, len(text) - len(frame.tail))
        self._lines = LineTable(text[self._lead : self._end])
        self._starts, self._lengths = [0], []
        for line in body.split("\n"):
            self._lengths.append(len(line))
            self._starts.append(self._starts[-1] + len(line) + 1)

    def __call__(self, offset: int) -> int:
        """The offset in the body."""
        core = min(max(offset, self._lead), self._end) - self._lead
        number = min(self._lines.line_of(core), len(self._lengths) - 1)
        line = self._lines.span(number)
        length = self._lengths[number]
        column = core - line.start - (line.end - line.start - length)
        return self._starts[number] + min(max(column, 0), length)
