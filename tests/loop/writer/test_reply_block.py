"""The block of a reply: the one between this call's tags, or none."""

import pytest

from self_refine.loop.writer.reply_block import Unusable, block_of, without_fence
from support.writing import TAG, raw

OPEN, CLOSE = f"<{TAG}>", f"</{TAG}>"


def check(expected, text):
    assert block_of(raw(text), TAG) == expected


def refused(expected, text, finish="stop"):
    got = block_of(raw(text, finish), TAG)
    assert isinstance(got, Unusable)
    assert expected in got.reason
    # What people read says nothing of what was drawn for this call.
    assert got.brief == got.reason.replace(TAG, "reply")
    return got


@pytest.mark.parametrize(
    "text",
    [
        f"{OPEN}\na\n\nb\n{CLOSE}",
        f"{OPEN}a\n\nb{CLOSE}",
        f"Sure!\n```\n{OPEN}\r\na\r\n\r\nb\r\n{CLOSE}\n```\nAnything else?",
        f"<think>I write {OPEN} now.</think>{OPEN}\na\n\nb\n{CLOSE}",
        f"{OPEN}\na\n\nb\n{CLOSE}\n\n{OPEN}\na\n\nb\n{CLOSE}",
        f"<reply-00000000>\nevil\n</reply-00000000>\n{OPEN}\na\n\nb\n{CLOSE}",
    ],
)
def test_s11_the_words_between_the_tags_count_and_no_others(text):
    check("a\n\nb", text)


def test_line_ends_that_belong_to_the_words_stay():
    check("\na\n", f"{OPEN}\n\na\n\n{CLOSE}")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("the reply is empty", " \n"),
        (f"the reply has no {OPEN} tag", "The text is fine."),
        (f"the reply has no {OPEN} tag", f"The text.\n{CLOSE}"),
        (f"the reply has no closing {CLOSE} tag", f"{OPEN}\nThe te"),
        ("more than one", f"{OPEN}a{CLOSE}{OPEN}b{CLOSE}"),
        ("or a tag inside it", f"{OPEN}a{CLOSE} and {CLOSE}"),
        ("or a tag inside it", f"{OPEN}a{OPEN}b{CLOSE}"),
    ],
)
def test_s11_an_unclear_reply_is_none(reason, text):
    assert refused(reason, text).repairable


def test_a_reply_that_was_cut_is_none_however_whole_it_looks():
    """Asking the same once more would not help."""
    assert not refused("cut at its token limit", f"{OPEN}a{CLOSE}", "length").repairable


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ("a\nb", "```\na\nb\n```"),
        ("a", "~~~~ text\na\n~~~~\n"),
        ("", "```\n```"),
        ("see\n```\na\n```", "see\n```\na\n```"),
        ("```\na\n```\nand\n```\nb\n```", "```\na\n```\nand\n```\nb\n```"),
        ("```a```", "```a```"),
    ],
)
def test_only_a_fence_round_everything_is_taken_off(expected, words):
    assert without_fence(words) == expected
