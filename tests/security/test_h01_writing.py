"""H1: nothing is written through what a repository has put in the place of a file or its draft."""

import os
import stat
import subprocess
import sys

import pytest

from self_refine.editor.diagnostics.suppressions import Dismissal, write_dismissal
from self_refine.editor.requests.add_example import append_example
from self_refine.editor.runs.consent import FirstUse
from self_refine.runs.trace import open_trace
from support.command import Session
from support.editing import CRITERIA, editing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")

SHELL = "# mine alone\n"
NOTHING = Dismissal("house/plain", "0", "0", "0")


@pytest.fixture
def session(tmp_path):
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return Session(folder, home)


@pytest.fixture
def theirs(tmp_path):
    """A file of the user's that a repository would like to change."""
    path = tmp_path / ".bashrc"
    path.write_text(SHELL, encoding="utf-8")
    path.chmod(0o600)
    yield path
    assert SHELL == path.read_text(encoding="utf-8")
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert 1 == path.stat().st_nlink


@pytest.mark.parametrize("draft", [".$$.self-refine", ".self-refine-0123456789abcdef"])
def test_h01_write_follows_no_link_in_the_place_of_its_draft(session, theirs, draft):
    """The shell that lays the link becomes the process that writes, so that its name fits."""
    session.put("script.sh", f'ln -s "{theirs}" "{draft}"; exec "$@"\n')
    path = session.folder / "mail.md"
    path.chmod(0o755)
    command = ["sh", "script.sh", *session.command("refine", "mail.md", "--write")]
    done = subprocess.run(
        command, cwd=session.folder, env=session.environment(), capture_output=True, check=False
    )

    assert 0 == done.returncode, done.stderr
    assert b"To ship on time" in path.read_bytes()
    assert 0o755 == stat.S_IMODE(path.stat().st_mode)


def test_h01_write_asks_what_a_hard_linked_file_is_to_become(session, theirs):
    """Refused with a sentence; the result is printed, so that no run is lost."""
    os.link(session.folder / "mail.md", session.folder / "other.md")
    before = session.read()
    ran = session.run("mail.md", "--write")

    assert 2 == ran.code
    assert "it has 2 names (hard links)" in ran.err
    assert "+To ship on time" in ran.out
    assert before == session.read()


def test_h01_write_leaves_a_read_only_file(session, theirs):
    """Whoever took the right away meant it."""
    (session.folder / "mail.md").chmod(0o444)
    before = session.read()
    ran = session.run("mail.md", "--write")

    assert (2, before) == (ran.code, session.read())
    assert "mail.md cannot be written: it is read-only. It is as it was." in ran.err


def test_h01_write_keeps_what_the_file_is(session, theirs):
    """Mode, owner and extended attributes; drafts that killed runs have left go."""
    path = session.folder / "mail.md"
    path.chmod(0o640)
    session.put(".999999999.self-refine", "a draft of a run that was killed")
    owner = (1234, 2345) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(path, *owner)
    if sys.platform == "linux":
        os.setxattr(path, "user.origin", b"here")
    before = sorted(p.name for p in session.folder.iterdir())
    ran = session.run("mail.md", "--write")
    status = path.stat()

    assert 0 == ran.code, ran.err
    assert (0o640, *owner) == (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)
    assert sys.platform != "linux" or b"here" == os.getxattr(path, "user.origin")
    before.remove(".999999999.self-refine")
    assert before == sorted(p.name for p in session.folder.iterdir())


LISTS = "---\ncriteria: 1\n---\n## Criteria\n- **tone**: Is the tone kind?\n"


def team(tmp_path):
    path = tmp_path / "repo" / "criteria" / "team.criteria.md"
    path.parent.mkdir(parents=True)
    path.write_text(LISTS, encoding="utf-8")
    return path


def test_h01_an_example_is_added_beside_planted_links(tmp_path, theirs):
    """The draft has no name that could have been foreseen."""
    path = team(tmp_path)
    for name in (f".{path.name}.{os.getpid()}", f".{os.getpid()}.self-refine"):
        (path.parent / name).symlink_to(theirs)

    assert append_example(path, tmp_path / "repo", "We ship.", "markdown") is True
    assert "We ship." in path.read_text(encoding="utf-8")


def test_h01_an_example_is_added_to_no_file_outside(tmp_path, theirs):
    """Neither by a link to a file, nor by one to a folder, nor by a second name of a file."""
    path = team(tmp_path)
    root = tmp_path / "repo"
    path.rename(tmp_path / "outside.criteria.md")
    path.symlink_to(tmp_path / "outside.criteria.md")
    said = append_example(path, root, "We ship.", "markdown")
    path.unlink()
    os.link(tmp_path / "outside.criteria.md", path)
    also = append_example(path, root, "We ship.", "markdown")

    assert "It lies outside the workspace, so it is not read." == said
    assert "hard links" in also
    assert LISTS == (tmp_path / "outside.criteria.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("planted", ["file", "folder", "hard link", "dangling", "pipe"])
def test_h01_a_dismissal_is_written_through_nothing(tmp_path, theirs, planted):
    """A link in the place of the file or its folder, or a second name of a file outside."""
    root, outside = tmp_path / "repo", tmp_path / "outside"
    outside.mkdir()
    (outside / "dismissed.jsonl").write_bytes(b"")
    root.mkdir()
    folder = root / ".self-refine"
    if planted == "folder":
        folder.symlink_to(outside)
    else:
        folder.mkdir()
        path = folder / "dismissed.jsonl"
        match planted:
            case "file":
                path.symlink_to(theirs)
            case "hard link":
                os.link(outside / "dismissed.jsonl", path)
            case "pipe":
                os.mkfifo(path)
            case _:
                path.symlink_to(tmp_path / "new")
    with pytest.raises(OSError, match=r".") as refused:
        write_dismissal(root, NOTHING, "", "me")

    assert refused.value.strerror
    assert b"" == (outside / "dismissed.jsonl").read_bytes()
    assert not (tmp_path / "new").exists()


def test_h01_state_is_written_through_no_link(tmp_path, theirs):
    """What was told, and traces: their folder is the user's, and still nothing is followed."""
    state = tmp_path / "state"
    state.mkdir()
    (state / f"told.json.{os.getpid()}").symlink_to(theirs)
    (state / "told.json").symlink_to(theirs)
    assert FirstUse(state).is_new("host", "model")
    trace = open_trace(state, "0123")
    trace.write("began")
    trace.close()

    assert [0o600] == [stat.S_IMODE(p.stat().st_mode) for p in (state / "runs").iterdir()]


@pytest.mark.parametrize("trusted", [True, False])
def test_h01_the_editor_dismisses_into_no_linked_folder(tmp_path, theirs, trusted):
    """The sentence says why; where the workspace is not trusted there is nothing to dismiss."""
    files = {"criteria/house.criteria.md": CRITERIA}
    options = {"trusted": trusted, "extensions": True}
    with editing(tmp_path, files=files, options=options) as at:
        (at.root / ".self-refine").mkdir()
        (at.root / ".self-refine" / "dismissed.jsonl").symlink_to(theirs)
        at.open("memo.md", "Kindly come.")
        if not trusted:
            assert not [title for title in at.titles() if "Dismiss" in title]
            return
        at.wait_problems(("house/stock", "Kindly"))
        at.choose("Dismiss", at=2)
        at.wait_shown("The dismissal cannot be written: it is a link")
