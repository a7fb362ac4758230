"""Owns where one run stands between two steps: its versions, its passes, what the writer broke."""

from dataclasses import replace

from self_refine.loop.budget import Budget, Doing
from self_refine.loop.critic.judge import Unfinished, judge
from self_refine.loop.critic.questions import INSTRUCTION
from self_refine.loop.prompt.prompt import prompt_of
from self_refine.loop.ranking import broken
from self_refine.loop.run_context import RunContext
from self_refine.loop.task import Task
from self_refine.loop.types import Candidate, Finding
from self_refine.loop.versions import Versions
from self_refine.loop.writer.rewrite_calls import Writer


class RunState:
    """The state of one run."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.context = RunContext(task, prompt_of(task), Budget(task.limits))
        self.writer = Writer(self.context)
        self.versions = Versions(task.text, task.criteria)
        self.passes = 0
        self.broke: tuple[Finding, ...] = ()
        """What the version that was refused last had broken."""
        self.refusals = 0
        self.wish_told = not task.instruction
        """Whether the writer was told what the critic made of the user's own words."""
        self.history: list[tuple[frozenset[str], frozenset[str]]] = []
        """Per pass: criteria that it fixed, and criteria that it made fail."""

    @property
    def best(self) -> Candidate:
        """The version that would be returned now."""
        return self.versions.best

    @property
    def wishes(self) -> tuple[Finding, ...]:
        """What the open critique of the user's own words found; the writer is told once."""
        if self.wish_told:
            return ()
        return tuple(f for f in self.best.findings if f.criterion == INSTRUCTION)

    def judged(self, candidate: Candidate, parent: Candidate | None) -> Doing[Candidate]:
        """The version with its judgement, kept but not yet taken or refused.

        Raises:
            End: the run is over; what was known of the version by then is kept.
        """
        mark = self.context.budget.spent
        try:
            judgement = yield from judge(self.context, candidate, parent)
        except Unfinished as unfinished:
            cost = candidate.cost + self.context.budget.since(mark)
            known = replace(unfinished.known.on(candidate), cost=cost)
            self._keep_unfinished(known, whole=unfinished.whole)
            raise unfinished.end from None
        cost = candidate.cost + self.context.budget.since(mark)
        judged = replace(judgement.on(candidate), cost=cost)
        return self.versions.keep(judged)

    def _keep_unfinished(self, candidate: Candidate, *, whole: bool) -> None:
        """Keep what is known of a version; what nobody judged is refused, but for fixes."""
        if candidate.number == self.best.number:
            self.versions.keep(candidate)
        elif broke := broken(candidate, self.best, self.task.criteria):
            self.versions.reject(candidate, "broke " + names(broke))
        elif whole or (candidate.verdicts and candidate.origin == "fixes"):
            self.versions.take(candidate, "no improvement")
        else:
            self.versions.reject(candidate, "not judged to its end")


def names(findings: tuple[Finding, ...]) -> str:
    """The criteria of some findings, for people."""
    return ", ".join(sorted({f.criterion for f in findings}))
