"""Owns the state machine of Self-Refine: judge, fix, rewrite, pass the gate, keep the best, stop.

`refine` is a generator without any I/O: it yields what it needs and is sent what came back. The
algorithm is that of Madaan et al. 2023 (arXiv 2303.17651), with what was measured since: checks
before opinion, the best version and never the last, and a gate that nothing worse passes.
"""

from dataclasses import replace

from self_refine.loop.ask import Doing, End, Purse, report, run_checks
from self_refine.loop.bench import Bench
from self_refine.loop.critic import INSTRUCTION
from self_refine.loop.critiquing import learnt, overlooked
from self_refine.loop.held import BROAD
from self_refine.loop.judging import Unfinished, judge
from self_refine.loop.nouns import Candidate, CheckResult, Finding, Outcome, StopReason, Verdict
from self_refine.loop.prompt import prompt_of
from self_refine.loop.rewriting import Order, Writer, uninstructed
from self_refine.loop.steps import Loop
from self_refine.loop.task import Task
from self_refine.loop.versions import Versions, each_once, normalised
from self_refine.loop.weigh import (
    approved,
    broken,
    fixed_and_new,
    gating,
    not_checked,
    todo,
    verdict_of,
)
from self_refine.loop.writer import Rewrite, without_hunks

_REFUSALS = 2
"""How often the writer is told what it broke before the run ends."""


def refine(task: Task) -> Loop:
    """Refine one text.

    Yields steps, is sent a tuple of replies for each, and returns the outcome, however it ends.
    """
    run = _Run(task)
    try:
        yield from run.to_its_end()
    except End as end:
        return run.outcome(end)
    raise AssertionError("a run ends by `End`")  # pragma: no cover


class _Run:
    """The state of one run between two steps."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.bench = Bench(task, prompt_of(task), Purse(task.limits))
        self.writer = Writer(self.bench)
        self.versions = Versions(task.text, task.criteria)
        self.passes = 0
        self.broke: tuple[Finding, ...] = ()
        """What the version that was refused last had broken."""
        self.refusals = 0
        self.wish_heard = not task.instruction
        self.history: list[tuple[frozenset[str], frozenset[str]]] = []
        """Per pass: criteria that it fixed, and criteria that it made fail."""

    @property
    def best(self) -> Candidate:
        return self.versions.best

    def to_its_end(self) -> Doing[None]:
        """Judge, then improve until something ends the run."""
        if self.task.draft or not self.task.text.strip():
            yield from self._draft()
        else:
            yield from self._start_from(self.best)
        if self.task.critique_only:
            raise self._after_critique()
        while True:
            fixable = self.bench.tried.untried(self.best.findings)
            if fixable:
                yield from self._fix(fixable)
            else:
                self._may_go_on()
                yield from self._pass()

    def _start_from(self, first: Candidate) -> Doing[None]:
        self.versions.start_from(first)
        judged = yield from self._judged(first, None)
        self.versions.start_from(judged)
        yield from report(judged)

    def _draft(self) -> Doing[None]:
        """Write the text first; the selection was the task, not a version of it, and cannot win."""
        if not self.task.has_model:
            raise End(StopReason.CHECKS_ONLY, "to generate a text needs a model")
        written = yield from self.writer.generate()
        made = self.versions.made(written.text, "generated", 0)
        yield from self._start_from(replace(made, notes=written.notes, held=written.held))

    # Whether to go on ---------------------------------------------------------------------------

    def _after_critique(self) -> End:
        if self._is_approved():
            return self._approved()
        stop = StopReason.LIMIT if self.task.has_model else StopReason.CHECKS_ONLY
        return End(stop, "a critique changes nothing")

    def _may_go_on(self) -> None:
        """End the run where another pass of the writer is not wanted, or not to be had."""
        wishes = self._wishes()
        if self._is_approved() and not wishes:
            raise self._approved()
        if not self.task.has_model:
            raise End(StopReason.CHECKS_ONLY)
        if self.passes >= self.task.limits.passes:
            raise End(StopReason.LIMIT, _passes(self.task.limits.passes))
        if not gating(self.best.findings) and not wishes:
            unknown = sum(j.verdict is Verdict.UNKNOWN for j in self.best.verdicts.values())
            raise End(StopReason.CRITIC_UNRELIABLE, f"{unknown} not decided")

    def _is_approved(self) -> bool:
        return approved(self.best, self.task.criteria) and not self._waits_for_a_model()

    def _approved(self) -> End:
        left = not_checked(self.best)
        return End(StopReason.APPROVED, f"{left} not checked" if left else "")

    def _waits_for_a_model(self) -> bool:
        """Whether criteria are left to a model that is not there."""
        return not self.task.has_model and any(
            c.check is None
            and not c.not_checked
            and verdict_of(self.best, c.id) is Verdict.NOT_CHECKED
            for c in self.task.criteria
        )

    def _wishes(self) -> tuple[Finding, ...]:
        """What the open critique of the user's own words found; the writer is told once."""
        if self.wish_heard:
            return ()
        return tuple(f for f in self.best.findings if f.criterion == INSTRUCTION)

    # Fixes of checks ----------------------------------------------------------------------------

    def _fix(self, fixable: tuple[Finding, ...]) -> Doing[None]:
        """Apply fixes: no model, no token, not counted as a pass."""
        base = self.best
        text = self.bench.tried.apply(base.text, fixable)
        if text == base.text:
            return
        made = replace(self.versions.made(text, "fixes", self.passes), addressed=fixable)
        judged = yield from self._judged(made, base)
        if broken(judged, base, self.task.criteria):
            judged = self.versions.reject(judged, "a fix broke what had passed")
        else:
            judged = self.versions.take(judged, "the fixes improve nothing")
        yield from report(judged)

    def _broad_if_needed(self, written: Rewrite) -> Doing[Rewrite]:
        """The whole rewrite, where a check passes only with what the hunk filter took back."""
        if not written.unfiltered:
            return written
        number = len(self.versions.all)
        narrow = yield from run_checks(written.text, number)
        broad = yield from run_checks(written.unfiltered, number)
        pairs = zip(narrow, broad, strict=True)
        needed = any(_fails(n) and b.verdict is Verdict.PASS for n, b in pairs)
        return (
            replace(written, text=written.unfiltered, held=(BROAD, *written.held))
            if needed
            else written
        )

    def _with_fixes(self, text: str) -> Doing[str]:
        """The writer's text after the fixes of checks that it fails: cheaper than telling it."""
        tried = self.bench.tried
        tried.forget()
        while True:
            results = yield from run_checks(text, len(self.versions.all))
            fixable = tried.untried(tuple(f for result in results for f in result.findings))
            fixed = tried.apply(text, fixable) if fixable else text
            if fixed == text:
                return text
            text = fixed

    # A pass of the writer -----------------------------------------------------------------------

    def _pass(self) -> Doing[None]:
        self.passes += 1
        base, most = self.best, self.task.limits.findings_per_pass
        items = (*todo(base, most), *self._wishes())[:most]
        self.wish_heard = True
        mark = self.bench.purse.spent
        if self.broke:
            items = uninstructed(items)
        written = yield from self._written(Order(candidate=base, todo=items, broke=self.broke))
        written = yield from self._broad_if_needed(written)
        text = yield from self._with_fixes(written.text)
        self._must_be_new(text)
        made = self.versions.made(text, "rewrite", self.passes)
        made = replace(made, addressed=items, notes=written.notes, held=written.held)
        judged = yield from self._judged(made, base)
        judged = self.versions.keep(replace(judged, cost=self.bench.purse.since(mark)))
        yield from self._decide(judged, base)

    def _written(self, order: Order) -> Doing[Rewrite]:
        """A rewrite that is another text; one hotter retry where it is the same."""
        written = yield from self.writer.write(order)
        if not _is_same(written.text, order):
            return written
        again = replace(order, todo=uninstructed(order.todo), hotter=True)
        written = yield from self.writer.write(again)
        if not _is_same(written.text, again):
            return written
        raise End(StopReason.NO_CHANGE, "the rewrite is the same text")

    def _must_be_new(self, text: str) -> None:
        if text == self.best.text:
            raise End(StopReason.NO_CHANGE, "the fixes of checks undid the rewrite")
        if self.versions.was_seen(text) and normalised(text) != normalised(self.best.text):
            raise End(StopReason.OSCILLATION, "the rewrite is an earlier version")

    def _decide(self, judged: Candidate, base: Candidate) -> Doing[None]:
        """Take a judged rewrite, or a part of it, or refuse it."""
        gone_and_new = fixed_and_new(judged, base)
        broke = broken(judged, base, self.task.criteria)
        if broke:
            yield from report(self.versions.reject(judged, "broke " + _names(broke)))
            yield from self._take_part(judged, base, broke)
        else:
            yield from report(self.versions.take(judged, "no improvement"))
        self._end_on_conflict(*gone_and_new)
        if self.best is not base:
            self.broke, self.refusals = (), 0
            self.versions.keep(overlooked(self.bench, self.best))
            return
        known = len(base.findings)
        self.versions.keep(learnt(base, overlooked(self.bench, judged)))
        if not broke:
            if len(self.best.findings) == known:
                raise End(StopReason.NO_PROGRESS, f"pass {self.passes} improved nothing")
        elif self.refusals >= _REFUSALS:
            raise End(StopReason.NO_PROGRESS, f"every rewrite broke {_names(broke)}")
        else:
            self.broke, self.refusals = broke, self.refusals + 1

    def _take_part(
        self, judged: Candidate, base: Candidate, broke: tuple[Finding, ...]
    ) -> Doing[None]:
        """Try the rewrite without the changes that broke something."""
        spans = tuple(f.span for f in broke)
        text = without_hunks(base.text, judged.text, spans, self.task.language)
        if text == base.text or self.versions.was_seen(text):
            return
        made = replace(
            self.versions.made(text, "partial", self.passes),
            addressed=judged.addressed,
            notes=judged.notes,
            held=judged.held,
        )
        part = yield from self._judged(made, base)
        if still := broken(part, base, self.task.criteria):
            part = self.versions.reject(part, "broke " + _names(still))
        else:
            part = self.versions.take(part, "without what it broke it improves nothing")
        yield from report(part)

    def _end_on_conflict(self, gone: frozenset[str], new: frozenset[str]) -> None:
        """End where two criteria undo each other in consecutive passes."""
        if self.history:
            was_gone, was_new = self.history[-1]
            for left, right in ((gone & was_new, new & was_gone), (gone & was_gone, new & was_new)):
                if left and right:
                    pair = f"{min(left)} and {min(right)} undo each other"
                    raise End(StopReason.CONFLICT, pair)
        self.history.append((gone, new))

    # Versions -----------------------------------------------------------------------------------

    def _judged(self, candidate: Candidate, parent: Candidate | None) -> Doing[Candidate]:
        """The version with its judgement, kept but not yet taken or refused."""
        mark = self.bench.purse.spent
        try:
            judgement = yield from judge(self.bench, candidate.text, candidate.number, parent)
        except Unfinished as unfinished:
            self._keep_unfinished(unfinished.known.on(candidate))
            raise unfinished.end from None
        judged = replace(judgement.on(candidate), cost=self.bench.purse.since(mark))
        return self.versions.keep(judged)

    def _keep_unfinished(self, candidate: Candidate) -> None:
        """Keep what checks said of a version; what the writer made and nobody judged is refused."""
        criteria = self.task.criteria
        if candidate.number == self.best.number:
            self.versions.keep(candidate)
        elif candidate.origin == "fixes" and not broken(candidate, self.best, criteria):
            self.versions.take(candidate, "the fixes improve nothing")
        else:
            self.versions.reject(candidate, "not judged to its end")

    def outcome(self, end: End) -> Outcome:
        """What the run returns."""
        self.versions.settle()
        line = self.versions.line()
        return Outcome(
            text=self.best.text,
            stop=end.stop,
            detail=end.detail,
            best=self.best.number,
            candidates=self.versions.all,
            criteria=self.task.criteria,
            cost=self.bench.purse.spent,
            held=each_once(why for candidate in line for why in candidate.held),
            notes=each_once((*self._remarks(), *(n for c in line for n in c.notes))),
        )

    def _remarks(self) -> tuple[str, ...]:
        """What is to be said of the user's own words."""
        task = self.task
        if not task.instruction or task.draft:
            return ()
        if not task.has_model:
            return ("The instruction was not followed: no model.",)
        heard = any(f.criterion == INSTRUCTION for c in self.versions.all for f in c.findings)
        vague = () if heard else ("Nothing could be quoted that the instruction is about.",)
        return ("1 vague request; 0 criteria checked", *vague) if not task.criteria else vague


def _is_same(text: str, order: Order) -> bool:
    """Whether nothing has changed; white space counts only where a check asked for the change."""
    if any(finding.checked for finding in order.todo):
        return text == order.candidate.text
    return normalised(text) == normalised(order.candidate.text)


def _passes(count: int) -> str:
    return "1 pass" if count == 1 else f"{count} passes"


def _fails(result: CheckResult) -> bool:
    return result.verdict is Verdict.FAIL and any(f.severity.gates for f in result.findings)


def _names(findings: tuple[Finding, ...]) -> str:
    return ", ".join(sorted({f.criterion for f in findings}))
