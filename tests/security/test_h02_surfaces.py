"""Hole 2, the other surfaces: the prompt, formats of `check`, views, errors, logs; and the type."""

import ast
import json
import logging
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from self_refine.ci.formats.output_formats import FORMATS
from self_refine.ci.judge_file import TextFile, by_checks
from self_refine.ci.results import CheckReport, FileError, Unchecked
from self_refine.cli.output.terminal import PlainConsole, write_line
from self_refine.cli.output.terminal_progress import Progress
from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import choose
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.reading.reader import read
from self_refine.editor.logs import _Scrubbed
from self_refine.editor.requests.run_views import inert_view
from self_refine.editor.rpc.protocol import _as_answer
from self_refine.errors import UsageError
from self_refine.loop.estimate import Estimate
from self_refine.loop.types import Severity
from self_refine.runs.events import Began, Waiting
from self_refine.text.foreign import Foreign, inert, visible_json
from self_refine.text.invisible import invisible

PACKAGE = Path(__file__).parents[2] / "server" / "self_refine"
EVIL = (
    "[a](command:x.y) $(sync~spin) \x1b]8;;http://evil.test\x07b\x1b[31m \u202ec\u2066 "
    "d\u200b ![i](http://evil.test/i) <img src=x> www.evil.test @all | ` ```` \x9b2J"
)


def no_escapes(words):
    assert "\x1b" not in words
    assert "\x9b" not in words
    assert invisible(words, strict=True) == ()


def report():
    """Findings whose every word is hostile: path, message, question, reason, error, quote."""
    rules = {"criteria": 1, "title": EVIL, "checks": [
        {"kind": "words", "id": "plain", "severity": "error", "message": "{match}: " + EVIL,
         "swap": {"utilise": "use"}},
    ]}  # fmt: skip
    source = f"---\n{json.dumps(rules)}\n---\n\n- **q**: Is there {EVIL[:20]}?\n"
    file = read(source, PurePosixPath("house.criteria.md"), "house").file
    assert file is not None
    # What reading refuses a pack may hold: nothing here depends on who wrote it.
    path = PurePosixPath(f"a`{EVIL}`.md".replace("/", "_"))
    target = Target(language="markdown", path=path, covers_document=True)
    chosen = choose(Library((file,), ()), Library((), ()), target, ["house"])
    text = f"We utilise {EVIL}\n"
    result = by_checks(
        TextFile(path=path, text=text, language="markdown", chosen=chosen), frozenset(), EVIL
    )
    found = [replace(each, finding=replace(each.finding, problem=EVIL)) for each in result.found]
    unchecked = (Unchecked(criterion="house/q", severity=Severity.WARNING, reason=EVIL),)
    result = replace(result, found=tuple(found), unchecked=unchecked)
    criteria = {c.id: replace(c, question=EVIL, why=EVIL) for c in chosen.criteria}
    errors = (FileError(PurePosixPath(path), EVIL),)
    return CheckReport(files=(result,), errors=errors, criteria=criteria, stale=(EVIL,))


@pytest.fixture(scope="module")
def hostile():
    found = report()
    assert found.new
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_h02_formats_of_check_hold_no_escape(hostile, name):
    """Whatever a terminal, a log or a comment shows of them."""
    no_escapes(FORMATS[name](hostile))


@pytest.mark.parametrize("name", ["markdown", "rdjsonl"])
def test_h02_formats_that_show_markdown_hold_none_of_others(hostile, name):
    """Neither links nor images nor HTML nor a fence that ends early."""
    written = FORMATS[name](hostile)
    if name == "rdjsonl":
        written = json.loads(written.splitlines()[0])["message"]
    else:
        # Inside the fence of the repairs words are words.
        written = written.partition("<details>")[0] + written.rpartition("</details>")[2]
        written = "\n".join(line for line in written.splitlines() if "`" not in line)
    plain = written.replace(r"\[", "").replace(r"\<", "").replace(r"\]", "").replace(r"\@", "")
    for begins in ("[a", "![", "<img", "@all", "www.evil"):
        assert begins not in plain


def test_h02_a_fence_in_the_text_ends_no_fence_of_ours(hostile):
    """The diff of the repairs holds four backticks; ours are more."""
    written = FORMATS["markdown"](hostile)
    fence = next(line for line in written.splitlines() if line.endswith("diff") and "`" in line)
    ticks = fence.removesuffix("diff")
    assert len(ticks) >= 5
    assert written.count(f"\n{ticks}\n") == 1


def test_h02_no_sarif_message_holds_a_link(hostile):
    """SARIF 3.11.6: `[words](target)` in a message is one."""
    run = json.loads(FORMATS["sarif"](hostile))["runs"][0]
    texts = [r["message"]["text"] for r in run["results"]]
    texts += [r["shortDescription"]["text"] for r in run["tool"]["driver"]["rules"]]
    texts += [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]
    assert len(texts) > 3
    assert not [text for text in texts if "](" in text]


@given(st.recursive(st.text() | st.integers(), lambda v: st.dictionaries(st.text(), v)))
def test_h02_json_reads_the_same_and_shows_all(value):
    written = visible_json(value)
    assert json.loads(written) == value
    no_escapes(written)


def test_h02_the_prompt_prints_no_escape_and_no_markup():
    """Strings, styled texts and the changing line; rich would make links of `[link=…]`."""
    file = StringIO()
    console = PlainConsole(file=file, force_terminal=True, width=4_000, markup=False)
    console.print(EVIL, soft_wrap=True)
    console.print(Text(EVIL, "red"), soft_wrap=True)
    progress = Progress(console)
    progress(Began(host=EVIL, model=EVIL, judged=1, checked=0, estimate=Estimate()))
    progress(Waiting(f"[link=http://evil.test]x[/link] [/nothing] {EVIL}"))
    progress.close()
    written = file.getvalue()
    assert "\x1b]8" not in written, "no link"
    assert "\x9b" not in written
    assert "\u202e" not in written
    assert "[/nothing]" in written


def test_h02_lines_of_reports_hold_no_escape(capsys):
    write_line(EVIL)
    no_escapes(capsys.readouterr().out)


def test_h02_only_one_module_of_the_prompt_writes():
    """And what prints results byte for byte, or asks, says so here."""
    known = {"output/terminal.py", "output/report.py", "commands/write_result.py", "main.py"}
    for path in (PACKAGE / "cli").rglob("*.py"):
        text = path.read_text("utf-8")
        writes = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
        }
        named = writes & {"print", "sys.stdout.write", "sys.stderr.write", "sys.stdout.writelines",
                          "Console"}  # fmt: skip
        if path.name == "evaluate.py":
            named -= {"Console"}  # asks for the width alone
        name = path.relative_to(PACKAGE / "cli").as_posix()
        if name == "output/json_report.py" or name in known:
            continue
        # JSON is written by `visible_json`.
        assert named <= ({"sys.stdout.write"} if "visible_json" in text else set()), name


def test_h02_views_are_inert_whatever_they_hold():
    """But for the words of the text itself, and what names something."""
    view = {"title": EVIL, "criteria": [{"reason": EVIL}], "uri": "file:///a", "line": 3,
            "changes": [{"parts": [{"before": "[a](b)"}], "why": [{"fix": EVIL}]}]}  # fmt: skip
    made = inert_view(view)
    written = json.dumps(made, ensure_ascii=False)
    assert "](command" not in written
    assert "$(sync" not in written
    no_escapes(written)
    assert made["changes"][0]["parts"][0]["before"] == "[a](b)"
    assert made["line"] == 3


def test_h02_errors_of_requests_are_inert():
    """A client shows them in a notification."""
    code, words = _as_answer(UsageError(EVIL))
    assert code < 0
    assert "](" not in words
    no_escapes(words)


def test_h02_the_log_holds_no_escape():
    record = logging.LogRecord("self_refine", 40, "f", 1, "name %s", (EVIL,), None)
    no_escapes(_Scrubbed("%(message)s").format(record))


@given(st.text())
def test_h02_foreign_words_are_written_plain(words):
    """In an f-string too: forgetting the filter shows them inert all the same."""
    shown = f"{Foreign(words)}"
    no_escapes_of_plain(shown)
    assert "](" not in shown
    assert len(shown) <= 200
    assert repr(Foreign(words)) == repr(shown)


def no_escapes_of_plain(words):
    assert "\x1b" not in words
    assert "\n" not in words
    assert invisible(words) == ()


def test_h02_mypy_refuses_foreign_words_where_words_are_shown(tmp_path):
    """The type is no string; what an endpoint, a model list or an editor says has that type."""
    source = tmp_path / "shows.py"
    source.write_text(
        "from self_refine.text.foreign import Foreign, inert\n"
        "def show(message: str) -> None: ...\n"
        "words = Foreign('x')\n"
        "show(words)\n"
        "show(f'{words}')\n"
        "show(inert(words.raw))\n",
        encoding="utf-8",
    )
    options = ("--strict", "--no-error-summary", "--follow-imports=silent")
    command = [sys.executable, "-m", "mypy", *options, "--cache-dir", str(tmp_path), str(source)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PACKAGE.parent)
    lines = ran.stdout.splitlines()
    assert len(lines) == 1, ran.stdout
    assert ":4: error: Argument 1" in lines[0]


@pytest.mark.parametrize("words", ["[x](command:y)", "a $(beaker) b", "[x](\u200bcommand:y)"])
def test_h02_what_begins_a_link_or_an_icon_is_broken(words):
    assert "](" not in inert(words)
    assert "$(" not in inert(words)
