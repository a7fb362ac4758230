"""Owns asking: a small generator for each request, what a run has spent, and how it ends."""

from collections.abc import Generator, Sequence
from typing import TypeVar

from self_refine.loop.requests import (
    Answered,
    Ask,
    Call,
    Checked,
    Failed,
    Guard,
    Guarded,
    Halted,
    Noted,
    Replies,
    Reply,
    Report,
    RunChecks,
    RunCommands,
    Step,
)
from self_refine.loop.task import Limits
from self_refine.loop.types import Candidate, CheckResult, Cost, StopReason

T = TypeVar("T")
Doing = Generator[Step, Replies, T]
"""A part of the loop: yields steps, is sent replies, returns a `T`."""

_AT_ONCE = 8
"""Most calls of one step: thorough mode asks one question for each criterion."""


class End(Exception):  # noqa: N818 - no error: the way out of nested generators
    """The run is over. Caught by `engine.refine`, which returns the best text."""

    def __init__(self, stop: StopReason, detail: str = "") -> None:
        super().__init__(stop.value)
        self.stop = stop
        self.detail = detail


class Budget:
    """What a run has spent of what it may spend."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.spent = Cost()
        self._seconds = 0.0
        """Calls of one step are made together: the longest counts."""

    def shortfall(self, calls: Sequence[Call]) -> str:
        """What cannot pay for these calls, at their longest: "20 calls"; "" where all can."""
        limits, spent = self._limits, self.spent
        if spent.calls + len(calls) > limits.calls:
            return f"{limits.calls} call" + "s" * (limits.calls != 1)
        if spent.tokens + sum(map(_longest, calls)) > limits.tokens:
            return f"{limits.tokens:,} tokens"
        if self._seconds >= limits.seconds:
            return f"{limits.seconds:g} seconds"
        return ""

    def since(self, mark: Cost) -> Cost:
        """What was spent after `mark`, an earlier value of `spent`."""
        now = self.spent
        return Cost(
            calls=now.calls - mark.calls,
            input_tokens=now.input_tokens - mark.input_tokens,
            cached_tokens=now.cached_tokens - mark.cached_tokens,
            output_tokens=now.output_tokens - mark.output_tokens,
            seconds=now.seconds - mark.seconds,
            estimated=now.estimated,
        )

    def pay(self, replies: Sequence[Reply]) -> None:
        """Add what the calls of one step took, whether they answered or not."""
        costs = [r.cost for r in replies if isinstance(r, Answered | Failed | Halted)]
        self.spent = sum(costs, self.spent)
        self._seconds += max((cost.seconds for cost in costs), default=0.0)


def _longest(call: Call) -> int:
    """Tokens of a call if the reply fills its limit; UTF-8 bytes / 4 for what is sent."""
    words = [*(message.content for message in call.messages), call.task]
    sent = sum(len(each.encode("utf-8", "surrogatepass")) for each in words)
    return -(-sent // 4) + call.max_output_tokens


def run_checks(text: str, candidate: int) -> Doing[tuple[CheckResult, ...]]:
    """Have every check look at a text."""
    (reply,) = yield (RunChecks(text, candidate),)
    match reply:
        case Checked(results):
            return results
        case _:
            raise _ended(reply)


def run_commands(text: str, candidate: int) -> Doing[tuple[CheckResult, ...]]:
    """Have every command look at a text."""
    (reply,) = yield (RunCommands(text, candidate),)
    match reply:
        case Checked(results):
            return results
        case _:
            raise _ended(reply)


def guard(before: str, after: str, candidate: int) -> Doing[Guarded]:
    """Have a rewrite compared with what it was made from."""
    (reply,) = yield (Guard(before, after, candidate),)
    match reply:
        case Guarded():
            return reply
        case _:
            raise _ended(reply)


def ask(budget: Budget, calls: Sequence[Call]) -> Doing[tuple[Answered, ...]]:
    """Ask the model several things that do not depend on each other."""
    answers: list[Answered] = []
    for at in range(0, len(calls), _AT_ONCE):
        some = calls[at : at + _AT_ONCE]
        if short := budget.shortfall(some):
            raise End(StopReason.BUDGET, short)
        replies = yield tuple(Ask(call) for call in some)
        budget.pay(replies)
        for reply in replies:
            if not isinstance(reply, Answered):
                raise _ended(reply)
            answers.append(reply)
    return tuple(answers)


def ask_one(budget: Budget, call: Call) -> Doing[Answered]:
    """Ask the model one thing."""
    (answer,) = yield from ask(budget, (call,))
    return answer


def report(candidate: Candidate) -> Doing[None]:
    """Tell what was decided about a version."""
    (reply,) = yield (Report(candidate),)
    if not isinstance(reply, Noted):
        raise _ended(reply)


def _ended(reply: Reply) -> End:
    match reply:
        case Halted(reason, detail):
            return End(reason, detail)
        case Failed():
            return End(StopReason.MODEL_FAILED, reply.message)
        case _:  # pragma: no cover - a driver that answers something else than was asked
            return End(StopReason.MODEL_FAILED, f"the driver answered {type(reply).__name__}")
