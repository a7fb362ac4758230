"""What `refine` prints and writes: report, diff, file, JSON; on stdin, on ranges, from anywhere."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys

import pytest

from self_refine.cli.target import read_target
from support.command import CRITERIA, MAIL, ROOT
from support.rule import Rule

FIXED = MAIL.replace("In order to", "To")
BOTH = FIXED.replace("utilise", "use")
UNCHECKED = "no model configured: 1 judged criterion not checked"


def test_without_a_model_checks_and_their_fixes_run_alone(session):
    """One line says what was not checked; the text is still better; exit code 0."""
    ran = session.run("mail.md")

    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.split("\n")
    assert lines[0] == UNCHECKED
    assert "mail.md:3:1 warning mail/plain " in ran.out
    assert "  3 | In order to ship on time" in ran.out
    assert "    | ^^^^^^^^^^^\n" in ran.out
    assert "(fixed in pass 1)" in ran.out
    assert "-In order to ship on time, we utilise the old plan." in lines
    assert "+To ship on time, we utilise the old plan." in lines
    assert "mail/long-word   error      not checked   not checked: no model" in lines
    assert "Stopped: checks only" in lines
    assert "Cost: no calls to a model" in lines
    assert any(line.startswith("Criteria: ") and "mail.criteria.md" in line for line in lines)
    assert "\x1b" not in ran.out
    assert session.read() == MAIL.encode(), "nothing is written"


def test_with_a_model_both_kinds_of_criteria_decide(session, server):
    """The model judges what no check can, rewrites, and judges again; where it goes is said."""
    served = server()
    ran = session.run("mail.md", OPENAI_BASE_URL=served.url)

    assert ran.code == 0
    assert re.fullmatch(
        rf"Sending the text to scripted-1 at 127\.0\.0\.1:{served.port}: "
        r"about 2 calls, ~\d+ tokens\.\n",
        ran.err,
    )
    assert "+To ship on time, we use the old plan." in ran.out
    assert "mail.md:3:25 error mail/long-word This word is not plain." not in ran.out
    assert "mail/long-word   error      unknown    pass" in ran.out
    assert "Stopped: approved" in ran.out
    assert f"calls to scripted-1 at 127.0.0.1:{served.port}, " in ran.out
    assert UNCHECKED not in ran.out


def test_an_error_that_is_left_is_exit_code_1(session):
    """A finding at error level that nothing fixed."""
    session.put(
        "criteria/mail.criteria.md",
        """\
---
criteria: 1
title: Team mail
checks:
  - {kind: regex, id: nobody, severity: error, pattern: Bo, message: 'Who is Bo?'}
---

## Criteria

- **rude** (hint): Is it rude?
""",
    )
    ran = session.run("mail.md")

    assert ran.code == 1
    assert "mail.md:6:1 error mail/nobody Who is Bo?" in ran.out
    assert "No change." in ran.out


def test_json_is_one_object_with_these_keys(session, server):
    """`text` is the whole new text; places count from 1, in code points, the end exclusive."""
    ran = session.run("mail.md", "--json", OPENAI_BASE_URL=server().url)
    said = ran.json

    assert ran.code == 0
    assert set(said) == {
        "text", "stop_reason", "model", "lost", "passes", "estimate", "cost"
    }  # fmt: skip
    assert (said["text"], said["stop_reason"], said["model"]) == (BOTH, "approved", "scripted-1")
    assert set(said["cost"]) == {
        "calls", "input_tokens", "cached_tokens", "output_tokens", "seconds"
    }  # fmt: skip
    assert said["cost"]["calls"] == 2
    given, fixed, last = said["passes"]
    assert given["findings"] == [
        {
            "criterion": "mail/plain", "severity": "warning", "quote": "In order to",
            "line": 3, "column": 1, "end_line": 3, "end_column": 12,
            "message": "Write 'To', not 'In order to'.", "fixed_in_pass": 1, "needs": "",
        }
    ]  # fmt: skip
    assert given["verdicts"] == {"mail/plain": "fail", "mail/long-word": "unknown"}
    (judged,) = fixed["findings"]
    assert (judged["criterion"], judged["quote"]) == ("mail/long-word", "utilise")
    assert (judged["line"], judged["column"], judged["end_column"]) == (3, 21, 28)
    assert judged["fixed_in_pass"] == 2
    assert last == {
        "findings": [], "verdicts": {"mail/plain": "pass", "mail/long-word": "pass"}
    }  # fmt: skip


def test_json_without_a_model(session):
    """`model` is null, and what nobody checked says so."""
    said = session.run("mail.md", "--json").json

    assert said["model"] is None
    assert said["cost"]["calls"] == 0
    assert said["passes"][-1]["verdicts"]["mail/long-word"] == "not_checked"
    assert said["stop_reason"] == "checks only"


def test_columns_are_code_points_of_the_document(session):
    """Neither bytes nor UTF-16 units; a finding of a range has the document's lines."""
    session.put("mail.md", "one\n\U0001f600 \u00e9 In order to go\nthree\n")
    (finding,) = session.run("mail.md:2-3", "--json").json["passes"][0]["findings"]

    assert (finding["line"], finding["column"], finding["end_column"]) == (2, 5, 16)


@pytest.mark.skipif(sys.platform == "win32", reason="no `patch` there")
@pytest.mark.parametrize("output", [["--diff"], []], ids=["diff", "report"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mail.md", MAIL),
        ("my mail.md", MAIL),
        ("crlf.md", MAIL.replace("\n", "\r\n")),
        ("bare.md", "In order to go"),
        ("mixed.md", "A.\r\nIn order to go\nb\rc.\u2028In order to stay\x0cd\n"),
        ("bom.md", "\ufeffIn order to go\n"),
    ],
)
def test_patch_takes_the_diff(session, output, name, text):
    """What is printed, piped into `patch`, makes the text that --json reports, byte for byte."""
    session.put(name, text)
    wanted = session.run(name, "--json").json["text"]
    printed = session.run(name, *output).raw
    subprocess.run(["patch", "--binary", "--silent"], cwd=session.folder, input=printed, check=True)

    assert session.read(name).decode() == wanted
    assert wanted != text


@pytest.mark.skipif(sys.platform == "win32", reason="no `patch` there")
@pytest.mark.parametrize(
    "named",
    [
        "deep/er/mail.md",
        "./deep/er/mail.md",
        "deep/../deep/er/mail.md",
        "../work/deep/er/mail.md",
        None,
    ],
)
def test_patch_finds_a_file_below_the_current_folder(session, named):
    """However it was named, `patch -p0` in the folder where the command ran."""
    session.put("deep/er/mail.md", MAIL)
    printed = session.run(named or str(session.folder / "deep/er/mail.md"), "--diff").raw
    subprocess.run(["patch", "-p0", "--silent"], cwd=session.folder, input=printed, check=True)

    assert printed.startswith(b"--- deep/er/mail.md")
    assert session.read("deep/er/mail.md") == FIXED.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="no `patch` there")
@pytest.mark.parametrize("absolute", [True, False])
def test_patch_takes_a_file_elsewhere_by_its_name(session, tmp_path, absolute):
    """It refuses names that lead out of its folder, but not an argument."""
    elsewhere = tmp_path / "elsewhere" / "mail.md"
    elsewhere.parent.mkdir()
    elsewhere.write_text(MAIL, encoding="utf-8")
    session.put("../elsewhere/criteria/mail.criteria.md", CRITERIA)
    name = str(elsewhere) if absolute else "../elsewhere/mail.md"
    printed = session.run(name, "--diff").raw
    subprocess.run(["patch", "--silent", name], cwd=session.folder, input=printed, check=True)

    assert printed.startswith(f"--- {name}".encode())
    assert elsewhere.read_bytes() == FIXED.encode()


def test_write_puts_the_text_into_the_file_and_leaves_the_rest(session):
    """Atomically, with its mode, line ends and byte order mark; nothing else in the folder."""
    text = "\ufeff" + MAIL.replace("\n", "\r\n")
    path = session.put("mail.md", text)
    if sys.platform != "win32":
        path.chmod(0o640)
    before = sorted(session.folder.iterdir())
    ran = session.run("mail.md", "--write")

    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"{UNCHECKED}\nmail.md: refined. Stopped: checks only\n"
    assert session.read().decode() == text.replace("In order to", "To")
    assert sorted(session.folder.iterdir()) == before
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_write_without_a_change_leaves_the_file_alone(session):
    """Not even its time changes."""
    path = session.put("mail.md", FIXED)
    os.utime(path, (1, 1))
    ran = session.run("mail.md", "--write")

    assert "no change" in ran.err
    assert path.stat().st_mtime == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_write_through_a_link_keeps_the_link(session):
    """The file that a link names is written."""
    (session.folder / "link.md").symlink_to("mail.md")
    session.run("link.md", "--write")

    assert (session.folder / "link.md").is_symlink()
    assert session.read() == FIXED.encode()


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_standard_input_is_read_as_bytes(session, eol):
    """`-` keeps line ends; the workspace is the current folder's; --language names its kind."""
    text = MAIL.replace("\n", eol)
    ran = session.run("-", "--language", "markdown", "--criteria", "mail", "--json",
                   stdin=text.encode())  # fmt: skip

    assert ran.code == 0, ran.err
    assert ran.json["text"] == FIXED.replace("\n", eol)


def test_standard_input_can_be_a_range_and_a_diff(session):
    """A range of it, and a diff that names it."""
    ran = session.run("-:3-3", "--criteria", "mail", "--diff", stdin=MAIL.encode())

    assert ran.out.startswith("--- <stdin>\n+++ <stdin>\n@@")


RANGES = {
    "lines": ("mail.md:3-3", True),
    "other lines": ("mail.md:5-6", False),
    "one line": ("mail.md:3", True),
    "columns": ("mail.md:3:1-3:25", True),
    "columns before": ("mail.md:3:12-3:20", False),
    "over lines": ("mail.md:1:1-4:1", True),
    "to the last line": ("mail.md:3-6", True),
}


@pytest.mark.parametrize(("argument", "changes"), RANGES.values(), ids=RANGES)
def test_only_the_range_is_judged_and_changed(session, argument, changes):
    """Lines and columns count from 1, the end column is exclusive; the rest keeps its bytes."""
    said = session.run(argument, "--json").json

    assert (said["text"] == FIXED) is changes
    assert (said["text"] == MAIL) is not changes


def test_from_any_directory(session, tmp_path):
    """The workspace is the file's, not the current folder's."""
    ran = session.run(session.folder / "mail.md", "--json", cwd=tmp_path)
    assert ran.json["text"] == FIXED

    below = session.put("deep/er/mail.md", MAIL).parent
    assert session.run("mail.md", "--json", cwd=below).json["text"] == FIXED


def test_criteria_are_chosen_by_id(session):
    """A file, one criterion, a shipped pack; several together."""
    one = session.run("mail.md", "--criteria", "mail/plain", "--json").json
    assert set(one["passes"][0]["verdicts"]) == {"mail/plain"}

    ids = ("--criteria", "mail/plain", "--criteria", "email/stock-phrase")
    two = session.run("mail.md", *ids, "--json").json
    assert set(two["passes"][0]["verdicts"]) == {"mail/plain", "email/stock-phrase"}


def test_passes_limit_the_writer(session, server):
    """--passes 1: the writer has one pass, whatever is left."""
    served = server({"times": 99, "rule": True})
    ran = session.run("mail.md", "--passes", "1", "--json", OPENAI_BASE_URL=served.url)
    asked = [r for r in served.asked if r.method == "POST"]

    assert ran.json["stop_reason"] in {"approved", "limit"}
    # One pass is two readings: the one whose fixes are taken, and the one that judges the result.
    assert len(asked) == 2


def test_an_instruction_is_sent_in_the_users_words(session, server):
    """--instruction reaches the model; the model's name is the one that is set."""
    served = server(models=("big", "small"))
    ran = session.run("mail.md", "--instruction", "Sound like Ann.", "--json",
                   OPENAI_BASE_URL=served.url, OPENAI_MODEL="small")  # fmt: skip

    assert ran.json["model"] == "small"
    assert {r.body["model"] for r in served.asked} == {"small"}
    assert "Sound like Ann." in json.dumps(served.asked[0].body)


def test_thorough_asks_for_each_criterion_alone(session, server):
    """--mode thorough: one short call for each judged criterion."""
    path = session.folder / "criteria/mail.criteria.md"
    path.write_text(path.read_text("utf-8") + "- **rude** (error): Is it rude?\n", "utf-8")
    served = server()
    ran = session.run("mail.md:1-1", "--mode", "thorough", "--json", OPENAI_BASE_URL=served.url)

    assert ran.code == 0
    asked = [r.body for r in served.asked if "response_format" in r.body]
    assert len(asked) == 2


def test_a_trace_is_kept_and_can_be_turned_off(session):
    """One file in the user's state folder; `trace = false` in config.toml leaves none."""
    session.run("mail.md")
    (trace,) = session.home.rglob("*.jsonl")
    assert '"event": "ended"' in trace.read_text("utf-8")

    trace.unlink()
    config = session.home / "config/self-refine/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("trace = false\n", encoding="utf-8")
    if sys.platform.startswith("linux"):
        session.run("mail.md")
        assert list(session.home.rglob("*.jsonl")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("entry", [{"hang": True}, {"drip": True}], ids=["silent", "talking"])
def test_an_interrupt_ends_the_run(session, server, entry):
    """Ctrl-C: exit code 130, the connection closed, the file as it was."""
    served = server(entry)
    running = subprocess.Popen(
        session.command("refine", "mail.md", "--write"),
        cwd=session.folder,
        env=session.environment(OPENAI_BASE_URL=served.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    request = served.wait_for(1)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)

    assert running.returncode == 130, err
    assert b"+To ship on time, we utilise" in out, "what checks had mended is not lost"
    assert b"Traceback" not in err
    assert b"mail.md is as it was. Stopped: cancelled" in err
    assert request.left.wait(10)
    assert session.read() == MAIL.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interrupt_before_the_run_ends_the_command(session):
    """While a server is asked for its models, too."""
    # What a shell starts in the background ignores SIGINT, and hands that down.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        running = subprocess.Popen(
            session.command("refine", "mail.md"),
            cwd=session.folder,
            env=session.environment(OPENAI_BASE_URL=url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        signal.signal(signal.SIGINT, before)
        connection, _ = silent.accept()
        assert connection.recv(4) == b"GET "
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
        connection.close()

    assert (running.returncode, out, err) == (130, b"", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize("no_color", [False, True])
def test_a_terminal_gets_colours_unless_no_color_is_set(session, no_color):
    """Marks are characters either way."""
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    extra = {"NO_COLOR": "1"} if no_color else {}
    running = subprocess.Popen(
        session.command("refine", "mail.md"),
        cwd=session.folder,
        env=session.environment(TERM="xterm-256color", COLUMNS="100", **extra),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)

    assert running.wait(20) == 0
    assert (b"\x1b[33m" in shown or b"\x1b[31m" in shown) is not no_color
    assert b"^^^^^^^^^^^" in shown


def test_a_reader_that_leaves_early_is_no_error(session):
    """`| head -1` ends the report without a traceback."""
    running = subprocess.Popen(
        session.command("refine", "mail.md"),
        cwd=session.folder,
        env=session.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    running.stdout.close()
    err = running.stderr.read()
    running.stderr.close()
    running.wait(20)

    assert b"Traceback" not in err
    assert b"Exception" not in err


def test_what_is_piped_is_plain_whatever_the_environment_says(session):
    """FORCE_COLOR, as CI sets it, does not spoil a diff for `patch`; progress draws nothing."""
    plain = session.run("mail.md", "--diff")
    forced = session.run("mail.md", "--diff", FORCE_COLOR="1", TTY_COMPATIBLE="1")

    assert (forced.raw, forced.err) == (plain.raw, plain.err)
    assert "\x1b" not in session.run("mail.md", FORCE_COLOR="1").out


class Typing(Rule):
    """A model during whose work somebody types."""

    path = None

    def answer(self, body):
        self.path.write_text(MAIL + "PS: typed.\n", encoding="utf-8")
        return super().answer(body)


def test_a_result_that_cannot_be_written_is_printed_as_a_diff(session, server):
    """The file has changed while the model worked: it stays, and the result is not lost."""
    rule = Typing({"utilise": "use"}, criterion="mail/long-word")
    Typing.path = session.folder / "mail.md"
    ran = session.run("mail.md", "--write", OPENAI_BASE_URL=server(rule=rule).url)

    assert ran.code == 2
    assert "mail.md has changed meanwhile; nothing was written." in ran.err
    assert "The result is printed as a diff instead." in ran.err
    assert "+To ship on time, we use the old plan." in ran.out
    assert session.read().endswith(b"PS: typed.\n")


def test_a_result_that_adds_a_link_is_not_written_unseen(session, server):
    """What the text may have talked a model into is for a person to see first."""
    rule = Rule({"utilise": "use [this](https://evil.test/?d=1)"}, criterion="mail/long-word")
    ran = session.run("mail.md", "--write", OPENAI_BASE_URL=server(rule=rule).url)

    assert ran.code == 2
    assert "Look before you keep it: it adds the link https://evil.test/?d=1" in ran.err
    assert "mail.md is as it was: look at the diff first" in ran.err
    assert "+To ship on time, we use [this](https://evil.test/?d=1) the old plan." in ran.out
    assert session.read() == MAIL.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_a_file_name_writes_nothing_on_the_screen(session):
    """Control characters in it are shown escaped, in reports and in refusals."""
    name = "e\x1b[31mvil.md"
    session.put(name, MAIL)
    ran = session.run(name)
    refused = session.run(f"{name}:99")

    assert "e<U+001B>[31mvil.md:3:1 warning" in ran.out
    assert "e<U+001B>[31mvil.md:99 is outside the file" in refused.err
    assert "\x1b" not in ran.out + ran.err + refused.err


def test_a_name_as_long_as_names_may_be_can_be_written(session):
    """The draft beside it has a short one."""
    name = f"{'n' * 252}.md"
    session.put(name, MAIL)

    assert session.run(name, "--write").code == 0
    assert session.read(name) == FIXED.encode()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device there")  # noqa: PTH110
@pytest.mark.parametrize("output", [["--diff"], ["--json"], []], ids=["diff", "json", "report"])
def test_a_result_that_cannot_be_printed_is_said(session, output):
    """A disk that is full: a sentence, no fault of ours, and no complaint at exit."""
    ran = session.run_into("/dev/full", "mail.md", *output)

    assert ran.code == 2
    assert "The result cannot be printed: No space left on device." in ran.err
    assert "Exception" not in ran.err


def test_what_the_report_would_say_is_said_beside_the_other_outputs(session):
    """What was not checked, what became of the instruction: on stderr, whatever is printed."""
    for output in ("--diff", "--json", "--write"):
        err = session.run("mail.md", output, "--instruction", "Be warm.").err

        assert f"{UNCHECKED}\n" in err
        assert "The instruction was not followed: no model.\n" in err


def test_what_ran_out_is_named_beside_the_json(session, server):
    """And a text that was not judged to its end is not clean: exit code 3."""
    config = session.home / "config/self-refine/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("maxTokens = 500\n", encoding="utf-8")
    address = {"OPENAI_BASE_URL": server().url}
    if sys.platform.startswith("linux"):
        ran = session.run("mail.md", "--json", **address)
        assert ran.code == 3
        assert ran.json["stop_reason"] == "budget"
        assert "Stopped: budget (500 tokens)" in ran.err


class Drafting(Rule):
    """A model that writes what is asked for."""

    def answer(self, body):
        reply = super().answer(body)
        empty = "Write the text that is described" in body["messages"][-1]["content"]
        return reply.replace("\n\n", "\nDear Ann, we utilise trains.\n") if empty else reply


@pytest.mark.parametrize("argument", ["-", "mail.md:2"], ids=["no text", "an empty range"])
def test_an_instruction_writes_what_is_not_there_yet(session, server, argument):
    """It is generated, then judged and refined like any other."""
    served = server(rule=Drafting({"utilise": "use"}, criterion="mail/long-word"))
    draft = (argument, "--criteria", "mail", "--instruction", "Tell Ann of trains.")
    ran = session.run(*draft, "--json", OPENAI_BASE_URL=served.url)

    assert ran.code == 0, ran.err
    assert "Dear Ann, we use trains." in ran.json["text"]
    assert ran.json["passes"][0]["findings"][0]["quote"] == "utilise"
    assert "to generate a text needs a model" in session.run(*draft).out


def test_an_instruction_needs_no_criteria(session, server):
    """It is not refused, and nothing is pretended: which criteria there are is said beside it."""
    session.put("notes.txt", "We utilise the plan.\n")
    rule = Rule({"utilise": "use"}, criterion="instruction")
    ran = session.run("notes.txt", "--instruction", "Plain words.",
                   OPENAI_BASE_URL=server(rule=rule).url)  # fmt: skip

    assert ran.code == 0
    assert "+We use the plan." in ran.out
    assert "1 vague request; 0 criteria checked" in ran.out
    assert "--criteria prose" in ran.err
    assert "Until then only the instruction is judged." in ran.err

    without = session.run("notes.txt", "--instruction", "Plain words.")
    assert (without.code, without.out) == (2, "")
    assert "An instruction without criteria needs a model." in without.err


def test_findings_of_an_instruction_have_no_criterion(session, server):
    """The user's own words are no criterion of a file: the frame says so."""
    served = server(rule=Rule({"utilise": "use"}, criterion="instruction"))
    ran = session.run("mail.md", "--criteria", "mail/plain", "--instruction", "Be plain.",
                   OPENAI_BASE_URL=served.url)  # fmt: skip

    assert "hint no criterion This word is not plain." in ran.out


def test_the_demonstration_makes_the_text_better(session):
    """`examples/status-email.md` with the email pack: shorter, and exit code 0 without a model."""
    ran = session.run("examples/status-email.md", "--criteria", "email", "--json", cwd=ROOT)
    original = (ROOT / "examples/status-email.md").read_text("utf-8")

    assert ran.code == 0
    assert len(ran.json["text"]) < len(original)
    first, last = ran.json["passes"][0], ran.json["passes"][-1]
    assert len(first["findings"]) > 8
    left = [f for f in first["findings"] if not f["fixed_in_pass"]]
    # Where grammar decides, a finding offers its words and changes nothing.
    assert ["As per", "with regard to"] == [f["quote"] for f in left]
    assert sum(v == "not_checked" for v in last["verdicts"].values()) == 4


def test_a_windows_drive_is_no_range(tmp_path, monkeypatch):
    r"""C:\notes.md:3-7 names a file on a drive and its lines; a file of that very name wins."""
    from self_refine.cli.target import split_range  # noqa: PLC0415 - the one place that splits

    assert split_range("C:\\notes.md:3-7") == ("C:\\notes.md", ("3", None, "7", None))
    assert split_range("C:\\notes.md:3:2-7:9") == ("C:\\notes.md", ("3", "2", "7", "9"))
    assert split_range("C:\\notes.md") == ("C:\\notes.md", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd:1-2").write_text("x\n", encoding="utf-8")
    assert read_target("odd:1-2", None).text == "x\n"


def test_an_unchanged_text_judged_again_costs_nothing(session, server):
    """Its verdicts are kept in the cache folder, unless the setting is off."""
    served = server()
    session.run("mail.md", OPENAI_BASE_URL=served.url)
    asked = len(served.asked)

    again = session.run("mail.md", OPENAI_BASE_URL=served.url)

    assert asked == len(served.asked)
    assert "+To ship on time, we use the old plan." in again.out
    assert "Cost: 0 calls" in again.out
    assert "verdict from cache" in again.out + again.err
    session.home.joinpath("config", "self-refine").mkdir(parents=True, exist_ok=True)
    session.home.joinpath("config", "self-refine", "config.toml").write_text("cache = false\n")
    session.run("mail.md", OPENAI_BASE_URL=served.url)
    assert 2 * asked == len(served.asked)


def test_an_input_is_given_by_a_file(session):
    """`--input` gives what the criteria compare with; without it they are not checked."""
    session.put(
        "criteria/sum.criteria.md",
        """---
criteria: 1
inputs: {source: {from: "ask:source", required: true}}
checks:
  - {id: ratio, kind: length, max_ratio: {of: source, value: 0.5}}
---
""",
    )
    session.put("source.txt", "one two three four")
    given = session.run("mail.md", "--criteria", "sum", "--input", "source=source.txt")
    missing = session.run("mail.md", "--criteria", "sum")

    assert "15 words; the limit is 50%." in given.out
    assert "nobody was asked for it; give it with --input source=FILE" in missing.out


def test_a_selection_grows_to_what_the_criteria_are_about(session):
    """`within: paragraph`: one word is named, and its paragraph is judged."""
    session.put(
        "criteria/par.criteria.md",
        """---
criteria: 1
applies: {within: paragraph}
checks:
  - {id: size, kind: length, max: 3}
---
""",
    )
    ran = session.run("mail.md:3:1-3:3", "--criteria", "par")

    assert "mail.md:3:1 warning par/size 11 words; the limit is 3." in ran.out
