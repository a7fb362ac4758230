"""What is written stands whole or not at all, with the rights of what it replaces."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from self_refine.folder_handle import is_running
from self_refine.safe_write import (
    ChangedError,
    HardLinkError,
    LeadsOutError,
    append_file,
    create_file,
    open_new,
    private_folder,
    write_file,
)

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes and links")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="attributes as Linux has them")


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@settings(max_examples=25)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_a_file_holds_what_was_written(tmp_path_factory, first, second):
    """New or not, and nothing else stays in the folder."""
    path = tmp_path_factory.mktemp("w") / "a.txt"
    write_file(path, first)
    write_file(path, second, was=first)

    assert second == path.read_bytes()
    assert [path] == list(path.parent.iterdir())


@POSIX
def test_a_new_file_has_the_mode_that_was_asked_for(tmp_path):
    """0600 where nothing is said; the umask holds."""
    write_file(tmp_path / "own", b"x")
    write_file(tmp_path / "shared", b"x", mode=0o666)
    umask = os.umask(0)
    os.umask(umask)

    assert 0o600 == mode_of(tmp_path / "own")
    assert 0o666 & ~umask == mode_of(tmp_path / "shared")


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755, 0o4755, 0o200])
def test_a_replaced_file_keeps_its_mode(tmp_path, mode):
    """Every bit of it."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(mode)
    if mode == 0o200 and os.geteuid():
        pytest.skip("only root can read it")
    write_file(path, b"new")

    assert mode == mode_of(path)


@POSIX
def test_a_draft_is_never_readable_by_others(tmp_path, monkeypatch):
    """Its mode is 0600 until all is written, whatever the umask."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o600)
    seen = []
    real = os.write

    def write(descriptor, data):
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    umask = os.umask(0)
    try:
        write_file(path, b"new")
    finally:
        os.umask(umask)

    assert [0o600] == seen


@LINUX
def test_extended_attributes_are_kept(tmp_path):
    """As far as the file system has them."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.origin", b"here")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    write_file(path, b"new")

    assert b"here" == os.getxattr(path, "user.origin")


@POSIX
def test_owner_and_group_are_kept(tmp_path):
    """Where the user may give a file away."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    if os.geteuid():
        pytest.skip("only root may give files away")
    os.chown(path, 1234, 2345)
    write_file(path, b"new")

    assert (1234, 2345) == (path.stat().st_uid, path.stat().st_gid)


@POSIX
def test_a_group_that_cannot_be_kept_gives_no_other_group_its_rights(tmp_path, monkeypatch):
    """Nor does a program that runs as its owner come to run as another."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o4770)
    status = path.stat()
    real = os.fstat

    def fstat(descriptor):
        found = list(real(descriptor))
        if found[1] == status.st_ino:
            found[4] = found[5] = 7
        return os.stat_result(found)

    def refuse(*_):
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "fstat", fstat)
    monkeypatch.setattr(os, "fchown", refuse)
    write_file(path, b"new")
    monkeypatch.undo()

    assert 0o700 == mode_of(path)


def test_what_has_changed_meanwhile_stays(tmp_path):
    """The file is looked at once more, last of all."""
    path = tmp_path / "a"
    path.write_bytes(b"typed since")
    with pytest.raises(ChangedError, match="changed meanwhile"):
        write_file(path, b"new", was=b"old")

    assert b"typed since" == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


def test_a_file_of_several_names_is_refused(tmp_path):
    """The sentence says why, and what to do."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    os.link(path, tmp_path / "b")
    for write in (write_file, append_file):
        with pytest.raises(HardLinkError, match=r"2 names \(hard links\).*copy it"):
            write(path, b"new")

    assert b"old" == (tmp_path / "b").read_bytes()


@POSIX
@pytest.mark.parametrize("write", [write_file, append_file, create_file])
@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_is_not_written_through(tmp_path, write, dangling):
    """Whether there is something at its end or not."""
    target = tmp_path / "target"
    if not dangling:
        target.write_bytes(b"theirs")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(OSError, match=r"link|exists"):
        write(tmp_path / "link", b"new")

    assert dangling != target.exists()
    assert dangling or b"theirs" == target.read_bytes()


@POSIX
@pytest.mark.parametrize("write", [write_file, append_file])
def test_a_pipe_is_not_written_into(tmp_path, write):
    """And holds nobody up."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match=r"no regular file|No such device"):
        write(tmp_path / "pipe", b"new")


def test_a_read_only_file_stays(tmp_path):
    """Whoever took the right away meant it."""
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        write_file(path, b"new")
    path.chmod(0o644)

    assert b"old" == path.read_bytes()


def test_a_new_file_takes_no_name_that_is_taken(tmp_path):
    """Not even that of an empty file."""
    (tmp_path / "a").write_bytes(b"")
    for make in (lambda p: create_file(p, b"x"), open_new):
        with pytest.raises(FileExistsError):
            make(tmp_path / "a")

    assert b"" == (tmp_path / "a").read_bytes()


def test_lines_are_added_and_a_cut_one_is_ended(tmp_path):
    """A run that was killed may have left half a line."""
    path = tmp_path / "log.jsonl"
    append_file(path, b"one\n")
    with path.open("ab") as file:
        file.write(b"tw")
    append_file(path, b"three\n")

    assert b"one\ntw\nthree\n" == path.read_bytes()


@POSIX
@pytest.mark.parametrize("write", [write_file, append_file])
def test_no_link_leads_out_of_a_root(tmp_path, write):
    """Neither the folder of the file nor one above it."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "in").mkdir(parents=True)
    outside.mkdir()
    (root / "out").symlink_to(outside)
    (root / "in" / "out").symlink_to(outside)
    (root / "loop").symlink_to(root / "loop")
    for folder in ("out", "in/out", "in/../..", "loop"):
        with pytest.raises(OSError):
            write(root / folder / "a", b"x", root=root)
    with pytest.raises(LeadsOutError, match="leads out of the workspace"):
        write(root / "out" / "a", b"x", root=root)

    assert [] == list(outside.iterdir())


@POSIX
def test_a_folder_that_becomes_a_link_is_not_entered(tmp_path, monkeypatch):
    """What was looked at is what is written into: no part of the path is followed again."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "in").mkdir(parents=True)
    outside.mkdir()
    real = os.open

    def swap(path, *rest, **more):
        if path == "in":
            (root / "in").rmdir()
            (root / "in").symlink_to(outside)
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(OSError):
        write_file(root / "in" / "a", b"x", root=root)

    assert [] == list(outside.iterdir())


def test_folders_below_a_root_are_made_for_a_log(tmp_path):
    """`.self-refine` is there when the first line is written."""
    append_file(tmp_path / ".self-refine" / "a.jsonl", b"x\n", mode=0o666, root=tmp_path)

    assert b"x\n" == (tmp_path / ".self-refine" / "a.jsonl").read_bytes()


@POSIX
def test_drafts_of_killed_runs_are_removed(tmp_path):
    """Those of now and those of earlier versions; nothing else that looks a little like them."""
    gone = [
        ".self-refine-0123456789abcdef",
        f".{os.getpid()}.self-refine",
        f".{dead()}.self-refine",
    ]
    stays = [
        ".self-refine",
        ".self-refine-1",
        ".x.self-refine",
        ".12345678901.self-refine",
        ".self-refine-0123456789ABCDEF",
        "1.self-refine",
        f".{os.getppid()}.self-refine",
    ]
    for name in gone + stays:
        (tmp_path / name).write_bytes(b"draft")
    (tmp_path / ".2.self-refine").symlink_to(tmp_path / ".x.self-refine")
    (tmp_path / ".self-refine-00000000000000ff").mkdir()
    write_file(tmp_path / "a", b"x")

    left = {path.name for path in tmp_path.iterdir()}
    assert {*stays, ".2.self-refine", ".self-refine-00000000000000ff", "a"} == left


@POSIX
def test_a_draft_that_is_being_written_stays(tmp_path):
    """Another process has it locked."""
    code = (
        "import sys; from pathlib import Path; from self_refine.drafts import new_draft\n"
        "from self_refine.folder_handle import FolderHandle\n"
        "print(new_draft(FolderHandle(Path(sys.argv[1])), 0o600)[0], flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        draft = tmp_path / other.stdout.readline().strip()
        write_file(tmp_path / "a", b"x")
        assert draft.exists()
        other.kill()
        other.wait()
        write_file(tmp_path / "a", b"y")
        assert not draft.exists()


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "fchmod"])
def test_a_write_that_fails_leaves_all_as_it_was(tmp_path, monkeypatch, call):
    """A full disk, or one that goes away."""
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    if not hasattr(os, call):
        pytest.skip(f"os has no {call} here")
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="No space left"):
        write_file(path, b"new")
    monkeypatch.undo()

    assert b"old" == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


@POSIX
def test_no_descriptor_is_left_open(tmp_path):
    """Neither where it succeeds nor where it fails."""
    folder = Path("/proc/self/fd" if sys.platform == "linux" else "/dev/fd")
    path = tmp_path / "a"
    path.write_bytes(b"x")
    before = len(list(folder.iterdir()))
    write_file(path, b"y")
    append_file(path, b"y")
    create_file(tmp_path / "b", b"")
    os.link(path, tmp_path / "c")
    for write in (write_file, append_file):
        with pytest.raises(HardLinkError):
            write(path, b"z")
        with pytest.raises(OSError):
            write(tmp_path / "none" / "a", b"z", root=tmp_path / "gone")
    with pytest.raises(ChangedError):
        write_file(tmp_path / "b", b"z", was=b"other")

    assert before == len(list(folder.iterdir()))


@POSIX
def test_a_folder_of_the_users_own(tmp_path):
    """Nobody else may enter it."""
    private_folder(tmp_path / "a" / "b")
    private_folder(tmp_path / "a" / "b")

    assert 0o700 == mode_of(tmp_path / "a" / "b")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="exists"):
        private_folder(tmp_path / "file")


@POSIX
def test_processes_that_run_are_known():
    """Ours does, one that has ended does not, and no number is too large to ask."""
    assert is_running(os.getpid())
    assert not is_running(dead())
    assert not is_running(9_999_999_999)
    assert not is_running(0)


def dead():
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    return ended.pid
