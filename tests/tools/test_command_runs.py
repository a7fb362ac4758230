"""Commands judge a candidate that stands at its path and nowhere else."""

import sys

import pytest

from self_refine.loop.types import Severity, Verdict
from self_refine.tools.scratch import scratch_view
from support.workplace import FIXED, SUITE, TOTAL, check, contents, project, python, runs


@pytest.fixture(params=["namespace", "copy"])
def root(request, tmp_path, monkeypatch):
    """A project whose commands see it in one of the two ways."""
    root = project(tmp_path / "work")
    if request.param == "copy":
        monkeypatch.setitem(scratch_view._ways, root, "copy")
    elif scratch_view.ScratchView(root).way != "namespace":
        pytest.skip("this system lets nobody make namespaces")
    return root


def one(root, text, of=None, **more):
    """What one command says of a candidate."""
    commands = runs(root, **more)
    try:
        (result,) = commands.results([of or check()], text)
    finally:
        commands.close()
    return result


def test_a_candidate_is_judged_at_its_path_and_nothing_is_written(root):
    """The suite sees the candidate; the user's tree is as it was."""
    before = contents(root)

    assert Verdict.PASS is one(root, FIXED).verdict
    failed = one(root, TOTAL)
    assert Verdict.FAIL is failed.verdict
    assert ["total gives 4, not 3", "total gives 1, not 0"] == [
        f.problem.partition("fails: ")[2] for f in failed.findings
    ]
    assert {"def total(prices):"} == {f.quote for f in failed.findings}
    assert all("assert got == wanted" in f.output for f in failed.findings)
    assert before == contents(root)


def test_a_failure_stands_on_the_line_that_its_traceback_names(root):
    broken = TOTAL.replace("result += price", "result += price / 0")

    found = one(root, broken).findings

    assert "result += price / 0" == found[0].quote


def test_a_program_that_is_none_is_a_finding(root):
    assert Verdict.FAIL is one(root, "def total(:\n").verdict


def test_what_failed_before_and_names_nothing_of_the_selection_withholds_nothing(tmp_path):
    """The team's own debts are remarks; what is new counts, wherever it stands."""
    debt = 'case("test_debt", 1, lambda: 2 - 2 + int("0"))\n'.replace("total", "x")
    suite = SUITE.replace("total gives", "it gives").replace(
        "pathlib.Path(report)", debt + "pathlib.Path(report)", 1
    )
    root = project(tmp_path / "work", suite)

    result = one(root, FIXED)
    assert Verdict.PASS is result.verdict
    assert [Severity.INFO] == [f.severity for f in result.findings]
    assert "failed before" in result.findings[0].problem

    new = suite.replace('int("0"))', '(1 if "= 0" not in open("src/shop.py").read() else 0))')
    (root / "suite.py").write_text(new, encoding="utf-8")
    assert Verdict.FAIL is one(root, FIXED).verdict


def test_a_command_that_does_not_look_at_the_candidate_says_nothing(tmp_path):
    """The planted error proves it: an installed copy of the project is not the candidate."""
    root = project(tmp_path / "work", SUITE.replace('"src"', '"installed"'))
    (root / "installed").mkdir()
    (root / "installed" / "shop.py").write_text("def total(x):\n    return sum(x)\n")

    result = one(root, FIXED)

    assert Verdict.NOT_CHECKED is result.verdict
    assert "does not look at the candidate" in result.reason


def test_a_test_that_fails_only_once_does_not_count(tmp_path):
    """A flaky test is run once more, and was none."""
    mark = tmp_path / "mark"
    flaky = (
        SUITE.replace("    result = 1", "")
        + f"import os\nos.path.exists({str(mark)!r}) or open({str(mark)!r}, 'w')\n"
    )
    root = project(tmp_path / "work", flaky)
    seen = []

    commands = runs(root, hear=lambda check, at: seen.append(check))
    (result,) = commands.results([check()], FIXED)
    commands.close()

    assert Verdict.PASS is result.verdict
    # The original fails and is run twice, the planted error once, the candidate once.
    assert 4 == len(seen)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import time; time.sleep(99)", "took longer than 0.5 s"),
        ("raise SystemExit(3)", "exited with 3 and reported nothing"),
        ("import os; os.kill(os.getpid(), 9)", "signal 9"),
        ("print('no xml')", "its report is no XML"),
    ],
)
def test_what_ends_oddly_is_not_checked(tmp_path, code, reason):
    """Nothing parsed is never a pass."""
    root = project(tmp_path / "work")
    parse = "junit" if "xml" in code else "json"
    code = code if parse == "junit" else f"print('[]', flush=True); {code}"

    result = one(root, FIXED, python(code, parse=parse, seconds=0.5 if "sleep" in code else 30))

    assert Verdict.NOT_CHECKED is result.verdict
    assert reason in result.reason


def test_a_missing_tool_and_one_that_is_not_allowed_are_not_checked(tmp_path):
    root = project(tmp_path / "work")

    missing = one(root, FIXED, check("no-such-tool-7"))
    refused = one(root, FIXED, refused={"team/tests": "not allowed"}.items())

    assert "no-such-tool-7 was not found" in missing.reason
    assert "not allowed" == refused.reason


def test_the_environment_is_an_allow_list(tmp_path, monkeypatch):
    """Keys do not reach a command, nor does anything that nobody named."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("SOME_OTHER", "x")
    monkeypatch.setenv("NAMED", "wanted")
    root = project(tmp_path / "work")
    code = (
        "import os, json; print(json.dumps([{'message': name} for name in os.environ "
        "if name in ('OPENAI_API_KEY', 'SOME_OTHER', 'NAMED', 'CI')]))"
    )

    result = one(root, FIXED, python(code, parse="json", stdin="document", env=("NAMED",)))

    assert {"NAMED", "CI"} == {f.problem for f in result.findings}


def test_a_linter_reads_the_document_from_standard_input(tmp_path):
    """Places are the document's; findings are the selection's own."""
    root = project(tmp_path / "work")
    code = (
        "import json, sys; lines = sys.stdin.read().split(chr(10)); print(json.dumps(["
        "{'line': n, 'column': 5, 'message': 'one', 'rule': 'R1'} "
        "for n, line in enumerate(lines, 1) if 'result' in line or 'tax' in line]))"
    )

    found = one(root, TOTAL, python(code, parse="json", stdin="document")).findings

    assert ["result = 1", "result += price", "return result"] == [f.quote.strip() for f in found]
    assert all(f.span.of(TOTAL) == f.quote for f in found)


def test_stop_ends_what_runs_and_nothing_more_is_run(tmp_path):
    root = project(tmp_path / "work")
    commands = runs(root, hear=lambda *_: commands.stop())

    (result,) = commands.results([python("import time; time.sleep(99)")], FIXED)
    commands.close()

    assert "it was stopped" == result.reason


def test_real_pytest_names_the_test_that_runs(tmp_path):
    """The seed's first use, at the lowest level."""
    root = project(tmp_path / "work")
    (root / "test_shop.py").write_text(
        "import sys; sys.path.insert(0, 'src')\nfrom shop import total\n"
        "def test_total():\n    assert total([1, 2]) == 3\n",
        encoding="utf-8",
    )
    words = (sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--tb=short",
             "--junitxml={report}", "{related_tests}")  # fmt: skip
    heard = []

    commands = runs(root, hear=lambda _, at: heard.append(at))
    failed, passed = (commands.results([check(*words)], text)[0] for text in (TOTAL, FIXED))
    commands.close()

    assert Verdict.FAIL is failed.verdict
    assert "assert 4 == 3" in failed.findings[0].problem
    assert Verdict.PASS is passed.verdict
    assert "test_shop.py::test_total" in heard
