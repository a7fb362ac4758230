"""Owns the judgement of one version: checks, then the critic, then what earlier verdicts allow.

A criterion that had passed may fail only where the text has changed (a ratchet); the few findings
that alone stand in the way of approval are asked for once more (a second look). Both are there
because critics contradict themselves: a third of the false starts that the literature counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from self_refine.loop.ask import Doing, End, Purse, ask, ask_one, run_checks
from self_refine.loop.critic import (
    INSTRUCTION,
    Critique,
    critique_call,
    critique_repair,
    merged,
    read_critique,
)
from self_refine.loop.fixing import Tried
from self_refine.loop.nouns import (
    Candidate,
    CheckResult,
    Criterion,
    Finding,
    Judged,
    Severity,
    Verdict,
)
from self_refine.loop.prompt import Prompt
from self_refine.loop.tags import reply_tag
from self_refine.loop.task import Task
from self_refine.loop.weigh import gating, verdict_of
from self_refine.text.edits import minimal_edits
from self_refine.text.spans import Span

_SECOND_LOOK = 3
"""Most judged findings for which a second look is worth its call."""


@dataclass(slots=True)
class Bench:
    """Those who judge in one run, and what they must not forget."""

    task: Task
    prompt: Prompt
    purse: Purse
    tried: Tried = field(default_factory=Tried)
    confirmed: set[tuple[str, str]] = field(default_factory=set)
    """Criterion and quote of findings that came back at a second look."""
    calls: int = 0

    def tag(self) -> str:
        """The reply's tag of the next call."""
        self.calls += 1
        task = self.task
        return reply_tag(task.seed, self.calls, task.text, task.before, task.after)


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
    """The run ended while a version was judged; the engine keeps what checks had said."""

    def __init__(self, known: Judgement, end: End) -> None:
        super().__init__(end.stop.value)
        self.known = known
        self.end = end


def judge(bench: Bench, text: str, number: int, parent: Candidate | None) -> Doing[Judgement]:
    """Judge a text.

    Args:
        bench: the run's.
        text: the candidate's.
        number: the candidate's.
        parent: the version that it was made from, judged; None for the original.

    Raises:
        Unfinished: the run is to end; with what the checks had said until then.
    """
    checked = Judgement()
    try:
        results = yield from run_checks(text, number)
        checked = _checked(bench.task, results)
        asked, settled = _sorted_out(bench, results, checked)
        base = replace(checked, verdicts=_in_order(bench.task, checked.verdicts | settled))
        checked = base
        if not asked:
            return base
        critique = yield from _criticised(bench, text, number, asked, checked)
        critique = _ratcheted(critique, text, parent)
        critique = yield from _looked_again(bench, text, number, asked, critique, checked)
    except End as end:
        raise Unfinished(checked, end) from None
    return Judgement(
        findings=(*base.findings, *critique.findings),
        verdicts=_in_order(bench.task, base.verdicts | critique.verdicts),
        notes=(*base.notes, *critique.notes),
    )


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
    bench: Bench, results: Sequence[CheckResult], checked: Judgement
) -> tuple[tuple[Criterion, ...], dict[str, Judged]]:
    """Which criteria the critic is asked about, and what is settled for the others."""
    settled: dict[str, Judged] = {}
    asked: list[Criterion] = []
    by_id = {result.criterion: result.verdict for result in results}
    for criterion in bench.task.criteria:
        if criterion.check is not None or criterion.not_checked:
            continue
        held = _held_back(criterion, by_id)
        if held is not None:
            settled[criterion.id] = held
        elif not bench.task.has_model:
            settled[criterion.id] = Judged(Verdict.NOT_CHECKED, "no model")
        else:
            asked.append(criterion)
    if bench.task.instruction and bench.task.has_model and not bench.task.draft:
        asked.append(_wish(bench.task))
    if asked and (why := _spared(bench, checked)):
        settled |= {c.id: Judged(Verdict.UNKNOWN, why) for c in asked if c.id != INSTRUCTION}
        asked = []
    return tuple(asked), settled


def _wish(task: Task) -> Criterion:
    """The user's own words as an open critique: shown, sent to the writer once, never a gate."""
    return Criterion(
        id=INSTRUCTION, question=task.instruction, severity=Severity.HINT, absence=True
    )


def _held_back(criterion: Criterion, by_id: Mapping[str, Verdict]) -> Judged | None:
    """The verdict of a criterion whose `when` does not hold, None where it is to be asked."""
    when = criterion.when
    if when is None:
        return None
    verdict = by_id.get(when.check, Verdict.NOT_CHECKED)
    if verdict is Verdict.NOT_CHECKED:
        return Judged(Verdict.NOT_CHECKED, f"{when.check} was not checked")
    fired = verdict is Verdict.FAIL
    return None if fired == when.fired else Judged(Verdict.NOT_APPLICABLE)


def _spared(bench: Bench, checked: Judgement) -> str:
    """Why the critic need not be asked now: a check's message is critique enough; "" if it must."""
    if bench.task.critique_only:
        return ""
    if bench.tried.untried(checked.findings):
        return "not asked: the fixes of checks come first"
    if any(f.severity is Severity.ERROR for f in checked.findings):
        return "not asked: a check at error level fails"
    return ""


def _criticised(
    bench: Bench, text: str, number: int, asked: tuple[Criterion, ...], checked: Judgement
) -> Doing[Critique]:
    """Ask the critic about everything, in one call or in one for each criterion."""
    thorough = bench.task.mode == "thorough"
    groups = [(c,) for c in asked] if thorough else [asked]
    evidence = gating(checked.findings)
    calls = [
        critique_call(bench.prompt, text, number, group, bench.tag(), evidence=evidence)
        for group in groups
    ]
    answers = yield from ask(bench.purse, calls)
    critiques: list[Critique] = []
    for group, call, answer in zip(groups, calls, answers, strict=True):
        critique = read_critique(answer, call.tag, text, bench.task.language, group)
        if critique.problem:
            critique = yield from _repaired(bench, text, number, group, critique)
        critiques.append(critique)
    return merged(critiques)


def _repaired(
    bench: Bench, text: str, number: int, asked: tuple[Criterion, ...], first: Critique
) -> Doing[Critique]:
    """Ask once more for what a reply left out; what is still missing stays unknown."""
    left = tuple(
        c
        for c in asked
        if first.verdicts.get(c.id, Judged(Verdict.UNKNOWN)).verdict is Verdict.UNKNOWN
    )
    again = left or asked
    call = critique_repair(bench.prompt, text, number, again, bench.tag(), first.problem)
    if bench.purse.covers((call,)):
        return first
    answer = yield from ask_one(bench.purse, call)
    second = read_critique(answer, call.tag, text, bench.task.language, again)
    decided = {c.id for c in again}
    kept = tuple(f for f in first.findings if f.criterion not in decided)
    return Critique(
        verdicts=first.verdicts | second.verdicts,
        findings=(*kept, *second.findings),
        dropped=first.dropped + second.dropped,
        notes=(*first.notes, *second.notes),
        problem=second.problem,
    )


def _ratcheted(critique: Critique, text: str, parent: Candidate | None) -> Critique:
    """Dispute what fails in words that had passed and have not changed since."""
    if parent is None:
        return critique
    changed = _changed(parent.text, text)
    findings = tuple(
        replace(f, disputed=True)
        if verdict_of(parent, f.criterion) is Verdict.PASS
        and not any(f.span.touches(span) for span in changed)
        else f
        for f in critique.findings
    )
    return _with(critique, findings, "disputed: its words had passed and have not changed")


def _changed(old: str, new: str) -> tuple[Span, ...]:
    """What of `new` differs from `old`; a place where something was taken out."""
    spans: list[Span] = []
    shift = 0
    for edit in minimal_edits(old, new):
        start = edit.span.start + shift
        spans.append(Span(start, start + len(edit.text)))
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return tuple(spans)


def _looked_again(  # noqa: PLR0913, PLR0917 - what a second look needs to know
    bench: Bench,
    text: str,
    number: int,
    asked: tuple[Criterion, ...],
    critique: Critique,
    checked: Judgement,
) -> Doing[Critique]:
    """Ask again about the few findings that alone stand in the way; the unconfirmed are hints."""
    open_ = gating(critique.findings)
    doubtful = [f for f in open_ if (f.criterion, f.quote) not in bench.confirmed]
    unknown = any(j.verdict is Verdict.UNKNOWN for j in critique.verdicts.values())
    in_the_way = gating(checked.findings) or unknown or bench.task.critique_only
    if in_the_way or not doubtful or len(open_) > _SECOND_LOOK:
        return critique
    ids = {f.criterion for f in doubtful}
    again = tuple(c for c in asked if c.id in ids)
    call = critique_call(bench.prompt, text, number, again, bench.tag(), second_look=True)
    if bench.purse.covers((call,)):
        return critique
    answer = yield from ask_one(bench.purse, call)
    second = read_critique(answer, call.tag, text, bench.task.language, again)
    if second.problem:
        return critique
    return _confirmed(bench, critique, doubtful, second.findings)


def _confirmed(
    bench: Bench, critique: Critique, doubtful: Iterable[Finding], came: tuple[Finding, ...]
) -> Critique:
    gone = set()
    for finding in doubtful:
        if any(_same(finding, other) for other in came):
            bench.confirmed.add((finding.criterion, finding.quote))
        else:
            gone.add(finding)
    findings = tuple(
        replace(f, severity=Severity.HINT) if f in gone else f for f in critique.findings
    )
    return _with(critique, findings, "a second look did not confirm it")


def _same(left: Finding, right: Finding) -> bool:
    place = left.span.overlaps(right.span) or left.span == right.span
    return left.criterion == right.criterion and (place or left.quote == right.quote != "")


def _with(critique: Critique, findings: tuple[Finding, ...], why: str) -> Critique:
    """The critique with these findings; a criterion that none of them holds against passes."""
    left = {f.criterion for f in findings if not f.disputed and f.severity is not Severity.HINT}
    was = {f.criterion for f in critique.findings if f.severity is not Severity.HINT}
    verdicts = {
        id_: Judged(Verdict.PASS, why)
        if judged.verdict is Verdict.FAIL and id_ in was - left
        else judged
        for id_, judged in critique.verdicts.items()
    }
    return replace(critique, findings=findings, verdicts=verdicts)


def _in_order(task: Task, verdicts: Mapping[str, Judged]) -> dict[str, Judged]:
    """Verdicts in the order of the criteria; the open critique is no criterion and has none."""
    return {c.id: verdicts[c.id] for c in task.criteria if c.id in verdicts}
