"""Judges one file: its checks always, its judged criteria where a model answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from self_refine.checks.registry import run_checks
from self_refine.checks.subject import Subject
from self_refine.ci.results import FileResult, Found, Place, State, Unchecked
from self_refine.criteria.choose_criteria import Chosen
from self_refine.criteria.silenced import (
    Dismissal,
    disabled,
    dismissal_of,
    is_disabled,
    is_dismissed,
)
from self_refine.loop.types import CheckResult, Criterion, Finding, Outcome, StopReason, Verdict
from self_refine.text.lines import LineTable

_JUDGED_TO_THE_END = {
    StopReason.APPROVED,
    StopReason.CHECKS_ONLY,
    StopReason.LIMIT,
    StopReason.NO_CHANGE,
    StopReason.NO_PROGRESS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFile:
    """One file as it was read, and what it is judged by."""

    path: PurePosixPath
    text: str
    language: str
    chosen: Chosen


def by_checks(file: TextFile, dismissed: frozenset[Dismissal], why_not: str) -> FileResult:
    """What its checks say; judged criteria are not checked, with `why_not` as the reason."""
    subject = Subject(
        text=file.text,
        original=file.text,
        language=file.language,
        path=str(file.path),
        inputs=file.chosen.inputs,
    )
    results = {each.criterion: each for each in run_checks(file.chosen.checks, subject)}
    verdicts = {c.id: _verdict(c, results) for c in file.chosen.criteria}
    findings = [each for result in results.values() for each in result.findings]
    reasons = {name: result.reason for name, result in results.items()}
    return _result(file, findings, verdicts, reasons, dismissed, why_not)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a run that only judged a file came to."""

    outcome: Outcome
    cached: int = 0
    """Verdicts that were known from an earlier run."""


def by_judgement(
    file: TextFile, judgement: Judgement, dismissed: frozenset[Dismissal]
) -> FileResult:
    """What it says of the file."""
    outcome = judgement.outcome
    judged = outcome.original
    verdicts = {name: each.verdict for name, each in judged.verdicts.items()}
    ended = outcome.stop in _JUDGED_TO_THE_END
    why = "" if ended else f"{outcome.stop}: {outcome.detail}".rstrip(": ")
    reasons = {name: why or each.reason for name, each in judged.verdicts.items()}
    result = _result(file, judged.findings, verdicts, reasons, dismissed, why or "not judged")
    return FileResult(
        path=result.path,
        text=result.text,
        found=result.found,
        verdicts=verdicts,
        unchecked=result.unchecked,
        cost=outcome.cost,
        cached=judgement.cached,
        stopped=why,
    )


def _result(  # noqa: PLR0913, PLR0917 - what a judgement consists of
    file: TextFile,
    findings: Iterable[Finding],
    verdicts: Mapping[str, Verdict],
    reasons: Mapping[str, str],
    dismissed: frozenset[Dismissal],
    why_not: str,
) -> FileResult:
    return FileResult(
        path=file.path,
        text=file.text,
        found=tuple(_found(file, findings, dismissed)),
        verdicts=verdicts,
        unchecked=tuple(_unchecked(file.chosen.criteria, verdicts, reasons, why_not)),
    )


def _verdict(criterion: Criterion, results: Mapping[str, CheckResult]) -> Verdict:
    result = results.get(criterion.id)
    return Verdict.NOT_CHECKED if result is None else result.verdict


def _unchecked(
    criteria: Sequence[Criterion],
    verdicts: Mapping[str, Verdict],
    reasons: Mapping[str, str],
    why_not: str,
) -> Iterator[Unchecked]:
    for each in criteria:
        if verdicts.get(each.id) in {None, Verdict.NOT_CHECKED, Verdict.UNKNOWN}:
            reason = each.not_checked or reasons.get(each.id, "") or why_not
            yield Unchecked(each.id, each.severity, reason)


def _found(
    file: TextFile, findings: Iterable[Finding], dismissed: frozenset[Dismissal]
) -> Iterator[Found]:
    ordered = sorted(findings, key=lambda each: (each.span.start, each.span.end, each.criterion))
    if not ordered:
        return
    table, off = LineTable(file.text), disabled(file.text)
    digests = {each.id: each.digest for each in file.chosen.criteria}
    for each in ordered:
        own = dismissal_of(each.criterion, digests.get(each.criterion, ""), each.span, file.text)
        quote = each.span.of(file.text)
        silent = is_disabled(each.criterion, each.span, off, table) or (
            bool(dismissed) and is_dismissed(own, quote, file.text, dismissed)
        )
        yield Found(each, _place(table, each), State.DISMISSED if silent else State.NEW)


def _place(table: LineTable, finding: Finding) -> Place:
    line, column = table.position(finding.span.start)
    end_line, end_column = table.position(finding.span.end)
    return Place(line + 1, column + 1, end_line + 1, end_column + 1)
