"""Owns the judgement of one version: checks first; the critic where they leave it anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from self_refine.loop.budget import Doing, End, run_checks
from self_refine.loop.critic.command_checks import Pending, held_back
from self_refine.loop.critic.critique_run import NotDoubted, Question, criticised
from self_refine.loop.critic.questions import INSTRUCTION, Critique, open_critique
from self_refine.loop.ranking import gating
from self_refine.loop.run_context import RunContext
from self_refine.loop.task import Task
from self_refine.loop.types import (
    Candidate,
    CheckResult,
    Criterion,
    Finding,
    Judged,
    Verdict,
)

_FIXES_FIRST = "not asked: the fixes of checks come first"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What was decided about one text."""

    findings: tuple[Finding, ...] = ()
    verdicts: dict[str, Judged] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def on(self, candidate: Candidate) -> Candidate:
        """The candidate with this judgement."""
        notes = (*candidate.notes, *self.notes)
        return replace(candidate, findings=self.findings, verdicts=self.verdicts, notes=notes)


class Unfinished(Exception):  # noqa: N818 - carries what is known when a run ends in the middle
    """The run ended while a version was judged; what was known by then is kept."""

    def __init__(self, known: Judgement, end: End, *, whole: bool = False) -> None:
        super().__init__(end.stop.value)
        self.known = known
        self.end = end
        self.whole = whole
        """Whether everything was decided, and only a second look is missing."""


def waits_for_fixes(candidate: Candidate) -> bool:
    """Whether the critic was not asked because fixes of checks were to come first."""
    return any(judged.reason == _FIXES_FIRST for judged in candidate.verdicts.values())


def judge(context: RunContext, candidate: Candidate, parent: Candidate | None) -> Doing[Judgement]:
    """Judge a version.

    Args:
        context: the run's.
        candidate: the version; only its text, number and origin are looked at.
        parent: the version that it was made from, judged; None for the original.

    Raises:
        Unfinished: the run is to end; with what the checks had said until then.
    """
    pending = Pending(context.task, candidate)
    settled: dict[str, Judged] = {}
    try:
        results = yield from run_checks(candidate.text, candidate.number)
        pending.begin(results)
        if pending.may_wait and _are_first(context, pending.results, candidate.text):
            pending.put_off(Judged(Verdict.UNKNOWN, _FIXES_FIRST))
        if pending.is_waited_for:
            yield from pending.run()
        checked = _checked(context.task, pending.results)
        asked, settled = _sorted_out(context, pending.results, checked, candidate.text)
        if not asked:
            yield from pending.run()
            return _base(context, pending, settled)
        evidence = gating(checked.findings)
        fixable = context.tried.untried(checked.findings, candidate.text)
        to_fix = tuple(f for f in evidence if f not in fixable)
        about = Question(candidate, asked, evidence, to_fix)
        critique = yield from pending.beside(criticised(context, about, parent))
        yield from pending.run()
    except NotDoubted as early:
        known = _with(context, _base(context, pending, settled), early.critique)
        raise Unfinished(known, early.end, whole=not pending.left) from None
    except End as end:
        raise Unfinished(_base(context, pending, settled), end) from None
    return _with(context, _base(context, pending, settled), critique)


def _base(context: RunContext, pending: Pending, settled: dict[str, Judged]) -> Judgement:
    """What checks and commands said until now, and what was settled without the critic."""
    if not pending.has_begun:
        return Judgement()
    checked = _checked(context.task, pending.results)
    return replace(checked, verdicts=_in_order(context.task, checked.verdicts | settled))


def _are_first(context: RunContext, results: Sequence[CheckResult], text: str) -> bool:
    """Whether fixes of checks are to be tried before anything that costs time."""
    found = tuple(finding for result in results for finding in result.findings)
    return bool(context.tried.untried(found, text))


def _with(context: RunContext, base: Judgement, critique: Critique) -> Judgement:
    """What checks said, and what the critic said."""
    return Judgement(
        findings=(*_proposed(base.findings, critique.for_checks), *critique.findings),
        verdicts=_in_order(context.task, base.verdicts | critique.verdicts),
        notes=(*base.notes, *critique.notes),
    )


def _proposed(found: Sequence[Finding], with_fixes: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of checks, with what the reading proposes for some of them."""
    by_place = {(f.criterion, f.span): f for f in with_fixes if f.proposal}
    return tuple(by_place.get((f.criterion, f.span), f) for f in found)


def _checked(task: Task, results: Sequence[CheckResult]) -> Judgement:
    """What checks alone say; what is theirs to decide and was not is unknown."""
    by_id = {result.criterion: result for result in results}
    verdicts: dict[str, Judged] = {}
    for criterion in task.criteria:
        result = by_id.get(criterion.id)
        if result is not None:
            verdicts[criterion.id] = Judged(result.verdict, result.reason)
        elif criterion.not_checked:
            verdicts[criterion.id] = Judged(Verdict.NOT_CHECKED, criterion.not_checked)
        else:
            verdicts[criterion.id] = Judged(Verdict.UNKNOWN, "not judged yet")
    findings = tuple(finding for result in results for finding in result.findings)
    return Judgement(findings=findings, verdicts=verdicts)


def _sorted_out(
    context: RunContext, results: Sequence[CheckResult], checked: Judgement, text: str
) -> tuple[tuple[Criterion, ...], dict[str, Judged]]:
    """Which criteria the critic is asked about, and what is settled for the others."""
    settled: dict[str, Judged] = {}
    asked: list[Criterion] = []
    by_id = {result.criterion: result.verdict for result in results}
    for criterion in context.task.criteria:
        if criterion.check is not None or criterion.not_checked:
            continue
        held = held_back(criterion, by_id)
        if held is not None:
            settled[criterion.id] = held
        elif not context.task.has_model:
            settled[criterion.id] = Judged(Verdict.NOT_CHECKED, "no model")
        else:
            asked.append(criterion)
    if context.task.instruction and context.task.has_model and not context.task.draft:
        asked.append(open_critique(context.task.instruction))
    if asked and not context.task.critique_only and context.tried.untried(checked.findings, text):
        later = Judged(Verdict.UNKNOWN, _FIXES_FIRST)
        settled |= {c.id: later for c in asked if c.id != INSTRUCTION}
        asked = []
    return tuple(asked), settled


def _in_order(task: Task, verdicts: Mapping[str, Judged]) -> dict[str, Judged]:
    """Verdicts in the order of the criteria; the open critique is no criterion and has none."""
    return {c.id: verdicts[c.id] for c in task.criteria if c.id in verdicts}
