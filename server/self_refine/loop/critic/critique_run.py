"""Asks the critic about one version, and doubts what it says where it contradicts itself.

In one reading, the fixes come with the judgement; what cannot be read is asked in separate calls.
In thorough mode, and of models that were seen to contradict themselves, the few findings that
alone stand in the way of approval are asked for once more (a second look), and a rewrite is looked
at twice before it is approved. Of a strong model's 350 verdicts a second look changed none, so
that others are spared the calls.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from self_refine.loop.budget import Doing, End
from self_refine.loop.critic.attribution import ratcheted, with_findings
from self_refine.loop.critic.question_groups import groups
from self_refine.loop.critic.questions import (
    Critique,
    critique_call,
    critique_repair,
    merged,
    read_critique,
)
from self_refine.loop.critic.reading import read_reading, reading_call
from self_refine.loop.critic.recall import recall, remember
from self_refine.loop.ranking import gating
from self_refine.loop.run_context import RunContext, ask_one_whole, ask_whole
from self_refine.loop.types import INSTRUCTION, Candidate, Criterion, Finding, Severity, Verdict

SECOND_LOOK = 3
"""Most judged findings for which a second look is worth its call."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the critic is asked."""

    candidate: Candidate
    """Not judged yet."""
    asked: tuple[Criterion, ...]
    evidence: tuple[Finding, ...] = ()
    """What checks found at error or warning level."""
    to_fix: tuple[Finding, ...] = ()
    """Of that, what no fix of a check is left for."""

    @property
    def text(self) -> str:
        """The candidate's."""
        return self.candidate.text

    @property
    def number(self) -> int:
        """The candidate's."""
        return self.candidate.number


class NotDoubted(Exception):  # noqa: N818 - carries the critique out of a run that ends
    """The run ended while a second look was taken; the critique itself is whole."""

    def __init__(self, critique: Critique, end: End) -> None:
        super().__init__(end.stop.value)
        self.critique = critique
        self.end = end


def criticised(context: RunContext, about: Question, parent: Candidate | None) -> Doing[Critique]:
    """The critique of one version, doubted where there is reason to.

    Raises:
        End: the run is over.
        NotDoubted: it is, and only the second look is missing.
    """
    known = yield from recall(context, about.text, about.asked)
    left = tuple(c for c in about.asked if c.id not in known.verdicts)
    if about.asked and not left:
        return ratcheted(known, about.text, parent, disputes=context.looks_twice)
    critique = yield from _doubted(context, replace(about, asked=left), parent)
    yield from remember(context, about.text, critique)
    if not known.verdicts:
        return critique
    earlier = ratcheted(known, about.text, parent, disputes=context.looks_twice)
    return merged((critique, earlier))


def _doubted(context: RunContext, about: Question, parent: Candidate | None) -> Doing[Critique]:
    """Ask, and doubt what contradicts itself."""
    critique = yield from _asked(context, about)
    critique = ratcheted(critique, about.text, parent, disputes=context.looks_twice)
    if not context.looks_twice:
        return critique
    try:
        if parent is not None and _is_to_be_approved(about, critique):
            critique = yield from _closing(context, about, critique, parent)
    except End as end:
        raise NotDoubted(critique, end) from None
    if not _is_worth_another_look(context, about, critique):
        return critique
    try:
        return (yield from _looked_again(context, about, critique))
    except End as end:
        raise NotDoubted(critique, end) from None


def _asked(context: RunContext, about: Question) -> Doing[Critique]:
    """Ask about everything: in one reading, else in one call or in one for each criterion."""
    in_groups = [replace(about, asked=group) for group in groups(about.asked)]
    if context.reads_at_once:
        readings: list[Critique] = []
        # What checks found is to be fixed once.
        first, *others = in_groups
        for part in (first, *(replace(other, to_fix=()) for other in others)):
            readings.append((yield from _read(context, part)))  # noqa: PERF401 - yields
        if _were_readable(context):
            return merged(readings)
    thorough = context.task.mode == "thorough"
    parts = [replace(about, asked=(c,)) for c in about.asked] if thorough else in_groups
    calls = [
        critique_call(
            context.prompt,
            part.text,
            part.number,
            part.asked,
            context.tag(),
            evidence=part.evidence,
        )
        for part in parts
    ]
    answers = yield from ask_whole(context, calls)
    critiques: list[Critique] = []
    for part, call, answer in zip(parts, calls, answers, strict=True):
        critique = read_critique(answer, call.tag, part.text, context.task.language, part.asked)
        if critique.problem:
            critique = yield from _repaired(context, part, critique)
        critiques.append(critique)
    return merged(critiques)


def _were_readable(context: RunContext) -> bool:
    """Whether the readings that were just taken could be used; else it is asked in calls."""
    return context.reads_at_once


def _read(context: RunContext, about: Question) -> Doing[Critique]:
    """One reading, and one repair of what it left out."""
    critique, asked = Critique(), about.asked
    for problem in ("", "repair"):
        call = reading_call(
            context.prompt,
            about.text,
            about.number,
            asked,
            context.tag(),
            found=about.to_fix if not problem else (),
            problem=critique.problem if problem else "",
        )
        if problem and context.budget.shortfall((call,)):
            return critique
        answer = yield from ask_one_whole(context, call)
        found = about.to_fix if not problem else ()
        got = read_reading(answer, call.tag, about.text, context.task, asked, found)
        context.was_read(readable=got.readable)
        critique = merged((got.critique, critique)) if problem else got.critique
        if not critique.problem or not got.readable:
            break
        asked = tuple(c for c in about.asked if _is_unknown(critique, c)) or about.asked
    return critique


def _is_to_be_approved(about: Question, critique: Critique) -> bool:
    """Whether this critique would approve a rewrite; fixes of checks need no closing look."""
    if about.candidate.origin == "fixes":
        return False
    unknown = any(judged.verdict is Verdict.UNKNOWN for judged in critique.verdicts.values())
    return not (unknown or about.evidence or any(f.severity.gates for f in critique.findings))


def _closing(
    context: RunContext, about: Question, first: Critique, parent: Candidate
) -> Doing[Critique]:
    """Ask once more, weighing both sides, before a rewrite is approved.

    A critic that overlooks every seventh fault overlooks also what the rewrite brought in; another
    call on the same candidate costs little, since all but its task is in the server's cache.
    """
    call = critique_call(
        context.prompt, about.text, about.number, about.asked, context.tag(), second_look=True
    )
    if context.budget.shortfall((call,)):
        return first
    answer = yield from ask_one_whole(context, call)
    second = read_critique(answer, call.tag, about.text, context.task.language, about.asked)
    if second.problem:
        return first
    changed = [id_ for id_, was in first.verdicts.items() if second.verdicts.get(id_) != was]
    context.looked(len(first.verdicts), len(changed))
    return ratcheted(second, about.text, parent)


def _repaired(context: RunContext, about: Question, first: Critique) -> Doing[Critique]:
    """Ask once more for what a reply left out; what is still missing stays unknown."""
    missing = tuple(c for c in about.asked if _is_unknown(first, c))
    again = missing or about.asked
    call = critique_repair(
        context.prompt,
        about.text,
        about.number,
        again,
        context.tag(),
        first.problem,
        evidence=about.evidence,
    )
    if context.budget.shortfall((call,)):
        return first
    answer = yield from ask_one_whole(context, call)
    second = read_critique(answer, call.tag, about.text, context.task.language, again)
    return merged((second, first))


def _is_unknown(critique: Critique, criterion: Criterion) -> bool:
    judged = critique.verdicts.get(criterion.id)
    return judged is None or judged.verdict is Verdict.UNKNOWN


def _is_worth_another_look(context: RunContext, about: Question, critique: Critique) -> bool:
    """Whether at most three findings, not confirmed before, are all that withholds approval."""
    open_ = gating(critique.findings)
    unknown = any(judged.verdict is Verdict.UNKNOWN for judged in critique.verdicts.values())
    alone = not (about.evidence or unknown or context.task.critique_only)
    return alone and len(open_) <= SECOND_LOOK and bool(_doubtful(context, critique))


def is_sure(context: RunContext, findings: Iterable[Finding]) -> bool:
    """Whether one of them is more than a single critique's word.

    That of a check, of the user, of a second look; or there are too many to be all mistaken. Where
    no second look is taken, the model is one that does not contradict itself.
    """
    findings = tuple(findings)
    return (
        not context.looks_twice
        or len(findings) > SECOND_LOOK
        or any(
            f.checked or f.criterion == INSTRUCTION or context.has_confirmed(f) for f in findings
        )
    )


def _doubtful(context: RunContext, critique: Critique) -> tuple[Finding, ...]:
    """What stands in the way, or would if it were not disputed, and was never asked for twice."""
    return tuple(f for f in critique.findings if f.severity.gates and not context.has_confirmed(f))


def _looked_again(context: RunContext, about: Question, critique: Critique) -> Doing[Critique]:
    """Ask about these criteria alone; what does not come back is a hint."""
    doubtful = _doubtful(context, critique)
    ids = {f.criterion for f in doubtful}
    again = tuple(c for c in about.asked if c.id in ids)
    about = replace(about, asked=again)
    call = critique_call(
        context.prompt, about.text, about.number, again, context.tag(), second_look=True
    )
    if context.budget.shortfall((call,)):
        return critique
    answer = yield from ask_one_whole(context, call)
    second = read_critique(answer, call.tag, about.text, context.task.language, again)
    if second.problem:
        second = yield from _repaired(context, about, second)
    if second.problem:
        return critique
    back = {f.criterion for f in second.findings}
    context.looked(len(again), sum(c.id not in back for c in again))
    return _confirmed(context, critique, doubtful, second.findings)


def _confirmed(
    context: RunContext, critique: Critique, doubtful: Iterable[Finding], came: tuple[Finding, ...]
) -> Critique:
    gone: set[Finding] = set()
    for finding in doubtful:
        if any(_is_same(finding, other) for other in came):
            context.confirm(finding)
        else:
            gone.add(finding)
    findings = tuple(
        replace(f, severity=Severity.HINT) if f in gone else f for f in critique.findings
    )
    return with_findings(critique, findings, "a second look did not confirm it")


def _is_same(left: Finding, right: Finding) -> bool:
    place = left.span.overlaps(right.span) or left.span == right.span
    return left.criterion == right.criterion and (place or left.quote == right.quote != "")
