"""Owns the kinds of check by name, and running a set of checks on one text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from self_refine.checks.check import Base, Check
from self_refine.checks.kind_spec import KindSpec
from self_refine.checks.kinds import (
    command,
    graph,
    keep,
    length,
    readability,
    regex,
    schema,
    sections,
    sql,
    subset,
    words,
)
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Verdict, When

__all__ = ["KINDS", "WHOLE", "Check", "NotRun", "run_checks"]

KINDS: Mapping[str, KindSpec] = {
    "regex": regex.SPEC,
    "words": words.SPEC,
    "length": length.SPEC,
    "sections": sections.SPEC,
    "keep": keep.SPEC,
    "sql": sql.SPEC,
    "schema": schema.SPEC,
    "graph": graph.SPEC,
    "subset": subset.SPEC,
    "readability": readability.SPEC,
    "command": command.SPEC,
}


WHOLE = frozenset(kind for kind, spec in KINDS.items() if spec.whole)
"""Kinds that judge a whole document, never a part of one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotRun(Base):
    """Stands for a check of which is known beforehand that nobody can run it."""

    reason: str

    def run(self, subject: Subject) -> CheckResult:  # noqa: ARG002 - the interface of every check
        """Say why."""
        return self.not_checked(self.reason)


def run_checks(
    checks: Sequence[Check], subject: Subject, *, hear: Callable[[object], None] = lambda _: None
) -> tuple[CheckResult, ...]:
    """Run them in order. Never raises: a check that blows up is not checked, with the reason.

    Args:
        checks: to run.
        subject: what they look at.
        hear: hears the id of each before it begins.
    """
    results: dict[str, CheckResult] = {}
    for check in checks:
        hear(check.criterion_id)
        results[check.criterion_id] = _held_back(check, results) or _run(check, subject)
    return tuple(results[check.criterion_id] for check in checks)


def _held_back(check: Check, results: Mapping[str, CheckResult]) -> CheckResult | None:
    """The result of a check whose `when` does not hold; None where it is to run."""
    if check.when is None:
        return None
    verdict = _verdict_on(check.when, results)
    if verdict is None:
        return None
    reason = f"{check.when.check} was not checked" if verdict is Verdict.NOT_CHECKED else ""
    return CheckResult(criterion=check.criterion_id, verdict=verdict, reason=reason)


def _verdict_on(when: When, results: Mapping[str, CheckResult]) -> Verdict | None:
    named = results.get(when.check)
    if named is None or named.verdict is Verdict.NOT_CHECKED:
        return Verdict.NOT_CHECKED
    fired = named.verdict is Verdict.FAIL
    return None if fired == when.fired else Verdict.NOT_APPLICABLE


def _run(check: Check, subject: Subject) -> CheckResult:
    try:
        return check.run(subject)
    except Exception as error:  # noqa: BLE001 - one broken check must not end a run
        reason = f"the check failed: {type(error).__name__}"
        return CheckResult(criterion=check.criterion_id, verdict=Verdict.NOT_CHECKED, reason=reason)
