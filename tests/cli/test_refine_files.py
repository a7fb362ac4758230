"""`refine` with several files: found by name or pattern, each whole or as it was."""

import pytest

from support.command import Session

FAULT = "We ship in order to learn.\n"
MENDED = "We ship to learn.\n"
CHECKS = """\
---
criteria: 1
applies: {paths: ["**/*.md"]}
checks:
  - {kind: words, id: plain, severity: error, swap: {in order to: to}}
  - {kind: words, id: jargon, severity: error, forbid: [synergy]}
---
"""


@pytest.fixture
def session(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    found = Session(folder, tmp_path / "home")
    found.put("criteria/mail.criteria.md", CHECKS)
    found.put("mail.md", "Fine.\n")
    found.put("docs/a.md", FAULT)
    found.put("docs/deep/b.md", f"# B\n\n{FAULT}")
    found.put("docs/c.txt", FAULT)
    return found


def read(session, name):
    return (session.folder / name).read_text(encoding="utf-8")


def test_a_pattern_names_files_and_each_is_written(session):
    ran = session.run("docs/**/*.md", "--write")

    assert 0 == ran.code, ran.err
    assert MENDED == read(session, "docs/a.md")
    assert f"# B\n\n{MENDED}" == read(session, "docs/deep/b.md")
    assert FAULT == read(session, "docs/c.txt")
    assert ["docs/a.md: refined", "docs/deep/b.md: refined"] == [
        line.split(".", 2)[0] + ".md: refined"
        for line in ran.err.splitlines()
        if ": refined" in line
    ]


def test_the_diffs_of_all_are_one_patch(session):
    ran = session.run("docs/a.md", "docs/deep/b.md", "--diff")

    assert 2 == ran.out.count("+We ship to learn.")
    assert FAULT == read(session, "docs/a.md")


def test_a_finding_in_one_file_is_the_exit_code_of_all(session):
    session.put("docs/deep/b.md", "Our synergy.\n")
    ran = session.run("docs/a.md", "docs/deep/b.md", "mail.md", "--write")

    assert 1 == ran.code
    assert MENDED == read(session, "docs/a.md")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["docs/a.md", "docs/gone.md"], "docs/gone.md: no such file"),
        (["docs/a.md", "docs/*.rst"], "No file fits 'docs/*.rst'"),
        (["docs/a.md", "-"], "Standard input can be refined alone only"),
        (["docs/a.md:1", "docs/a.md:1-1"], "stands here twice"),
    ],
)
def test_a_name_that_cannot_be_meant_stops_all_before_it_begins(session, names, says):
    """A file that cannot be read never makes a smaller run."""
    ran = session.run(*names, "--write")

    assert 2 == ran.code
    assert says in ran.err
    assert FAULT == read(session, "docs/a.md")


def test_a_file_of_the_name_of_a_pattern_is_that_file(session):
    session.put("docs/[ab].md", FAULT)
    assert 0 == session.run("docs/[ab].md", "--write").code

    assert MENDED == read(session, "docs/[ab].md")
    assert FAULT == read(session, "docs/a.md")


def test_what_hinders_one_file_leaves_the_others_alone(session):
    """No criteria apply to one: it is said with its name, and the rest is refined."""
    ran = session.run("docs/c.txt", "docs/a.md", "--write")

    assert 2 == ran.code
    assert "docs/c.txt: " in ran.err
    assert MENDED == read(session, "docs/a.md")
