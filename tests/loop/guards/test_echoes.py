"""What small models do to a text, and what only looks like it."""

import pytest

from self_refine.loop.guards.echoes import copied, repeated, unrelated
from self_refine.loop.types import Finding, Kind, Severity
from self_refine.text.spans import Span


def finding(problem="No.", kind=Kind.WRONG, **more):
    given = {"criterion": "t/a", "severity": Severity.WARNING, "quote": "x", "instruction": ""}
    return Finding(span=Span(0, 1), problem=problem, kind=kind, **(given | more))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("We meet at noon today.", "We meet at noon today. We meet at noon today.", True),
        ("We meet at noon now. Bye.", "We meet at noon now. Bye. WE meet at  noon now.", True),
        ("We meet. Bye.", "We meet. Bye. Bye.", False),
        ("Say it as it is. Say it as it is.", "Say it as it is. Say it as it is.", False),
    ],
)  # fmt: skip
def test_a_sentence_that_stood_once_stands_once(old, new, found):
    assert found == bool(repeated(old, new, "markdown"))


def test_lines_of_code_may_be_equal():
    assert "" == repeated("return the other one\n", "return the other one\n" * 2, "python")


@pytest.mark.parametrize(
    ("problem", "new", "found"),
    [
        ("It should include both dates.", "It should include both dates.", True),
        ("It does not say that the talk moved to Monday.", "The talk moved to Monday.", False),
        ('Write "we meet at noon on Monday then".', "So we meet at noon on Monday then.", False),
        ("It is stiff.", "It is plain.", False),
    ],
)  # fmt: skip
def test_words_of_a_critique_do_not_get_into_the_text(problem, new, found):
    """What is missing is named in passing, and what is in quotation marks is meant to be put."""
    assert found == bool(copied("We meet.", new, (finding(problem),)))


def test_a_check_may_name_the_words_to_put():
    said = finding("Write in the words of the house", checked=True)
    assert "" == copied("We.", "Write in the words of the house", (said,))


OLD = "Kindly be informed that the report is done and sent"


@pytest.mark.parametrize(
    ("new", "kind", "quoted", "fits"),
    [
        ("The report is done and sent", Kind.WRONG, 0.3, True),
        ("Nobody knows what happens tomorrow in town", Kind.WRONG, 0.3, False),
        ("Nobody knows what happens tomorrow in town", Kind.WRONG, 0.9, True),
        ("", Kind.WRONG, 0.3, False),
        ("", Kind.EXTRA, 0.3, True),
        (f"{OLD}. Call me", Kind.MISSING, 0.0, True),
        ("Call me", Kind.MISSING, 0.0, False),
    ],
)
def test_a_new_segment_has_to_do_with_the_old_one(new, kind, quoted, fits):
    """Else the number of another segment was written, and its words would be gone."""
    assert fits == (not unrelated(OLD, new, finding(kind=kind), quoted=quoted))
