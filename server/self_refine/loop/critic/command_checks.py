"""Commands that judge: asked for beside the critic, and once cheap fixes are exhausted.

A test suite takes as long as a model, so it never runs for a version that a fix is about to change;
but always for the original, since what failed there is no version's fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from self_refine.loop.budget import Doing, run_commands
from self_refine.loop.requests import Ask, Checked, Reply, RunCommands
from self_refine.loop.task import Task
from self_refine.loop.types import Candidate, CheckResult, Criterion, Judged, Verdict

T = TypeVar("T")

_NOT_YET = Judged(Verdict.UNKNOWN, "not run yet")


class Pending:
    """The results of all checks of one version; those of commands come later."""

    def __init__(self, task: Task, candidate: Candidate) -> None:
        self._task, self._candidate = task, candidate
        self.results: tuple[CheckResult, ...] = ()
        self.has_begun = False
        """Whether quick checks have looked at the version."""
        self.left: frozenset[str] = frozenset()
        """Ids of the commands that are still to be run."""

    def begin(self, results: Sequence[CheckResult]) -> None:
        """Take the results of quick checks; what commands are to decide is open."""
        by_id = {result.criterion: result.verdict for result in results}
        wanted = (c for c in self._task.criteria if c.slow and not c.not_checked)
        self.left = frozenset(c.id for c in wanted if held_back(c, by_id) is None)
        self.results, self.has_begun = tuple(results), True
        self._say(_NOT_YET)

    @property
    def may_wait(self) -> bool:
        """Whether this version can do without until fixes were made."""
        return bool(self.left) and self._candidate.number > 0 and not self._task.critique_only

    @property
    def is_waited_for(self) -> bool:
        """Whether a question for the critic depends on what a command says."""
        criteria = self._task.criteria
        return any(c.when is not None and c.when.check in self.left for c in criteria)

    def put_off(self, judged: Judged) -> None:
        """Run none for this version."""
        self._say(judged)
        self.left = frozenset()

    def run(self) -> Doing[None]:
        """Run those that are left."""
        if self.left:
            candidate = self._candidate
            self._take((yield from run_commands(candidate.text, candidate.number)))

    def beside(self, work: Doing[T]) -> Doing[T]:
        """Do `work`, and run those that are left in its first step that asks the model.

        Raises:
            End: as `work` does.
        """
        try:
            step = next(work)
            while True:
                if self.left and any(isinstance(request, Ask) for request in step):
                    *replies, reply = yield (*step, self._request())
                    self._hear(reply)
                else:
                    replies = list((yield step))
                step = work.send(tuple(replies))
        except StopIteration as done:
            value: T = done.value
            return value

    def _request(self) -> RunCommands:
        return RunCommands(self._candidate.text, self._candidate.number)

    def _hear(self, reply: Reply) -> None:
        if isinstance(reply, Checked):  # else the run is to end, and the critic is told so, too
            self._take(reply.results)

    def _take(self, results: Sequence[CheckResult]) -> None:
        by_id = {r.criterion: r for r in results if r.criterion in self.left}
        self.results = tuple(by_id.get(r.criterion, r) for r in self.results)
        self.left = frozenset()

    def _say(self, judged: Judged) -> None:
        self.results = tuple(
            replace(r, verdict=judged.verdict, reason=judged.reason, findings=())
            if r.criterion in self.left
            else r
            for r in self.results
        )


def held_back(criterion: Criterion, by_id: Mapping[str, Verdict]) -> Judged | None:
    """The verdict of a criterion whose `when` does not hold, None where it is to be asked."""
    when = criterion.when
    if when is None:
        return None
    verdict = by_id.get(when.check, Verdict.NOT_CHECKED)
    if verdict in {Verdict.NOT_CHECKED, Verdict.UNKNOWN}:
        return Judged(Verdict.NOT_CHECKED, f"{when.check} was not checked")
    fired = verdict is Verdict.FAIL
    return None if fired == when.fired else Judged(Verdict.NOT_APPLICABLE)
