"""Code lenses: at most one above a line, which opens what can be done there. No I/O, no model."""

from collections.abc import Iterator
from typing import Any

from lsprotocol import types

from self_refine.editor import messages
from self_refine.editor.documents.documents import Document
from self_refine.editor.review.tracked_change import TrackedChange
from self_refine.editor.runs.run import Run, Waiting, pending
from self_refine.editor.session import Session
from self_refine.text.foreign import inert
from self_refine.text.spans import Span


def code_lenses(session: Session, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The lenses of a document, by line; where two runs meet in one, the later run's."""
    document = session.documents.get(params.text_document.uri)
    if document is None:
        return []
    by_line: dict[int, types.CodeLens] = {}
    for run in session.runs.of(document.uri):
        by_line.update((lens.range.start.line, lens) for lens in _of_run(document, run))
    return [by_line[line] for line in sorted(by_line)]


def _of_run(document: Document, run: Run) -> Iterator[types.CodeLens]:
    if isinstance(run, Waiting):
        span = run.original.span or run.region
        title = messages.waits_lens(sum(not each.is_new for each in pending(run)))
        yield _lens(document, document.range(span).start.line, title, run, [])
    lines: dict[int, list[TrackedChange]] = {}
    for change in pending(run):
        if change.is_new and change.span is not None:
            line = document.range(Span(change.span.start, change.span.start)).start.line
            lines.setdefault(line, []).append(change)
    for line, changes in lines.items():
        title = messages.lens_title([each.change for each in changes])
        yield _lens(document, line, title, run, [each.change.number for each in changes])


def _lens(document: Document, line: int, title: str, run: Run, hunks: list[int]) -> types.CodeLens:
    start = types.Position(line=line, character=0)
    about: dict[str, Any] = {"uri": document.uri, "runId": run.id, "hunks": hunks}
    return types.CodeLens(
        range=types.Range(start=start, end=start),
        command=types.Command(title=inert(title), command="selfRefine.review", arguments=[about]),
    )
