"""Which findings count where only a change is judged: those that its lines have to do with."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from self_refine.ci.changed_lines import Changed
from self_refine.ci.results import Found, State
from self_refine.loop.types import Kind

Filter = Literal["added", "context", "file", "all"]

CONTEXT_LINES = 3
"""Lines on each side of a change that `context` takes in, as unified diffs do."""


def filtered(found: Iterable[Found], changed: Changed | None, wanted: Filter) -> Iterator[Found]:
    """The findings, those that do not count marked so.

    Args:
        found: of one file.
        changed: what the change does to the file; None where it does nothing.
        wanted: `added`: on changed lines; `context`: within three lines of one; `file`: in a file
            that is changed; `all`: everywhere.
    """
    for each in found:
        counts = each.state is not State.NEW or _counts(each, changed, wanted)
        yield each if counts else replace(each, state=State.FILTERED)


def _counts(found: Found, changed: Changed | None, wanted: Filter) -> bool:
    if wanted == "all":
        return True
    if changed is None:
        return False
    if wanted == "file" or changed.is_new:
        return True
    # What is missing has no words of its own: it belongs to the lines about its place.
    absent = found.finding.kind is Kind.MISSING
    margin = CONTEXT_LINES if wanted == "context" or absent else 0
    return changed.touches(found.place.line, _last_line(found), margin)


def _last_line(found: Found) -> int:
    """A finding that ends before the first column of a line does not stand on that line."""
    place = found.place
    whole_lines = place.end_column == 1 and place.end_line > place.line
    return place.end_line - 1 if whole_lines else place.end_line
