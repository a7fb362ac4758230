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
            return number if _indent(line) == depth and _CLOSES.match(line) else last
        last = number
    return last


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
