"""Vague, leading and double questions are flagged, observable ones are not."""

import pytest

from self_refine.criteria.showing.vague_wording import doubts

VAGUE = {
    "Is it clear?": "CR102",
    "Is the tone professional?": "CR102",
    "Use appropriate language.": "CR102",
    "Is the writing engaging?": "CR102",
    "Is it too long?": "CR102",
    "Should be well-written.": "CR102",
    "Good style": "CR102",
    "Is it readable?": "CR102",
    "Sounds fine": "CR101",
    "Be kind": "CR101",
    "Try to use active voice.": "CR103",
    "Use headings where appropriate.": "CR103",
    "Ideally each section has a summary.": "CR103",
    "Follow best practices.": "CR104",
    "Make the text better.": "CR104",
    "Don't miss anything.": "CR104",
    "Check spelling and verify the links and the figures": "CR105",
    "Is there jargon? Is there slang?": "CR105",
    "Make it shorter.": "CR106",
    "Is it more formal?": "CR106",
    "Find the errors in this text.": "CR107",
}
OBSERVABLE = [
    "Is there a sentence that says what an earlier one already said?",
    "Is there a term that a new colleague would not know?",
    "Does the mail fail to state one request, who is to do it, and by when?",
    "Is there a claim without a source?",
    "Is there a figure without its unit?",
    "Does any name state something that its code does not do?",
    "Is there a public function without a docstring?",
    "Does a step use a file that no earlier step makes?",
    "Is there a heading with nothing below it?",
    "Does a test assert nothing?",
    "Is there a deadline without a date?",
    "Is there a paragraph of more than one idea, such as two decisions?",
    "Never use: Hashtags",
    "Naming: Variables are nouns that name the thing",
    "Does the summary state as certain what the source states as possible?",
    "Is there a query without a limit?",
    "Does the subject name a component that the change does not touch?",
    "Is the same thing called by two names?",
    "Is there a link whose words are `here` or `this`?",
    "Does the first paragraph lack the decision?",
    "Is there an abbreviation that is not written out at its first use?",
    "Can a join repeat rows that a later SUM counts twice?",
]


@pytest.mark.parametrize(("question", "code"), VAGUE.items())
def test_a_vague_question_is_flagged_with_a_better_one(question, code):
    """Each says what to do about it."""
    found = list(doubts(question))

    assert code in [doubt.code for doubt in found], found
    assert all(doubt.message for doubt in found)


@pytest.mark.parametrize("question", OBSERVABLE)
def test_an_observable_question_is_left_alone(question):
    """Two readers would quote the same words."""
    assert [] == list(doubts(question, frozenset({"fix"})))


def test_keys_below_a_question_answer_some_doubts():
    """`evidence` says what to point at, `compare` than what, `fix` what to do instead."""
    assert ["CR102"] == [d.code for d in doubts("Is it clear?")]
    assert [] == list(doubts("Is it clear?", frozenset({"evidence"})))
    assert [] == list(doubts("Is it longer?", frozenset({"compare"})))
    assert ["CR112"] == [d.code for d in doubts("Never use: Hashtags")]


def test_what_a_check_decides_is_said():
    """So is a link that nobody opens."""
    assert ["CR108"] == [d.code for d in doubts("Sentences have at most 25 words")]
    assert ["CR110"] == [d.code for d in doubts("Does each name follow https://example.org/n?")]
