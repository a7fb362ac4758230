"""The estimate before the first call: what is sent is counted, what comes back is guessed."""

import pytest

from self_refine.loop.estimate import Estimate, estimate
from self_refine.loop.task import Task
from self_refine.loop.types import Criterion, Severity
from support.by_hand import World, run

CRITERIA = tuple(
    Criterion(id=f"t/c{n}", question="Is it too long?", severity=Severity.WARNING) for n in range(8)
)


def task_of(**more):
    given = {"text": "One line. " * 40, "criteria": CRITERIA, "has_model": True, "seed": "5eed"}
    return Task(**(given | more))


def test_a_run_reads_a_text_with_faults_twice():
    one, two = estimate(task_of(critique_only=True)), estimate(task_of())

    assert (1, 2) == (one.calls, two.calls)
    assert 2 * one.input_tokens == two.input_tokens


def test_what_is_sent_is_counted_as_it_will_be():
    """Within a tenth of what the first call of a run really sends."""
    world = World(faults={c.id: () for c in CRITERIA})
    run(world, "One line. " * 40, criteria=CRITERIA)
    (call,) = world.calls
    sent = sum(len(m.content) for m in call.messages) + len(call.task)

    assert estimate(task_of(critique_only=True)).input_tokens == pytest.approx(sent / 4, rel=0.1)


@pytest.mark.parametrize("more", [{"has_model": False}, {"criteria": ()}])
def test_where_no_model_is_asked_it_costs_nothing(more):
    assert Estimate() == estimate(task_of(**more))


def test_thorough_and_separate_calls_cost_more():
    normal = estimate(task_of()).tokens
    assert normal < estimate(task_of(reading="separate")).tokens
    assert normal < estimate(task_of(mode="thorough")).tokens
