"""`self-refine criteria import` and `new`: nothing is written unasked, nothing that is there."""

import pytest

RULES = "# Rules\n\n- Use active voice\n- [Guide](x.md)\n"


def test_without_a_source_it_lists_what_is_here(session):
    """And how to go on."""
    session.put("AGENTS.md", RULES)
    ran = session.run("import", command="criteria")

    assert ran.code == 0
    assert "  AGENTS.md\n" in ran.out
    assert "self-refine criteria import FILE --out criteria/" in ran.out


def test_a_proposal_is_printed_and_nothing_written(session):
    """What was left out goes to standard error."""
    session.put("AGENTS.md", RULES)
    ran = session.run("import", "AGENTS.md", command="criteria")

    assert ran.code == 0
    assert ran.out.startswith("---\ncriteria: 1\nid: agents\n")
    assert "AGENTS.md: 0 checks, 1 question; 1 left out\n" in ran.err
    assert "AGENTS.md:4: '[Guide](x.md)': it is a link\n" in ran.err
    assert not (session.folder / "criteria/agents.criteria.md").exists()


def test_a_file_is_written_once(session):
    """Where one of that name is, all is as it was."""
    session.put("AGENTS.md", RULES)
    first = session.run("import", "AGENTS.md", "--out", "criteria", command="criteria")
    written = session.read("criteria/agents.criteria.md")
    again = session.run("import", "AGENTS.md", "--out", "criteria", command="criteria")

    assert (0, 2) == (first.code, again.code)
    assert "read them before you keep them" in first.err
    assert "criteria/agents.criteria.md is there already; nothing was written." in again.err
    assert written == session.read("criteria/agents.criteria.md")
    assert session.run("check", command="criteria").code == 0


def test_new_begins_a_file_for_a_text(session):
    """In `criteria/`, for the language and the folder of the text."""
    ran = session.run("new", "Release Notes", "--for", "mail.md", command="criteria")
    again = session.run("new", "Release Notes", command="criteria")
    shown = session.run("show", "mail.md", command="criteria")

    assert (0, 2) == (ran.code, again.code)
    assert "Wrote criteria/release-notes.criteria.md." in ran.out
    assert "release-notes.criteria.md is there already; it is as it was." in again.err
    assert "applies  criteria/release-notes.criteria.md" in shown.out


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("new", "!!"), "'!!' gives no file name"),
        (("import", "nowhere.md"), "There is no file or folder nowhere.md."),
        (("import",), "No rules of another tool were found here"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(session, arguments, part):
    """Exit code 2."""
    ran = session.run(*arguments, command="criteria")

    assert 2 == ran.code
    assert part in ran.err


def test_new_does_not_follow_a_link_out_of_the_workspace(session, tmp_path_factory):
    """A repository may hold such a link."""
    outside = tmp_path_factory.mktemp("outside")
    (session.folder / "criteria/mail.criteria.md").unlink()
    (session.folder / "criteria").rmdir()
    (session.folder / "criteria").symlink_to(outside)
    ran = session.run("new", "x", command="criteria")

    assert 2 == ran.code
    assert "leads out of the workspace" in ran.err
    assert [] == list(outside.iterdir())
