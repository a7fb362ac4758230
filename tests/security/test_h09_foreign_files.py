"""H9: no criteria are read by a link to what is private, or from a folder of another user."""

import os
import subprocess
import sys

import pytest

from self_refine.criteria.finding import foreign_owner
from self_refine.criteria.finding.discover import discover
from self_refine.criteria.finding.locations import criteria_files, workspace_root
from self_refine.criteria.finding.safe_files import Got, Refused, named_file, read_contained
from self_refine.criteria.silenced import read_dismissals
from support.command import CRITERIA, MAIL, Session
from support.editing import editing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and owners of POSIX")

LIST = "- Is it so at last?\n"
SECRET = "PASSWORD=hunter2\n"
ROOT = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives away")


def put(root, **files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """A repository with what is the user's alone: ignored, hidden, secret."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    root = tmp_path / "repo"
    files = {
        ".git/HEAD": "ref: x\n", ".gitignore": "local/\n*.mine.md\n", ".env": SECRET,
        "deploy.tfstate": SECRET, "server.key": SECRET, "local/notes.md": SECRET,
        "plan.mine.md": SECRET, "docs/shared.criteria.md": LIST, "criteria/own.criteria.md": LIST,
    }  # fmt: skip
    return put(root, **files)


PRIVATE = {
    ".env": "is hidden", ".git/HEAD": "is hidden", "deploy.tfstate": "is there to hold secrets",
    "server.key": "is there to hold secrets", "local/notes.md": "is ignored by git",
    "plan.mine.md": "is ignored by git",
}  # fmt: skip


@pytest.mark.parametrize(("target", "why"), PRIVATE.items(), ids=PRIVATE)
@pytest.mark.parametrize("way", ["relative", "absolute", "folder", "twice"])
def test_h09_criteria_that_are_links_to_private_files(repo, target, why, way):
    """A problem on the link says why; no word of the file is in it."""
    link = repo / "criteria" / "x.criteria.md"
    match way:
        case "relative":
            link.symlink_to(f"../{target}")
        case "absolute":
            link.symlink_to(repo / target)
        case "folder":
            (repo / "way").symlink_to((repo / target).parent)
            link.symlink_to(f"../way/{(repo / target).name}")
        case _:
            (repo / "criteria" / "between").symlink_to(repo / target)
            link.symlink_to("between")
    library = discover(repo)

    assert ["own"] == [file.id for file in library.files]
    [problem] = [p for p in library.problems if p.path == link]
    assert f"It {why}, so it is not read." == problem.message
    assert "hunter2" not in repr(library)


@pytest.mark.parametrize(("target", "why"), PRIVATE.items(), ids=PRIVATE)
def test_h09_word_lists_that_are_private(repo, target, why):
    """A criteria file names no such file, with a link or without."""
    (repo / "criteria" / "list.txt").symlink_to(f"../{target}")
    for name in (f"../{target}", "list.txt"):
        got = named_file(name, repo / "criteria", repo)
        assert isinstance(got, Refused)
        assert why in got.message


def test_h09_criteria_that_are_links_out_of_the_folder(repo, tmp_path):
    """To a file elsewhere on the machine: refused; to one of the repository: read."""
    put(tmp_path, **{"outside.criteria.md": LIST})
    (repo / "criteria" / "out.criteria.md").symlink_to(tmp_path / "outside.criteria.md")
    (repo / "criteria" / "in.criteria.md").symlink_to("../docs/shared.criteria.md")
    library = discover(repo)

    assert ["in", "own"] == sorted(file.id for file in library.files)
    assert ["It lies outside the workspace, so it is not read."] == [
        p.message for p in library.problems if p.path.name == "out.criteria.md"
    ]


def test_h09_what_is_no_link_is_the_users_own_choice(repo):
    """Criteria of one's own, in a folder that git ignores, are criteria."""
    put(repo, **{".gitignore": ".self-refine/\n", ".self-refine/mine.criteria.md": LIST})

    assert Got(LIST) == read_contained(repo / ".self-refine" / "mine.criteria.md", repo)
    assert "mine" in {file.id for file in discover(repo).files}


def test_h09_a_workspace_that_is_itself_reached_by_a_link(repo, tmp_path):
    """The link that the user has made is no link of the repository."""
    (tmp_path / "way").symlink_to(repo)

    assert ["own"] == [file.id for file in discover(tmp_path / "way").files]


# Folders of others ------------------------------------------------------------------------------


@pytest.fixture
def owners(monkeypatch):
    """Files belong to whom the test says: to us where it says nothing."""
    given = {}
    real = os.lstat

    def lstat(path, *rest, **more):
        found = list(real(path, *rest, **more))
        found[4] = given.get(str(path), os.geteuid())
        return os.stat_result(found)

    monkeypatch.setattr(foreign_owner.os, "lstat", lstat)
    monkeypatch.delenv("SUDO_UID", raising=False)
    return given


MARKS = [".git", ".self-refine", "criteria"]


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """A folder above the user's, as `/tmp` is, with criteria that somebody has put there."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    put(tmp_path, **{"home/x": "", "tmp/mine/notes.md": MAIL})
    return tmp_path / "tmp"


def planted(shared, mark):
    name = {"criteria": "criteria/x.criteria.md", ".self-refine": ".self-refine/x.criteria.md"}
    put(shared, **{name.get(mark, ".git/HEAD"): LIST})
    return shared / mark


@pytest.mark.parametrize("mark", MARKS)
def test_h09_what_another_user_puts_above_is_not_trusted(shared, owners, mark):
    """The text's own folder is the workspace then, and a sentence says what was left out."""
    path = planted(shared, mark)
    assert shared == workspace_root(shared / "mine" / "notes.md")
    owners[str(path)] = 1234
    root = workspace_root(shared / "mine" / "notes.md")
    library = discover(root)

    assert shared / "mine" == root
    assert () == library.files
    [problem] = library.problems
    assert path == problem.path
    assert f"{mark} in {shared} belongs to another user of this machine" in problem.message
    assert f"git config --global --add safe.directory {shared}" in problem.message


@pytest.mark.parametrize("mark", MARKS[1:])
@pytest.mark.parametrize("whose", ["mark", "folder"])
def test_h09_nor_is_it_where_an_editor_names_the_folder(shared, owners, mark, whose):
    """Editors look for `.git` above a text, too, and call what they find the workspace."""
    path = planted(shared, mark)
    assert ["x"] == [file.id for file in discover(shared).files]
    owners[str(path if whose == "mark" else shared)] = 1234

    assert () == discover(shared).files
    assert [] == list(criteria_files(shared))
    assert any(p.path == path for p in discover(shared).problems)


def test_h09_nor_are_the_dismissals_of_others(shared, owners):
    """They would hide findings."""
    line = '{"criterion": "a", "criterion_hash": "b", "quote_hash": "c", "context_hash": "d"}\n'
    put(shared, **{".self-refine/dismissed.jsonl": line})
    assert 1 == len(read_dismissals(shared))
    owners[str(shared / ".self-refine")] = 1234

    assert frozenset() == read_dismissals(shared)


@pytest.mark.parametrize("mark", MARKS)
def test_h09_what_root_owns_is_trusted(shared, owners, mark):
    """Whoever is root can change this program, too."""
    owners[str(planted(shared, mark))] = 0

    assert shared == workspace_root(shared / "mine" / "notes.md")


def test_h09_who_became_root_by_sudo_owns_his_files(shared, owners, monkeypatch):
    """As in git: `sudo self-refine` in one's own repository."""
    owners[str(planted(shared, "criteria"))] = 1234
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert () == discover(shared).files
    for value, trusted in (("1234", True), ("7", False), ("x", False), ("", False)):
        monkeypatch.setenv("SUDO_UID", value)
        assert trusted == bool(discover(shared).files), value


@pytest.mark.parametrize(
    ("lines", "trusted"),
    [
        ("[safe]\n\tdirectory = {}\n", True),
        ('[safe]\ndirectory = "{}"\n', True),
        ("[Safe]\n  Directory={}/\n", True),
        ("[safe]\ndirectory = *\n", True),
        ("[safe]\ndirectory = {}/../*\n", False),
        ("[safe]\ndirectory = ~/../tmp\n", False),
        ("[safe]\ndirectory = {}\ndirectory =\n", False),
        ("[safe]\ndirectory = {}/mine\n", False),
        ("[user]\ndirectory = {}\n", False),
        ("directory = {}\n", False),
        ("", False),
    ],
)
def test_h09_gits_safe_directories_are_trusted(shared, owners, tmp_path, lines, trusted):
    """Of the user's own settings; a repository's `.git/config` has no say."""
    owners[str(planted(shared, "criteria"))] = 1234
    put(shared, **{".git/config": f"[safe]\ndirectory = {shared}\n"})
    assert () == discover(shared).files
    put(tmp_path, **{"home/.gitconfig": lines.format(shared)})

    assert trusted == bool(discover(shared).files)


@ROOT
def test_h09_the_prompt_leaves_criteria_of_others_alone(tmp_path):
    """With real owners: the pack or nobody judges, and the sentence stands in front."""
    folder, home = tmp_path / "tmp", tmp_path / "home"
    (folder / "mine").mkdir(parents=True)
    home.mkdir()
    session = Session(folder / "mine", home)
    subprocess.run(["rm", "-r", folder / "mine" / "criteria", folder / "mine" / ".git"], check=True)
    put(folder, **{"criteria/mail.criteria.md": CRITERIA})
    ours = session.run("mail.md")
    os.chown(folder / "criteria", 1234, 1234)
    theirs = session.run("mail.md", "--criteria", "email")

    assert "mail/plain" in ours.out + ours.err
    assert "mail/plain" not in theirs.out
    assert "criteria in" in theirs.err
    assert "belongs to another user of this machine, so it is not read" in theirs.err


@ROOT
@pytest.mark.parametrize("trusted", [True, False])
def test_h09_the_editor_leaves_criteria_of_others_alone(tmp_path, trusted):
    """Whether the editor trusts the workspace or not."""
    with editing(tmp_path, options={"extensions": True, "trusted": trusted}) as at:
        at.open("memo.md", "Kindly come.")
        if not trusted:
            assert not [title for title in at.titles() if "house" in title]
            assert not at.client.diagnostics(at.uri)
            return
        at.wait_problems(("house/stock", "Kindly"))
        os.chown(at.root / "criteria", 1234, 1234)
        changed = [{"uri": (at.root / "criteria/house.criteria.md").as_uri(), "type": 2}]
        at.client.notify("workspace/didChangeWatchedFiles", {"changes": changed})
        at.wait_problems()
