"""Verdicts that are known are not asked for again; a run tells what it decided."""

from dataclasses import replace

import pytest

from self_refine.loop.requests import Halted, Noted, Recall, Recalled, Remember
from self_refine.loop.types import Judged, Known, StopReason, Verdict
from support.by_hand import World, run

CLEAN = "One plain line about the release."
FAULTY = "One murky line about the release."


class Memory(World):
    """A world that remembers what runs decide."""

    kept: dict

    def perform(self, step):
        kept = self.__dict__.setdefault("kept", {})
        (request,) = step if len(step) == 1 else (None,)
        match request:
            case Recall(text, ids):
                return (Recalled(tuple(kept[text, i] for i in ids if (text, i) in kept)),)
            case Remember(text, known):
                kept.update({(text, each.criterion): each for each in known})
                return (Noted(),)
        return super().perform(step)


def world(**more):
    faults = {"t/murky": ("murky",), "t/other": ("nowhere",)}
    return Memory(faults=faults, fixes={"murky": "plain"}, **more)


@pytest.mark.parametrize("mode", ["normal", "thorough"])
def test_an_unchanged_text_judged_again_costs_nothing(mode):
    """Not even where it is mended: the fixes are known, and so is what they make of it."""
    here = world(writes=[CLEAN])
    first = run(here, FAULTY, mode=mode, remembers=True)
    asked = len(here.calls)
    if mode == "thorough":
        here.kept = {key: known for key, known in here.kept.items() if key[0] == CLEAN}

    again = run(here, FAULTY if mode == "normal" else CLEAN, mode=mode, remembers=True)

    assert (StopReason.APPROVED, CLEAN) == (first.stop, first.text)
    assert (StopReason.APPROVED, CLEAN) == (again.stop, again.text)
    assert asked == len(here.calls)
    assert again.cost.calls == 0
    assert "2 verdicts from cache" in again.notes


def test_only_what_is_not_known_is_asked():
    """A criterion that was added is asked about alone."""
    here = world()
    passed = Known(criterion="t/murky", judged=Judged(Verdict.PASS), findings=())
    here.kept = {(CLEAN, "t/murky"): passed}

    outcome = run(here, CLEAN, remembers=True)

    assert StopReason.APPROVED is outcome.stop
    assert [("t/other",)] == [call.focus for call in here.calls]
    assert "1 verdict from cache" in outcome.notes


def test_a_known_fault_is_mended_like_any_other():
    """By its known fix, without a call for the critique."""
    here = world()
    run(here, FAULTY, remembers=True)
    here.kept = {key: known for key, known in here.kept.items() if key[0] == FAULTY}
    here.calls.clear()

    outcome = run(here, FAULTY, remembers=True)

    assert (StopReason.APPROVED, CLEAN) == (outcome.stop, outcome.text)
    assert 1 == len(here.calls), "the new text alone is judged"


def test_what_was_not_decided_is_not_kept():
    """Unknown verdicts are asked again; the user's own words are nobody's criterion."""
    here = world(critic=lambda call, text: "Fine.")

    run(here, CLEAN, remembers=True, instruction="Be brief.")

    assert not here.kept


def test_a_run_that_nobody_remembers_asks_for_nothing():
    """The requests are made only where the task says so."""
    here = world()

    run(here, CLEAN)
    run(here, CLEAN)

    assert not here.kept
    assert 2 == len(here.calls)


def test_a_run_that_is_stopped_while_it_recalls_ends():
    """With the text as it was."""
    here = world(answer=lambda request, _: None)
    stopped = Halted(StopReason.CANCELLED)
    here.perform = lambda step: (
        (stopped,) if isinstance(step[0], Recall) else World.perform(here, step)
    )

    outcome = run(here, FAULTY, remembers=True)

    assert (StopReason.CANCELLED, FAULTY) == (outcome.stop, outcome.text)


def test_what_is_known_of_others_is_not_believed():
    """Only the criteria that were asked about count."""
    here = world()
    odd = Known(criterion="t/strange", judged=Judged(Verdict.FAIL), findings=())
    perform = here.perform
    here.perform = lambda step: (
        (Recalled((odd, replace(odd, criterion="t/murky", judged=Judged(Verdict.PASS)))),)
        if isinstance(step[0], Recall)
        else perform(step)
    )

    outcome = run(here, CLEAN, remembers=True)

    assert StopReason.APPROVED is outcome.stop
    assert "t/strange" not in outcome.chosen.verdicts
