"""What checks count: a text counted by its paragraphs has as many words as all of it."""

from hypothesis import given
from hypothesis import strategies as st

from self_refine.checks.markup.units import count_words, words_in

WORDS = st.lists(
    st.sampled_from(
        ["word", "it's", "--", "3,5", "(a)", "_", "é", "\n", "\n\n", "\r\n", " ", "\t"]
    ),
    max_size=30,
)


@given(WORDS)
def test_paragraphs_have_the_words_of_the_text(parts):
    """Wherever white space stands, and whichever paragraphs were counted before."""
    text = " ".join(parts)

    assert count_words(text.split()) == words_in(text)
