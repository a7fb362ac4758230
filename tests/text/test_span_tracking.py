"""Spans that follow edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.span_tracking import map_span
from self_refine.text.spans import Edit, Span
from support.texts import VERSIONS


def check(expected, *edits):
    """Where `cdef` of `abcdefgh` stands afterwards."""
    made = [Edit(Span(start, end), words) for start, end, words in edits]
    assert expected == map_span(Span(2, 6), made)


@pytest.mark.parametrize(
    ("expected", "edit"),
    [
        (Span(4, 8), (0, 0, "xx")),
        (Span(1, 5), (0, 1, "")),
        (Span(3, 7), (2, 2, "x")),
        (Span(2, 6), (6, 6, "x")),
        (Span(4, 8), (1, 2, "xyz")),
        (Span(2, 6), (6, 8, "")),
        (None, (2, 3, "")),
        (None, (5, 6, "x")),
        (None, (4, 4, "x")),
        (None, (0, 8, "")),
        (None, (1, 3, "x")),
    ],
)
def test_words_move_until_they_are_touched(expected, edit):
    """What is inserted or replaced next to them does not touch them; inside it does."""
    check(expected, edit)


def test_edits_add_up_in_any_order():
    """They are all in offsets of the text before."""
    check(Span(3, 7), (6, 8, "zz"), (0, 1, ""), (2, 2, "xx"))
    check(None, (0, 0, "x"), (5, 6, ""))


def test_a_place_stays_before_what_is_put_there():
    """A missing thing that is added stands after the place that lacked it."""
    assert Span(3, 3) == map_span(Span(3, 3), [Edit(Span(3, 3), "xyz")])
    assert Span(5, 5) == map_span(Span(3, 3), [Edit(Span(0, 3), "hello")])
    assert Span(3, 3) == map_span(Span(3, 3), [Edit(Span(3, 5), "")])
    assert None is map_span(Span(3, 3), [Edit(Span(2, 4), "")])


@given(VERSIONS, st.data())
def test_what_follows_says_the_same(versions, data):
    """A span that was not touched covers the same words in the new text."""
    old, new = versions
    start = data.draw(st.integers(0, len(old)))
    span = Span(start, data.draw(st.integers(start, len(old))))
    moved = map_span(span, minimal_edits(old, new))

    assert moved is None or (
        span.of(old) == moved.of(new) and 0 <= moved.start <= moved.end <= len(new)
    )
