"""Faults of what surrounds a run: disk, log, clock, settings (F35-F37)."""

import os
from pathlib import Path

import pytest

from support.editing import editing
from support.lsp_client import SERVE, WITH

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
TEXT = "We utilise it."
REFINED = "We use it."


def shell(words):
    """The server as a shell starts it; `words` end with what the shell is to run."""
    return ("sh", "-c", words, "sh", *SERVE)


def with_(body):
    """A server with features of a test beside its own."""
    return (*SERVE[:2], "-c", WITH.format(body=body))


def check_works(at, name="memo.md"):
    """A run ends well, and lands."""
    at.open(name, TEXT)
    assert at.wait_end(at.refine()).endswith("approved")
    at.wait_text(REFINED)


def logged(at, words):
    """How many lines with these words reached the editor's log."""
    return sum(words in p["message"] for p in at.client.sent("window/logMessage"))


@posix
@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"], ids=["closed", "full"])
def test_f35_a_log_that_cannot_be_written(tmp_path, where):
    """Standard error closed, or on a full disk: runs work, the editor's log has what is said."""
    if where.endswith("/full") and not Path("/dev/full").exists():
        pytest.skip("no device that is always full here")
    home = tmp_path / "home"
    home.mkdir()
    (home / "state").write_text("a file where the folder should be", encoding="utf-8")
    command = shell(f'exec "$@" {where}')
    with editing(tmp_path, command=command, options={"logLevel": "debug"}) as at:
        check_works(at)
        check_works(at, "other.md")
        assert logged(at, "This run leaves no trace") == 2


@posix
def test_f35_a_closed_standard_error_is_nobody_elses(tmp_path):
    """What complains to a closed standard error does not write into the editor's pipe."""
    command = ("sh", "-c", 'exec "$@" 2>&-', "sh", *with_(COMPLAINING))
    with editing(tmp_path, command=command) as at:
        assert at.client.request("test/where", {}) == [os.devnull] * 3
        check_works(at)


COMPLAINING = """
    os.write(2, b"a library complains")
    os.system("echo so does its child >&2")
    @server.feature("test/where")
    def where(params):
        return ["/dev/null" if os.path.sameopenfile(n, 0) else str(os.fstat(n)) for n in range(3)]
"""


def test_f35_a_state_folder_that_cannot_be_made(tmp_path):
    """Runs work without a trace; that is said once for each, what goes where once in all."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("state", "local", "Library"):
        (home / name).write_text("a file where the folder should be", encoding="utf-8")
    with editing(tmp_path) as at:
        check_works(at)
        assert logged(at, "This run leaves no trace") == 1
        run = at.run(command="critique")
        assert logged(at, "This run leaves no trace") == 2
        assert logged(at, "What was said on first use is not remembered") == 1
        assert sum("First use" in said for said in at.client.shown()) == 1
        assert isinstance(at.client.command("showTrace", {"runId": run}), str)
        assert isinstance(at.client.command("explain", {"uri": at.uri}), str)


@posix
@pytest.mark.parametrize("blocks", [0, 1])
def test_f35_a_disk_that_is_full(tmp_path, blocks):
    """No file can grow beyond so many blocks: runs work, their traces end with one warning."""
    with editing(tmp_path, command=shell(f'ulimit -f {blocks}; exec "$@"')) as at:
        check_works(at)
        assert logged(at, "The trace of this run ends here") == 1
        run = at.run(command="critique")
        assert logged(at, "The trace of this run ends here") == 2
        assert "Traceback" not in at.client.command("showTrace", {"runId": run})
        at.client.command("explain", {"uri": at.uri, "runId": run})
        at.client.request("textDocument/hover", _start(at))
        assert not [s for s in at.client.shown() if "defect" in s.lower()]


def _start(at):
    return {"textDocument": {"uri": at.uri}, "position": {"line": 0, "character": 0}}


JUMPS = """
    import itertools, time
    real, turns = time.time, itertools.count()
    time.time = lambda: real() + (0, 3e6, -3e6)[next(turns) % 3]
"""
STANDS = """
    import time
    now = time.time()
    time.time = lambda: now
"""


@pytest.mark.parametrize("clock", [JUMPS, STANDS], ids=["jumps", "stands still"])
def test_f36_the_clock_on_the_wall_decides_nothing(tmp_path, clock):
    """Whatever it shows: runs that go on are not ended, deadlines that have passed end a run."""
    options = {"firstByteSeconds": 1}
    with editing(tmp_path, command=with_(clock), options=options) as at:
        check_works(at)
        at.model.script.append({"hang": True})
        at.open("other.md", TEXT)
        at.run()
        at.wait_shown("firstByteSeconds")
        assert at.text == TEXT
        assert at.model.asked[-1].left.wait(5)
