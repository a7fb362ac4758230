"""Owns code lenses: above each change of a result, what can be done with it. No I/O, no model."""

from collections.abc import Iterator
from typing import Any

from lsprotocol import types

from self_refine.editor.documents.documents import Document
from self_refine.editor.review.tracked_change import TrackedChange
from self_refine.editor.runs.run import Run, Waiting, pending
from self_refine.editor.session import Session
from self_refine.text.spans import Span


def code_lenses(session: Session, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The lenses of a document, in the order of its runs."""
    document = session.documents.get(params.text_document.uri)
    if document is None:
        return []
    return [lens for run in session.runs.of(document.uri) for lens in _of_run(document, run)]


def _of_run(document: Document, run: Run) -> Iterator[types.CodeLens]:
    if isinstance(run, Waiting):
        yield from _waiting(document, run)
    at_rest = [(c, c.span) for c in pending(run) if c.span is not None and c.is_new]
    for change, span in at_rest:
        yield from _landed(document, run, change, span)
    if len(at_rest) > 1:
        # Once, above the first change: in a long text it is where the eye begins.
        title = f"Revert all {len(at_rest)} changes"
        yield _lens(document, at_rest[0][1], title, "revert", {"runId": run.id})


def _waiting(document: Document, run: Waiting) -> Iterator[types.CodeLens]:
    span = run.original.span or run.region
    at_hand = [change for change in pending(run) if not change.is_new]
    whole = {"runId": run.id}
    if at_hand:
        noun = "change" if len(at_hand) == 1 else "changes"
        yield _lens(document, span, f"Take {len(at_hand)} {noun}", "accept", whole)
    about = {"uri": run.uri, "runId": run.id}
    yield _lens(document, span, "Show the difference", "explain", about)
    yield _lens(document, span, "Discard", "revert", whole)


def _landed(
    document: Document, run: Run, change: TrackedChange, span: Span
) -> Iterator[types.CodeLens]:
    one = {"runId": run.id, "hunk": change.change.number}
    yield _lens(document, span, "Keep", "accept", one)
    yield _lens(document, span, "Revert this change", "revert", one)
    yield _lens(document, span, "Why?", "explain", {"uri": run.uri, **one})


def _lens(
    document: Document, span: Span, title: str, command: str, arguments: dict[str, Any]
) -> types.CodeLens:
    start = document.range(Span(span.start, span.start)).start
    return types.CodeLens(
        range=types.Range(start=start, end=start),
        command=types.Command(title=title, command=f"selfRefine.{command}", arguments=[arguments]),
    )
