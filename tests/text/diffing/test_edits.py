"""Edits between two versions: exact, few, and hunks that a person can review."""

from itertools import pairwise

import pytest
from hypothesis import example, given

from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.diffing.tokens import tokens
from self_refine.text.spans import apply_edits
from support.texts import TEXTS, VERSIONS


def check(expected, old, new):
    edits = minimal_edits(old, new)
    assert expected == [(edit.span.of(old), edit.text) for edit in edits]
    assert new == apply_edits(old, edits)


def test_words_are_replaced_whole():
    """Nobody reviews letters."""
    check(
        [("colour", "color"), ("cats", "cat")], "The colour of many cats", "The color of many cat"
    )


def test_equal_texts_need_no_edit():
    """Not even an empty one."""
    check([], "same\r\n", "same\r\n")
    check([], "", "")


def test_words_next_to_each_other_are_one_phrase():
    """Blanks alone do not part a hunk, and a mark does not."""
    check([("quick, brown", "slow, red")], "The quick, brown fox", "The slow, red fox")


def test_a_short_word_between_long_changes_is_part_of_the_phrase():
    """Two rewritten phrases around `of` are read as one; two swapped words far apart are not."""
    old, new = "utilisation of functionality", "employing of capabilities"
    check([(old, new)], f"the {old} here", f"the {new} here")
    check([("cat", "dog"), ("mat", "rug")], "a cat sat upon the mat", "a dog sat upon the rug")


def test_added_and_dropped_words_take_their_blank_along():
    """No double blank is left, none is lost."""
    check([("", "very ")], "a good day", "a very good day")
    check([("very ", "")], "a very good day", "a good day")
    check([(" indeed", "")], "good indeed", "good")


def test_whole_lines_come_and_go_as_lines():
    """A new list item is a line, not the end of one and the beginning of the next."""
    check([("", "- two\n")], "- one\n- three\n", "- one\n- two\n- three\n")
    check([("- two\r\n", "")], "- one\r\n- two\r\n- three\r\n", "- one\r\n- three\r\n")


def test_an_inserted_paragraph_leaves_the_others_alone():
    """Empty lines do not pair paragraphs that have nothing in common."""
    old = "First paragraph here.\n\nSecond one, longer.\n\nThird.\n"
    new = "A new one before all.\n\nFirst paragraph here.\n\nSecond one, much longer.\n\nThird.\n"

    check([("", "A new one before all.\n\n"), ("", "much ")], old, new)


def test_line_ends_are_replaced_whole():
    """A CR LF is one thing."""
    check([("\r\n", "\n")], "a\r\nb", "a\nb")
    check([("\r", "\r\n")], "a\rb", "a\r\nb")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("e\u0301", "e"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d\U0001f3ff"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f468"),
        ("\U0001f1e9\U0001f1ea", "\U0001f1e9\U0001f1f0"),
        ("\ud83d\ude00", "\ud83d\ude01"),
    ],
)  # fmt: skip
def test_what_is_seen_as_one_character_is_not_parted(old, new):
    """Marks, skin tones, joined emoji, flags and surrogates stay with what they belong to."""
    check([(old, new)], f"ok {old} so", f"ok {new} so")


@given(VERSIONS)
@example(("\t", "a\t\t"))
@example(("x\r", "x\r\n"))
def test_edits_give_the_new_text_exactly(versions):
    """In order, disjoint, none without effect, none between CR and LF."""
    old, new = versions
    edits = minimal_edits(old, new)

    assert new == apply_edits(old, edits)
    assert list(edits) == sorted(edits)
    for before, after in pairwise(edits):
        assert before.span.end < after.span.start
    for edit in edits:
        assert edit.span.of(old) != edit.text
        assert all(old[at - 1 : at + 1] != "\r\n" for at in (edit.span.start, edit.span.end) if at)


@given(TEXTS)
def test_tokens_are_the_text(text):
    """Joined they give it back; none is empty, none ends inside CR LF or before a mark."""
    found = tokens(text)

    assert text == "".join(found)
    assert all(found)
    for before, after in pairwise(found):
        assert not (before.endswith("\r") and after.startswith("\n"))
        assert not (before[-1].isalnum() and after.startswith(("\u0301", "\u200d", "\ufe0f")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" ".join(f"w{n}" for n in range(15_000)), " ".join(f"v{n}" for n in range(15_000))),
        ("x y " * 8_000, "y x " * 8_000),
        ("\n".join(f"| {n} | {n * 7} |" for n in range(6_000)),
         "\n".join(f"| {n} | {n * 7 + 1} |" for n in range(6_000))),
        (" ".join(f"w{n}" for n in range(15_000)),
         " ".join(f"w{n}" for n in range(15_000) if n % 50)),
    ],
    ids=["all words", "two words", "table", "every fiftieth dropped"],
)  # fmt: skip
def test_texts_beyond_the_table_are_still_exact(old, new):
    """Past the largest table unique words divide the work; without any, one edit is right."""
    assert new == apply_edits(old, minimal_edits(old, new))


def test_unique_words_divide_a_long_text():
    """A large revision is as many small edits as a small one."""
    words = [f"w{n}" for n in range(15_000)]
    old, new = " ".join(words), " ".join("new" if n % 100 == 50 else w for n, w in enumerate(words))

    assert 150 == len(minimal_edits(old, new))
