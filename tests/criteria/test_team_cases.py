"""Small workspaces as teams have them (`tests/cases/d…`): each list is read as it was meant."""

import shutil
from pathlib import Path, PurePosixPath

import pytest

from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import choose
from self_refine.criteria.finding.discover import discover, shipped
from self_refine.loop.prompt.prompt import prompt_of
from self_refine.loop.task import Task
from self_refine.loop.types import Severity

CASES = Path(__file__).parents[1] / "cases"


class Case:
    """What a run on `t.md` of a case would read of its criteria."""

    def __init__(self, folder):
        (folder / ".git").mkdir()
        self.library = discover(folder)
        self.notes = [p for p in self.library.problems if p.severity is not Severity.HINT]
        where = Target(language="markdown", path=PurePosixPath("t.md"), covers_document=True)
        self.chosen = choose(self.library, shipped(), where, ())

    @property
    def questions(self):
        return [c.question for c in self.chosen.criteria]

    def told(self):
        """What the critic is told."""
        task = Task(
            text="The plan is attached.\n",
            criteria=self.chosen.criteria,
            language="markdown",
            has_model=True,
            seed="s",
        )
        return prompt_of(task).criteria


def d01_heading_above(case):
    told = case.told()
    assert "Never use: Hashtags" in told
    assert "Never use: Semicolons" in told
    assert "Always: Active voice" in told
    assert [] == case.notes


def d02_foreign_front_matter(case):
    assert ["Is there a deadline without a date?", "Is there a step without an owner?"] == (
        case.questions
    )
    (note,) = case.notes
    assert 'write `criteria: 1` and `applies: {paths: ["**/*.md", "**/*.mdx"]}`' in note.message


def d03_applyto(case):
    assert 3 == len(case.questions)
    assert ("**/*.md",) == case.library.files[0].applies.paths
    (note,) = case.notes
    assert "`applyTo` is read as the texts that the list is for." in note.message


def d04_title_as_lead(case):
    assert ["Active Voice: Use it.", "Short Words: Use them."] == case.questions
    assert ["x/active-voice", "x/short-words"] == [c.id for c in case.chosen.criteria]


def d06_emoji(case):
    assert ["⚠️ Never log a password.", "Is there a secret?"] == case.questions
    assert "⚠️ Never log a password." in case.told()


def d08_capital_keys(case):
    (criterion,) = case.chosen.criteria
    assert ("add one", ("scripts",)) == (criterion.fix, criterion.exceptions)


def d11_tables_paragraphs(case):
    assert 1 == len(case.questions)
    (note,) = case.notes
    assert "a table (lines 3-5); a paragraph (line 7); a line that begins with • (line 9)" in (
        note.message
    )


def d12_toc(case):
    assert ["Naming: Is there a boolean without a verb?"] == case.questions


def d14_yaml_as_markdown(case):
    assert () == case.library.files
    assert "This is a Vale style, not a Markdown list." in case.notes[0].message


def d15_name(case):
    (note,) = case.notes
    assert note.message == "It is not read: call it style-guide.criteria.md."


def d16_too_many(case):
    assert 60 == len(case.questions)
    (note,) = case.notes
    assert ("CR109", Severity.INFO) == (note.code, note.severity)


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("d*")))
def test_a_team_s_file_is_read_as_it_was_meant(name, tmp_path):
    """What `expected.txt` of the case says."""
    folder = tmp_path / name
    shutil.copytree(CASES / name, folder)

    globals()[name.replace("-", "_")](Case(folder))
