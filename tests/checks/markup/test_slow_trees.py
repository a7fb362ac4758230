"""Texts that a grammar would read in quadratic time are given up, and looked at as words alone."""

import pytest

from self_refine.checks.markup.read_map import read_map
from self_refine.checks.markup.syntax_trees import _GRAMMARS, TooSlow, parsed

SLOW = [("python", "<!--"), ("restructuredtext", "a-"), ("restructuredtext", "<reply-")]


@pytest.mark.parametrize(("language", "piece"), SLOW)
def test_h03_a_text_that_takes_for_ever_is_given_up(language, piece):
    """Without the limit 60 kB take minutes, with the interpreter's lock held."""
    text = piece * (60_000 // len(piece))

    with pytest.raises(TooSlow):
        parsed(text.encode(), language)

    assert not read_map(text, language).fixable


@pytest.mark.parametrize("language", _GRAMMARS)
def test_h03_a_parser_that_gave_up_reads_the_next_text(language):
    """Nothing of the text before is left in it."""
    before = parsed(b"a\n", language).end_byte
    for piece in ("<!--", "a-"):
        try:
            parsed(piece.encode() * 10_000, language)
        except TooSlow:
            break

    assert parsed(b"a\n", language).end_byte == before
