"""Faults of what surrounds a run: disk, log, clock, settings (F35-F37)."""

import os
import subprocess
from pathlib import Path

import pytest

from support.editing import at_home, editing
from support.lsp_client import CAPABILITIES, SERVE, environment, served_with

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
TEXT = "We utilise it."
REFINED = "We use it."


def shell(words):
    """The server as a shell starts it; `words` end with what the shell is to run."""
    return ("sh", "-c", words, "sh", *SERVE)


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
    command = ("sh", "-c", 'exec "$@" 2>&-', "sh", *served_with(COMPLAINING))
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
    # Python would keep the half of a compiled module that fits, and no later import could read it.
    env = {"PYTHONDONTWRITEBYTECODE": "1"}
    with editing(tmp_path, command=shell(f'ulimit -f {blocks}; exec "$@"'), env=env) as at:
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
right, turns = time.time, itertools.count()
time.time = lambda: right() + (0, 3e6, -3e6)[next(turns) % 3]
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
    with editing(tmp_path, command=served_with(clock), options=options) as at:
        check_works(at)
        at.model.script.append({"hang": True})
        at.open("other.md", other := "They utilise it.")  # TEXT was judged already
        at.run()
        at.wait_shown("firstByteSeconds")
        assert at.text == other
        assert at.model.asked[-1].left.wait(5)


PUSHED = CAPABILITIES | {"workspace": {**CAPABILITIES["workspace"], "configuration": False}}
"""A client that sends its settings by itself, so that what follows comes after them."""
OURS = {"extensions": True, "trusted": True}


def push(at, **values):
    """The client's settings are these from now on."""
    settings = {"settings": {"selfRefine": values}}
    at.client.notify("workspace/didChangeConfiguration", settings)


def test_f37_a_run_keeps_the_settings_that_it_began_with(tmp_path):
    """Changed while it works: it lands as it was to, and the next one waits."""
    with editing(tmp_path, capabilities=PUSHED, seconds_per_token=0.02) as at:
        at.open("memo.md", TEXT)
        run = at.refine()
        at.model.wait_for(1)
        push(at, review="hold", passes=1)
        at.wait_end(run)
        at.wait_text(REFINED)
        assert not any("of 1" in p.get("message", "") for p in at.progress(run))
        at.client.change(at.uri, (0, len(REFINED), TEXT))
        second = at.run()
        at.wait_shown("your setting is to review before anything changes")
        assert at.text == TEXT
        assert any("pass 1 of 1" in p.get("message", "") for p in at.progress(second))


def test_f37_a_setting_that_is_wrong_leaves_what_was_right(tmp_path):
    """The last good value stands, the log says what is wrong; unset means the default again."""
    with editing(tmp_path, capabilities=PUSHED) as at:
        at.open("memo.md", TEXT)
        push(at, review="hold")
        push(at, review="sometimes")
        at.client.wait(lambda: logged(at, "review is 'sometimes', but it must be one of"))
        at.run()
        at.wait_shown("your setting is to review before anything changes")
        assert at.text == TEXT
        push(at)
        at.choose("Discard")
        at.run()
        at.wait_text(REFINED)


def test_f37_a_file_that_breaks_leaves_what_it_said(tmp_path):
    """The user's file is in the middle of an edit when settings are read again."""
    file = config_file(tmp_path / "home")
    file.parent.mkdir(parents=True)
    file.write_text('review = "hold"\n', encoding="utf-8")
    with editing(tmp_path, options=OURS) as at:
        at.open("memo.md", TEXT)
        file.write_text('review = "ho', encoding="utf-8")
        at.client.notify("selfRefine/optionsChanged", OURS)
        at.client.wait(lambda: logged(at, f"{file} is ignored"))
        at.run()
        assert "Accept the refined text" in at.titles(at=3)
        assert at.text == TEXT


def config_file(home):
    """Where a server below this folder has its settings, as it says itself."""
    code = "from self_refine.settings import config_path; print(config_path())"
    said = subprocess.run(
        (*SERVE[:2], "-c", code),
        env=environment() | at_home(home),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return Path(said.stdout.strip())


def test_f37_a_new_key_is_used_by_the_next_run(tmp_path):
    """Rotated while a run works: that run ends with the old one, the next begins with the new."""
    with editing(tmp_path, options=OURS, seconds_per_token=0.02) as at:
        ours = OURS | {"apiKeyFor": at.model.url}
        at.client.notify("selfRefine/optionsChanged", ours | {"apiKey": "sk-old"})
        at.open("memo.md", TEXT)
        run = at.refine()
        at.model.wait_for(1)
        at.client.notify("selfRefine/optionsChanged", ours | {"apiKey": "sk-new"})
        at.wait_end(run)
        at.wait_text(REFINED)
        first = len(at.model.asked)
        at.open("other.md", "They commence it.")  # what was judged already is not asked again
        at.run(command="critique")
        keys = [request.headers["authorization"] for request in at.model.asked]
        assert set(keys[:first]) == {"Bearer sk-old"}
        assert set(keys[first:]) == {"Bearer sk-new"}
        assert "sk-" not in "".join(at.client.stderr)
