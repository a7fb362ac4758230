"""What a run will about cost, before its first call: what is sent is known, the rest is a guess."""

from dataclasses import dataclass

from self_refine.loop.critic.reading import reading_call
from self_refine.loop.prompt.prompt import judged, prompt_of
from self_refine.loop.task import Task

_VERDICT, _FINDING = 8, 60
"""Tokens of a verdict of pass, and of a finding with its fix; measured on a strong model."""
_FAILS = 0.15
"""Share of criteria that fail a text as it is given (docs/quality.md)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """Calls and tokens of a run on a text with a few faults."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens


def estimate(task: Task) -> Estimate:
    """About what a run will take; nothing where no model is asked.

    A text with faults is read twice: once to judge and fix it, once to see that nothing is left.
    In thorough mode each criterion is asked alone, and each failing one twice.
    """
    asked = judged(task.criteria)
    if not task.has_model or not (asked or task.instruction or task.draft):
        return Estimate()
    call = reading_call(prompt_of(task), task.text, 0, asked, "reply-00000000")
    sent = [*(message.content for message in call.messages), call.task]
    one = sum(map(len, sent)) // 4
    fails = 1 + round(_FAILS * len(asked))
    said = _VERDICT * len(asked) + _FINDING * fails
    calls = 1 if task.critique_only else 2
    if task.mode == "thorough":
        calls = calls * len(asked) + fails
        return Estimate(calls=calls, input_tokens=calls * one, output_tokens=4 * said)
    if task.reading == "separate" and not task.critique_only:
        calls += 1
    return Estimate(calls=calls, input_tokens=calls * one, output_tokens=calls * said)
