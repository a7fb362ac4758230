"""`within`: what a selection grows to for the criteria of its run, and what it lacks for them.

Where several files ask for different units, the widest is taken.
"""

from collections.abc import Iterable
from dataclasses import replace

from self_refine.checks.subject import Subject
from self_refine.criteria.applying import Target, Within
from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.text.segmenting.unit_at import definitions_at, paragraphs_at
from self_refine.text.spans import Span


def grown(document: str, span: Span, files: Iterable[CriteriaFile]) -> Span:
    """The selection, or the whole paragraphs or definitions that it touches."""
    wanted = {file.applies.within for file in files}
    if not span.of(document).strip():
        return span
    found = (paragraphs_at(document, span) if "paragraph" in wanted else span,
             definitions_at(document, span) if "definition" in wanted else span)  # fmt: skip
    known = [span, *(each for each in found if each is not None)]
    return Span(min(each.start for each in known), max(each.end for each in known))


def lacking(
    target: Target, document: str, span: Span, language: str, files: Iterable[CriteriaFile]
) -> Target:
    """The target with the units that the selection has none of."""
    wanted = {file.applies.within for file in files}
    lacks: list[Within] = []
    if "definition" in wanted and definitions_at(document, span) is None:
        lacks.append("definition")
    if "comments" in wanted and not comments_in(span.of(document), language):
        lacks.append("comments")
    return replace(target, lacks=tuple(lacks))


def comments_in(text: str, language: str) -> tuple[Span, ...]:
    """The comments and docstrings of a text."""
    return Subject(text=text, original=text, language=language).map.stretches(("comments",))


def without_comments(text: str, language: str) -> tuple[str, ...]:
    """What stands between the comments of a text, line ends and indentation left out."""
    parts, at = [], 0
    for comment in comments_in(text, language):
        parts.append(text[at : comment.start])
        at = comment.end
    parts.append(text[at:])
    return tuple(part.strip() for part in parts if part.strip())
