"""Columns and levels as each format counts and names them, and words made safe to print."""

from self_refine.ci.results import FileResult, Found
from self_refine.loop.types import Severity, label_of
from self_refine.text.invisible import plain
from self_refine.text.lines import LineTable

_LONGEST = 2_000
LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}
"""Three levels, as most formats have them."""


def message(found: Found) -> str:
    """The finding in one plain line: nothing in it can control a terminal."""
    return plain(found.finding.problem, _LONGEST)


def rule(found: Found) -> str:
    """The full id of its criterion."""
    return label_of(found.finding.criterion)


def byte_columns(file: FileResult, found: Found) -> tuple[int, int]:
    """First and end column in bytes of UTF-8, from 1."""
    table, place = LineTable(file.text), found.place

    def column(line: int, points: int) -> int:
        words = table.span(line - 1).of(file.text)[: points - 1]
        return len(words.encode("utf-8", "surrogatepass")) + 1

    return column(place.line, place.column), column(place.end_line, place.end_column)
