"""Modes of a run: thorough, draft, critique alone; and what the user's own words do in each."""

import pytest

from self_refine.loop.requests import Answered, Ask, Halted
from self_refine.loop.types import Severity, StopReason
from support.by_hand import COST, World, run

CLEAN = "One plain line about the release."
FAULTY = "One murky line about the release."


class Recorded(World):
    """A world that remembers how many calls came in each step."""

    counts: list

    def perform(self, step):
        self.counts = [*getattr(self, "counts", []), sum(isinstance(r, Ask) for r in step)]
        return super().perform(step)


def test_thorough_asks_at_most_eight_questions_at_once():
    """Twenty criteria are twenty short calls in three steps."""
    world = Recorded(faults={f"t/{n:02}": () for n in range(20)})
    outcome = run(world, CLEAN, mode="thorough")

    assert StopReason.APPROVED is outcome.stop
    assert [8, 8, 4] == [count for count in world.counts if count]
    assert [(f"t/{n:02}",) for n in range(20)] == [call.focus for call in world.calls]


def test_thorough_repairs_only_the_reply_that_was_bad():
    world = World(faults={"t/a": (), "t/b": ()})
    world.critic = lambda call, text: (
        "Fine." if len(world.calls) == 2 else world.critique(call, text)
    )
    outcome = run(world, CLEAN, mode="thorough")

    assert StopReason.APPROVED is outcome.stop
    assert [("t/a",), ("t/b",)] == sorted(call.focus for call in world.calls[:2])
    assert 3 == len(world.calls)


def test_thorough_takes_the_time_of_the_longest_call():
    """Calls of one step are made together: eight of one second take one."""
    world = World(faults={f"t/{n}": () for n in range(8)})
    outcome = run(world, CLEAN, mode="thorough", limits=[("seconds", 5.0)])
    assert StopReason.APPROVED is outcome.stop
    assert 8.0 == outcome.cost.seconds

    world = World(faults={"t/murky": ("murky",)} | {f"t/{n}": () for n in range(7)}, writes=[CLEAN])
    outcome = run(world, FAULTY, mode="thorough", limits=[("seconds", 5.0)])
    assert (StopReason.APPROVED, CLEAN) == (outcome.stop, outcome.text)


@pytest.mark.parametrize("draft", [True, False])
def test_an_empty_selection_with_an_instruction_is_written_and_refined(draft):
    """The text is generated, judged, and rewritten like any other."""
    world = World(faults={"t/murky": ("murky",)}, writes=[FAULTY, CLEAN])
    outcome = run(world, "  \n", draft=draft, instruction="a line about the release")

    assert (StopReason.APPROVED, f"  \n{CLEAN}") == (outcome.stop, outcome.text)
    assert "generate" == world.calls[0].purpose
    assert "described in <instruction-" in world.calls[0].task
    assert () == outcome.notes


def test_generating_from_a_selection_takes_it_for_the_task():
    """What describes the text is no text: its own faults are not judged."""
    world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])
    outcome = run(world, "Write of a murky release.", draft=True)

    assert (StopReason.APPROVED, CLEAN) == (outcome.stop, outcome.text)
    assert "described in <candidate-" in world.calls[0].task
    assert ["generate", "critique"] == [call.purpose for call in world.calls]
    assert {} == outcome.original.verdicts
    assert 2 * COST.tokens == outcome.cost.tokens == outcome.chosen.cost.tokens


@pytest.mark.parametrize("draft", [True, False])
def test_nothing_to_write_about_is_said(draft):
    """No text and no instruction: nobody is asked."""
    world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])
    outcome = run(world, " \n", draft=draft)

    assert (StopReason.NO_CHANGE, " \n") == (outcome.stop, outcome.text)
    assert "there is no text, and no instruction to write one" == outcome.detail
    assert [] == world.calls


def test_a_draft_needs_a_model():
    world = World(faults={"t/murky": ("murky",)})
    outcome = run(world, "A line on the release.", draft=True, has_model=False)

    assert (StopReason.CHECKS_ONLY, "A line on the release.") == (outcome.stop, outcome.text)


def test_a_draft_that_cannot_be_read_is_asked_for_once_more():
    """Two useless replies, and the selection stays as it is."""
    world = World(faults={"t/murky": ("murky",)})
    world.answer = lambda request, _: (
        world.calls.append(request.call)
        or Answered(text="No.", form="tagged", finish="stop", cost=COST)
        if isinstance(request, Ask)
        else None
    )
    outcome = run(world, "A line on the release.", draft=True)

    assert (StopReason.REFINE_FAILED, "A line on the release.") == (outcome.stop, outcome.text)
    assert ["generate", "generate"] == [call.purpose for call in world.calls]


@pytest.mark.parametrize("text", [FAULTY, " \n"])
def test_a_critique_writes_nothing(text):
    """Also where there is no text, and where an instruction says what could be written."""
    world = World(faults={"t/murky": ("murky",)}, writes=[CLEAN])
    outcome = run(world, text, critique_only=True, instruction="a line about the release")

    assert text == outcome.text
    assert {"critique"} == {call.purpose for call in world.calls}


# The user's own words ---------------------------------------------------------------------------


def told(world):
    """Per rewrite: the criteria of what the writer was told."""
    return [call.focus for call in world.calls if call.purpose == "refine"]


def test_an_instruction_is_heard_beside_a_check_that_fails():
    """Both go to the writer in one pass: no check keeps the user's own words waiting."""
    world = World(
        faults={"instruction": ("release",)},
        checks={"t/name": {"[Name]": None}},
        severities={"t/name": Severity.ERROR},
        writes=["Ana, a plain line about it."],
    )
    outcome = run(
        world,
        "[Name], a plain line about the release.",
        criteria=world.criteria[:1],
        instruction="do not say release",
    )

    assert (StopReason.APPROVED, "Ana, a plain line about it.") == (outcome.stop, outcome.text)


def test_an_instruction_is_told_once_though_it_is_not_followed():
    """It is no gate: the run is approved with the hint still open."""
    world = World(
        faults={"t/a": (), "instruction": ("release", "launch")},
        writes=["One plain line about the launch."],
    )
    outcome = run(world, CLEAN, criteria=world.criteria[:1], instruction="say neither")

    assert [("instruction",)] == told(world)
    assert outcome.stop in (StopReason.APPROVED, StopReason.NO_PROGRESS)


def test_a_vague_instruction_is_said_to_be_one():
    """No criteria, nothing to quote: nobody can say what was checked."""
    world = World(faults={"instruction": ()})
    outcome = run(world, CLEAN, criteria=(), instruction="better")

    assert (StopReason.APPROVED, CLEAN) == (outcome.stop, outcome.text)
    assert (
        "1 vague request; 0 criteria checked",
        "Nothing could be quoted that the instruction is about.",
    ) == outcome.notes


def test_an_instruction_without_a_model_is_said_not_to_be_followed():
    world = World(checks={"t/plain": {"utilise": "use"}})
    outcome = run(world, "We utilise it.", has_model=False, instruction="shorter")

    assert "We use it." == outcome.text
    assert ("The instruction was not followed: no model.",) == outcome.notes


# The wish to stop -------------------------------------------------------------------------------

KINDS = {
    "normal": {},
    "thorough": {"mode": "thorough"},
    "draft": {"draft": True},
    "empty": {"text": "\n"},
    "critique": {"critique_only": True},
    "without a model": {"has_model": False},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_wish_to_stop_is_heard_at_every_request_of_every_mode(kind):
    """There is an outcome, it is a version that was accepted, and nothing is asked after."""
    at, ended = 0, False
    while not ended:
        at += 1
        given = {"text": "One murky, rude line. We utilise it.", "instruction": "shorter"}
        given |= KINDS[kind]
        world = World(
            faults={"t/murky": ("murky",), "t/rude": ("rude", "damned"), "instruction": ("line",)},
            checks={"t/use": {"utilise": "use"}},
            writes=["A murky, damned line. We use it.", "A murky thing. We use it.", "A thing."],
        )
        world.answer = lambda _, number, at=at: (
            Halted(StopReason.CANCELLED, "enough") if number == at else None
        )
        criteria = tuple(c for c in world.criteria if c.id != "instruction")
        outcome = run(world, given.pop("text"), criteria=criteria, **given)

        ended = world.requests < at
        assert outcome.chosen.accepted
        assert outcome.chosen.text == outcome.text
        if not ended:
            assert (StopReason.CANCELLED, "enough") == (outcome.stop, outcome.detail)
            assert world.requests - at < 8  # those of the same step
    assert at > {"critique": 3, "without a model": 4}.get(kind, 7)
