"""What a file says that its texts are for; which findings may report what is missing."""

from pathlib import Path

import pytest

from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import choose
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.reading.reader import read

FRONT = "---\ncriteria: 1\nid: mail\nbrief: British English.\n---\n"
BODY = "# Mail\n\nStatus mails to\ncustomers. <!-- not this -->\n\nRead on a phone.\n\n"
LIST = "## Criteria\n\nThese count.\n\n- **one**: Is it long?\n"


def file_of(source):
    reading = read(source, Path("mail.criteria.md"), "mail.criteria.md")
    assert reading.file is not None, reading.problems
    return reading.file


def test_prose_below_the_title_and_the_key_are_the_brief():
    """Each paragraph is a line, without comments; what leads in to the list is none of it."""
    assert (
        "British English.\nStatus mails to customers.\nRead on a phone."
        == file_of(FRONT + BODY + LIST).brief
    )


def test_a_list_alone_has_no_brief():
    assert "" == file_of("- Is it long?\n").brief


def test_the_briefs_of_all_files_that_apply_are_chosen():
    other = file_of(FRONT.replace("id: mail", "id: two").replace("British", "Plain") + LIST)
    files = (file_of(FRONT + BODY + LIST), other)
    where = Target(language="markdown", path=None, covers_document=True)

    chosen = choose(Library(files, ()), Library((), ()), where, ("mail", "two"))

    assert chosen.brief.startswith("British English.\nStatus mails")
    assert chosen.brief.endswith("\nPlain English.")


@pytest.mark.parametrize(
    ("below", "allowed"),
    [
        ("", True),
        ("  - evidence: quote the phrase\n", False),
        ("  - evidence: quote the phrase, or say that it is absent\n", True),
        ("  - evidence: name the field\n", True),
    ],
)
def test_absence_counts_unless_a_quote_is_demanded(below, allowed):
    file = file_of(f"---\ncriteria: 1\nid: a\n---\n- **one**: Does it say who?\n{below}")
    assert allowed == file.criteria[0].absence


@pytest.mark.parametrize(
    "question",
    [
        "Is the request clear?",
        "Are all required fields populated?",
        "Does the response answer the question directly?",
        "Does it say who does what by when?",
    ],
)
def test_the_questions_that_people_ask_may_find_something_missing(question):
    """As they stand in the files that teams have, without a word about evidence."""
    assert file_of(f"- {question}\n").criteria[0].absence
