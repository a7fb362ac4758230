"""Owns the frame of a selection: white space, base indent and line ends that no model is shown.

The model sees a body that starts at column 0, its lines ended by a line feed; what it sends back
is put into the frame again, and every line that it left alone gets the very bytes that it had.
No `str.splitlines`: it also splits at form feeds and U+2028, which are characters of the text.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from unicodedata import normalize

from self_refine.text.spans import Edit, Span, apply_edits

_EOL = re.compile(r"\r\n|\r|\n")
_EDGE = re.compile(r"[\s\ufeff]*")
"""White space, and the byte order mark, which no model sends back."""


@dataclass(frozen=True, slots=True)
class WhitespaceFrame:
    """What stands around the words of a selection."""

    lead: str
    """White space before the first word."""
    indent: str
    """Blanks and tabs that every line starts with."""
    tail: str
    """White space after the last word."""
    eol: str
    """The most frequent line end; new lines get it."""


def frame_of(text: str, first_line_indent: str, around: str = "") -> WhitespaceFrame:
    """The frame of `text`.

    Args:
        text: the selection as it stands in the document.
        first_line_indent: blanks that stand before it on its first line.
        around: text beside the selection, asked for the line end where the selection has none.
    """
    core = core_of(text)
    lead, tail = text[: core.start], text[core.end :]
    ends = Counter(_EOL.findall(text)) or Counter(_EOL.findall(around))
    eol = max(ends, key=lambda end: ends[end]) if ends else "\n"
    before, _, last = lead.rpartition("\n") if "\n" in lead else lead.rpartition("\r")
    first = last if before or "\n" in lead or "\r" in lead else first_line_indent + lead
    indents = [_indent(first)]
    indents += [_indent(line) for line in _EOL.split(core.of(text))[1:] if line.strip()]
    return WhitespaceFrame(lead, _common(indents), tail, eol)


def body_of(frame: WhitespaceFrame, text: str) -> str:
    """What the model sees of `text`: trimmed, without base indent, lines ended by a line feed."""
    return apply_edits(text, _removals(frame, text))


def shown(frame: WhitespaceFrame, stretch: str) -> str:
    """A stretch of a text as the model sees it: lines after the first without the base indent."""
    return "\n".join(content for content, _ in _shown_lines(frame, stretch))


def text_of(frame: WhitespaceFrame, body: str, old: str) -> str:
    """`body` in its frame again: a whole text.

    Args:
        frame: of the selection.
        body: what the model sent.
        old: the text that the body was made from. Its white space around and its unchanged lines
            are kept; where it has no words at all, the frame's lead and tail stand in for them.
    """
    core = core_of(old)
    words = core_of(body).of(body)
    if not words:
        return old[: core.start] + old[core.end :]
    lead, tail = old[: core.start], old[core.end :]
    if core.is_empty:
        lead, tail = frame.lead, frame.tail
    return lead + stretch_of(frame, words, core.of(old)) + tail


def stretch_of(frame: WhitespaceFrame, words: str, old: str, *, at_line_start: bool = False) -> str:
    """New words for the stretch `old` of a text: lines after the first indented, line ends set.

    A line that is the same as a line of `old`, or differs from it in trailing blanks or in the
    Unicode form only, keeps the bytes that it had.

    Args:
        frame: of the selection.
        words: what the model sent for the stretch.
        old: the stretch as it stands in the text.
        at_line_start: whether the stretch begins with the indent of its first line.
    """
    had = list(_lines(old))
    seen = list(_shown_lines(frame, old, 0 if at_line_start else 1))
    new = _EOL.split(words)
    made: list[str] = []
    for line, index, same in _aligned([content for content, _ in seen], new):
        inner = at_line_start or bool(made)
        content = frame.indent + line if inner and line.strip() else line
        if same and index is not None and inner == (at_line_start or index > 0):
            content = had[index][0]
        eol = had[index][1] if index is not None else ""
        made += (content, eol or frame.eol)
    return "".join(made[:-1])


def core_of(text: str) -> Span:
    """The words without the white space around them; empty at the end where there are none."""
    start = _matched(text)
    if start == len(text):
        return Span(start, start)
    return Span(start, len(text) - _matched(text[::-1]))


def _matched(text: str) -> int:
    found = _EDGE.match(text)
    return found.end() if found else 0


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _common(indents: list[str]) -> str:
    """The blanks that all of them start with."""
    low, high = min(indents), max(indents)
    same = (n for n, (a, b) in enumerate(zip(low, high, strict=False)) if a != b)
    return low[: next(same, len(low))]


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line and its end; the last one has none."""
    at = 0
    for end in _EOL.finditer(text):
        yield text[at : end.start()], end.group()
        at = end.end()
    yield text[at:], ""


def _shown_lines(frame: WhitespaceFrame, stretch: str, first: int = 1) -> Iterator[tuple[str, str]]:
    """Each line without the base indent, from line `first` on, and its end."""
    for number, (content, eol) in enumerate(_lines(stretch)):
        hidden = number >= first and content.strip() and content.startswith(frame.indent)
        yield (content[len(frame.indent) :] if hidden else content), eol


def _removals(frame: WhitespaceFrame, text: str) -> list[Edit]:
    """The edits that make the body of `text`."""
    core = core_of(text)
    edits = [Edit(Span(0, core.start), "")]
    at = core.start
    lines = zip(_lines(core.of(text)), _shown_lines(frame, core.of(text)), strict=True)
    for (content, eol), (seen, _) in lines:
        edits.append(Edit(Span(at, at + len(content) - len(seen)), ""))
        at += len(content)
        if eol:
            edits.append(Edit(Span(at, at + len(eol)), "\n"))
        at += len(eol)
    edits.append(Edit(Span(core.end, len(text)), ""))
    return [e for e in edits if e.span.of(text) != e.text]


def _key(line: str) -> str:
    return normalize("NFC", line).rstrip(" \t")


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[str, int | None, bool]]:
    """Each new line, the old line that it stands for if any, and whether the two are the same."""
    keys = SequenceMatcher(None, [_key(x) for x in old], [_key(x) for x in new], autojunk=False)
    for what, a1, a2, b1, b2 in keys.get_opcodes():
        for place, line in enumerate(new[b1:b2]):
            twin = min(a1 + place, a2 - 1) if a2 > a1 else None
            yield line, twin, what == "equal"
