"""Owns what a judgement is worth: approval, which of two versions is better, what the gate refuses.

Computed from verdicts and findings alone; nobody is ever asked for a grade.
"""

from collections.abc import Iterable
from dataclasses import replace

from self_refine.loop.types import Candidate, Criterion, Finding, Severity, Verdict

_DECIDED = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)
_FINE = (Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED)
_MET = (Verdict.PASS, Verdict.NOT_APPLICABLE)


def verdict_of(candidate: Candidate, criterion: str) -> Verdict:
    """What was decided; `unknown` where nothing was."""
    judged = candidate.verdicts.get(criterion)
    return Verdict.UNKNOWN if judged is None else judged.verdict


def gating(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that stand in the way of approval."""
    return tuple(f for f in findings if f.severity.gates and not f.disputed)


def approved(candidate: Candidate, criteria: Iterable[Criterion]) -> bool:
    """Whether no error or warning is left, and every criterion of error level was checked.

    An unknown verdict withholds approval; so does one of error level that nobody could check. Of
    warnings that is counted beside it; `info` and `hint` never withhold it.
    """
    fine = all(
        verdict_of(candidate, c.id) in (_MET if c.severity is Severity.ERROR else _FINE)
        for c in criteria
        if c.severity.gates
    )
    return fine and not gating(candidate.findings)


def unchecked_errors(candidate: Candidate, criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """The criteria of error level that nobody could check."""
    return tuple(
        c
        for c in criteria
        if c.severity is Severity.ERROR and verdict_of(candidate, c.id) is Verdict.NOT_CHECKED
    )


def not_checked(candidate: Candidate) -> int:
    """How many criteria nobody could decide."""
    return sum(judged.verdict is Verdict.NOT_CHECKED for judged in candidate.verdicts.values())


def todo(candidate: Candidate) -> tuple[Finding, ...]:
    """What is to be fixed: checks first, then the gravest, then in order.

    Not what only the author knows: a model would make it up.
    """
    open_ = (f for f in gating(candidate.findings) if f.needs != "author")
    return tuple(sorted(open_, key=lambda f: (not f.checked, f.severity.rank, f.span)))


def is_better(new: Candidate, old: Candidate, criteria: Iterable[Criterion]) -> bool:
    """Whether `new` is to be preferred.

    Judged criteria and commands count where both versions were decided, so that a critique that
    could not be read, or was spared, never looks like an improvement. Late findings do not count
    against `new`: `old` has their words too. Of two that are equal the earlier stays: it has
    changed less.
    """
    criteria = tuple(criteria)
    if any(c.slow and _fell_silent(new, old, c.id) for c in criteria):
        return False
    known = frozenset(
        c.id
        for c in criteria
        if (c.check is not None and not c.slow)
        or (verdict_of(new, c.id) in _DECIDED and verdict_of(old, c.id) in _DECIDED)
    )
    fair = replace(new, findings=tuple(f for f in new.findings if not f.late))
    return _rank(fair, criteria, known) < _rank(old, criteria, known)


def _fell_silent(new: Candidate, old: Candidate, criterion: str) -> bool:
    """Whether a command that had passed no longer comes to an end that says anything."""
    fine = verdict_of(old, criterion) is Verdict.PASS
    return fine and verdict_of(new, criterion) is Verdict.NOT_CHECKED


def _rank(
    candidate: Candidate, criteria: tuple[Criterion, ...], known: frozenset[str]
) -> tuple[int, ...]:
    """Failing error checks, failing checks, errors, warnings, unknown, lesser remarks."""
    failing = [
        c.severity
        for c in criteria
        if c.check is not None and c.id in known and verdict_of(candidate, c.id) is Verdict.FAIL
    ]
    asked = {c.id for c in criteria}
    findings = [f.severity for f in candidate.findings if not f.disputed and f.criterion in known]
    lesser = [
        f
        for f in candidate.findings
        # What a second look did not confirm is a hint of a criterion that is none: no remark.
        if f.severity is Severity.INFO or (f.severity is Severity.HINT and f.criterion not in asked)
    ]
    unknown = [
        c
        for c in criteria
        if c.severity.gates
        and not c.slow  # put off, not undecided
        and verdict_of(candidate, c.id) is Verdict.UNKNOWN
    ]
    return (
        failing.count(Severity.ERROR),
        sum(severity.gates for severity in failing),
        findings.count(Severity.ERROR),
        findings.count(Severity.WARNING),
        len(unknown),
        sum(not f.disputed for f in lesser),
    )


def broken(new: Candidate, old: Candidate, criteria: Iterable[Criterion]) -> tuple[Finding, ...]:
    """What the gate refuses: findings of errors and warnings that `old` had passed."""
    passed = {
        c.id
        for c in criteria
        if c.severity.gates
        and verdict_of(old, c.id) in (Verdict.PASS, Verdict.NOT_APPLICABLE)
        and verdict_of(new, c.id) is Verdict.FAIL
    }
    return tuple(f for f in gating(new.findings) if f.criterion in passed and not f.late)


def fixed_and_new(new: Candidate, old: Candidate) -> tuple[frozenset[str], frozenset[str]]:
    """Criteria that stood in the way before and no longer do, and the other way round."""
    before = frozenset(f.criterion for f in gating(old.findings))
    after = frozenset(f.criterion for f in gating(new.findings))
    gone = frozenset(c for c in before - after if verdict_of(new, c) in _FINE)
    return gone, after - before
