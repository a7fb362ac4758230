"""Owns runs as plain values, for a client that shows them in views of its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from self_refine.editor import messages
from self_refine.editor.diagnostics.to_lsp import plain_range, uri_of
from self_refine.editor.documents.documents import Document
from self_refine.editor.pages.criteria_table import Row, counts, rows, verdict
from self_refine.editor.review.change import Change, Part
from self_refine.editor.review.tracked_change import TrackedChange
from self_refine.editor.runs.run import (
    Ended,
    Landed,
    Queued,
    Result,
    Run,
    Running,
    Waiting,
    changes_of,
    result_of,
    result_start,
    states,
)
from self_refine.editor.session import Session
from self_refine.text.foreign import inert
from self_refine.text.invisible import escape, plain
from self_refine.text.spans import Span

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.criteria.criteria_file import CriteriaFile
    from self_refine.loop.types import Finding, Outcome

_MOST_PART = 2_000
"""Code points of either side of a part: a client shows them in the text."""
_MOST_WORDS = 400
"""Code points of any text that is shown in a view."""

View = dict[str, Any]


def run_view(session: Session, run: Run) -> View:
    """A run as `RunView` of the protocol page describes it."""
    from self_refine.loop.types import Cost  # noqa: PLC0415 - see the top

    document = session.documents.get(run.uri)
    result = result_of(run)
    outcome = None if result is None else result.outcome
    cost = outcome.cost if outcome is not None else Cost()
    return {
        "runId": run.id,
        "uri": run.uri,
        "kind": run.order.kind,
        "title": run.order.title,
        "state": state_name(run),
        "stage": run.stage if isinstance(run, Running) else "",
        "whyWaiting": run.reason if isinstance(run, Waiting) else "",
        "held": _is_held(run),
        "model": plain(_model(run, result), _MOST_WORDS),
        "stop": _stop(run, outcome),
        "detail": "" if outcome is None else plain(outcome.detail, _MOST_WORDS),
        "calls": cost.calls,
        "tokens": cost.tokens,
        "estimated": cost.estimated,
        "range": _range(document, run.region) or _NOWHERE,
        "began": run.order.began,
        "file": messages.file_name(run.uri),
        "line": _line(document, run),
        "restored": run.order.restored,
        "instruction": plain(run.order.instruction, _MOST_WORDS),
        "verdict": asdict(verdict(run)),
        "counts": asdict(counts(run)),
        "criteria": [_criterion(row, _files(run)) for row in rows(run)],
        "passes": _passes(document, run, outcome),
        "changes": list(_changes(document, run, result)),
    }


_AS_THEY_ARE = frozenset({"uri", "runId", "ids", "before", "after"})
"""Values that name something, and words that are shown in the text itself: those are escaped."""


def inert_view(view: View) -> View:
    """A view whose every word is inert: whatever is added to one, no client has to be careful."""
    return {name: v if name in _AS_THEY_ARE else _inert(v) for name, v in view.items()}


def _inert(value: Any) -> Any:
    match value:
        case str():
            return inert(value)
        case list():
            return [_inert(each) for each in value]
        case dict():
            return inert_view(value)
        case _:
            return value


_NOWHERE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def state_name(run: Run) -> str:
    """The state as the protocol has it: a result whose every change is decided has ended."""
    match run:
        case Queued() | Running():
            return "running"
        case Waiting():
            return "waiting"
        case Landed():
            return "landed" if "landed" in states(run) else "ended"
        case Ended():
            return "ended"


def _model(run: Run, result: Result | None) -> str:
    if isinstance(run, Running):
        return run.model
    return "" if result is None else result.model


def _is_held(run: Run) -> bool:
    """Whether a result waits to be looked at, and not because something came between."""
    return isinstance(run, Waiting) and run.review_first and run.original.span is not None


def _stop(run: Run, outcome: "Outcome | None") -> str:
    if outcome is not None:
        return outcome.stop.value
    if isinstance(run, Ended):
        return "cancelled" if run.why == "cancelled" else "nothing was done"
    return ""


def _passes(document: Document | None, run: Run, outcome: "Outcome | None") -> list[View]:
    if outcome is not None:
        return list(_judged(document, run, outcome))
    if not isinstance(run, Running) or not run.judged:
        return []
    # Until the end there is only what was found in the text as it was given.
    found = [placed.note.finding for placed in run.notes]
    first = _findings(document, found, [None] * len(found), run.start)
    return [{"number": 0, "origin": "original", "findings": first}]


def _judged(document: Document | None, run: Run, outcome: "Outcome") -> Iterator[View]:
    from self_refine.loop.reporting.pass_report import passes  # noqa: PLC0415 - not before the first run

    for number, view in enumerate(passes(outcome)):
        candidate = view.candidate
        start = None
        if candidate.number == outcome.best and isinstance(run, Landed):
            start = result_start(run)
        elif candidate.number == 0 and not isinstance(run, Ended):
            start = run.start
        yield {
            "number": number,
            "origin": candidate.origin,
            "findings": _findings(document, candidate.findings, view.fixed_in, start),
        }


def _findings(
    document: Document | None,
    findings: "Iterable[Finding]",
    fixed_in: Iterable[int | None],
    start: int | None,
) -> list[View]:
    from self_refine.loop.types import label_of  # noqa: PLC0415 - see the top

    return [
        {
            "criterion": label_of(finding.criterion),
            "severity": finding.severity.value,
            "problem": plain(finding.problem, _MOST_WORDS),
            "quote": plain(finding.quote, _MOST_WORDS),
            "fixedIn": fixed,
            "range": None if start is None else _range(document, finding.span.moved(start)),
        }
        for finding, fixed in zip(findings, fixed_in, strict=True)
    ]


def _changes(document: Document | None, run: Run, result: Result | None) -> Iterator[View]:
    if result is None:
        return
    followed = {each.change.number: each for each in changes_of(run)}
    now = states(run)
    for change in result.changes:
        tracked = followed.get(change.number)
        span = None if tracked is None else tracked.span
        yield {
            "number": change.number,
            "state": now[change.number] if change.number < len(now) else "reverted",
            "before": plain(change.before, _MOST_WORDS),
            "after": plain(change.after, _MOST_WORDS),
            "answers": [plain(finding.problem, _MOST_WORDS) for finding in change.answers],
            "range": None if span is None else _range(document, span),
            "title": messages.change_title(change),
            "parts": [_part(document, change, part, tracked) for part in change.parts],
            "why": [_why(result, finding) for finding in change.answers],
        }


def _part(
    document: Document | None, change: Change, part: Part, tracked: TrackedChange | None
) -> View:
    """A stretch of the words that stand: the new ones once they are there, else the old ones."""
    at = None
    if tracked is not None and tracked.span is not None:
        whole, own = (change.new, part.new) if tracked.is_new else (change.old, part.old)
        at = own.moved(tracked.span.start - whole.start)
    return {
        "range": None if at is None else _range(document, at),
        "before": escape(part.before[:_MOST_PART]),
        "after": escape(part.after[:_MOST_PART]),
    }


def _why(result: Result, finding: "Finding") -> View:
    from self_refine.loop.types import label_of  # noqa: PLC0415 - see the top

    asked = next((c for c in result.outcome.criteria if c.id == finding.criterion), None)
    return {
        "criterion": label_of(finding.criterion),
        "question": "" if asked is None else plain(messages.asks(asked), _MOST_WORDS),
        "problem": plain(finding.problem, _MOST_WORDS),
        "fix": plain(finding.instruction, _MOST_WORDS),
    }


def _files(run: Run) -> "Mapping[str, CriteriaFile]":
    """The files that a run judges by, by their ids."""
    result = result_of(run)
    chosen = run.chosen if isinstance(run, Running) else None
    chosen = result.chosen if result is not None else chosen
    return {} if chosen is None else {file.id: file for file in chosen.files}


def _criterion(row: Row, files: "Mapping[str, CriteriaFile]") -> View:
    criterion = row.criterion
    source, file = criterion.source, files.get(criterion.id.rpartition("/")[0])
    return {
        "criterion": criterion.id,
        "question": plain(messages.asks(criterion), _MOST_WORDS),
        "severity": criterion.severity.value,
        "by": "model" if criterion.check is None else "check",
        "state": row.state,
        "reason": plain(row.reason, _MOST_WORDS),
        "findings": row.findings,
        "uri": "" if file is None or source is None else uri_of(file.path),
        "line": 0 if source is None else source.line,
    }


def _line(document: Document | None, run: Run) -> int:
    """Where the run's words begin now, counted from 1; 0 where that is not known."""
    if document is None or run.region.start > len(document.text):
        return 0
    return document.position(run.region.start).line + 1


def _range(document: Document | None, span: Span) -> View | None:
    if document is None or span.end > len(document.text):
        return None
    return plain_range(document.range(span))
