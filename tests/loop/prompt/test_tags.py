"""Delimiters that nobody can foresee, and marks that come off again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.prompt.numbered import numbered
from self_refine.loop.prompt.tags import (
    block,
    content_nonce,
    data_nonce,
    mark,
    reply_tag,
    strip_marks,
)

TEXTS = st.text(alphabet=st.sampled_from("ab .\n§12⟨[]-\r\t"), max_size=60)


def test_the_nonce_is_eight_lower_case_digits_and_depends_on_the_seed_alone():
    """The same seed gives the same nonce, another seed another."""
    nonce = data_nonce("seed", "text")

    assert re.fullmatch("[0-9a-f]{8}", nonce)
    assert nonce == data_nonce("seed", "another text") != data_nonce("other", "text")


@pytest.mark.parametrize("change", [str.lower, str.upper], ids=["as it is", "in capitals"])
def test_a_nonce_that_the_data_holds_is_drawn_again(change):
    """Text that holds a closing tag cannot end its own block, whatever the case."""
    first = data_nonce("seed")

    second = data_nonce("seed", "x", f"</candidate-{change(first)}>")

    assert second != first
    assert data_nonce("seed", first, second) not in {first, second}


def test_the_nonce_of_a_content_follows_from_it():
    """Sixteen digits, the same in every run; others where the data holds them."""
    nonce = content_nonce("criteria")

    assert re.fullmatch("[0-9a-f]{16}", nonce)
    assert nonce == content_nonce("criteria", "text") != content_nonce("other criteria")
    assert nonce != content_nonce("criteria", f"</criteria-{nonce.upper()}>")


def test_a_reply_tag_is_drawn_for_each_call():
    """Two calls never share a tag, nor does a tag share the nonce of the data."""
    drawn = {reply_tag("seed", number, "text") for number in range(100)}

    assert 100 == len(drawn)
    assert f"reply-{data_nonce('seed', 'text')}" not in drawn
    assert all(re.fullmatch("reply-[0-9a-f]{8}", tag) for tag in drawn)


def test_halves_of_surrogate_pairs_are_no_obstacle():
    """Whatever the editor sends as text or seed has a nonce."""
    assert data_nonce("\ud800", "\udfff")


def test_a_block_stands_on_lines_of_its_own():
    """Delimiters never share a line with data."""
    assert "<before-0a1b2c3d>\nx\n</before-0a1b2c3d>\n" == block("before", "0a1b2c3d", "x")


def test_marks_of_the_text_itself_are_kept():
    """A text that uses the sign is marked with more of them, and keeps its own."""
    text = "See §1§ and §§2§§."

    assert "§§§1§§§" == mark(1, text)
    assert text == strip_marks(mark(1, text) + text, text)
    assert "plain" == strip_marks("§1§plain§22§")


@given(TEXTS, st.sampled_from(["markdown", "python"]))
def test_stripping_undoes_marking(text, language):
    """What a model copies with its marks is the body again, whatever signs it holds."""
    shown = numbered(text, language)

    assert shown.body == strip_marks(shown.marked, text)
