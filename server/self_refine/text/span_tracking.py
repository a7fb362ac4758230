"""Owns where a span of a text stands after edits of that text."""

from collections.abc import Iterable

from self_refine.text.spans import Edit, Span


def map_span(span: Span, edits: Iterable[Edit]) -> Span | None:
    """Where `span` stands once `edits` are made; None where its words were touched.

    Args:
        span: in the text before. A place between two characters is touched by an edit around it;
            it stays before what is inserted at it.
        edits: in offsets of the text before, none overlapping. What is inserted at an edge of a
            stretch, or replaced next to it, does not touch it.
    """
    shift = 0
    for edit in sorted(edits):
        at = edit.span
        if at.start >= span.end and not (at.is_empty and at.start == span.start < span.end):
            break
        if at.end > span.start:
            return None
        if span.is_empty and at.is_empty and at.start == span.start:
            break
        shift += len(edit.text) - (at.end - at.start)
    return span.moved(shift)
