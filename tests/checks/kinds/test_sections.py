"""Sections: the headings that must be there, and have something below them."""

import pytest

from self_refine.checks.markup.markdown.markdown_outline import outline
from self_refine.loop.types import Kind
from support.checking import made, result_of


def check(expected, text, **others):
    """`expected` are the messages, in the order of the required headings."""
    found = result_of(made("sections", require=["Summary", "Timeline"], **others), text).findings

    assert expected == [finding.problem for finding in found]


BOTH = "## Summary\n\nx\n\n## Timeline\n\ny\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOTH, []),
        (BOTH.replace("\n", "\r\n"), []),
        (BOTH.replace("\n", "\r"), []),
        (BOTH.lower(), []),
        ("Summary\n=======\n\nx\n\nTimeline\n--------\n\ny\n", []),
        ("Summary \r\n=======\r\n\r\nx\r\n\r\n# Timeline #\r\ny", []),
        ("## Summary\n\nx\n", ["Section 'Timeline' is missing."]),
        ("", ["Section 'Summary' is missing.", "Section 'Timeline' is missing."]),
        ("```\n# Summary\n```\n# Timeline\n", ["Section 'Summary' is missing."]),
        ("---\n# Summary\n---\n# Timeline\n", ["Section 'Summary' is missing."]),
        ("```code``` first\n# Summary\n# Timeline\n", []),
        (
            "~~~\n# Summary\n# Timeline\n",
            ["Section 'Summary' is missing.", "Section 'Timeline' is missing."],
        ),
    ],
)
def test_headings_that_must_be_there(text, expected):
    """Either form of heading counts, whatever its case and line ends; those in code do not."""
    check(expected, text)


@pytest.mark.parametrize(
    "nothing", ["", "\n\n", " \t\r\n", "<!-- what happened? -->\n", "<!-- never closed\n"]
)
def test_an_empty_section_is_reported_at_its_heading(nothing):
    """White space and a template's comments are nothing."""
    text = f"# Timeline\n\ny\n\n## Summary\n{nothing}"
    (finding,) = result_of(made("sections", require=["Summary"], non_empty=True), text).findings

    assert ("Section 'Summary' is empty.", "## Summary") == (finding.problem, finding.quote)


def test_a_section_below_a_section_fills_it():
    """What stands below a smaller heading belongs to the larger one too."""
    check([], "# Summary\n## Part\nx\n# Timeline\ny\n", non_empty=True)


def test_one_filled_section_of_a_name_is_enough():
    """Two headings of one name are one section, filled where either is."""
    check([], "# Summary\n# Timeline\ny\n# Summary\nx\n", non_empty=True)


def test_a_missing_section_is_a_place_at_the_end():
    """What is missing has no words to quote."""
    (finding,) = result_of(made("sections", require=["Summary"]), "abc").findings

    assert (Kind.MISSING, 3, "") == (finding.kind, finding.span.start, finding.quote)


def test_a_section_ends_where_one_of_its_level_begins():
    """The body runs from the heading's end to the next heading of the same or a higher level."""
    text = "# A\na\n## B\nb\n# C\nc"

    assert [("A", "\na\n## B\nb\n"), ("B", "\nb\n"), ("C", "\nc")] == [
        (section.title, section.body.of(text)) for section in outline(text, ())
    ]
