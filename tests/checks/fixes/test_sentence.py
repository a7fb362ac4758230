"""Whether words open a sentence: what stands before them decides, symbols left aside."""

import pytest

from self_refine.checks.fixes.sentence import opens_sentence


@pytest.mark.parametrize(
    "before",
    [
        "",
        "Done. ",
        "- ",
        "> ",
        "\U0001f600 ",
        "Done. \U0001f44d\U0001f3fd ",
        "- \u2705 ",
        "\u26a0\ufe0f ",
    ],
)
def test_an_opening_may_have_symbols_before_it(before):
    assert opens_sentence(f"{before}Kindly note.", len(before))


@pytest.mark.parametrize("before", ["X ", "we ", "Thanks \U0001f600 ", "Mr ", "and, "])
def test_words_before_it_are_no_opening(before):
    assert not opens_sentence(f"{before}Kindly note.", len(before))
