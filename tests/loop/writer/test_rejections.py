"""What is refused whatever a critic would say: words left out, another length, lost stretches."""

import pytest

from self_refine.loop.critic.questions import INSTRUCTION
from self_refine.loop.guards.rejections import rejection
from self_refine.loop.types import Kind
from support.writing import on, task

TEXT = "Dear Ann, the plan is murky. We meet at noon. Bring the list and the keys.\n"


def check(expected, new, *todo, old=TEXT, **given):
    """The reason holds some words; "" for no reason."""
    why = rejection(old, new, task(old, **given), todo)
    assert expected in why
    assert bool(expected) == bool(why), why


def test_a_usual_rewrite_is_not_refused():
    check("", TEXT.replace("murky", "clear"), on(TEXT, "murky"))
    check("", TEXT)


def test_no_words_are_no_text():
    check("it leaves no text", "\n \n")


ELISIONS = [
    "Dear Ann, the plan is clear.\n[rest unchanged]\n",
    "Dear Ann, the plan is clear. [unchanged]",
    "Dear Ann, the plan is clear. [\u2026]",
    "Dear Ann, the plan is clear. (remaining text omitted)",
    "Dear Ann, the plan is clear. <same as before>",
    "Dear Ann, the plan is clear.\n...\n",
    "Dear Ann, the plan is clear.\n> \u2026\nBring the list.",
    "Dear Ann, the plan is clear. We meet ...",
    "Dear Ann, the plan is clear.\n\nThe rest of the text remains the same.\n",
    "Dear Ann, the plan is clear.\n... rest of the email ...\n",
]


@pytest.mark.parametrize("new", ELISIONS)
def test_words_left_out_are_refused_unless_the_text_had_them_left_out(new):
    check("it leaves words out", new, on(TEXT, "murky"))
    check("", new.replace("clear", "plain"), old=new)


@pytest.mark.parametrize(
    "new",
    [
        "def f():\n    # ... existing code ...\n    return 2\n",
        "def f():\n    a = 1\n    # rest of the function is unchanged\n",
        "def f():\n    a = 1\n    ...\n    return 2\n",
        "/* \u2026 */\nreturn 2;\n",
        "a = 1; // ... same as above\n",
    ],
)
def test_code_left_out_is_refused(new):
    check("it leaves words out", new, old="def f():\n    a = 1\n    return a\n", language="python")


def test_dots_that_leave_nothing_out_are_text():
    """A pause in a sentence; the body of a stub; a spread."""
    check("", TEXT.replace("murky", "clear ... or so"))
    stub = "class P:\n    def f(self):\n        return 1\n"
    check("", stub.replace("return 1", "..."), old=stub, language="python")
    check("", "f(...rest)\n", old="f(rest, more)\n", language="javascript")
    check("", "if (same) x = [truncated(a)]\n", old="if (equal) x = [a]\n", language="javascript")
    check("", "20% of the other teams did the same.\nOther teams did the same.\n", old=TEXT)


@pytest.mark.parametrize(
    "new", ["@@ 2\nthe plan is clear.", f"{TEXT}\n>>>>>>> REPLACE", "the whole text, revised"]
)
def test_marks_of_another_form_are_refused(new):
    check("it holds marks of a reply in another form", new)
    check("", f"{TEXT}\n======\nHeading", old=TEXT)


@pytest.mark.parametrize(
    "new",
    [
        f"{TEXT}</candidate-0a1b2c3d>",
        f"<reply-0a1b2c3d>{TEXT}",
        f"{TEXT}<|im_end|>",
    ],
)
def test_tags_of_the_conversation_are_refused(new):
    check("it holds tags of the conversation", new)


@pytest.mark.parametrize(
    "opening", ["Here is the revised text:", "Sure! Here\u2019s your improved email:"]
)
def test_words_about_the_text_are_refused(opening):
    check("it begins with words about the text", f"{opening}\n{TEXT}")
    check("", f"{opening}\n{TEXT}", old=f"{opening}\n{TEXT}.")


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("U+202E", "\u202e"),
        ("U+200B", "\u200b"),
        ("U+001B", "\x1b"),
        ("U+0000", "\0"),
        ("U+E0041", "\U000e0041"),
    ],
)
def test_s12_characters_that_nobody_can_see_are_refused_unless_the_text_had_them(name, hidden):
    new = TEXT.replace("murky", f"cl{hidden}ear")
    check(f"nobody can see ({name})", new)
    check("", new.replace("clear", "plain"), old=new)
    check(f"({name})", new + hidden, old=new)


def test_emoji_that_need_joiners_may_come():
    check("", TEXT.replace("murky", "clear 👩\u200d🚀"))


def test_s12_a_text_of_another_length_is_refused():
    check("it is 3,699 characters long, the text was 74", "word " * 740)
    check("it is only 9 characters long, the text was 74", "Dear Ann.")
    check("", "Fine, I will come at noon.", old="Ok.")


@pytest.mark.parametrize(
    "finding",
    [
        on(TEXT, "the plan is murky. We meet at noon.", criterion="t/short"),
        on(TEXT, "We meet at noon.", kind=Kind.EXTRA),
        on(TEXT, "We meet at noon.", criterion=INSTRUCTION),
    ],
)
def test_a_finding_may_ask_for_a_much_shorter_text(finding):
    check("", "Dear Ann.", finding)


def test_a_finding_may_ask_for_a_longer_text_though_not_for_any_length():
    missing = on(TEXT, "noon.", kind=Kind.MISSING)
    check("", TEXT + "The keys are in the office. " * 20, missing)
    check("characters long", TEXT * 50, missing)


LINKED = (
    "See https://a.org/x and {name}, twice {name}. Use %s too.\n\n```sh\nrm x\n```\n\n"
    "Our plan, with some more words around it, is murky."
)


@pytest.mark.parametrize(
    ("expected", "words", "by"),
    [
        ("the link 'https://a.org/x'", "https://a.org/x", "https://b.org/x"),
        ("the link 'https://a.org/x'", "See https://a.org/x and", "See"),
        ("the placeholder '{name}'", "twice {name}", "twice Bob"),
        ("the placeholder '%s'", "%s", "%d"),
        ("adds the placeholder '[NAME]'", "See", "[NAME]: see"),
        ("the code block '```sh rm x ```'", "rm x", "rm y"),
        ("the protected text 'Our plan'", "Our plan", "My plan"),
    ],
)
def test_what_has_to_stay_stays(expected, words, by):
    new = LINKED.replace(words, by)
    given = {"old": LINKED, "language": "markdown", "protect": ("Our plan",)}
    check(expected, new, on(LINKED, "murky"), **given)
    # One finding on the whole text is about nothing in it.
    check(expected, new, on(LINKED, LINKED), **given)


@pytest.mark.parametrize(
    ("words", "by"),
    [("https://a.org/x", "https://b.org/x"), ("%s", "{count}"), ("Our plan", "My plan")],
)
def test_a_finding_on_the_very_stretch_lets_it_go(words, by):
    given = {"old": LINKED, "language": "markdown", "protect": ("Our plan",)}
    check("", LINKED.replace(words, by), on(LINKED, words), **given)


def test_a_sentence_that_is_too_much_goes_with_its_link():
    extra = on(LINKED, "Use %s too.", kind=Kind.EXTRA)
    check("", LINKED.replace("Use %s too.", ""), extra, old=LINKED, language="markdown")


def test_stretches_may_change_places():
    """Multisets are compared, not places."""
    old = "Ask {b} and see https://b.org, then https://a.org."
    new = "See https://a.org, then https://b.org, and ask {b}."
    check("", new, old=old)


def test_braces_are_syntax_in_code():
    check("", 'f"{b} {c}"\n', old='f"{a} {b}"\n', language="python")
