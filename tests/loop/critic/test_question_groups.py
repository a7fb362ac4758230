"""More than 40 criteria are asked in groups; each is asked once."""

import pytest

from self_refine.loop.critic.question_groups import MOST_AT_ONCE, groups
from self_refine.loop.types import StopReason
from support.by_hand import World, run

CLEAN = "One plain line about the release."


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, [0]), (1, [1]), (40, [40]), (41, [21, 20]), (81, [27, 27, 27])]
)
def test_groups_are_few_and_about_equally_large(count, sizes):
    """In the order of the criteria."""
    asked = tuple(range(count))
    got = groups(asked)

    assert sizes == [len(group) for group in got]
    assert asked == tuple(each for group in got for each in group)
    assert max(sizes) <= MOST_AT_ONCE


def test_a_run_with_60_criteria_asks_twice():
    """And approves when both replies do."""
    world = World(faults={f"t/{n:02}": () for n in range(60)})
    outcome = run(world, CLEAN)

    assert StopReason.APPROVED is outcome.stop
    assert [30, 30] == [len(call.focus) for call in world.calls][:2]
    assert 60 == len({name for call in world.calls for name in call.focus})


def test_a_fault_of_the_second_group_is_found_and_mended():
    """It counts as any other."""
    faults = {f"t/{n:02}": () for n in range(60)} | {"t/59": ("murky",)}
    world = World(faults=faults, writes=[CLEAN])
    outcome = run(world, "One murky line about the release.")

    assert (StopReason.APPROVED, CLEAN) == (outcome.stop, outcome.text)
