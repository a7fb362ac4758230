"""Segments, sentences, paragraphs and list items."""

import pytest
from hypothesis import given

from self_refine.text.segmenting.blocks import blocks
from self_refine.text.segmenting.segments import is_prose, segments, sentences
from support.texts import TEXTS


def check(expected, text, find=sentences):
    assert expected == [span.of(text) for span in find(text)]


def paragraphs(text):
    return contents(text, "paragraph")


def list_items(text):
    return contents(text, "item")


def contents(text, kind):
    """What checks count, too."""
    return [b.content for b in blocks(text) if b.kind == kind and not b.content.is_empty]


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Smith met Mrs. Jones.", "They left."],
        ["It rose by 3.5 points.", "Then it fell."],
        ["J. R. R. Tolkien wrote it.", "C. S. Lewis read it."],
        ["Use tools, e.g. Hammers.", "Or i.e. Saws."],
        ["She moved to the U.S. Navy in May.", "He stayed."],
        ["She moved to the U.S.", "The Navy stayed."],
        ["We chose plan B.", "It failed."],
        ["He said no.", "Nobody asked."],
        ["See Fig. 3 and No. 7.", "Both are wrong."],
        ["Bring pens, paper etc.", "Leave the rest."],
        ["This was in 2024.", "A year passed."],
        ["\u201cDo you know?\u201d she asked.", "\u201cNo!\u201d", "He left."],
        ["He said (loudly.)", "Then he left."],
        ["Well\u2026 maybe.", "Wait\u2026", "Now go."],
        ["Well... maybe.", "Wait...", "Now go."],
        ["What?!", "Yes!", "Good."],
        ["**Bold end.**", "Next."],
        ["Version 2.0.1 is out.", "See example.com/a.b for more."],
        ["Am 3. Mai kam er z.B. Nachts.", "Er blieb."],
        ["\u00bfQu\u00e9 pasa?", "\u00a1Nada!", "Bien."],
        ["The file a.py. is gone.", "Look."],
    ],
)
def test_sentences_end_where_readers_stop(expected):
    """Abbreviations, initials, decimals, quotes and ellipses do not part a sentence."""
    check(expected, " ".join(expected))


def test_scripts_without_blanks_have_their_own_full_stops():
    """Chinese and Japanese sentences touch."""
    expected = ["\u4eca\u5929\u5f88\u597d\u3002", "\u300c\u597d\u5417\uff1f\u300d", "\u597d\uff01"]
    check(expected, "".join(expected))


def test_text_without_capitals_still_has_sentences():
    """Who never writes a capital begins sentences with small letters."""
    check(["ok, do it.", "then tell me."], "ok, do it. then tell me.")


def test_a_sentence_may_run_over_lines():
    """A single line end is white space, an empty line is not."""
    check(["One\ntwo.", "Three\r\nfour", "Five."], "One\ntwo. Three\r\nfour\r\n\r\nFive.")


def test_a_wrapped_line_may_begin_with_a_number():
    """Only a list that begins with 1 breaks into a paragraph, as in Markdown."""
    check(["It was in\n2024.", "We left."], "It was in\n2024. We left.")
    check(["Do this:", "first", "second"], "Do this:\n1. first\n2. second")


def test_sentences_of_a_part_stand_in_the_whole():
    """Spans are offsets of the text, also where only a part was asked for."""
    text = "One. Two. Three."
    part = sentences(text)[1]

    assert (part,) == sentences(text, part)


MARKDOWN = """\
# A title. With a stop

Some prose. More
prose.
- first item. Its second sentence
  goes on
  1. nested
- [ ] a task

> quoted words. And more.
> Still quoted.
***
| a | b |
|---|---|
| c | d |

Underlined
==========

```py
def f():  # no. Sentence

    return 1
```
End
"""


def test_every_shape_of_markdown_is_a_segment():
    """Headings, rows, rules and fenced lines are one each; items keep their markers."""
    expected = [
        "# A title. With a stop",
        "Some prose.",
        "More\nprose.",
        "- first item.",
        "Its second sentence\n  goes on",
        "1. nested",
        "- [ ] a task",
        "> quoted words.",
        "And more.",
        "> Still quoted.",
        "***",
        "| a | b |",
        "|---|---|",
        "| c | d |",
        "Underlined\n==========",
        "```py",
        "def f():  # no. Sentence",
        "    return 1",
        "```",
        "End",
    ]
    check(expected, MARKDOWN, lambda text: segments(text, "markdown"))


def test_checks_count_sentences_of_prose_alone():
    """A heading, a table and code are no sentences; a list item is, without its marker."""
    expected = [
        "Some prose.",
        "More\nprose.",
        "first item.",
        "Its second sentence\n  goes on",
        "nested",
        "a task",
        "> quoted words.",
        "And more.",
        "> Still quoted.",
        "End",
    ]
    check(expected, MARKDOWN)


def test_paragraphs_and_items_are_told_apart():
    """Items inside an item are items of their own."""
    check(["Some prose. More\nprose.", "> quoted words. And more.\n> Still quoted.", "End"],
          MARKDOWN, paragraphs)  # fmt: skip
    check(["first item. Its second sentence\n  goes on", "nested", "a task"], MARKDOWN, list_items)


def test_code_has_a_segment_for_every_line_with_something_on_it():
    """Whole lines, indentation and all, without their ends."""
    check(["if x:", "\treturn. Now  ", "# end"], "if x:\r\n\treturn. Now  \r\n\r\n# end\n",
          lambda text: segments(text, "python"))  # fmt: skip


def test_unknown_languages_are_code():
    """Only what is known to be prose is taken apart as prose."""
    assert ["markdown", "plaintext", "latex", ""] == [
        language
        for language in ("markdown", "python", "plaintext", "latex", "brainfuck", "json", "")
        if is_prose(language)
    ]


@pytest.mark.parametrize("language", ["markdown", "python"])
@given(text=TEXTS)
def test_segments_leave_white_space_alone_between_them(language, text):
    """They ascend, none is empty, and every word is in one."""
    at = 0
    for span in segments(text, language):
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        assert span.of(text).strip()
        at = span.end
    assert not text[at:].strip()


@given(TEXTS)
def test_parts_of_prose_ascend_without_white_space_at_their_ends(text):
    """Sentences, paragraphs and items are stretches that one can underline."""
    for find in (sentences, paragraphs, list_items):
        at = 0
        for span in find(text):
            assert at <= span.start < span.end <= len(text)
            assert span.of(text) == span.of(text).strip()
            at = span.end
