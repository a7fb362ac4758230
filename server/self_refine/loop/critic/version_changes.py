"""Owns what of a new version differs from an old one, and where old words stand in it."""

from collections.abc import Iterator

from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Edit, Span


def hunks(old: str, new: str) -> Iterator[tuple[Edit, Span]]:
    """Each edit with the stretch of the new text that it makes; a place where words were cut."""
    shift = 0
    for edit in minimal_edits(old, new):
        start = edit.span.start + shift
        yield edit, Span(start, start + len(edit.text))
        shift += len(edit.text) - (edit.span.end - edit.span.start)


def followed(span: Span, edits: tuple[Edit, ...]) -> Span:
    """Where a stretch of the old text stands in the new one, with all that replaced parts of it."""
    return Span(_moved(span.start, edits, end=False), _moved(span.end, edits, end=True))


def _moved(offset: int, edits: tuple[Edit, ...], *, end: bool) -> int:
    """An offset after edits; inside a replaced stretch its start, its end where a span ends."""
    shift = 0
    for edit in edits:
        start, stop = edit.span.start, edit.span.end
        if stop < offset or (stop == offset and (end or start < stop)):
            shift += len(edit.text) - (stop - start)
        elif start < offset:
            return start + shift + (len(edit.text) if end else 0)
        else:
            break
    return offset + shift
