"""What a person reviews as one: all that differs in one sentence, or in one statement of code."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.editor.review.change import Part, forward
from self_refine.editor.review.change_units import grouped, units
from self_refine.loop.critic.version_changes import hunks
from self_refine.text.spans import apply_edits


def changes(old, new, language="markdown"):
    """The changes between two texts."""
    parts = [
        Part(old=edit.span, new=at, before=edit.span.of(old), after=edit.text)
        for edit, at in hunks(old, new)
    ]
    return grouped(parts, old, new, language)


def pairs(found):
    return [(change.before, change.after) for change in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Kindly note that we utilise it. We commence now.",
            "Please note that we use it. We begin now.",
            [("Kindly note that we utilise", "Please note that we use"), ("commence", "begin")],
        ),
        (
            "We planned it for March. The dashboards are late.",
            "We planned it for March, so the dashboards will be late.",
            [(". The dashboards are", ", so the dashboards will be")],
        ),
        ("- utilise it\n- commence it\n", "- use it\n- begin it\n",
         [("utilise", "use"), ("commence", "begin")]),
        ("One. Two.", "One. New. Two.", [("", "New. ")]),
    ],
)  # fmt: skip
def test_changes_of_prose_are_those_of_sentences(old, new, expected):
    """Two words of a sentence are one change, two sentences are two."""
    assert pairs(changes(old, new)) == expected


def test_changes_of_code_are_those_of_statements():
    """A call over several lines is one; two lines that stand alone are two."""
    old = "total = add(\n    first,\n    second,\n)\nx = 1\ny = 2\n"
    new = "total = sum_of(\n    first,\n    third,\n)\nx = 10\ny = 20\n"
    found = changes(old, new, "python")
    assert [len(change.parts) for change in found] == [2, 1, 1]


SENTENCES = ("We utilise it now.", "They commence at ten.", "Ann is here.", "No, we do not.")


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), st.data())
@settings(max_examples=150)
def test_any_choice_of_changes_gives_whole_sentences(chosen, data):
    """Whatever is kept and whatever is reverted: each sentence is the old one or the new one."""
    old = " ".join(chosen)
    swaps = {"utilise": "use", "commence": "begin", "now": "today", "ten": "11", "They": "We"}
    new = old
    for word, other in swaps.items():
        if data.draw(st.booleans()):
            new = new.replace(word, other)
    found = changes(old, new)
    sentences = {span.of(old) for span in units(old, "markdown")}
    sentences |= {span.of(new) for span in units(new, "markdown")}
    for mask in product((False, True), repeat=len(found)):
        taken = [c for c, is_taken in zip(found, mask, strict=True) if is_taken]
        text = apply_edits(old, [e for c in taken for e in forward(c, c.old.start)])
        assert {span.of(text) for span in units(text, "markdown")} <= sentences
