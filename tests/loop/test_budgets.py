"""The purse: what a run may spend, asked before each call and settled after it."""

import pytest

from self_refine.loop.budget import Budget
from self_refine.loop.requests import Answered, Ask, Call, Halted, Message
from self_refine.loop.task import Limits
from self_refine.loop.types import Cost, StopReason
from support.by_hand import COST, World, run

CALL = Call(
    purpose="refine",
    messages=(Message("system", "a" * 200), Message("user", "é" * 100)),
    task="b" * 100,
    tag="reply-00000000",
    max_output_tokens=300,
)
"""At its longest: 500 bytes / 4, and 300."""


def check(expected, calls=1, spent=(), **limits):
    """What cannot pay for so many calls, after these steps."""
    budget = Budget(Limits(**limits))
    for step in spent:
        budget.pay(step)
    assert expected == budget.shortfall([CALL] * calls)


def took(**cost):
    return Answered(text="", form="json", finish="stop", cost=Cost(**cost))


def test_a_call_is_estimated_at_its_longest():
    """UTF-8 bytes / 4 of all that is sent, and the whole room for the reply."""
    check("", tokens=425)
    check("424 tokens", tokens=424)
    check("1,000 tokens", calls=3, tokens=1_000)


def test_what_the_server_counted_replaces_the_estimate():
    """A call that took less leaves more for the next one."""
    check("", tokens=525, spent=[(took(calls=1, input_tokens=60, output_tokens=40),)])
    check("524 tokens", tokens=524, spent=[(took(calls=1, input_tokens=60, output_tokens=40),)])


def test_calls_are_counted_whatever_became_of_them():
    """One that was halted under way has cost something too."""
    halted = Halted(StopReason.CANCELLED, cost=Cost(calls=1, input_tokens=9))
    budget = Budget(Limits(calls=2))
    budget.pay((took(calls=1), halted))

    assert "2 calls" == budget.shortfall([CALL])
    assert 9 == budget.spent.tokens


@pytest.mark.parametrize(("limits", "stop", "detail"), [
    ({"passes": 1}, StopReason.LIMIT, "1 pass"),
    ({"passes": 0}, StopReason.LIMIT, "0 passes"),
    ({"calls": 2}, StopReason.BUDGET, "2 calls"),
    ({"calls": 0}, StopReason.BUDGET, "0 calls"),
    ({"tokens": 2_000}, StopReason.BUDGET, "2,000 tokens"),
    ({"seconds": 2.0}, StopReason.BUDGET, "2 seconds"),
])  # fmt: skip
def test_each_of_the_four_limits_is_named(limits, stop, detail):
    """Passes, calls, tokens, seconds: what ran out ends the run, with the best text so far."""
    world = World(
        faults={"t/a": ("xx", "yy", "zz")}, writes=["1 yy zz words", "1 2 zz words", "1 2 3 words"]
    )
    outcome = run(world, "xx yy zz words", limits=list(limits.items()))

    assert (stop, detail) == (outcome.stop, outcome.detail)
    assert outcome.text in ("xx yy zz words", "1 yy zz words")
    assert outcome.cost.calls <= limits.get("calls", 20)


def test_a_repair_that_cannot_be_paid_is_not_asked_for():
    """The reply that could not be read stays unknown; the next call ends the run."""
    world = World(faults={"t/a": ()}, critic=lambda _call, _text: "Looks great!")
    outcome = run(world, "One line.", limits=[("calls", 1)], reading="separate")

    assert StopReason.CRITIC_UNRELIABLE is outcome.stop
    assert 1 == outcome.cost.calls


def test_a_second_look_that_cannot_be_paid_is_not_taken():
    """What was found counts as found."""
    world = World(faults={"t/a": ("line",)})
    outcome = run(world, "One line.", limits=[("calls", 1)])

    assert (StopReason.BUDGET, "1 call") == (outcome.stop, outcome.detail)
    assert ["line"] == [f.quote for f in outcome.original.findings]


def test_a_reply_that_ran_into_its_limit_gets_four_times_the_room_twice():
    """What was cut changes nothing; cut again and again, the text stays."""
    for cut, result in ((2, "One plain line."), (9, "One murky line.")):
        world = World(faults={"t/murky": ("murky",)}, writes=["One plain line."])
        world.answer = cut_short(world, cut)
        outcome = run(world, "One murky line.")

        rooms = [c.max_output_tokens for c in world.calls if c.purpose == "refine"]
        assert [1, 4, 16] == [room // rooms[0] for room in rooms]
        assert 16 == outcome.observed.room
        assert result == outcome.text
    assert (StopReason.REFINE_FAILED, "the reply was cut at its token limit") == (
        outcome.stop,
        outcome.detail,
    )


def cut_short(world, times):
    """The first rewrites end in the middle."""
    left = [times]

    def answer(request, _):
        if not isinstance(request, Ask) or request.call.purpose != "refine" or not left[0]:
            return None
        left[0] -= 1
        world.calls.append(request.call)
        tag = request.call.tag
        text = f"<{tag}>\nOne pl\n</{tag}>"
        return Answered(text=text, form="tagged", finish="length", cost=COST)

    return answer
