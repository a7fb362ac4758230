"""Owns `Bench`: those who judge and write in one run, and what they must not forget."""

from dataclasses import dataclass, field

from self_refine.loop.budget import Budget
from self_refine.loop.check_fixes import Tried
from self_refine.loop.prompt.prompt import Prompt
from self_refine.loop.prompt.tags import reply_tag
from self_refine.loop.task import Task
from self_refine.loop.types import Finding


@dataclass(slots=True)
class RunContext:
    """Those who judge and write in one run, with what they share."""

    task: Task
    prompt: Prompt
    budget: Budget
    tried: Tried = field(default_factory=Tried)
    _confirmed: set[tuple[str, str]] = field(default_factory=set)
    """Criterion and quote of findings that came back at a second look."""
    calls: int = 0

    def confirm(self, finding: Finding) -> None:
        """A second look has found it again."""
        self._confirmed.add((finding.criterion, finding.quote))

    def has_confirmed(self, finding: Finding) -> bool:
        """Whether a second look has found it again, in whichever version."""
        return (finding.criterion, finding.quote) in self._confirmed

    def tag(self) -> str:
        """The reply's tag of the next call."""
        self.calls += 1
        task = self.task
        return reply_tag(task.seed, self.calls, task.text, task.before, task.after)
