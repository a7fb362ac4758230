"""A run in figures and in a table: the one place that counts, for view, page and message alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from self_refine.editor import messages
from self_refine.editor.runs.run import (
    Ended,
    Landed,
    Result,
    Run,
    Running,
    Waiting,
    pending,
    result_of,
    states,
)

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.loop.types import Criterion, Judged, Outcome

RowState = Literal["pass", "fail", "notApplicable", "notChecked", "pending"]
VerdictKind = Literal["running", "approved", "open", "unchecked", "failed", "cancelled", "refused"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One criterion of a run, and what was decided."""

    criterion: "Criterion"
    state: RowState
    reason: str = ""
    """Why it was not checked, as a sentence; "" otherwise."""
    findings: int = 0
    """How many are open in the text as the run returned it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What there is of a run, in the text as it stands."""

    changes: int = 0
    pending: int = 0
    kept: int = 0
    reverted: int = 0
    open: int = 0
    """Findings on words that stand."""
    resolved: int = 0
    unchecked: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class RunVerdict:
    """What a run came to."""

    kind: VerdictKind
    sentence: str


def rows(run: Run) -> tuple[Row, ...]:
    """The criteria of a run, in the order of their files."""
    result = result_of(run)
    if result is not None:
        chosen = result.outcome.chosen
        found = [finding.criterion for finding in chosen.findings]
        return tuple(_rows(result.outcome.criteria, chosen.verdicts, found, ended=True))
    if isinstance(run, Running) and run.chosen is not None:
        found = [placed.note.finding.criterion for placed in run.notes]
        return tuple(_rows(run.chosen.criteria, run.verdicts, found, ended=False))
    return ()


def _rows(
    criteria: "Iterable[Criterion]",
    verdicts: "Mapping[str, Judged]",
    found: list[str],
    *,
    ended: bool,
) -> Iterator[Row]:
    for criterion in criteria:
        judged = verdicts.get(criterion.id)
        count = found.count(criterion.id)
        state, reason = _state(criterion, judged, count, ended=ended)
        yield Row(criterion=criterion, state=state, reason=reason, findings=count)


def _state(
    criterion: "Criterion", judged: "Judged | None", count: int, *, ended: bool
) -> tuple[RowState, str]:
    if criterion.not_checked:
        return "notChecked", messages.sentence(criterion.not_checked)
    verdict = None if judged is None else judged.verdict.value
    if verdict == "fail" or count:
        return "fail", ""
    if verdict == "pass":
        return "pass", ""
    if verdict == "not_applicable":
        return "notApplicable", ""
    if judged is None and not ended:
        return "pending", ""
    reason = "" if judged is None else judged.reason
    return "notChecked", messages.sentence(reason or messages.NOT_JUDGED)


def counts(run: Run) -> Counts:
    """The figures of a run."""
    result, table = result_of(run), rows(run)
    unchecked = sum(row.state == "notChecked" for row in table)
    if result is None:
        notes = run.notes if isinstance(run, Running) else ()
        return Counts(open=len(notes), unchecked=unchecked)
    now = states(run)
    return Counts(
        changes=len(result.changes),
        pending=len(pending(run)),
        kept=now.count("kept"),
        reverted=now.count("reverted"),
        open=_open(run, result),
        resolved=_resolved(run, result),
        unchecked=unchecked,
    )


def _open(run: Run, result: Result) -> int:
    """What stands in the text: the result's, and that of each change which is not made."""
    if isinstance(run, Waiting) or not result.changes:
        return len(result.notes.original)
    left = sum(not p.note.finding.disputed for p in result.notes.left)
    both = zip(states(run), result.notes.by_change, strict=False)
    return left + sum(len(notes.old) for state, notes in both if state == "reverted")


def _resolved(run: Run, result: Result) -> int:
    both = zip(states(run), result.notes.by_change, strict=False)
    return sum(len(notes.new) for state, notes in both if state in ("landed", "kept"))


def verdict(run: Run) -> RunVerdict:
    """What a run came to; never "approved" while a criterion of error level was not checked."""
    result = result_of(run)
    if result is None:
        if not isinstance(run, Ended):
            return RunVerdict(kind="running", sentence=messages.STILL_RUNNING)
        kind: VerdictKind = _WITHOUT_RESULT.get(run.why, "refused")
        return RunVerdict(kind=kind, sentence=run.message or messages.NOTHING_DONE[kind])
    return _verdict(run, result.outcome)


_WITHOUT_RESULT: "Mapping[str, Literal['cancelled', 'failed']]" = {
    "cancelled": "cancelled",
    "closed": "cancelled",
    "defect": "failed",
}


def _verdict(run: Run, outcome: "Outcome") -> RunVerdict:
    stop = outcome.stop.value
    if stop == "model failed":
        return RunVerdict(kind="failed", sentence=messages.model_failed(outcome.detail))
    if stop == "cancelled":
        return RunVerdict(kind="cancelled", sentence=messages.NOTHING_DONE["cancelled"])
    table, figures = rows(run), counts(run)
    if figures.open:
        return RunVerdict(kind="open", sentence=messages.left_open(figures.open, outcome))
    grave = any(r.state == "notChecked" and r.criterion.severity.value == "error" for r in table)
    if grave or stop == "checks only":
        return RunVerdict(kind="unchecked", sentence=messages.not_all_checked(figures.unchecked))
    if isinstance(run, Landed | Waiting | Ended) and stop != "approved":
        return RunVerdict(kind="open", sentence=messages.sentence(messages.stopped(outcome)))
    return RunVerdict(kind="approved", sentence=messages.approved(figures.unchecked))
