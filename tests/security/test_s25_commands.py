"""S25, S26: a test suite that means harm, and a repository that would like to run one.

Every suite here is bounded by itself: it forks some dozens of times and writes some megabytes,
so that a machine on which the defence fails is only a test that fails.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from self_refine.loop.types import Verdict
from self_refine.tools.running import run_command
from self_refine.tools.scratch import scratch_view
from support.workplace import FIXED, contents, project, python, runs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces, /proc: Linux")

KILLS = max(1, int(os.environ.get("SELF_REFINE_KILLS", "20")) // 4)
MARK = "self-refine-hostile"
FORKS = """
import os, sys, time
for _ in range(5):
    os.fork()
try:
    os.setsid()
except OSError:
    pass
for _ in range(600):
    time.sleep(0.1)
"""
ONE_LEAVES = f"""
import os, subprocess, sys
subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)", "{MARK}"],
                 start_new_session=True)
"""


@pytest.fixture(params=["namespace", "copy"])
def root(request, tmp_path, monkeypatch):
    root = project(tmp_path / "work")
    if request.param == "copy":
        monkeypatch.setitem(scratch_view._ways, root, "copy")
    elif scratch_view.ScratchView(root).way != "namespace":
        pytest.skip("this system lets nobody make namespaces")
    return root


@pytest.fixture
def alone(tmp_path):
    """A project whose commands have namespaces of their own."""
    root = project(tmp_path / "work")
    if scratch_view.ScratchView(root).way != "namespace":
        pytest.skip("this system lets nobody make namespaces")
    return root


def judged(root, code, **keys):
    """What comes of a hostile command that reads the document, and so needs no probe."""
    commands = runs(root)
    try:
        (result,) = commands.results([python(code, stdin="document", **keys)], FIXED)
    finally:
        commands.close()
    return result


def marked(words=MARK):
    """Processes that were started with these words."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and words in (entry / "cmdline").read_text("utf-8", "replace"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_s25_a_child_that_leaves_its_group_is_ended(root):
    """setsid is no way out, neither where the command ends by itself nor where time is up."""
    assert Verdict.PASS is judged(root, ONE_LEAVES).verdict
    assert [] == marked()
    late = judged(root, f"{ONE_LEAVES}\nimport time; time.sleep(60)", seconds=1)
    assert "took longer than 1 s" in late.reason
    assert [] == marked()


def test_s25_forks_are_counted_and_all_ended(root, monkeypatch):
    """32 processes, where 10 are allowed."""
    monkeypatch.setattr(run_command, "PROCESSES", 10)
    words = f"{FORKS}\n# {MARK}"

    result = judged(root, words, seconds=30)

    assert Verdict.NOT_CHECKED is result.verdict
    assert "processes" in result.reason
    assert [] == marked()


def test_s25_a_flood_of_output_is_cut_and_read_to_its_end(root):
    """What is kept is a megabyte; the command never waits for a reader."""
    code = (
        "import sys\nfor _ in range(64): sys.stdout.write('x' * 1_000_000 + chr(10))\nsys.exit(1)"
    )

    result = judged(root, code)

    assert Verdict.FAIL is result.verdict
    assert all(len(f.output) < 20_000 and len(f.problem) < 1_000 for f in result.findings)


def test_s25_nothing_outside_of_its_own_view_is_written(alone, tmp_path):
    """Not the workspace, not `.git`, not what lies beside it, not the home, not the system."""
    beside = tmp_path / "beside"
    beside.write_text("as it was")
    (alone / ".git" / "config").write_text("[core]\n")
    places = [alone / "src" / "shop.py", alone / ".git" / "config", alone / "new", beside,
              tmp_path / "new", Path.home() / MARK, Path("/etc") / MARK]  # fmt: skip
    before = contents(tmp_path)
    code = f"""
for place in {list(map(str, places))!r}:
    try:
        open(place, "w").write("pwned")
    except OSError:
        pass
"""

    assert Verdict.PASS is judged(alone, code).verdict

    assert before == contents(tmp_path)
    assert not any(place.exists() for place in places[-2:])


def test_s25_nobody_is_reached_over_the_network(alone):
    """Not even a server on the loopback of the machine."""
    import socket  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        refused = judged(alone, code)
        allowed = judged(alone, code, network=True)

    assert Verdict.FAIL is refused.verdict
    assert Verdict.PASS is allowed.verdict


def test_s25_no_other_process_is_seen_or_ended(alone):
    with subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"]) as other:
        code = f"import os, signal; os.kill({other.pid}, signal.SIGKILL)"
        result = judged(alone, code)
        assert other.poll() is None
        other.kill()

    assert Verdict.FAIL is result.verdict


def test_s25_memory_is_bounded(alone, monkeypatch):
    monkeypatch.setattr(run_command, "MEMORY", 200 * 1024**2)

    result = judged(alone, "x = bytearray(400_000_000)")

    assert "MemoryError" in result.findings[0].problem


def test_s25_escapes_and_secrets_do_not_leave_as_they_are(root):
    """What is shown and sent is plain."""
    code = "import sys; print('\\x1b[31mred\\x07 \\u202e'); sys.exit(1)"

    (found,) = judged(root, code).findings

    assert not any(ord(c) < 32 and c != "\n" for c in found.problem + found.output)
    assert "\u202e" not in found.problem + found.output


def test_s25_a_report_that_is_a_link_or_a_pipe_is_not_read(root):
    code = "import os, sys; os.symlink('/etc/hostname', sys.argv[1])"
    check = python(code, stdin="document", parse="junit")
    from dataclasses import replace  # noqa: PLC0415

    commands = runs(root)
    (result,) = commands.results([replace(check, run_=(*check.run_, "{report}"))], FIXED)
    commands.close()

    assert Verdict.NOT_CHECKED is result.verdict


RUNS = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from support.workplace import FIXED, python, runs
from self_refine.tools.scratch import scratch_view
root = Path({root!r})
scratch_view._ways[root] = {way!r}
commands = runs(root, hear=lambda *_: print("runs", flush=True))
code = {code!r}
commands.results([python(code, stdin="document")], FIXED)
"""


@pytest.mark.parametrize("way", ["namespace", "copy"])
def test_s25_nothing_outlives_the_program_that_was_killed(way, tmp_path):
    """SIGKILL at any moment: no process is left, and the tree is as it was."""
    root = project(tmp_path / "work")
    if way == "namespace" and scratch_view.ScratchView(root).way != "namespace":
        pytest.skip("this system lets nobody make namespaces")
    before = contents(root)
    mark = f"{MARK}-{tmp_path.name}"
    code = f"{ONE_LEAVES.replace(MARK, mark)}\nimport time; time.sleep(60)  # {mark}"
    path = [str(Path(__file__).parents[1])]
    program = RUNS.format(path=path, root=str(root), way=way, code=code)
    for n in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
            assert process.stdout.readline()
            if n % 2:  # when the command itself is there
                wait_for(lambda: marked(mark), process)
            process.send_signal(signal.SIGKILL)
            process.wait()
        wait_for(lambda: not marked(mark))
    assert before == contents(root)


def wait_for(true, process=None, seconds=30):
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        assert process is None or process.poll() is None
        time.sleep(0.01)


def test_s26_a_repository_cannot_keep_its_own_trust(tmp_path):
    """What is kept in the workspace, or is of another shape, allows nothing."""
    from self_refine.tools.trust.trust_store import NotAsked, TrustStore  # noqa: PLC0415
    from self_refine.tools.trust.wanted import wanted  # noqa: PLC0415

    root = project(tmp_path / "work")
    asked = wanted(python("pass"), root, "team.criteria.md", root / "suite.py", "0")
    state = tmp_path / "state"
    TrustStore(root).allow(asked)
    state.mkdir()
    for words in ("[]", "{", '{"allowed": 7}', '{"allowed": [{}, 7, {"argv": []}]}'):
        (state / "commands.json").write_text(words)
        assert isinstance(TrustStore(state).trust(asked), NotAsked)
