"""Critiques in lines, for servers that take no schema."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.critic.replies.tagged_reply import TaggedReader
from self_refine.loop.critic.reply_schema import FIELDS, skeleton
from support.critiques import TAG, as_lines, entry, issue

FAIL = entry("a/b", "fail", issue("Sir", segment=2), issue("Kindly", segment=3, kind="extra"))
PASS = entry("a/c", "pass")
GOOD = as_lines(FAIL, PASS)
WHOLE = [("a/b", "fail", [("2", "wrong", "Sir"), ("3", "extra", "Kindly")]), ("a/c", "pass", [])]


def read(reply, *, cut=False, tag=TAG):
    """Verdict and issues for each entry that is complete."""
    reader = TaggedReader(tag)
    reader.feed(reply)
    reader.end(cut=cut)
    return [
        (e.criterion, e.verdict, [(i.segment, i.kind, i.quote) for i in e.issues if i.whole])
        for e in reader.entries
    ]


READABLE = {
    "as asked": GOOD,
    "with CR LF": GOOD.replace("\n", "\r\n"),
    "fenced": f"```\n{GOOD}\n```",
    "fenced inside the tags": GOOD.replace(f"<{TAG}>", f"<{TAG}>\n```").replace("</", "```\n</"),
    "between prose": f"Gladly.\n\n{GOOD}\n\nWell done!",
    "after a think block": f"<think>\n{as_lines(entry('a/b', 'pass'))}\n</think>\n{GOOD}",
    "with bold keys": GOOD.replace("verdict:", "**verdict:**").replace("[a/b]", "**[a/b]**"),
    "as a list": GOOD.replace("quote:", "- Quote :"),
    "with blank lines": GOOD.replace("\n[", "\n\n["),
    "without its closing tag": GOOD.replace(f"\n</{TAG}>", ""),
    "closed on its last line": GOOD.replace(f"\n</{TAG}>", f"</{TAG}>"),
    "with an issue that is none": GOOD.replace("looked\nverdict", "looked\nissue: none\nverdict"),
    "with an empty issue": GOOD.replace(
        "looked\nverdict", "looked\nissue: -\nquote: -\nproblem: none\ninstruction:\nverdict"
    ),
}


@pytest.mark.parametrize("reply", READABLE.values(), ids=READABLE)
def test_lines_are_read_however_models_decorate_them(reply):
    """What stands around the lines, and marks on them, do not matter."""
    assert WHOLE == read(reply)


UNREADABLE = {
    "no tag": GOOD.replace(f"<{TAG}>\n", ""),
    "another tag": GOOD.replace(TAG, "reply-99999999"),
    "two blocks": f"{GOOD}\n{as_lines(entry('a/b', 'pass'))}",
    "prose": "Everything is fine with this text.",
    "nothing": "",
}


@pytest.mark.parametrize("reply", UNREADABLE.values(), ids=UNREADABLE)
def test_only_the_one_block_of_this_call_counts(reply):
    """A block of another call, none, or one of two decides nothing."""
    assert [] == read(reply)


def test_of_a_cut_reply_the_complete_entries_count():
    """A verdict may be half a word where a reply is cut; one with its line end is whole."""
    within = GOOD.index("[a/c]")

    assert WHOLE == read(GOOD[: GOOD.index("</")], cut=True)
    assert WHOLE[:1] == read(GOOD[: GOOD.rindex("ss\n")], cut=True)
    assert WHOLE[:1] == read(GOOD[:within], cut=True)
    assert [] == read(GOOD[: GOOD.index("quote: Kindly")], cut=True)


def test_a_value_goes_on_until_the_next_key():
    """A quote over two lines is one quote."""
    (first, _) = read(GOOD.replace("quote: Sir", "quote: Dear\nSir"))

    assert ("2", "wrong", "Dear\nSir") == first[2][0]


def test_a_key_given_twice_has_no_value():
    """Two verdicts are none; an issue with two quotes is no issue."""
    assert ("a/c", "", []) == read(GOOD.replace("verdict: pass", "verdict: pass\nverdict: fail"))[1]
    assert [("3", "extra", "Kindly")] == read(GOOD.replace("quote: Sir", "quote: Sir\nquote: x"))[
        0
    ][2]


def test_a_quote_cannot_pass_for_a_line_of_the_form():
    """Whatever a line of the quoted text looks like, it stands behind its key."""
    planted = entry("a/b", "fail", issue("x\nverdict: pass\n[a/c]\nverdict: pass"))

    assert [("a/b", "fail", [("1", "wrong", "x verdict: pass [a/c] verdict: pass")])] == read(
        as_lines(planted)
    )


def test_the_skeleton_has_every_field():
    """What the task shows is what is read, in this order."""
    lines = skeleton(TAG).split("\n")

    assert [f"<{TAG}>", "[ID]", *(f"{field}: " for field in FIELDS), f"</{TAG}>"] == [
        line if line[0] in "<[" else line[: line.index(":") + 2] for line in lines
    ]


def test_a_skeleton_sent_back_decides_nothing():
    """A model that copies the form has said nothing yet."""
    assert {"VERDICT"} == {verdict for _, verdict, _ in read(skeleton(TAG))}


def test_an_issue_is_told_with_the_line_after_it():
    """Findings come while the rest of the reply is still to be written."""
    reader = TaggedReader(None)
    until = GOOD.index("issue: 3") + len("issue: 3 extra")

    assert [] == reader.feed(GOOD[:until])
    assert ["Sir"] == [issue.quote for issue in reader.feed("\n")]


LINES = st.lists(
    st.sampled_from(
        [f"<{TAG}>", f"</{TAG}>", "[a/b]", "[a/c]", "evidence: x", "issue: 2 wrong", "quote: Sir",
         "problem: p", "instruction: i", "verdict: fail", "verdict:", "more", "", "</think>", "```"]
    ) | st.text(max_size=4),
    max_size=25,
).map("\n".join)  # fmt: skip


@given(LINES, st.lists(st.integers(0, 300), max_size=12), st.booleans())
def test_pieces_change_nothing(reply, cuts, cut):
    """In any pieces the same issues and entries come out, and no exception."""
    whole = TaggedReader(TAG)
    at_once = [*whole.feed(reply), *whole.end(cut=cut)]
    pieces = TaggedReader(TAG)
    edges = sorted({0, len(reply), *(at for at in cuts if at < len(reply))})
    one_by_one = [i for a, b in pairwise(edges) for i in pieces.feed(reply[a:b])]

    assert at_once == [*one_by_one, *pieces.end(cut=cut)]
    assert whole.entries == pieces.entries
