"""The frame: what the model does not see of a selection comes back byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.prompt.numbered import Places
from self_refine.loop.writer.whitespace_frame import body_of, frame_of, shown, text_of

PIECES = ["\n", "\r\n", "\r", "\t", "    ", " ", "a", "b", "é", "e\u0301", "\u00a0", "\ufeff"]
PIECES += ["\x0c", "\x0b", "\u2028", "\u0085", "😀", "# x", "return 1"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
INDENTS = st.sampled_from(["", "    ", "\t", "  "])


def check(body, text, indent=""):
    """`text` is shown as `body`, and the unchanged body gives the text again."""
    frame = frame_of(text, indent)
    assert body_of(frame, text) == body
    assert text_of(frame, body, text) == text


def rewritten(text, old, new, indent=""):
    """`text` after a model replaced some words of its body."""
    frame = frame_of(text, indent)
    body = body_of(frame, text)
    assert old in body
    return text_of(frame, body.replace(old, new), text)


def test_the_base_indent_is_not_shown():
    """A method is shown as if it stood at column 0, selected with its indent or without."""
    check("def f():\n    return 1", "def f():\n        return 1\n", indent="    ")
    check("def f():\n    return 1", "    def f():\n        return 1\n")


def test_a_body_that_is_indented_below_its_first_line_stays_so():
    """The first line counts: nothing common, nothing removed."""
    check("def f():\n    return 1", "def f():\n    return 1")


def test_blank_lines_do_not_count_for_the_indent():
    """An empty line, and one of blanks, stay as they are."""
    check("a\n\n  \nb", "    a\n\n  \n    b")


def test_line_ends_of_all_three_kinds_are_shown_alike_and_kept():
    """CRLF, CR and LF in one text."""
    check("a\nb\nc\nd", "a\r\nb\rc\nd\r\n")


def test_characters_that_only_look_like_line_ends_are_text():
    """Form feed, U+2028 and U+0085 split no line."""
    check("a\x0cb\u2028c\u0085d", "\ufeffa\x0cb\u2028c\u0085d \t")


@pytest.mark.parametrize(
    ("expected", "text", "indent"),
    [
        ("\t\tX\r\n\t\tb  \r\n\r\n", "\t\ta\r\n\t\tb  \r\n\r\n", ""),
        ("X\n    b\r\n    c", "a\n    b\r\n    c", "    "),
        ("\ufeffX\nb", "\ufeffa\nb", ""),
    ],
)
def test_what_surrounds_a_change_keeps_its_bytes(expected, text, indent):
    """One word changes; indent, line ends, trailing blanks and white space around do not."""
    assert rewritten(text, "a", "X", indent) == expected


def test_new_lines_get_the_indent_and_the_line_end_of_the_rest():
    """Two lines for one, in a CRLF text that is indented by a tab."""
    assert rewritten("\ta\r\n\tb\r\n", "b", "b\nc") == "\ta\r\n\tb\r\n\tc\r\n"


def test_a_single_line_takes_its_line_end_from_its_neighbours():
    """The selection has no line end of its own."""
    frame = frame_of("a", "", around="x\r\n")
    assert text_of(frame, "a\nb", "a") == "a\r\nb"


def test_a_line_that_lost_only_trailing_blanks_or_its_unicode_form_is_unchanged():
    """Models trim lines and compose accents; neither is a change of words."""
    text = "cafe\u0301  \nb"
    frame = frame_of(text, "")
    assert text_of(frame, "caf\u00e9\nX", text) == "cafe\u0301  \nX"


def test_a_stretch_is_shown_without_the_indent_of_its_later_lines():
    """For quoting findings that run over a line end."""
    assert shown(frame_of("    a\r\n    b", ""), "a\r\n    b") == "a\nb"


@given(TEXTS, TEXTS, INDENTS)
def test_an_unchanged_body_gives_the_text_again(text, other, indent):
    """Whatever the text, and also in the frame of another version of it."""
    for frame in (frame_of(text, indent), frame_of(other, indent)):
        assert text_of(frame, body_of(frame, text), text) == text


@given(TEXTS, INDENTS)
def test_no_body_has_a_carriage_return_or_white_space_around_it(text, indent):
    """The model sees one kind of line end, and words at both edges."""
    body = body_of(frame_of(text, indent), text)
    assert "\r" not in body
    assert body == body.strip().strip("\ufeff")


@given(TEXTS, INDENTS)
def test_offsets_follow_their_characters_into_the_body(text, indent):
    """A character of a line's words stands at its offset in the body."""
    frame = frame_of(text, indent)
    body = body_of(frame, text)
    places = [*map(Places(frame, text, body), range(len(text)))]
    assert all(0 <= at <= len(body) for at in places)
    assert places == sorted(places)
    words = [i for i, c in enumerate(text) if c.isalnum()]
    assert [body[places[i]] for i in words] == [text[i] for i in words]
