"""Hole 4: criteria files took the editor down on opening. Checks run in a process of their own."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import psutil
import pytest

from self_refine.checks.registry import run_checks
from self_refine.checks.search.patterns import BadPattern, Pattern, compile_pattern
from self_refine.checks.subject import Subject
from self_refine.criteria.finding import discover
from self_refine.criteria.reading.problem_collector import MOST_PROBLEMS
from self_refine.editor.diagnostics.publisher import MOST_SHOWN
from self_refine.loop.types import Verdict
from self_refine.runs import check_worker
from self_refine.runs.check_process import CheckProcess, Overrun
from support.command import Session
from support.editing import editing
from support.sleeper import Sleeper

HEAD = "---\ncriteria: 1\ntitle: T\nchecks:\n"
RULE = "\n---\n\n- **a** (error): Is it long?\n"
PLAIN = "  - {kind: words, id: plain, severity: warning, swap: {in order to: to}}\n"
HOSTILE = r"(?i)(?:\pL{1,30}\pN{1,30}){1,30}"


def criteria(*checks):
    return HEAD + "".join(checks) + RULE.lstrip("\n")


def files(*checks):
    return {"criteria/mail.criteria.md": criteria(*checks)}


def regex(name, pattern):
    return f"  - {{kind: regex, id: {name}, pattern: '{pattern}'}}\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "criteria"
    folder.mkdir()
    (folder / "mail.criteria.md").write_text(criteria(PLAIN, regex("foo", r"\bfoo\b")))
    return tmp_path


@pytest.fixture
def process():
    one = CheckProcess(seconds=20)
    yield one
    one.close()


SUBJECT = Subject(text="In order to foo.", original="In order to foo.", language="markdown")


def test_h04_the_process_says_what_this_one_would(root, process):
    """Files, problems and results are the same."""
    library = process.team(root)

    assert library == discover.discover(root)
    checks = library.files[0].checks
    assert process.run(checks, SUBJECT) == run_checks(checks, SUBJECT)
    assert process.protected((r"\bfoo\b",), "a foo") == ("foo",)


def test_h04_nothing_is_compiled_in_the_process_that_answers(root, process, monkeypatch):
    """Reading, running and pickling leave RE2 alone."""
    checks = process.team(root).files[0].checks

    def compiled(*_):
        raise AssertionError

    monkeypatch.setattr("self_refine.checks.search.patterns._regexp", compiled)
    [_, found] = process.run(checks, SUBJECT)
    assert found.verdict is Verdict.FAIL


def test_h04_a_pattern_that_grows_when_compiled_is_refused():
    """568 bytes compiled for 13.7 seconds; now what takes more than a megabyte is an error."""
    bad = compile_pattern(HOSTILE)

    assert isinstance(bad, BadPattern)
    assert "too large" in bad.message
    assert isinstance(compile_pattern(r"\b\w{1,40}\b"), Pattern)


def slow_child(monkeypatch):
    """Let the child import `support.sleeper` as well."""
    from self_refine.runs import check_process  # noqa: PLC0415 - patched here alone

    here = str(Path(__file__).parents[1])
    known = check_process._search_path
    monkeypatch.setattr(check_process, "_search_path", lambda: [*known(), here])


def test_h04_a_check_that_overruns_is_named_and_the_others_run(root, monkeypatch):
    """It is not tried again for every key that is typed."""
    slow_child(monkeypatch)
    process = CheckProcess(seconds=30)
    try:
        checks = (*process.team(root).files[0].checks, Sleeper())
        process.run(checks[:2], SUBJECT)
        process._seconds = 5
        first = process.run(checks, SUBJECT)
        second = process.run(checks, SUBJECT)
    finally:
        process.close()

    assert [r.verdict for r in first] == [Verdict.FAIL, Verdict.FAIL, Verdict.NOT_CHECKED]
    assert "longer than 5 seconds" in first[2].reason
    assert second == first
    assert process._bad


@pytest.mark.skipif(os.name == "nt", reason="memory is not limited on Windows")
def test_h04_the_child_has_a_limit_of_memory(process):
    """200 patterns took 1.1 GB."""
    process.start()
    limits = Path(f"/proc/{process._child.pid}/limits")
    if not limits.exists():
        pytest.skip("limits of another process are not shown here")
    lines = limits.read_text().splitlines()
    line = next(line for line in lines if line.startswith("Max address space"))
    assert str(check_worker.MEMORY) in line


def test_h04_a_child_that_dies_is_started_anew(root, process):
    """A defect of a library ends one request, not the server."""
    process.start()
    process._child.kill()
    process._child.wait()

    assert [file.id for file in process.team(root).files] == ["mail"]


def test_h04_closing_answers_whoever_waits(monkeypatch, root):
    """Ctrl-C and shutdown wait for no check."""
    slow_child(monkeypatch)
    process = CheckProcess(seconds=60)
    process.start()
    answers = []
    work = threading.Thread(target=lambda: answers.append(process.run((Sleeper(),), SUBJECT)))
    work.start()
    while not process._turn.locked():
        pass
    process.close()
    work.join(10)

    assert not work.is_alive()
    assert answers[0][0].verdict is Verdict.NOT_CHECKED


def test_h04_what_a_child_says_makes_no_object_of_others(process):
    """The child has read what a stranger wrote: its words are values of ours and no calls."""
    import io  # noqa: PLC0415 - this test's own
    import pickle  # noqa: PLC0415 - as above

    from self_refine.runs.check_process import _Values  # noqa: PLC0415 - as above

    class Evil:
        def __reduce__(self):
            return os.system, ("true",)

    for value in (Evil(), subprocess.Popen, compile_pattern):
        with pytest.raises(pickle.UnpicklingError):
            _Values(io.BytesIO(pickle.dumps(value))).load()


def test_h04_members_are_taken_as_early_pythons_pickle_them():
    """Python 3.11.0 to 3.11.3 pickle a member of an enumeration as `getattr(kind, name)`."""
    import io  # noqa: PLC0415 - beside its use
    import pickle  # noqa: PLC0415 - as above

    from self_refine.runs.check_process import _Values  # noqa: PLC0415 - as above

    def pickled(kind, name):
        call = type("Call", (), {"__reduce__": lambda _: (getattr, (kind, name))})()
        return io.BytesIO(pickle.dumps(call))

    assert _Values(pickled(Verdict, "PASS")).load() is Verdict.PASS
    for kind, name in ((Verdict, "__init__"), (CheckProcess, "run")):
        with pytest.raises(pickle.UnpicklingError):
            _Values(pickled(kind, name)).load()


def test_h04_a_draft_that_overruns_is_a_problem(monkeypatch, process):
    """What is being typed is read there as well."""
    monkeypatch.setattr(process, "_ask", lambda *_: Overrun("", "it took too long"))
    got = process.draft("x", Path("/w/a.criteria.md"), "a", None)
    assert got == Overrun("", "it took too long")
    assert process._bad


def test_h04_problems_of_a_file_are_capped_and_counted(tmp_path):
    """Two files gave 40,000 diagnostics."""
    folder = tmp_path / "criteria"
    folder.mkdir()
    keys = "".join(f"nonsense{n}: 1\n" for n in range(MOST_PROBLEMS + 300))
    (folder / "a.criteria.md").write_text(f"---\ncriteria: 1\n{keys}---\n\n- Is it long?\n")
    problems = discover.discover(tmp_path).problems

    assert len(problems) == MOST_PROBLEMS + 1
    assert "more problems" in problems[-1].message


def test_h04_a_workspace_has_a_limit_of_checks(tmp_path, monkeypatch):
    """The file that goes over it is named."""
    monkeypatch.setattr(discover, "_MOST_CHECKS", 3)
    folder = tmp_path / "criteria"
    folder.mkdir()
    for name in ("a", "b"):
        text = criteria(PLAIN, regex("foo", "foo"))
        (folder / f"{name}.criteria.md").write_text(text)
    library = discover.discover(tmp_path)

    assert [file.id for file in library.files] == ["a"]
    assert "more than 3 checks" in library.problems[-1].message


def test_h04_one_message_has_a_limit_of_diagnostics(tmp_path):
    """And says how many more there are."""
    checks = [f"  - {{kind: words, id: w{n}, swap: {{in order to: 'to{n}'}}}}\n" for n in range(8)]
    with editing(tmp_path, files=files(*checks)) as at:
        at.open("memo.md", "Then in order to go. " * 400)
        at.client.wait(lambda: len(at.client.diagnostics(at.uri) or ()) > MOST_SHOWN)
        shown = at.client.diagnostics(at.uri)
        assert len(shown) == MOST_SHOWN + 1
        assert "more problems are not shown" in shown[-1]["message"]


def test_h04_an_untrusted_workspace_is_not_read(tmp_path):
    """Nothing is compiled, live checks are off, and the log says so; trust brings them."""
    options = {"trusted": False}
    with editing(tmp_path, files=files(PLAIN), options=options) as at:
        at.open("memo.md", "Write in order to ship.\n")
        at.open("criteria/new.criteria.md", criteria(regex("bad", "(")))
        at.client.wait(
            lambda: any("not trusted" in m["message"] for m in at.client.sent("window/logMessage"))
        )
        assert at.client.sent("textDocument/publishDiagnostics") == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_h04_ctrl_c_ends_a_check_at_the_prompt(tmp_path):
    """Neither `maxSeconds` nor Ctrl-C did: fifty of these take minutes."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    session = Session(folder, home)
    session.put("mail.md", "abba " * 2_000_000)
    slow = "  - {{kind: regex, id: r{}, pattern: '(a)(b*)( *)', max: 99999999}}\n"
    session.put("criteria/mail.criteria.md", criteria(*(slow.format(n) for n in range(99))))
    running = subprocess.Popen(
        session.command("refine", "mail.md", "--criteria", "mail"),
        cwd=folder,
        env=session.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    parent = psutil.Process(running.pid)
    while not any(child.cpu_times().user > 0.8 for child in parent.children()):
        assert running.poll() is None, "it ended by itself"
    running.send_signal(signal.SIGINT)
    _, rest = running.communicate(timeout=30)
    assert running.returncode == 130, rest
