"""What the critic and the writer of one run share: the prompt, the budget, what was learnt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from self_refine.loop.budget import Budget, Doing, End, ask
from self_refine.loop.check_fixes import Tried
from self_refine.loop.prompt.prompt import Prompt
from self_refine.loop.prompt.tags import reply_tag
from self_refine.loop.requests import Answered, Call
from self_refine.loop.task import Task
from self_refine.loop.types import Finding, Observed, StopReason

_MORE = 4
"""Times the room of a reply that was cut, for the next try."""
_MOST = 16
"""Times the room that a reply gets at the most: three tries."""


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
    observed: Observed = field(default_factory=Observed)
    form_failed: bool = False
    """Whether this model's reply to one reading could not be read: it is asked in separate calls
    from then on."""

    def __post_init__(self) -> None:
        self.observed = replace(self.observed, room=self.task.room)

    @property
    def reads_at_once(self) -> bool:
        """Whether one call judges and fixes."""
        return self.task.mode == "normal" and self.task.reading == "one" and not self.form_failed

    @property
    def looks_twice(self) -> bool:
        """Whether findings are asked for once more before they count."""
        return self.task.mode == "thorough" or self.task.second_looks

    def was_read(self, *, readable: bool) -> None:
        """A reply to one reading has come whole."""
        now = self.observed
        self.observed = replace(
            now, readings=now.readings + 1, unreadable=now.unreadable + (not readable)
        )
        self.form_failed |= not readable

    def looked(self, asked: int, changed: int) -> None:
        """So many criteria were judged a second time, and so many verdicts changed."""
        now = self.observed
        self.observed = replace(now, looks=now.looks + asked, flips=now.flips + changed)

    def sized(self, call: Call) -> Call:
        """The call with the room that this model needs, within the user's limit for a reply."""
        most = self.task.limits.output_tokens
        wanted = call.max_output_tokens * self.observed.room
        return replace(call, max_output_tokens=wanted if most is None else min(wanted, most))

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


def ask_whole(context: RunContext, calls: Sequence[Call]) -> Doing[tuple[Answered, ...]]:
    """Ask the model several things; what ran into its limit gets four times the room.

    A model that thinks before it answers uses up the room of its answer. How much it needs is
    remembered: the next call begins with it.

    Raises:
        End: the run is over, or nothing came of a reply but that it was cut.
    """
    answers = list((yield from ask(context.budget, [context.sized(call) for call in calls])))
    while cut := [n for n, answer in enumerate(answers) if answer.finish == "length"]:
        before = context.sized(calls[cut[0]]).max_output_tokens
        now = context.observed
        if now.room >= _MOST * context.task.room:
            break
        context.observed = replace(now, room=now.room * _MORE)
        again = [context.sized(calls[n]) for n in cut]
        if again[0].max_output_tokens == before or context.budget.shortfall(again):
            context.observed = now
            break
        for n, answer in zip(cut, (yield from ask(context.budget, again)), strict=True):
            answers[n] = answer
    for n, answer in enumerate(answers):
        if answer.finish == "length" and not answer.text.strip():
            most = context.sized(calls[n]).max_output_tokens
            raise End(StopReason.BUDGET, f"{most:,} output tokens for one reply, thinking included")
    return tuple(answers)


def ask_one_whole(context: RunContext, call: Call) -> Doing[Answered]:
    """Ask the model one thing, as `ask_whole` does."""
    (answer,) = yield from ask_whole(context, (call,))
    return answer
