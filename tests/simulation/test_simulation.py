"""The simulation itself: its texts, its critic and writer, the plain loop, and small trials."""

import json
from dataclasses import replace

import pytest

from self_refine.loop.engine import refine
from self_refine.loop.requests import Answered, Ask, Noted
from self_refine.loop.types import Cost, StopReason
from simulation.critic import Critic
from simulation.kinds import KINDS, defects, repaired
from simulation.model import SimulatedModel, run
from simulation.plain import plain
from simulation.rates import Rates
from simulation.texts import LANGUAGES, long_letter, sample
from simulation.trial import measured, task_of, trial

FLAWLESS = Rates(**dict.fromkeys(Rates.__dataclass_fields__, 0.0) | {"comes_back": 1.0})


def test_there_are_twelve_kinds_over_five_languages():
    assert len(KINDS) >= 12
    assert {"plaintext", "markdown", "python", "sql", "json"} == set(LANGUAGES)


def test_texts_are_planted_with_up_to_five_defects_and_a_third_is_clean():
    """What was planted is all that there is; repaired, nothing is left."""
    samples = [sample(seed) for seed in range(150)]

    assert {len(s.planted) for s in samples} == {0, 1, 2, 3, 4, 5}
    assert 0.23 < sum(s.is_clean for s in samples) / 150 < 0.43
    for each in samples:
        assert each.planted == defects(each.text, each.language)
        assert () == defects(repaired(each.text, each.language), each.language)


def test_a_letter_has_1500_words_and_five_defects():
    letter = long_letter(1)

    assert 5 == len(letter.planted)
    assert 1_500 <= len(letter.text.split()) < 1_560


def test_a_critic_without_errors_finds_each_defect_and_nothing_else():
    for seed in range(20):
        each = sample(seed)
        ids = [kind.id for kind in KINDS if each.language in kind.languages]
        entries = json.loads(Critic(seed, each.language, FLAWLESS).reply(each.text, ids))
        found = [issue for entry in entries["criteria"] for issue in entry["issues"]]

        assert len(each.planted) == len(found)


@pytest.mark.parametrize("loop", [refine, plain])
def test_with_a_flawless_model_both_loops_fix_everything(loop):
    """And they change nothing else."""
    for seed in range(25):
        got = measured(sample(seed), FLAWLESS, loop, checks=False)

        assert (0, 0) == (got.after, got.outside), seed
        assert got.fixed == got.before


def test_where_checks_decide_no_outcome_is_worse():
    """Whatever the writer does: a hundred texts with a writer that errs in every second reply."""
    wild = replace(Rates(), new_defect=0.5, collateral=0.3, elided=0.2, cut=0.1, unformed=0.2)
    for seed in range(100):
        got = measured(sample(seed), wild, refine, checks=True)

        assert not got.worse, seed


def test_a_trial_is_the_same_twice():
    assert trial(sample(7), Rates()) == trial(sample(7), Rates())


# The plain loop ---------------------------------------------------------------------------------


def drive(replies, text="One murky line.\n"):
    """Run the plain loop on these replies; the outcome, and what it asked."""
    each = replace(sample(0), text=text)
    loop, asked = plain(task_of(each, checks=False)), []
    step = next(loop)
    replies = iter(replies)
    while True:
        answers = []
        for request in step:
            if isinstance(request, Ask):
                asked.append(request.call)
                answers.append(next(replies))
            else:
                answers.append(Noted())
        try:
            step = loop.send(tuple(answers))
        except StopIteration as done:
            return done.value, asked


def critique(*quotes):
    issues = [{"segment": 1, "quote": q, "kind": "wrong", "problem": "No", "instruction": ""}
              for q in quotes]  # fmt: skip
    return said(json.dumps({"criteria": [{"id": "sim/wordy", "issues": issues}]}), "json")


def said(text, form="tagged", finish="stop"):
    return Answered(text=text, form=form, finish=finish, cost=Cost(calls=1, input_tokens=10))


def test_the_plain_loop_stops_when_its_critic_finds_nothing():
    outcome, asked = drive([critique()])

    assert (StopReason.APPROVED, "One murky line.\n") == (outcome.stop, outcome.text)
    assert 1 == len(asked)


def test_the_plain_loop_returns_its_last_version_after_three_passes():
    """Also where the one before was better: it has no gate."""
    outcome, asked = drive(
        [critique("murky"), said("First."), critique("First"), said("Second."),
         critique("Second"), said("Third and worst.")]
    )  # fmt: skip

    assert (StopReason.LIMIT, "Third and worst.\n") == (outcome.stop, outcome.text)
    assert 6 == outcome.cost.calls
    assert ["critique", "refine"] * 3 == [call.purpose for call in asked]


def test_the_plain_loop_takes_a_fence_off_and_leaves_a_cut_reply():
    outcome, _ = drive(
        [critique("murky"), said("```\nOne plain line.\n```"), critique("plain"),
         said("One pl", finish="length"), critique()]
    )  # fmt: skip

    assert "One plain line.\n" == outcome.text


def test_the_simulated_model_answers_both_loops():
    """Both ask it in their own words, and are answered in the form that they ask for."""
    for loop in (refine, plain):
        model = SimulatedModel(sample(3), Rates())
        outcome = run(loop(task_of(sample(3), checks=False)), model)

        assert outcome.cost.calls == model.till.total.calls > 0
