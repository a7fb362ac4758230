"""The arms that ours is measured against are lean, and treat every reply as an engineer would."""

import re

import pytest

from evaluation.answering import FakeModel, item, run
from self_refine.evaluation import arms
from self_refine.loop.requests import Failed, FailureKind
from self_refine.loop.types import StopReason

PROMPTS = (arms.NAIVE, arms.REWRITE, arms.CRITIQUE, arms.REVISE)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_prompts_are_lean(prompt):
    """At most 80 tokens beside the data, counted as characters / 4."""
    beside = re.sub(r"\{\w+\}", "", prompt) + "\nBrief: \n"

    assert len(beside) / 4 <= 80


def test_one_rewrite_is_one_call_with_brief_criteria_and_text():
    """The reply is the result."""
    model = FakeModel("Hello Ann, send it by Friday.")

    outcome = run("rewrite", model)

    assert outcome.text == "Hello Ann, send it by Friday."
    (asked,) = model.asked
    for part in (item().brief, item().draft, "Does it say by when?", "Say: by Friday."):
        assert part in asked
    assert "Friday." not in asked.replace("Say: by Friday.", "")


def test_the_plain_loop_goes_on_until_it_is_approved():
    """Critique, revision with the critique, critique."""
    model = FakeModel("It lacks a day.", "Hello Ann, send it by Friday.", "**APPROVED**.")

    outcome = run("plain", model)

    assert outcome.text == "Hello Ann, send it by Friday."
    assert outcome.stop is StopReason.APPROVED
    assert 3 == outcome.cost.calls == len(model.asked)
    assert "It lacks a day." in model.asked[1]
    assert "send it by Friday" in model.asked[2]


def test_the_plain_loop_changes_nothing_that_is_approved_at_once():
    """One call."""
    outcome = run("plain", FakeModel("APPROVED"))

    assert outcome.text == item().draft
    assert outcome.cost.calls == 1


def test_a_critique_that_names_approval_approves_nothing():
    """Only the word alone does."""
    model = FakeModel("Not APPROVED: no day.", "A.", "APPROVED")

    assert run("plain", model).text == "A."


def test_the_plain_loop_ends_at_its_limit():
    """Three passes."""
    model = FakeModel(*["Bad.", "x"] * 3)

    outcome = run("plain", model)

    assert outcome.stop is StopReason.LIMIT
    assert outcome.cost.calls == 6


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("```\nHello.\n```", "Hello."),
        ("<think>Hm.</think>\nHello.", "Hello."),
        ("Hello.\n\n", "Hello."),
        ("Hello ```x``` there.", "Hello ```x``` there."),
    ],
)
def test_what_a_model_puts_round_the_text_is_taken_off(reply, text):
    """A busy engineer would do as much."""
    assert run("rewrite", FakeModel(reply)).text == text


def test_a_cut_reply_changes_nothing():
    """Half a text is none."""
    assert run("rewrite", FakeModel("Half of", finish="length")).text == item().draft


def test_the_end_of_the_draft_is_kept():
    """A final line break does not count as a change."""
    draft = "Hello Ann.\n"

    assert run("rewrite", FakeModel("Hello Ann."), draft=draft).text == draft


@pytest.mark.parametrize("arm", ["rewrite", "plain", "naive"])
def test_a_model_that_fails_is_a_stop_reason(arm):
    """With the text as it was."""
    outcome = run(arm, FakeModel(Failed(kind=FailureKind.OTHER, message="It broke.")))

    assert outcome.stop is StopReason.MODEL_FAILED
    assert (item().draft, "It broke.") == (outcome.text, outcome.detail)


def test_the_draft_asks_nobody():
    """It is what the others begin with."""
    model = FakeModel()

    assert run("draft", model).text == item().draft
    assert [] == model.asked
