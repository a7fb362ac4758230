"""Owns one pass of the writer: the form of its answer, one repair, the whole text, then the end."""

from dataclasses import dataclass, replace

from self_refine.loop.budget import Doing, End
from self_refine.loop.requests import Answered, Call
from self_refine.loop.run_context import RunContext, ask_one_whole
from self_refine.loop.types import Candidate, Finding, StopReason
from self_refine.loop.writer.writer import (
    Form,
    Rewrite,
    Unusable,
    form_for,
    generate_call,
    read_generated,
    read_rewrite,
    refine_call,
    writer_repair,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What the writer is to do in one pass."""

    candidate: Candidate
    todo: tuple[Finding, ...]
    broke: tuple[Finding, ...] = ()
    """What the version that was refused last had broken."""
    hotter: bool = False
    """The last answer was the same text again."""


def uninstructed(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings without what the critic would have done about them.

    Most failures of feedback are a wrong suggestion for a true finding (61 %, Madaan et al. 2023):
    a rewrite that came to nothing is tried once more by the criterion's own `fix`.
    """
    return tuple(f if f.checked else replace(f, instruction="") for f in findings)


class Writer:
    """The writer of one run; remembers that the model cannot do edits."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._failed_at_edits = False
        self._criteria = {c.id: c for c in context.task.criteria}

    def write(self, order: Order) -> Doing[Rewrite]:
        """One rewrite.

        Raises:
            End: no usable reply, or the run is over.
        """
        form = form_for(
            order.candidate.text,
            self._context.task.language,
            order.todo,
            failed_at_edits=self._failed_at_edits,
        )
        got = yield from self._in_form(order, form)
        if isinstance(got, Unusable) and form != "whole":
            self._failed_at_edits = True
            got = yield from self._in_form(order, "whole")
        if isinstance(got, Unusable):
            raise End(StopReason.REFINE_FAILED, got.brief)
        return got

    def _in_form(self, order: Order, form: Form) -> Doing[Rewrite | Unusable]:
        """Ask once, and once more where the reply can be repaired."""
        text, number = order.candidate.text, order.candidate.number
        call = refine_call(
            self._context.prompt,
            text,
            number,
            order.todo,
            self._criteria,
            form,
            self._context.tag(),
            broke=order.broke,
            hotter=order.hotter,
        )
        answer = yield from ask_one_whole(self._context, call)
        got = self._read(answer, call, order, form)
        if not isinstance(got, Unusable) or not got.repairable:
            return got
        again = writer_repair(
            self._context.prompt,
            text,
            number,
            order.todo,
            self._criteria,
            form,
            self._context.tag(),
            got.reason,
        )
        if self._context.budget.shortfall((again,)):
            return got
        answer = yield from ask_one_whole(self._context, again)
        return self._read(answer, again, order, form, told=bool(got.lost))

    def _read(
        self, answer: Answered, call: Call, order: Order, form: Form, *, told: bool = False
    ) -> Rewrite | Unusable:
        return read_rewrite(
            answer, call.tag, form, order.candidate.text, self._context.task, order.todo, told=told
        )

    def generate(self) -> Doing[Rewrite]:
        """The first draft of a text that is still to be written.

        Raises:
            End: no usable reply, or the run is over.
        """
        context = self._context
        got: Rewrite | Unusable = Unusable("", repairable=True)
        for _ in range(2):
            call = generate_call(context.prompt, context.task, context.tag())
            answer = yield from ask_one_whole(context, call)
            got = read_generated(answer, call.tag, context.task)
            if isinstance(got, Rewrite):
                return got
        assert isinstance(got, Unusable)  # noqa: S101 - the loop above returns otherwise
        raise End(StopReason.REFINE_FAILED, got.brief)
