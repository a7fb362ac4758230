"""Where a quoted passage stands."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from self_refine.text.matching import near_match
from self_refine.text.matching.locate import Absent, Ambiguous, Located, locate
from self_refine.text.spans import Span
from support.texts import TEXTS

TEXT = """\
The report was \u201cvery good\u201d, people said \u2014 and the team's plan was approved at once.

We would  like to inform you
that the meeting has been moved to Thursday, because the room is being painted.
The report is late. Caf\u00e9s stay open; stra\u00dfe 12 is closed.
"""


def check(expected, quote, how, text=TEXT, within=None):
    found = locate(quote, text, within)
    assert isinstance(found, Located), found
    assert (expected, how) == (found.span.of(text), found.how)


@pytest.mark.parametrize(
    ("expected", "quote"),
    [
        ("meeting has been moved", "meeting has been moved"),
        ("meeting has been moved", "  meeting has been moved\n"),
        ("is late.", "is late."),
    ],
)
def test_words_that_stand_there_are_found_as_they_are(expected, quote):
    """White space around a quote does not count."""
    check(expected, quote, "verbatim")


@pytest.mark.parametrize(
    ("expected", "quote"),
    [
        ("\u201cvery good\u201d, people said \u2014 and", '"very good", people said - and'),
        ("the team's plan", "The team\u2019s plan"),
        ("We would  like to inform you\nthat", "We would like to inform you that"),
        ("Caf\u00e9s stay", "Cafe\u0301s stay"),
        ("stra\u00dfe 12", "STRASSE 12"),
        ("meeting has", "mee\u00adting\u00a0has"),
    ],
)
def test_marks_white_space_and_case_do_not_matter(expected, quote):
    """What is kept is the text's own words, never the critic's."""
    check(expected, quote, "folded")


@pytest.mark.parametrize(
    ("expected", "quote"),
    [
        ("the meeting has been moved to Thursday", "the meeting has now been moved to Thursday"),
        ("the meeting has been moved to Thursday", "the meeting been moved to Thursday"),
        ("because the room is being painted.", "because the room is beeing paintd."),
        ("meeting has been moved to Thursday, because", "eeting has been moved to Thursday becaus"),
    ],
)
def test_a_few_letters_may_be_wrong(expected, quote):
    """The place found begins and ends at the edge of a word."""
    check(expected, quote, "near")


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " \n",
        "\u200b",
        "Paint it black and leave the room",
        "the weather has been lovely on Thursday",
        "moved xq",
        "The report was approved by the board and the team, they said at once again.",
    ],
)
def test_what_stands_nowhere_is_absent(quote):
    """A guess is worse than none; too short a quote is never guessed at."""
    assert isinstance(locate(quote, TEXT), Absent)


def test_what_stands_twice_is_ambiguous():
    """All such places are named; never the first hit."""
    found = locate("The report", TEXT)

    assert isinstance(found, Ambiguous)
    assert ["The report", "The report"] == [span.of(TEXT) for span in found.spans]


def test_two_places_that_are_equally_alike_are_ambiguous():
    """Nobody could tell which is meant."""
    text = "The first plan was to paint the big room. The second plan was to paint the big room."

    assert isinstance(locate("plan was to pant the big rooms", text), Ambiguous)


def test_the_named_place_is_looked_at_first():
    """What stands twice in the text may stand once in its segment."""
    second = Span(TEXT.index("The report is late"), len(TEXT))
    found = locate("The report", TEXT, second)

    assert Located(Span(second.start, second.start + 10), "verbatim") == found


def test_the_words_themselves_elsewhere_win_over_likeness_here():
    """A critic may name the wrong segment."""
    check("is late.", "is late.", "verbatim", within=Span(0, 80))
    check("THE ROOM", "THE ROOM", "verbatim", "the room is here\nTHE ROOM", Span(0, 16))


def test_a_whole_word_wins_over_a_part_of_one():
    """`is` stands in `this` too, and nobody means that."""
    check("is", "is", "verbatim", "this is thistle")


def test_scripts_without_blanks_are_found_by_likeness():
    """Any two characters part words there."""
    text = (
        "\u6211\u4eec\u660e\u5929\u4e0a\u5348\u5728\u5927\u4f1a\u8bae\u5ba4\u8ba8\u8bba\u8ba1\u5212"
    )
    check(text[2:], text[2:9] + text[10:], "near", text)


@given(TEXTS, TEXTS, TEXTS)
def test_a_stretch_of_a_text_is_found_in_it(before, words, after):
    """Verbatim, at its place or at several; any characters, lone surrogates among them."""
    assume(words.strip())
    text = before + words + after
    match locate(words, text):
        case Located(span, "verbatim"):
            assert words.strip() == span.of(text)
        case Ambiguous(spans):
            assert {words.strip()} == {span.of(text) for span in spans}
        case other:
            raise AssertionError(other)


@given(TEXTS, TEXTS, st.data())
def test_any_quote_is_answered_within_the_text(quote, text, data):
    """Never an exception, never a place outside, never an empty one."""
    start = data.draw(st.integers(0, len(text)))
    within = Span(start, data.draw(st.integers(start, len(text))))
    match locate(quote, text, within):
        case Located(span, _):
            assert 0 <= span.start < span.end <= len(text)
        case Ambiguous(spans):
            assert len(spans) > 1
            assert all(0 <= span.start < span.end <= len(text) for span in spans)
        case Absent():
            assert not quote.strip() or quote.strip() not in text


# Long quotes -------------------------------------------------------------------------------------


def pages(count):
    """Paragraphs of which no two are alike."""
    return "\n\n".join(
        f"Paragraph {n} tells of {n * n} boats, and of the {n % 7} winds of day {n * 37 % 1013}."
        for n in range(count)
    )


def test_a_long_quote_with_a_slip_stands_between_its_two_ends():
    """Of what is kept, every byte is the text's own."""
    text = pages(60)
    quoted = text[400:3_400].replace("boats", "bouts", 5)
    check(text[400:3_400].strip(), quoted.strip(), "near", text)


@pytest.mark.parametrize(
    "quoted",
    [
        pages(60)[400:900] + "Other words. " * 150 + pages(60)[2_900:3_400],
        pages(60)[2_000:3_400] + pages(60)[400:1_600],
        "Not a word of it. " * 150,
    ],
)
def test_a_long_quote_whose_middle_is_another_is_absent(quoted):
    """Also where its ends stand in the text, or stand there the other way round."""
    assert Absent() == locate(quoted.strip(), pages(60))


@pytest.mark.parametrize("paragraphs", [60, 600])
def test_the_work_for_a_quote_is_bounded(monkeypatch, paragraphs):
    """A quote of nearly the whole text, inexact, is compared with a long stretch once at most."""
    compared = []

    class Counting:
        @staticmethod
        def normalized_similarity(one, other):
            compared.append(len(one) + len(other))
            return Indel.normalized_similarity(one, other)

    monkeypatch.setattr(near_match, "Indel", Counting)
    text = pages(paragraphs)
    locate(text[:-40].replace("boats", "ships"), text)

    assert 1 >= sum(size > 4_000 for size in compared)
    assert 1_500 >= len(compared)
