"""Length: every part that has one, in every unit, against every limit."""

import pytest

from self_refine.checks.kind_spec import Fault
from self_refine.loop.types import Kind, Verdict
from support.checking import build, made, marked, plain, result_of

TWO = "One two three. Four five."


def check(text, *, language="markdown", **values):
    """`text` marks the parts that are out of bounds."""
    words = plain(text)

    assert text == marked(
        words, result_of(made("length", **values), words, language=language).findings
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("«One two three.»", {"max": 2}),
        ("One two three.", {"max": 3}),
        ("  «One two three.»\n\n", {"max": 2}),
        ("One - two & three.", {"max": 3}),
        ("«One.»", {"min": 2}),
        ("«abcdef»", {"unit": "characters", "max": 5}),
        ("abcde\n", {"unit": "characters", "max": 5}),
        ("«a\nb\nc»", {"unit": "lines", "max": 2}),
        ("«a\r\nb\r\nc»\r\n", {"unit": "lines", "max": 2}),
        ("a\n\nb\n", {"unit": "lines", "max": 2}),
        (f"«{TWO}»", {"unit": "sentences", "max": 1}),
        (TWO, {"unit": "sentences", "max": 2}),
        ("«One two three.» Four five.", {"of": "sentence", "max": 2}),
        ("One.\n\n«One two three. Four.»\n\nFive.", {"of": "paragraph", "max": 3}),
        ("One two three.\n\n- one\n- «one two three»\n", {"of": "list-item", "max": 2}),
        ("# A\n\n«one two three»\n\n# B\n\none two three\n", {"of": "section:A", "max": 2}),
        ("# A\n\none\n\n## a1\n\ntwo\n\n# B\n", {"of": "section:a", "unit": "lines", "max": 3}),
        ("no such section at all", {"of": "section:A", "max": 1}),
    ],
)
def test_parts_out_of_bounds(text, values):
    """Marks stand round the parts that are too long or too short."""
    check(text, **values)


def test_a_place_where_there_is_nothing():
    """An empty text is too short where it stands, and never too long."""
    (finding,) = result_of(made("length", min=1), "").findings

    assert finding.span.is_empty
    assert () == result_of(made("length", max=1), "").findings


def test_too_long_is_something_extra():
    """The kind of a finding says which way: what is too long has something extra."""
    (long,) = result_of(made("length", max=1), "one two").findings
    (short,) = result_of(made("length", min=3), "one two").findings

    assert (Kind.EXTRA, Kind.WRONG) == (long.kind, short.kind)


def test_a_ratio_needs_its_input():
    """`max_ratio` compares with an input; without that text it is not checked, and says so."""
    check = made(
        "length",
        max_ratio={"of": "source", "value": 0.5},
        message="{count} is {ratio} of it, limit {limit}",
    )

    short = result_of(check, "one two", inputs={"source": "a b c d"})
    long = result_of(check, "one two three", inputs={"source": "a b c d"})
    without = result_of(check, "one two three")

    assert Verdict.PASS is short.verdict
    assert ["3 is 75% of it, limit 50%"] == [finding.problem for finding in long.findings]
    assert (Verdict.NOT_CHECKED, "no input 'source'") == (without.verdict, without.reason)


@pytest.mark.parametrize(
    ("values", "key", "sentence"),
    [
        ({}, "kind", "needs `min`, `max` or `max_ratio`"),
        ({"of": "chapter", "max": 1}, "of", "'chapter' is nothing that has a length"),
        ({"of": "section:", "max": 1}, "of", "needs the heading's words"),
        ({"min": 5, "max": 4}, "min", "min 5 is above max 4"),
    ],
)
def test_limits_that_cannot_work_are_named(values, key, sentence):
    """What is wrong is said at the key."""
    fault = build("length", **values)

    assert isinstance(fault, Fault)
    assert key == fault.key
    assert sentence in fault.message


def test_a_section_that_is_not_there_is_said():
    """A heading that the file misspells would otherwise be short enough for ever."""
    result = result_of(made("length", of="section:Sumary", max=3), "# Summary\n\nA b c d.\n")

    assert (Verdict.NOT_APPLICABLE, "there is no section 'Sumary'") == (
        result.verdict,
        result.reason,
    )
