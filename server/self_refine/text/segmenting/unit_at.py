"""The unit round a cursor that a run may work on: a paragraph of prose, a definition of code."""

import re
from dataclasses import dataclass

from self_refine.text.invisible import plain
from self_refine.text.lines import LineTable
from self_refine.text.segmenting.segments import is_prose
from self_refine.text.spans import Span

_DEFINITION = re.compile(
    r"[ \t]*(?:(?:export|default|pub(?:\([a-z]+\))?|public|private|protected|internal|static|final"
    r"|abstract|async|unsafe|override|local|inline|virtual)[ \t]+)*"
    r"(?P<kind>def|class|function|func|fn|fun|sub|interface|struct|enum|impl|trait|module|namespace"
    r"|type|proc|method)\b[ \t]*(?P<name>[\w$.:]*)"
)
_DECORATOR = re.compile(r"[ \t]*(?:@\w|#\[)")
_CLOSES = re.compile(r"[ \t]*(?:[)\]}]|end\b)")
_MOST_TITLE = 24


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a document with a name for menus."""

    span: Span
    name: str
    """Such as `paragraph "We utilise it …"` or `function build`."""


def unit_at(text: str, offset: int, language: str) -> Unit | None:
    """The unit round an offset, None where the cursor stands among empty lines."""
    table = LineTable(text)
    lines = [table.span(number).of(text) for number in range(table.count)]
    at = table.line_of(min(offset, len(text)))
    if not lines[at].strip():
        return None
    found = None if is_prose(language) else _definition(lines, at)
    if found is None:
        first, last = _paragraph(lines, at)
        span = Span(table.span(first).start, table.span(last).end)
        return Unit(span, f"paragraph \u201c{plain(span.of(text), _MOST_TITLE)}\u201d")
    first, last, name = found
    return Unit(Span(table.span(first).start, table.span(last).end), name)


def paragraphs_at(text: str, span: Span) -> Span:
    """The paragraphs that a stretch touches, from the first line of the first to the last."""
    table, lines, first, last = _lines_of(text, span)
    return Span(table.span(_paragraph(lines, first)[0]).start,
                table.span(_paragraph(lines, last)[1]).end)  # fmt: skip


def definitions_at(text: str, span: Span) -> Span | None:
    """The smallest definitions that a stretch touches, with it; None where it touches none."""
    table, lines, first, last = _lines_of(text, span)
    begin, end = (_definition(lines, _behind_decorators(lines, at)) for at in (first, last))
    around = [found for found in (begin, end) if found is not None]
    if not around:
        return None
    # A definition that holds one end and begins in the middle is part of the one around both.
    top = min((first, *(found[0] for found in around)))
    bottom = max((last, *(found[1] for found in around)))
    while top > 0 and _DECORATOR.match(lines[top - 1]) and _is_head(lines[top]):
        top -= 1
    return Span(table.span(top).start, table.span(bottom).end)


def _lines_of(text: str, span: Span) -> tuple[LineTable, list[str], int, int]:
    """The lines of a text, and the first and the last of a stretch that have something on them."""
    table = LineTable(text)
    lines = [table.span(number).of(text) for number in range(table.count)]
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    end = max(start, span.start + len(words.rstrip()) - 1)
    return table, lines, table.line_of(start), table.line_of(end)


def _behind_decorators(lines: list[str], at: int) -> int:
    while at + 1 < len(lines) and _DECORATOR.match(lines[at]):
        at += 1
    return at


def _is_head(line: str) -> bool:
    return _DECORATOR.match(line) is not None or _DEFINITION.match(line) is not None


def _paragraph(lines: list[str], at: int) -> tuple[int, int]:
    first = last = at
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return first, last


def _definition(lines: list[str], at: int) -> tuple[int, int, str] | None:
    """The innermost definition whose lines hold the cursor: those that are indented below it."""
    for first in range(at, -1, -1):
        head = _DEFINITION.match(lines[first])
        if head is None:
            continue
        last = _end(lines, first)
        if last >= at:
            return first, last, f"{head['kind']} {head['name']}".strip()
    return None


def _end(lines: list[str], first: int) -> int:
    """The last line of a definition."""
    depth = _indent(lines[first])
    last = first
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if _indent(line) <= depth:
            if _indent(line) != depth or not _CLOSES.match(line):
                return last
            if not line.rstrip().endswith((":", "{", "(")):
                return number
            # The bracket of the parameters; what is defined comes below.
        last = number
    return last


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
