"""Owns runs as plain values, for a client that shows them in views of its own."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from self_refine.editor.documents.documents import Document
from self_refine.editor.runs.review_changes import ReviewHunk
from self_refine.editor.runs.run_table import Run
from self_refine.editor.session import Session
from self_refine.text.invisible import plain
from self_refine.text.spans import Span

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.loop.types import Finding, Outcome

_MOST_WORDS = 400
"""Code points of any text that is shown in a view."""

View = dict[str, Any]


def run_view(session: Session, run: Run) -> View:
    """A run as `RunView` of the protocol page describes it."""
    from self_refine.loop.types import Cost  # noqa: PLC0415 - see the top

    document = session.documents.get(run.uri)
    outcome = run.outcome
    cost = outcome.cost if outcome is not None else Cost()
    return {
        "runId": run.id,
        "uri": run.uri,
        "kind": run.kind,
        "title": run.title,
        "state": run.state,
        "stage": run.stage,
        "whyWaiting": run.why_waiting,
        "held": _is_held(run),
        "model": plain(run.model, _MOST_WORDS),
        "stop": _stop(run, outcome),
        "detail": "" if outcome is None else plain(outcome.detail, _MOST_WORDS),
        "calls": cost.calls,
        "tokens": cost.tokens,
        "estimated": cost.estimated,
        "range": _range(document, run.region) or _NOWHERE,
        "passes": _passes(document, run, outcome),
        "changes": [_change(document, run, number) for number in range(len(run.found))],
    }


_NOWHERE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def _is_held(run: Run) -> bool:
    """Whether a result waits to be looked at, and not because something came between."""
    return run.state == "waiting" and run.review_first and run.anchor.span is not None


def _stop(run: Run, outcome: "Outcome | None") -> str:
    if outcome is not None:
        return outcome.stop.value
    if run.cancelled is not None:
        return "cancelled"
    return "" if run.state == "running" else "nothing was done"


def _passes(document: Document | None, run: Run, outcome: "Outcome | None") -> list[View]:
    if outcome is None:
        # Until the end there is only what was found in the text as it was given.
        found = [placed.note.finding for placed in run.original_notes]
        first = _findings(document, found, [None] * len(found), _start(run, "original"))
        return [{"number": 0, "origin": "original", "findings": first}] if run.judged else []
    return list(_judged(document, run, outcome))


def _judged(document: Document | None, run: Run, outcome: "Outcome") -> Iterator[View]:
    from self_refine.loop.reporting.pass_report import passes  # noqa: PLC0415 - not before the first run

    for number, view in enumerate(passes(outcome)):
        candidate = view.candidate
        start = None
        if candidate.number == outcome.best and run.result is not None:
            start = _start(run, "result")
        elif candidate.number == 0:
            start = _start(run, "original")
        yield {
            "number": number,
            "origin": candidate.origin,
            "findings": _findings(document, candidate.findings, view.fixed_in, start),
        }


def _start(run: Run, which: str) -> int | None:
    """Where a version stands in the document now; None where it does not, or nobody follows it."""
    anchor = run.result if which == "result" else run.anchor
    if run.state == "ended" or anchor is None or anchor.span is None:
        return None
    return anchor.span.start


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


def _change(document: Document | None, run: Run, number: int) -> View:
    change = run.found[number]
    standing = next((s for s in run.standing if s.change.number == number), None)
    return {
        "number": change.number,
        "state": _state(run, standing),
        "before": plain(change.before, _MOST_WORDS),
        "after": plain(change.after, _MOST_WORDS),
        "answers": [plain(finding.problem, _MOST_WORDS) for finding in change.answers],
        "range": _place(document, run, standing),
    }


def _state(run: Run, standing: ReviewHunk | None) -> str:
    if standing is not None:
        return standing.state
    # Words that were typed in: nothing can be done with the change any more.
    return "reverted" if run.state == "waiting" else "kept"


def _place(document: Document | None, run: Run, standing: ReviewHunk | None) -> View | None:
    if run.state == "ended" or standing is None or standing.span is None:
        return None
    return _range(document, standing.span)


def _range(document: Document | None, span: Span) -> View | None:
    if document is None or span.end > len(document.text):
        return None
    return as_json(document.range(span))


def as_json(range_: types.Range) -> View:
    """A range as it goes over the wire."""
    return {
        "start": {"line": range_.start.line, "character": range_.start.character},
        "end": {"line": range_.end.line, "character": range_.end.character},
    }
