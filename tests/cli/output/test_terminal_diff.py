"""A diff on a terminal says what the plain one says, and the words that changed stand out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.cli.output.terminal_diff import coloured
from self_refine.text.diffing.edits import unified

LINES = st.lists(st.sampled_from(["", "a b", "-- a", "++ b", "@@", "a c", " x"]), max_size=8)


def shown(old, new):
    return list(coloured(unified(old, new, "a.md")))


def standing_out(old, new):
    """What is reversed, line by line."""
    return [
        (line.plain[0], line.plain[span.start : span.end])
        for line in shown(old, new)
        for span in line.spans
        if span.style == "reverse"
    ]


@given(LINES, LINES)
def test_every_line_of_the_diff_is_shown_as_it_is(old, new):
    """Whatever lines look like, even like the heads of a diff."""
    before, after = "".join(f"{x}\n" for x in old), "".join(f"{x}\n" for x in new)
    plain = unified(before, after, "a.md")

    if plain:
        assert "".join(f"{line.plain}\n" for line in shown(before, after)) == plain


def test_the_words_that_changed_stand_out():
    """On both sides, and nothing else."""
    old, new = "one\nIn order to go, we utilise it.\n", "one\nTo go, we use it.\n"

    assert standing_out(old, new) == [
        ("-", "In order to"), ("-", "utilise"), ("+", "To"), ("+", "use")
    ]  # fmt: skip


def test_what_was_only_added_or_removed_needs_no_emphasis():
    """A line alone is coloured whole."""
    assert standing_out("a\nb\n", "a\n") == []
    assert standing_out("a\n", "a\nb\n") == []


@pytest.mark.parametrize(
    ("text", "visible"),
    [("a\x1b[2Jb", "<U+001B>[2J"), ("a\u202eb", "<U+202E>"), ("a\r\n", "a")],
)
def test_a_terminal_obeys_nothing_of_the_text(text, visible):
    """Control and bidi characters are shown escaped; the line ends of a file are no news."""
    lines = [line.plain for line in shown(f"x\n{text}\n", f"y\n{text}\n")]

    assert any(visible in line for line in lines)
    assert not any("\x1b" in line or "\r" in line or "\u202e" in line for line in lines)
