"""From a reply to a text: three forms, every byte outside the change kept, or a reason why not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from self_refine.loop.guards.needs_review import BROAD
from self_refine.loop.prompt.numbered import numbered
from self_refine.loop.prompt.tags import mark
from self_refine.loop.writer.edit_formats import form_for
from self_refine.loop.writer.whitespace_frame import body_of, frame_of
from self_refine.loop.writer.writer import Rewrite, Unusable, read_generated
from support.writing import TAG, on, raw, read, reply, task

TEXT = "Dear Ann,\n\nthe plan is murky. We meet at noon. It ends at ten. Bring the list.\n"
CLEAR = TEXT.replace("murky", "clear")


def check(expected, words, text, *todo, held=(), **given):
    got = read(words, text, *todo, **given)
    assert isinstance(got, Rewrite), got
    assert got.text == expected
    assert got.held == held
    return got


def refused(expected, words, text, *todo, **given):
    got = read(words, text, *todo, **given)
    assert isinstance(got, Unusable), got
    assert expected in got.reason
    return got


# The whole text --------------------------------------------------------------------------------


def test_the_same_words_are_the_same_text():
    check(TEXT, TEXT.strip(), TEXT, on(TEXT, "murky"))
    check(TEXT, "@@ 2\nthe plan is murky.", TEXT, on(TEXT, "murky"), form="segments")


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("\ufeff  Dear Ann,\r\n\r\n  the plan is murky.  \n\n  See you.\r\n\r\n", ""),
        ("Dear Ann,\r  the plan\u00a0is murky.\t\n  See you.", "  "),
        ("The plan is murky.\r\n\x0c\r\nCafe\u0301, see\u2028you.\x85", ""),
    ],
)
def test_everything_round_the_change_keeps_its_bytes(text, indent):
    """Also where the model levels out line ends, trailing blanks and accents."""
    body = body_of(frame_of(text, indent), text).replace("murky", "clear")
    words = "\n".join(line.rstrip(" \t") for line in body.split("\n")).replace("e\u0301", "\u00e9")
    want = text.replace("murky", "clear")
    got = read(words, text, on(text, "murky"), first_line_indent=indent)
    assert got.text.replace(".\t", ".").replace(".  \n", ".\n") == want.replace(".\t", ".").replace(
        ".  \n", ".\n"
    )


def test_changes_away_from_the_finding_are_taken_back():
    """Kept apart is the whole rewrite, for checks that only it passes."""
    far = CLEAR.replace("Bring the list", "Take your list")
    got = check(CLEAR, far.strip(), TEXT, on(TEXT, "murky"))
    assert got.unfiltered == far
    assert got.notes == ("changes away from every finding were taken back",)


def test_a_link_that_is_lost_far_from_the_finding_is_there_again():
    """The rewrite as such would be refused, so nothing of it is kept apart."""
    text = TEXT.replace("the list.", "the list from https://a.org/list, please.")
    new = text.replace("murky", "clear").replace(" from https://a.org/list, please", "")
    got = check(text.replace("murky", "clear"), new, text, on(text, "murky"))
    assert got.unfiltered == ""


def test_a_fence_is_taken_off_where_the_text_has_none():
    check(CLEAR, f"```markdown\n{CLEAR.strip()}\n```", TEXT, on(TEXT, "murky"))
    fenced = "```\nthe plan is murky\n```\n"
    check(
        fenced.replace("murky", "clear"),
        "```\nthe plan is clear\n```",
        fenced,
        on(fenced, "the plan is murky"),
        language="python",
    )


def test_marks_are_taken_off_and_those_of_the_text_are_not():
    """Also with the blank that some models write behind a mark."""
    for text in (TEXT, f"{TEXT}{mark(4)}\n"):
        marked = numbered(text, "plaintext").marked
        assert mark(2, text) in marked
        want = text.replace("murky", "clear")
        for shown in (marked, marked.replace(mark(2, text), f"{mark(2, text)} ")):
            check(want, shown.replace("murky", "clear"), text, on(text, "murky"))


@pytest.mark.parametrize(
    ("reason", "answered"),
    [
        ("cut at its token limit", reply(CLEAR, "length")),
        ("no closing", raw(f"<{TAG}>\n{CLEAR}")),
        ("more than one", raw(f"<{TAG}>{TEXT}</{TAG}><{TAG}>{CLEAR}</{TAG}>")),
        ("it leaves no text", reply("")),
        ("it leaves words out", reply("Dear Ann,\n\n[rest unchanged]")),
        ("characters long", reply(CLEAR * 50)),
        ("nobody can see", reply(CLEAR.replace("clear", "cl\u202eear"))),
    ],
)
def test_a_bad_reply_changes_nothing(reason, answered):
    refused(reason, answered, TEXT, on(TEXT, "murky"))


def test_a_reply_of_fifty_times_the_length_is_refused_though_the_filter_would_cut_it():
    refused("characters long", CLEAR + "\n\nMore words. " * 400, TEXT, on(TEXT, "murky"))


# What a person should see first ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ("it adds the link https://evil.test/?d=1", "clear https://evil.test/?d=1"),
        ("it adds the link www.evil.test", "clear (www.evil.test)"),
        ("it adds the link //evil.test/x", "[clear](//evil.test/x)"),
        ("it adds the link javascript:alert(1)", "[clear](javascript:alert(1))"),
        ("it adds an image", "clear ![](x.png)"),
        ("it adds the HTML tag <b>", "<b>clear</b>"),
    ],
)
def test_new_links_images_and_html_are_held(held, words):
    new = TEXT.replace("murky", words)
    check(new, new, TEXT, on(TEXT, "murky"), held=(held,), language="markdown")


def test_what_the_user_asked_for_is_not_held():
    new = TEXT.replace("murky", "at https://a.org/plan")
    wish = "Link to https://a.org/plan."
    check(new, new, TEXT, on(TEXT, "murky"), instruction=wish)


def test_generics_are_no_html():
    text = "List<Object> murky = f();\n"
    new = text.replace("Object", "String")
    check(new, new, text, on(text, "Object"), language="java")


# Segments and blocks ---------------------------------------------------------------------------


def test_segments_change_only_what_they_name():
    words = "@@ 2\n§2§the plan is clear."
    check(CLEAR, words, TEXT, on(TEXT, "murky"), form="segments")


def test_an_edit_far_from_every_finding_is_held():
    words = "@@ 2\nthe plan is clear.\n@@ 5\nTake the list."
    want = CLEAR.replace("Bring", "Take")
    check(want, words, TEXT, on(TEXT, "murky"), form="segments", held=(BROAD,))


def test_blocks_change_only_what_they_name():
    text = "def f(a):\r\n\tx = a  \r\n\treturn murky\r\n"
    words = "<<<<<<< SEARCH\n\treturn murky\n=======\n\treturn x\n>>>>>>> REPLACE"
    want = text.replace("murky", "x")
    check(want, f"```\n{words}\n```", text, on(text, "murky"), form="blocks", language="python")


def test_an_edit_that_fits_nowhere_can_be_repaired():
    """The reason holds the block and the real lines; people are shown its first line."""
    text = "def f(a):\n    return murky\n"
    words = "<<<<<<< SEARCH\n    return a\n=======\n    return b\n>>>>>>> REPLACE"
    got = refused("return murky", words, text, on(text, "murky"), form="blocks", language="python")
    assert got.repairable
    assert got.brief == "block 1: its SEARCH lines do not stand in the text"


def test_an_edit_is_refused_for_what_a_whole_text_is():
    refused("it leaves words out", "@@ 2\n[\u2026]", TEXT, on(TEXT, "murky"), form="segments")
    text = TEXT.replace("noon", "{time}")
    words = "@@ 2-3\nthe plan is clear. We meet soon."
    refused("the placeholder '{time}'", words, text, on(text, "murky"), form="segments")


# Which form ------------------------------------------------------------------------------------

LONG = "".join(f"Sentence {n} says what there is to say. " for n in range(40))


@pytest.mark.parametrize(
    ("form", "text", "language", "words"),
    [
        ("whole", TEXT, "plaintext", "murky"),
        ("segments", LONG, "markdown", "Sentence 7 "),
        ("blocks", LONG.replace(". ", ".\n"), "python", "Sentence 7 "),
        ("whole", LONG, "markdown", LONG[: len(LONG) * 2 // 3]),
        ("whole", f"{LONG}\n@@ 3-4\n", "markdown", "Sentence 7 "),
        ("whole", f"{LONG}\n=======\n".replace(". ", ".\n"), "python", "Sentence 7 "),
    ],
)
def test_the_form_follows_length_kind_and_share_of_the_text(form, text, language, words):
    assert form_for(text, language, (on(text, words),), failed_at_edits=False) == form
    assert form_for(text, language, (on(text, words),), failed_at_edits=True) == "whole"


# Drafts ----------------------------------------------------------------------------------------


def test_a_generated_text_takes_the_place_of_its_description():
    """Its white space around, indent and line ends are those of the selection."""
    brief = "  write two lines\r\n\r\n"
    got = read_generated(reply("```\nOne.\nTwo.\n```"), TAG, task(brief))
    assert got == Rewrite(text="  One.\r\n  Two.\r\n\r\n")


def test_a_text_for_an_empty_selection_is_indented_like_its_line():
    given = {"first_line_indent": "\t", "before": "x\r\n\t", "instruction": "Two lines."}
    assert read_generated(reply("One.\nTwo."), TAG, task("", **given)).text == "One.\r\n\tTwo."


def test_a_generated_text_is_refused_or_held_like_any_other():
    assert "no text" in read_generated(reply(" "), TAG, task("write")).reason
    assert "cut" in read_generated(reply("One.", "length"), TAG, task("write")).reason
    assert "U+200B" in read_generated(reply("On\u200be."), TAG, task("write")).reason
    got = read_generated(reply("See https://evil.test."), TAG, task("write"))
    assert got.held == ("it adds the link https://evil.test",)


PIECES = ["One is here. ", "Two is there.", "\n\n", "\r\n", "- three\n", "\t", "é ", "``` x\n", " "]
BODIES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)


@example("\t``` x\n\tOne is here. ", "markdown", "    ")  # what a line begins with beside the text
@given(BODIES, st.sampled_from(["markdown", "python"]), st.sampled_from(["", "    "]))
def test_a_text_sent_back_as_it_was_shown_is_the_same_text(text, language, indent):
    """With its marks, in a fence of the model's if it has none itself."""
    if not text.strip():
        return
    shown = numbered(text, language, indent).marked
    given = {"language": language, "first_line_indent": indent}
    assert read(shown, text, **given) == Rewrite(text=text)
    if "```" not in text:
        assert read(f"```\n{shown}\n```", text, **given) == Rewrite(text=text)


REPLIES = st.lists(
    st.sampled_from(
        [
            *("@@ 1", "@@ 2", "@@ 1-2", "@@ 9", "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"),
            *("One is here. Two is there.", "    a", "a", "  b", "b", "", "c", "- three", "```"),
        ]
    ),
    max_size=9,
).map("\n".join)
FORMS = st.sampled_from(["whole", "segments", "blocks"])
CODES = st.lists(st.sampled_from(["    a\r\n", "a\n", "  b\n", "\n", "    c", "b\r"])).map("".join)


@given(st.one_of(BODIES, CODES), REPLIES, FORMS, st.sampled_from(["markdown", "python"]))
def test_no_reply_raises_and_what_is_refused_says_why(text, words, form, language):
    got = read(words, text, form=form, language=language, first_line_indent="    ")
    assert isinstance(got, Rewrite) or got.reason
