"""Edits of the writer: exact and unique, or the one uniform re-indent; all of them or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.writer.apply import EditTarget, block_edits, segment_edits
from self_refine.loop.writer.edit_formats import Malformed, read_blocks, read_segments
from self_refine.loop.writer.whitespace_frame import frame_of, shown
from self_refine.text.segmenting.segments import segments
from self_refine.text.spans import Span, apply_edits

PROSE = "Dear Ann,\n\nOne is here. Two is there. Three is gone.\n\n- first\n- second\n- third\n"


def target(text, language="plaintext", indent=""):
    return EditTarget(text, frame_of(text, indent), language)


def applied(read, edits_of, words, at):
    """The text after the edits, or why there are none."""
    hunks = read(words)
    edits = hunks if isinstance(hunks, Malformed) else edits_of(at, hunks)
    return edits.reason if isinstance(edits, Malformed) else apply_edits(at.text, edits)


def check_segments(expected, words, text=PROSE, language="plaintext", indent=""):
    at = target(text, language, indent)
    assert applied(read_segments, segment_edits, words, at) == expected


def check_blocks(expected, *blocks, text, indent=""):
    words = "\n".join(block(*b) for b in blocks)
    at = target(text, "python", indent)
    assert applied(read_blocks, block_edits, words, at) == expected


def refused(words, text=PROSE):
    """Why the segments of a reply cannot be used."""
    got = applied(read_segments, segment_edits, words, target(text))
    assert got != text
    return got


def block(search, replace):
    replace = f"{replace}\n" if replace else ""
    return f"<<<<<<< SEARCH\n{search}\n=======\n{replace}>>>>>>> REPLACE"


# Segments --------------------------------------------------------------------------------------


def test_a_segment_is_replaced_and_nothing_else():
    check_segments(PROSE.replace("Two is there.", "Two left."), "@@ 3\nTwo left.")


def test_segments_are_replaced_in_any_order_of_the_reply():
    want = PROSE.replace("second", "2nd").replace("One is here. Two is there.", "Both are.")
    check_segments(want, "@@ 6\n- 2nd\n@@ 2-3\nBoth are.")


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ("Dear Ann,\n\nTwo is there. Three is gone.\n\n- first\n- second\n- third\n", "@@ 2"),
        ("Dear Ann,\n\nOne is here. Two is there.\n\n- first\n- second\n- third\n", "@@ 4\n"),
        ("Dear Ann,\n\n- first\n- second\n- third\n", "@@ 2-4\n\n"),
        ("Dear Ann,\n\n- first\n- second\n- third\n", "@@ 2\n@@ 3\n@@ 4"),
        ("One is here. Two is there. Three is gone.\n\n- first\n- second\n- third\n", "@@ 1"),
        ("Dear Ann,\n\nOne is here. Two is there. Three is gone.\n\n- first\n", "@@ 6-7"),
        ("Dear Ann,\n\nOne is here.\n\n- second\n- third\n", "@@ 3-5"),
    ],
)
def test_a_segment_without_words_goes_with_one_of_its_gaps(expected, words):
    """The weaker gap goes: no doubled blank, no paragraph glued to the next."""
    check_segments(expected, words)


def test_new_lines_of_a_segment_take_indent_and_line_end_of_the_text():
    text = "  One.\r\n\r\n  Two.\r\n"
    check_segments("  One.\r\n\r\n  Two:\r\n  and more.\r\n", "@@ 2\nTwo:\nand more.", text)


def test_a_line_of_code_keeps_the_indent_that_the_model_is_not_shown():
    text = "    if a:\n        b()\n    c()\n"
    want = "    if a:\n        b(1)\n    c()\n"
    check_segments(want, "@@ 2\n    b(1)", text, "python")
    check_segments("    c()\n", "@@ 1-2", text, "python")
    check_segments("c()\n", "@@ 1-2", text[4:], "python", indent="    ")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("there is no `@@` line", ""),
        ("words stand before the first `@@` line", "Sure!\n@@ 2\nx"),
        ("is no `@@ 3-4` header", "@@ 3..4\nx"),
        ("`@@ 4-3` is reversed", "@@ 4-3\nx"),
        ("`@@ 0-0` lies outside: the segments are 1 to 7", "@@ 0\nx"),
        ("`@@ 7-8` lies outside", "@@ 7-8\nx"),
        ("`@@ 3-3` names a segment that another hunk replaces too", "@@ 3\nx\n@@ 3\ny"),
        ("`@@ 3-5` names a segment", "@@ 2-4\nx\n@@ 3-5\ny"),
    ],
)
def test_a_hunk_that_fits_nowhere_refuses_all_of_them(reason, words):
    assert reason in refused(words)
    if words:
        assert reason in refused(f"{words}\n@@ 1\nDear Bob,")


WORDS = st.text("ab .\n-#\t\r", max_size=40)


@given(WORDS, st.sampled_from(["plaintext", "python"]), st.data())
def test_replacing_segments_is_splicing(text, language, data):
    """Around the segments every character stays; the new words stand between them."""
    spans = segments(text, language)
    if not spans:
        return
    first = data.draw(st.integers(1, len(spans)))
    last = data.draw(st.integers(first, len(spans)))
    at = target(text, language)
    span = Span(spans[first - 1].start, spans[last - 1].end)
    got = applied(read_segments, segment_edits, f"@@ {first}-{last}\nX", at)
    lead = len(span.of(text)) - len(span.of(text).lstrip())
    assert got.replace("X", "") in (
        text[: span.start] + span.of(text)[:lead] + text[span.end :],
        text[: span.start] + at.frame.indent + text[span.end :],
    )


@given(WORDS, st.sampled_from(["plaintext", "python"]), st.sampled_from(["", "\t"]), st.data())
def test_a_segment_sent_back_as_it_was_shown_changes_nothing(text, language, indent, data):
    spans = segments(text, language)
    if not spans:
        return
    number = data.draw(st.integers(1, len(spans)))
    at = target(text, language, indent)
    stretch = spans[number - 1]
    is_inner = language == "python" and stretch.start > len(at.frame.lead)
    words = shown(at.frame, "\n" * is_inner + stretch.of(text))
    got = applied(read_segments, segment_edits, f"@@ {number}\n{words[is_inner:]}", at)
    assert got == text


# Blocks ----------------------------------------------------------------------------------------

CODE = "def f(a):\n    b = a\n    return b\n\n\ndef g(a):\n    return a\n"


def test_lines_that_stand_once_are_replaced():
    check_blocks(
        CODE.replace("    b = a\n    return b", "    return a + 1"),
        ("    b = a\n    return b", "    return a + 1"),
        text=CODE,
    )


def test_several_blocks_look_at_the_same_text():
    """The second block does not see what the first one did."""
    check_blocks(
        "def g(a):\n    b = a\n    return b\n\n\ndef f(a):\n    return a\n",
        ("def f(a):", "def g(a):"),
        ("def g(a):", "def f(a):"),
        text=CODE,
    )


def test_no_new_lines_delete_the_old_ones_and_one_line_end():
    check_blocks(CODE.replace("    b = a\n", ""), ("    b = a", ""), text=CODE)
    check_blocks(CODE.removeprefix("def f(a):\n"), ("def f(a):", ""), text=CODE)
    check_blocks(CODE.removesuffix("\n    return a\n") + "\n", ("    return a", ""), text=CODE)
    check_blocks("b()", ("a()", ""), text="a()\n  b()", indent="  ")


def test_blocks_beside_each_other_share_their_line_end():
    """Both go; or one goes, and the next is the first line now."""
    text = "a()\n    b()\n    c()"
    check_blocks("a()", ("b()", ""), ("c()", ""), text=text, indent="    ")
    check_blocks("b(1)\n    c()", ("a()", ""), ("b()", "b(1)"), text=text, indent="    ")


def test_a_block_that_is_indented_otherwise_by_the_same_blanks_throughout_is_re_indented():
    """Two blanks too few on every line of the block: its new lines get two more."""
    text = "class A:\n    def f(self):\n        return 1\n"
    want = "class A:\n    def f(self):\n        x = 1\n\n        return x\n"
    check_blocks(
        want,
        ("def f(self):\n    return 1", "def f(self):\n    x = 1\n\n    return x"),
        text=text,
    )
    check_blocks(
        want.replace("\n\n", "\n"),
        (
            "\t    def f(self):\n\t        return 1",
            "\t    def f(self):\n\t        x = 1\n\t        return x",
        ),
        text=text,
    )


def test_a_selection_that_is_indented_is_searched_as_it_is_shown():
    text = "def f(a):\r\n        b = a\r\n        return b"
    check_blocks(
        "def f(a):\r\n        b = a\r\n        c = b\r\n        return c",
        ("    return b", "    c = b\n    return c"),
        text=text,
        indent="    ",
    )


@pytest.mark.parametrize(
    ("reason", "blocks"),
    [
        ("block 1: its SEARCH part is empty", [("", "x")]),
        ("block 1: its SEARCH part is empty", [("  ", "x")]),
        ("block 1: its SEARCH lines do not stand in the text", [("    return c", "x")]),
        ("block 1: its SEARCH lines stand at 2 places (lines 2, 4)", [("    a()", "x")]),
        ("block 1: its SEARCH lines stand at 2 places (lines 2, 4)", [("a()", "x")]),
        ("block 2: its SEARCH lines do not", [("    b()", "x"), ("y", "z")]),
        ("block 2 replaces lines", [("    b()", "x"), ("    b()\n    a()\n    c()", "z")]),
    ],
)
def test_a_block_that_fits_nowhere_or_twice_refuses_all_of_them(reason, blocks):
    """The first of two places is never taken."""
    text = "def f():\n    a()\n    b()\n    a()\n    c()\n"
    at = target(text, "python")
    words = "\n".join(block(*b) for b in blocks)
    got = applied(read_blocks, block_edits, words, at)
    assert got.startswith(reason)
    assert "SEARCH lines:" in got or "empty" in got or "another" in got


def test_a_block_that_was_not_found_is_shown_beside_the_nearest_lines():
    """So that the repair call can compare them."""
    at = target(CODE, "python")
    got = applied(read_blocks, block_edits, block("    b = aa\n    return b", "x"), at)
    assert got.endswith("that come nearest:\n    b = a\n    return b")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("there is no <<<<<<< SEARCH line", "def f(b):"),
        ("the last block has no >>>>>>> REPLACE line", "<<<<<<< SEARCH\na\n=======\nb"),
        ("a divider line stands where none belongs", "<<<<<<< SEARCH\na\n=======\nb\n=======\nc"),
        ("a search line stands where none belongs", "<<<<<<< SEARCH\na\n<<<<<<< SEARCH\nb"),
        ("a replace line stands where none belongs", "<<<<<<< SEARCH\na\n>>>>>>> REPLACE"),
    ],
)
def test_blocks_whose_marks_do_not_pair_are_refused(reason, words):
    assert applied(read_blocks, block_edits, words, target(CODE, "python")).startswith(reason)


LINES = st.lists(st.sampled_from(["a", "    b", "\tc", "", "  ", "d  "]), min_size=1, max_size=8)
ENDS = st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=8, max_size=8)


@given(LINES, ENDS, st.data())
def test_replacing_a_line_leaves_every_other_byte(lines, ends, data):
    """Whatever the line ends and the trailing blanks around it."""
    number = data.draw(st.integers(0, len(lines)))
    parts = [line + end for line, end in zip(lines, ends, strict=False)]
    parts.insert(number, "one\n")
    text = "".join(["first\n", *parts, "last"])
    got = applied(read_blocks, block_edits, block("one", "two\nthree"), target(text, "python"))
    eol = target(text).frame.eol
    assert got == text.replace("one\n", f"two{eol}three\n") or got == text.replace(
        "one\n", "two\nthree\n"
    )
