"""Lines: ended by LF, CR LF and CR, as the language server protocol says."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.text.lines import LineTable, split_lines
from support.texts import TEXTS


def check(expected, text):
    table = LineTable(text)
    assert expected == [table.span(n).of(text) for n in range(table.count)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([""], ""),
        (["a"], "a"),
        (["a", ""], "a\n"),
        (["a", "b", "c", "d"], "a\nb\r\nc\rd"),
        (["", "", ""], "\r\r\n"),
        (["", "", ""], "\n\r"),
        (["a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg"], "a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg"),
    ],
)
def test_three_line_ends_and_no_others(expected, text):
    """What `str.splitlines` splits at beyond them stays within its line."""
    check(expected, text)


def test_positions_count_code_points_and_stop_at_the_end_of_the_line():
    """An offset between CR and LF stands at the end of its line."""
    table = LineTable("\U0001f600b\r\nc")

    assert [(0, 0), (0, 1), (0, 2), (0, 2), (1, 0), (1, 1)] == [table.position(n) for n in range(6)]


@given(TEXTS)
def test_lines_with_their_ends_are_the_text(text):
    """No character is lost, none invented; only the last line may lack an end."""
    table = LineTable(text)
    lines = [table.full_span(n).of(text) for n in range(table.count)]

    assert text == "".join(lines) == "".join(split_lines(text))
    assert re.split(r"\r\n|\r|\n", text) == [table.span(n).of(text) for n in range(table.count)]


@given(TEXTS, st.data())
def test_an_offset_stands_on_the_line_that_has_it(text, data):
    """The line of an offset is the one whose full stretch holds it."""
    offset = data.draw(st.integers(0, len(text)))
    table = LineTable(text)
    line, column = table.position(offset)
    span = table.full_span(line)

    assert line == table.line_of(offset)
    assert span.start <= offset < span.end or (offset == span.end == len(text))
    assert column <= table.span(line).end - span.start
