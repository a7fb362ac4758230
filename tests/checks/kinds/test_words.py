"""Words and phrases: what is found, what is left alone, and what each fix does to its sentence."""

import pytest

from self_refine.checks.kind_spec import Fault, WordList
from support.checking import build, each_fix, fixed, made, marked, plain, result_of

SWAPS = {
    "kindly": "please",
    "please find attached": "attached is",
    "at your earliest convenience": "",
    "utilize": "use",
    "needless to say": "",
    "I hope this email finds you well": "",
    "I am writing to inform you that": "",
    "basically": "",
    "don't hesitate to": "please",
}


def check(expected, text, *, swap=SWAPS, language="markdown", **others):
    """`text` marks what is to be found; `expected` is what the fixes make of it."""
    words = plain(text)
    found = result_of(made("words", swap=swap, **others), words, language=language).findings

    assert text == marked(words, found)
    assert expected == fixed(words, found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«Kindly» send it.", "Please send it."),
        ("Would you «kindly» send it?", "Would you please send it?"),
        ("«KINDLY» SEND IT.", "PLEASE SEND IT."),
        ("«Please find attached» the plan.", "Attached is the plan."),
        ("«Please find\nattached» the plan.", "Attached\nis the plan."),
        ("«Please\u00a0find  attached» the plan.", "Attached is the plan."),
        ("«Please find\r\nattached» the plan.", "Attached\r\nis the plan."),
        ("«Don’t hesitate to» call.", "Please call."),
        ("«kindly» «kindly» «kindly»", "please please please"),
        ("«kindly»,«kindly»;«kindly»", "please,please;please"),
        ("(«kindly»)", "(please)"),
    ],
)
def test_a_swap_takes_the_case_of_what_it_replaces(text, expected):
    """What is put there begins as what stood there: small, capital, or all in capitals."""
    check(expected, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Send it «at your earliest convenience».", "Send it."),
        ("Send it «at your earliest convenience», please.", "Send it, please."),
        ("Send it, «at your earliest convenience», please.", "Send it, please."),
        ("«Needless to say», the large ones are left.", "The large ones are left."),
        ("«Needless to say» the large ones are left.", "The large ones are left."),
        ("Done. «Needless to say», the rest is left.", "Done. The rest is left."),
        (
            "Hi.\n\n«I hope this email finds you well». The plan is done.",
            "Hi.\n\nThe plan is done.",
        ),
        ("The plan is done. «I hope this email finds you well».", "The plan is done."),
        ("«I am writing to inform you that» batch 3 is done.", "Batch 3 is done."),
        ("It is «basically» done.", "It is done."),
        ("It is done, «basically».", "It is done."),
        ("It is done («basically»).", "It is done."),
        ("It said “no” «basically».", "It said “no”."),
        ('It said "no" «basically».', 'It said "no".'),
        ("It is\n«basically» done.", "It is\ndone."),
        ("It is «basically»\ndone.", "It is\ndone."),
        ("- «Basically», it works.\n- It is.", "- It works.\n- It is."),
        ("- «Basically»\n- It is.", "- \n- It is."),
        ("- «Basically».\n- It is.", "- \n- It is."),
        ("«Basically»\nIt is.", "It is."),
        ("Done. «Basically»: it is.", "Done. It is."),
        ("«Basically»", ""),
    ],
)
def test_removal_leaves_a_tidy_sentence(text, expected):
    """A removed phrase takes a space and a spare comma with it, and hands on its capital."""
    check(expected, text)


@pytest.mark.parametrize(
    "text",
    [
        "kindly-worded",
        "unkindly",
        "kindly_",
        "kindly2",
        "kindlyé",
        "'tis unkindly's",
        "`kindly`",
        "```\nkindly\n```",
        "see https://example.org/kindly now",
        "please find\n\nattached",
        "# Please find\nattached",
    ],
)
def test_what_is_no_whole_word_of_prose_is_left_alone(text):
    """Parts of words, code, addresses, and words across a paragraph's end are not found."""
    check(text, text)


def test_code_is_searched_where_the_language_has_no_markdown():
    """Backticks mean code in Markdown alone."""
    check("`please`", "`«kindly»`", language="plaintext")


def test_the_longest_phrase_wins():
    """Of two phrases that begin at one word, the longer is reported, once."""
    check(
        "as I wrote, no.",
        "«as per my email», no.",
        swap={"as per": "as in", "as per my email": "as I wrote"},
    )


def test_an_article_follows_the_sound_of_the_word_behind_it():
    """Then "a huge" becomes "an enormous"; where nobody can tell the sound there is no fix."""
    words = "This is an utter waste of a huge sum."
    found = result_of(made("words", swap={"huge": "enormous"}), words).findings

    assert ["This is an utter waste of an enormous sum."] == each_fix(words, found)
    unclear = result_of(made("words", swap={"huge": "NASA"}), words).findings
    assert ["huge"] == [finding.quote for finding in unclear]
    assert [] == each_fix(words, unclear)


def test_forbidden_words_have_no_fix():
    """`forbid` reports and leaves the words to the writer."""
    words = "We leverage synergies."
    found = result_of(made("words", forbid=["leverage", "synergies"]), words).findings

    assert "We «leverage» «synergies»." == marked(words, found)
    assert [] == each_fix(words, found)


def test_marks_are_found_wherever_they_stand():
    """A dash or two exclamation marks have no whole words to be part of."""
    check(
        "No, yes; mail.",
        "«Nope»«—»yes; «e-mail».",
        swap={"—": ", ", "nope": "no", "e-mail": "mail"},
    )
    words = "Hi«!!» a«-»b «e-mail» «kindly»«!!»"
    found = result_of(made("words", forbid=["!!", "-", "kindly", "e-mail"]), plain(words)).findings
    assert words == marked(plain(words), found)


def test_words_come_from_a_file_too():
    """One phrase a line, `#` for comments, blank lines ignored."""
    check = made(
        "words", file="jargon.txt", read_file=lambda _: WordList("# ours\nleverage\n\ntouch base\n")
    )
    words = "We leverage it and touch base."

    assert "We «leverage» it and «touch base»." == marked(words, result_of(check, words).findings)


@pytest.mark.parametrize(
    ("values", "key", "sentence"),
    [
        ({}, "kind", "A words check needs `forbid`, `swap` or `file`."),
        (
            {"forbid": ["Kindly"], "swap": {"kindly": "x"}},
            "swap",
            "stands under `swap` and is forbidden too",
        ),
        ({"swap": {"kindly": "x", "KINDLY ": "y"}}, "swap", "differ in case or spaces alone"),
        ({"file": "gone.txt"}, "file", "no file gone.txt"),
        ({"forbid": ["x", "Kindly", "kindly "]}, "forbid", "'Kindly' stands here twice"),
        ({"forbid": [" "]}, "forbid", "A phrase has no words in it."),
    ],
)
def test_a_list_that_cannot_work_is_named(values, key, sentence):
    """What is wrong with the keys is said at the key."""
    fault = build("words", **values)

    assert isinstance(fault, Fault)
    assert key == fault.key
    assert sentence in fault.message


def test_the_message_names_what_was_found_and_what_to_write():
    """`{match}` and `{replacement}` are filled, once, by plain replacement."""
    found = result_of(
        made(
            "words",
            swap={"{replacement}": "x", "utilize": "use"},
            message="{match} -> {replacement}",
        ),
        "Utilize it.",
    ).findings

    assert ["Utilize -> Use"] == [finding.problem for finding in found]
