"""Code frames: the place, the words, and marks right below them, whatever the line holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from self_refine.cli.output.code_frames import Page, frame
from self_refine.loop.types import Finding, Severity
from self_refine.text.spans import Span


def framed(text, start, end, *, offset=0, width=60, status="", severity=Severity.WARNING):
    """The lines of the frame of one finding."""
    finding = Finding(
        criterion="a/plain", severity=severity, span=Span(start - offset, end - offset),
        quote=text[start:end], problem="Not plain.",
    )  # fmt: skip
    lines = frame(Page("a.md", text, offset), finding, status, width)
    return [line.plain for line in lines]


def test_a_frame_names_place_severity_criterion_and_marks_the_words():
    """As a compiler would."""
    assert framed("one\nWe utilise it.\n", 7, 14, status="fixed in pass 1") == [
        "a.md:2:4 warning a/plain Not plain.  (fixed in pass 1)",
        "  2 | We utilise it.",
        "    |    ^^^^^^^",
        "",
    ]


def test_a_place_where_something_is_missing_has_one_mark():
    """An empty quote is a place between two characters."""
    assert framed("We go.", 6, 6)[1:3] == ["  1 | We go.", "    |       ^"]


def test_a_selection_is_placed_in_its_document():
    """Spans are the candidate's; lines and columns the document's."""
    text = "head\nWe utilise it.\n"
    assert framed(text, 8, 15, offset=5)[0].startswith("a.md:2:4 ")


def test_many_lines_are_cut_and_the_last_is_named():
    """Three lines at most; blank ones are left out."""
    text = "a\n\nb\nc\nd\n"
    assert framed(text, 0, 8)[-2] == "    | … to line 5"


@pytest.mark.parametrize(
    ("text", "shown", "columns"),
    [
        ("\tgo", "    go", 4),
        ("\u4f60\u597d go", "\u4f60\u597d go", 5),
        ("\x1b[2J go", "<U+001B>[2J go", 12),
        ("\u202e go", "<U+202E> go", 9),
    ],
    ids=["tab", "wide", "escape", "bidi"],
)
def test_marks_stand_below_the_words(text, shown, columns):
    """Tabs, wide and hidden characters take the room that they are shown in."""
    line, marks = framed(text, len(text) - 2, len(text))[1:3]

    assert line == f"  1 | {shown}"
    assert marks == f"    | {' ' * columns}^^"


@given(st.text("ab \u4f60\t", min_size=1, max_size=300), st.data())
def test_a_frame_is_never_wider_than_its_terminal_by_a_long_line(text, data):
    """Long lines are cut around the words, with "…"; the marks are as wide as the words shown."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    _, shown, below, *_ = framed(text, start, end)

    assert cell_len(below.rstrip()) <= cell_len(shown) + 1
    if text.isascii() and "\t" not in text:
        assert cell_len(shown) <= 60
