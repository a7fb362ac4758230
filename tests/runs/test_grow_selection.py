"""`within`: what a selection grows to, and what of it is judged."""

from pathlib import PurePosixPath

import pytest

from self_refine.checks.registry import run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import Chosen, choose
from self_refine.criteria.criteria_file import Library
from self_refine.runs.grow_selection import grown, lacking, without_comments
from self_refine.runs.prepare import RunOptions, Selection, prepare
from self_refine.settings import Settings
from self_refine.text.spans import Span
from support.checking import CLOSE, OPEN, file_of, plain

PYTHON = """import os

LIMIT = 3


@cache
@route("/a")
def load(
    name: str,
) -> str:
    with open(name) as file:

        return file.read()


class Store:
    def get(self, key):
        return self.rows[key]

    async def put(self, key, row):
        # replaces
        self.rows[key] = row


def last():
    return 1
"""
GO = "package a\n\nfunc Load(\n\tname string,\n) string {\n\treturn name\n}\n\nvar x = 1\n"


def team(within, name="team"):
    return file_of(
        f"---\ncriteria: 1\nid: {name}\napplies: {{within: {within}}}\nchecks:\n"
        "  - {id: todo, kind: regex, pattern: TODO}\n---\n- **a**: Is it so?\n"
    )


def region(document, words, *within):
    start = document.index(words)
    span = Span(start, start + len(words))
    return grown(document, span, [team(each, f"t{n}") for n, each in enumerate(within)]).of(
        document
    )


@pytest.mark.parametrize(
    ("document", "words", "first", "last"),
    [
        (PYTHON, "file.read()", "@cache", "        return file.read()"),
        (PYTHON, "name: str", "@cache", "        return file.read()"),
        (PYTHON, '@route("/a")', "@cache", "        return file.read()"),
        (PYTHON, "self.rows[key]\n", "    def get", "        return self.rows[key]"),
        (PYTHON, "class Store", "class Store:", "        self.rows[key] = row"),
        (
            PYTHON,
            "return self.rows[key]\n\n    async def",
            "    def get",
            "        self.rows[key] = row",
        ),
        (PYTHON, "LIMIT = 3\n\n\n@cache", "LIMIT = 3", "        return file.read()"),
        (PYTHON.replace("\n", "\r\n"), "# replaces", "    async def put", "self.rows[key] = row"),
        (GO, "return name", "func Load(", "}"),
    ],
)
def test_a_selection_grows_to_the_definitions_that_it_touches(document, words, first, last):
    """Decorators and signatures of several lines belong to them; a method is enough."""
    got = region(document, words, "definition")

    assert got.startswith(first)
    assert got.rstrip().endswith(last)


def test_a_selection_outside_definitions_stays():
    """There is nothing to grow to, and what is for definitions is not checked."""
    assert "LIMIT = 3" == region(PYTHON, "LIMIT = 3", "definition")
    span = Span(PYTHON.index("LIMIT"), PYTHON.index("LIMIT") + 9)
    file = team("definition")
    target = Target(language="python", path=PurePosixPath("a.py"), covers_document=False)
    chosen = choose(
        Library((file,), ()), Library((), ()), lacking(target, PYTHON, span, "python", [file]), ()
    )

    assert {"it judges definitions, and none stands at the selection"} == {
        criterion.not_checked for criterion in chosen.criteria
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo «wo»rds\nhere.\n\nThree.", "Two words\nhere."),
        ("One «l.\n\nTwo» w.\n\nThree.", "One l.\n\nTwo w."),
        ("One.\r\n\r\nT🎉«w»o\r\nhere.\r\n", "T🎉wo\r\nhere."),
        ("\n\n«One.\n\n»\nTwo.", "One.\n\n"),
    ],
)
def test_a_selection_grows_to_the_paragraphs_that_it_touches(text, expected):
    """From the first line of the first to the last line of the last."""
    words = plain(text)
    span = Span(text.index(OPEN), text.index(CLOSE) - 1)

    assert expected == grown(words, span, [team("paragraph")]).of(words)


def test_the_widest_unit_that_is_asked_for_is_taken():
    """A file that asks for nothing judges what the others need."""
    assert "file.read()" == region(PYTHON, "file.read()", "selection", "comments")
    assert region(PYTHON, "file.read()", "selection", "definition").startswith("@cache")
    got = region(PYTHON, "open(name)", "paragraph", "definition")
    assert got.startswith("@cache")


def test_of_comments_alone():
    """Checks look at comments, questions say so, and no rewrite may change the code."""
    code = 'def f():\n    """TODO say."""\n    TODO = 1  # TODO: name it\n    return TODO\n'
    file = team("comments")
    target = Target(language="python", path=None, covers_document=True)
    chosen = choose(Library((file,), ()), Library((), ()), target, ())
    assert isinstance(chosen, Chosen)
    subject = Subject(text=code, original=code, language="python")
    (result,) = run_checks(chosen.checks, subject)

    assert [16, 45] == [finding.span.start for finding in result.findings]
    assert "outside comments" in chosen.criteria[1].exceptions[0]
    selection = Selection(document=code, span=Span(0, len(code)), language="python", path="a.py")
    job = prepare(selection, chosen, Settings(), RunOptions(), has_model=False)
    assert ("def f():", "TODO = 1", "return TODO") == job.task.protect
    assert "it judges comments, and there is none in the selection" in {
        c.not_checked
        for c in choose(
            Library((file,), ()),
            Library((), ()),
            lacking(target, "x = 1", Span(0, 5), "python", [file]),
            (),
        ).criteria
    }


def test_code_between_comments():
    """Whole stretches, as they are looked for in a rewrite."""
    assert ("a()", "b()") == without_comments("# one\na() # two\nb()\n", "python")
