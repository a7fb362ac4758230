"""Whole runs against a model with a habit, in each form of the writer's reply."""

import pytest

from self_refine.loop.engine import refine
from self_refine.loop.requests import Answered, Ask, Checked, Guard, Guarded, Noted, RunChecks
from self_refine.loop.types import Outcome, StopReason
from support.rule import Rule
from support.writing import PLAIN, raw, task

RULE = Rule({"utilise": "use", "in order to": "to"})
PROSE = "".join(f"Part {n} says what there is.\u00a0 It ends at {n}.\r\n\r\n" for n in range(20))
CODE = "".join(f"    if a{n}:\r\n\tb{n} = f(a)  \n" for n in range(30))


def ended(loop):
    """Drive a loop to its end with the rule as its model, and the calls that it made."""
    calls, step = [], next(loop)
    while True:
        replies = []
        for request in step:
            match request:
                case Ask(call):
                    calls.append(call)
                    replies.append(answer(call))
                case RunChecks():
                    replies.append(Checked(()))
                case Guard(_, after):
                    replies.append(Guarded(after))
                case _:
                    replies.append(Noted())
        try:
            step = loop.send(tuple(replies))
        except StopIteration as done:
            return done.value, calls


def answer(call) -> Answered:
    said = [{"role": m.role, "content": m.content} for m in call.messages]
    said[-1]["content"] += call.plain_task or call.task
    return raw(RULE.answer({"messages": said}))


@pytest.mark.parametrize(
    ("form", "text", "language"),
    [
        ("the whole text", "We utilise it in order to win.\r\n", "markdown"),
        ("@@ FIRST-LAST", PROSE.replace("Part 7 says", "We utilise part 7: it says"), "markdown"),
        (
            "@@ FIRST-LAST",
            PROSE.replace("at 7", "in order to go").replace("\r\n", "\r"),
            "plaintext",
        ),
        ("SEARCH", CODE.replace("f(a)", "utilise(a)", 1), "python"),
        ("SEARCH", CODE.replace("b7", "utilise").replace("b9", "utilise"), "python"),
    ],
)
def test_a_run_changes_the_words_at_fault_and_no_other_byte(form, text, language):
    """One rewrite, in the form that the text calls for, and it is approved."""
    of = task(text, language, criteria=(PLAIN,), reading="separate")
    outcome, calls = ended(refine(of))
    assert isinstance(outcome, Outcome)
    assert (outcome.stop, outcome.text) == (StopReason.APPROVED, RULE.swapped(text))
    assert outcome.held == ()
    (rewrite,) = [call for call in calls if call.purpose == "refine"]
    assert form in rewrite.task


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We utilise it in order to win.\r\n", "markdown"),
        (PROSE.replace("Part 7 says", "We utilise part 7: it says"), "markdown"),
        (PROSE.replace("at 7", "in order to go").replace("\r\n", "\r"), "plaintext"),
        (CODE.replace("f(a)", "utilise(a)", 1), "python"),
        (CODE.replace("b7", "utilise").replace("b9", "utilise"), "python"),
    ],
)
def test_a_reading_changes_the_words_at_fault_and_no_other_byte(text, language):
    """Two calls: one judges and fixes, one finds nothing left."""
    of = task(text, language, criteria=(PLAIN,))
    outcome, calls = ended(refine(of))
    assert (outcome.stop, outcome.text) == (StopReason.APPROVED, RULE.swapped(text))
    assert ((), ()) == (outcome.held, outcome.lost)
    assert [(True, 0), (True, 1)] == [(call.reading, call.candidate) for call in calls]


def test_a_clean_text_costs_one_call():
    outcome, calls = ended(refine(task("We use it.", "markdown", criteria=(PLAIN,))))
    assert (1, StopReason.APPROVED) == (len(calls), outcome.stop)
