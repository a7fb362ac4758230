"""Owns the one way from our values to the protocol's. Words of models leave it plain and short."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.uris import from_fs_path

from self_refine.editor import messages
from self_refine.editor.diagnostics.findings import LIVE, Note, Placed
from self_refine.editor.documents.documents import Document
from self_refine.text.invisible import plain
from self_refine.text.lines import LineTable
from self_refine.text.spans import Edit, Span

if TYPE_CHECKING:  # criteria files are read later than this module is imported
    from self_refine.criteria.problems import Problem

SOURCE = "self-refine"

_MOST_MESSAGE = 500
_MOST_QUOTE = 200

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def diagnostic(document: Document, placed: Placed, *, related: bool) -> dict[str, Any]:
    """A finding on its words, as it is sent: there may be hundreds.

    Args:
        document: where it stands.
        placed: the finding.
        related: whether the client shows related information.
    """
    note = placed.note
    found: dict[str, Any] = {
        "range": plain_range(document.range(placed.span)),
        "severity": severity(note).value,
        "source": SOURCE,
        "code": note.label_of_criterion,
        "message": message(note),
        "data": data(note),
    }
    if (place := criterion_place(note)) is not None:
        found["codeDescription"] = {"href": href(place)}
        if related:
            found["relatedInformation"] = [_related(note, place)]
    return found


def severity(note: Note) -> types.DiagnosticSeverity:
    """Its criterion's; what is resolved, or disputed and not counted, never shouts."""
    if note.state == "resolved":
        return types.DiagnosticSeverity.Hint
    if note.finding.disputed and note.finding.severity.gates:
        return types.DiagnosticSeverity.Information
    return _SEVERITIES[note.finding.severity.value]


def message(note: Note) -> str:
    """What is wrong, or was; one plain line."""
    problem = plain(note.finding.problem, _MOST_MESSAGE - 60)
    if note.state == "resolved":
        by = "" if note.resolved_in is None else f" in pass {note.resolved_in}"
        return f"resolved{by}: {problem}"
    return f"{problem} (disputed, not counted)" if note.finding.disputed else problem


def data(note: Note) -> dict[str, Any]:
    """What comes back with a code action request, and what other tools may read."""
    return {
        "run": None if note.group == LIVE else note.group,
        "criterion": note.finding.criterion,
        "quote": note.finding.quote[:_MOST_QUOTE],
        "criterionHash": note.criterion.digest if note.criterion else "",
        "key": note.key,
    }


def criterion_place(note: Note) -> types.Location | None:
    """The line of the criteria file that asked for it."""
    criterion = note.criterion
    if criterion is None or criterion.source is None or not note.path:
        return None
    return location(Path(note.path), criterion.source.line)


@lru_cache(maxsize=1_024)
def location(path: Path, line: int) -> types.Location:
    """A whole line of a file, counted from 1."""
    start = types.Position(line=line - 1, character=0)
    return types.Location(uri=uri_of(path), range=types.Range(start=start, end=start))


@lru_cache(maxsize=256)
def uri_of(path: Path) -> str:
    """As the protocol names a file."""
    return from_fs_path(str(path)) or path.as_uri()


def href(place: types.Location) -> str:
    """A link to a line; made of the criterion's place alone, never of words from a model."""
    return f"{place.uri}#L{place.range.start.line + 1}"


def _related(note: Note, place: types.Location) -> dict[str, Any]:
    question = messages.asks(note.criterion) if note.criterion else ""
    words = f"{plain(note.label, _MOST_QUOTE)}: {plain(question, _MOST_MESSAGE)}"
    return {"location": {"uri": place.uri, "range": plain_range(place.range)}, "message": words}


def problem_diagnostic(problem: "Problem", document: Document | None) -> types.Diagnostic:
    """What is wrong in a criteria file.

    Args:
        problem: with its place in code points.
        document: the file where it is open; where it is not, columns are code points, which is
            right for lines without rare characters.
    """
    return types.Diagnostic(
        range=_place_of(problem, document),
        severity=_SEVERITIES[problem.severity.value],
        source=SOURCE,
        code=problem.code,
        message=plain(problem.message, _MOST_MESSAGE),
    )


def more_diagnostic(count: int) -> types.Diagnostic:
    """Say, at the top of a document, how many diagnostics are left out."""
    start = types.Position(line=0, character=0)
    return types.Diagnostic(
        range=types.Range(start=start, end=start),
        severity=types.DiagnosticSeverity.Information,
        source=SOURCE,
        message=f"{count:,} more problems are not shown. Mend those that are, and they come up.",
    )


def _place_of(problem: "Problem", document: Document | None) -> types.Range:
    if document is not None:
        table = LineTable(document.text)
        start = _offset(table, problem.line, problem.column)
        end = max(start, _offset(table, problem.end_line, problem.end_column))
        return document.range(Span(start, end))
    return types.Range(
        start=types.Position(line=problem.line - 1, character=problem.column - 1),
        end=types.Position(line=problem.end_line - 1, character=problem.end_column - 1),
    )


def _offset(table: LineTable, line: int, column: int) -> int:
    """Where a place stands, both counted from 1; the nearest one where the text has none such."""
    span = table.span(min(max(line, 1), table.count) - 1)
    return min(span.start + max(column, 1) - 1, span.end)


def plain_range(range_: types.Range) -> dict[str, Any]:
    """A range as arguments of a command hold it."""
    return {
        "start": {"line": range_.start.line, "character": range_.start.character},
        "end": {"line": range_.end.line, "character": range_.end.character},
    }


def text_edits(document: Document, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Edits in offsets of the document's text."""
    return [types.TextEdit(range=document.range(e.span), new_text=e.text) for e in edits]


def workspace_edit(document: Document, edits: Iterable[Edit]) -> types.WorkspaceEdit:
    """Edits of one document, bound to the version that they were computed from."""
    name = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    changes: Sequence[types.TextEdit] = text_edits(document, edits)
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(text_document=name, edits=list(changes))]
    )
