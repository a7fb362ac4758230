"""What cannot be done as asked: one sentence with the cause and the next step, and no change."""

import shlex
import socket
import subprocess
import sys

import pytest

from support.command import CRITERIA, MAIL, Ran
from support.rule import Rule

MANY = "word " * 7_000  # 35,000 bytes: ~8,750 tokens


def check_refused(ran, code, *parts):
    """The exit code, nothing on stdout, and a sentence on stderr with these parts."""
    assert ran.code == code, ran.err
    assert ran.out == ""
    last = ran.err.strip().split("\n")[-1]
    for part in parts:
        assert part in ran.err
    assert "Traceback" not in ran.err
    assert last.endswith((".", "?", "prose", "summary")), last


INPUTS = {
    "unknown file": (["no.md"], ["no.md: no such file", "Check the name"]),
    "a folder": (["criteria"], ["criteria is a folder"]),
    "range after the end": (["mail.md:3-99"], ["mail.md:3-99 is outside the file", "6 lines"]),
    "range from 0": (["mail.md:0-2"], ["outside the file", "Lines count from 1"]),
    "range backwards": (["mail.md:4-2"], ["mail.md:4-2 ends before it begins"]),
    "one line after the end": (["mail.md:9"], ["mail.md:9 is outside the file"]),
    "one line, and no more": (["one.md:2"], ["one.md:2 is outside the file, which has 1 line."]),
    "column 0": (["mail.md:3:0-3:4"], ["mail.md:3:0 is outside the line", "Columns count from 1"]),
    "a line of no file": (["mail.md:" + "9" * 5000], ["cannot be read: File name too long"]),
    "no end": (["/dev/zero"], ["/dev/zero is larger than 64 MB"]),
    "column after the end": (["mail.md:1:1-1:99"], ["outside the line", "10 characters"]),
    "columns backwards": (["mail.md:3:9-3:2"], ["ends before it begins"]),
    "empty range": (["mail.md:2-2"], ["nothing to refine", "range is empty", "--instruction"]),
    "empty columns": (["mail.md:3:4-3:4"], ["nothing to refine"]),
    "empty file": (["empty.md"], ["nothing to refine", "text is empty"]),
    "only blanks": (["blank.md"], ["nothing to refine"]),
    "binary": (["binary.md"], ["binary", "NUL"]),
    "not UTF-8": (["latin.md"], ["not UTF-8", "0xe9 in line 2", "Save it as UTF-8"]),
    "unknown criteria": (["mail.md", "--criteria", "mial"], ["mial", "mail"]),
    "unknown criterion": (["mail.md", "--criteria", "mail/plian"], ["mail/plian", "mail/plain"]),
    "none applies": (["mail.txt"], ["mail.txt", "--criteria"]),
    "no passes": (["mail.md", "--passes", "0"], ["passes is 0", "above 0"]),
    "input of no form": (["mail.md", "--input", "source"], ["write NAME=FILE"]),
    "input of no file": (["mail.md", "--input", "a=no.md"], ["no.md: no such file"]),
    "input of no name": (
        ["mail.md", "--input", "a=mail.md"],
        ["declare no such input", "no input"],
    ),
    "write to stdin": (["-", "--criteria", "mail", "--write"], ["Standard input", "--diff"]),
}


if sys.platform == "win32":  # no such file, and other words for the system's
    INPUTS = {k: v for k, v in INPUTS.items() if k not in {"no end", "a line of no file"}}


@pytest.mark.parametrize(("arguments", "parts"), INPUTS.values(), ids=INPUTS)
def test_a_refusal_names_the_cause_and_the_next_step(session, arguments, parts):
    """Exit code 2, whatever was wrong with file, range or criteria."""
    session.put("mail.txt", MAIL)
    session.put("one.md", "One line.\n")
    session.put("empty.md", "")
    session.put("blank.md", " \n\t\n")
    session.put("binary.md", b"a\0b")
    session.put("latin.md", b"one\ncaf\xe9\n")

    check_refused(session.run(*arguments, stdin=MAIL.encode()), 2, *parts)
    assert session.read() == MAIL.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="no shell there that closes descriptors")
@pytest.mark.parametrize(
    ("closed", "said"),
    [("<&-", "Standard input is closed"), (">&-", "Standard output is closed")],
)
def test_closed_descriptors_are_said(session, closed, said):
    """No fault of ours, and no run whose result would be lost."""
    command = shlex.join(session.command("refine", "-", "--criteria", "mail"))
    done = subprocess.run(
        ["sh", "-c", f"{command} {closed}"],
        cwd=session.folder,
        env=session.environment(),
        input=MAIL.encode(),
        capture_output=True,
        check=False,
    )
    check_refused(Ran(done.returncode, done.stdout, done.stderr.decode()), 2, said)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize(
    ("argument", "code", "said"),
    [("{mail}", 0, "Stopped: checks only"), ("-", 2, "The current folder is gone. Change to one")],
)
def test_a_folder_that_is_gone(session, argument, code, said):
    """A file elsewhere is refined all the same; standard input has no workspace: that is said."""
    gone = session.folder / "gone"
    gone.mkdir()
    words = [argument.format(mail=session.folder / "mail.md"), "--criteria", "email", "--diff"]
    command = shlex.join(session.command("refine", *words))
    done = subprocess.run(
        ["sh", "-c", f"rmdir '{gone}' && {command}"],
        cwd=gone,
        env=session.environment(),
        input=MAIL.encode(),
        capture_output=True,
        check=False,
    )

    assert done.returncode == code, done.stderr
    assert said in done.stderr.decode()


@pytest.mark.parametrize(
    "arguments", [[], ["refine"], ["refine", "a", "--diff", "--json"], ["no-such-command"]]
)
def test_a_command_line_that_is_none(session, arguments):
    """argparse's own words, and exit code 2."""
    ran = session.run(*arguments[1:], command=arguments[0] if arguments else "--wrong")

    assert ran.code == 2
    assert "usage: self-refine" in ran.err


def test_a_broken_criteria_file_is_named_and_the_others_work(session):
    """File, line and reason on stderr; the run goes on with the rest."""
    session.put("criteria/broken.criteria.md", CRITERIA.replace("title:", "tilte:"))
    ran = session.run("mail.md", "--json")

    assert ran.code == 0
    assert "broken.criteria.md:3:1: error" in ran.err
    assert "tilte" in ran.err
    assert set(ran.json["passes"][0]["verdicts"]) == {"mail/plain", "mail/long-word"}


def test_where_every_criteria_file_is_broken_that_is_said(session):
    """No criteria that apply, and why: the files were left out."""
    session.put("criteria/mail.criteria.md", CRITERIA.replace("title:", "tilte:"))

    check_refused(session.run("mail.md"), 2, "mail.criteria.md:3:1: error", "were left out")


def test_a_wrong_setting_is_a_note_and_the_default_holds(session):
    """A config.toml with a slip costs a line, not the run."""
    for folder in ("config/self-refine", "Library/Application Support/self-refine"):
        path = session.home / folder / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text("pases = 2\n", encoding="utf-8")
    ran = session.run("mail.md")

    assert ran.code == 0
    assert "note: " in ran.err
    assert "unknown setting 'pases'; did you mean 'passes'?" in ran.err


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("named", [True, False], ids=["model named", "model to be listed"])
@pytest.mark.parametrize("output", ["--write", "--diff", "--json", None])
def test_a_model_that_cannot_be_reached_is_exit_code_3(session, named, output):
    """The host, and whether the server runs; the file is as it was."""
    port = free_port()
    model = {"OPENAI_MODEL": "m"} if named else {}
    ran = session.run(
        "mail.md", *([output] if output else []),
        OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1", **model,
    )  # fmt: skip

    assert ran.code == 3
    assert f"Cannot reach 127.0.0.1:{port}" in ran.err
    assert "Is the server running?" in ran.err
    assert session.read() == MAIL.encode()


MODELS = {
    "wrong key": ({"key": "sk-right"}, {}, "Wrong key"),
    "no reply": ({}, {"raw": "<html></html>", "type": "text/html", "times": 9}, "web page"),
    "nonsense": ({}, {"raw": "[]", "times": 9}, "Bad answer"),
    "cut": ({}, {"text": "x", "cut": 1, "times": 9}, "broke off"),
    "filtered": ({}, {"text": "x", "finish": "content_filter", "times": 9}, "content filter"),
    "no such model": ({"models": ["other"]}, None, "It lists other"),
}


@pytest.mark.parametrize(("options", "entry", "part"), MODELS.values(), ids=MODELS)
def test_a_model_that_fails_is_exit_code_3(session, server, options, entry, part):
    """Each in its own sentence; the file is as it was, and no key is shown."""
    served = server(*([entry] if entry else []), **options)
    ran = session.run("mail.md", "--write", OPENAI_BASE_URL=served.url, OPENAI_MODEL="scripted-1",
                   OPENAI_API_KEY="sk-wrong-0000")  # fmt: skip

    assert ran.code == 3, ran.err
    assert part in ran.err
    assert "mail.md is as it was" in ran.err
    assert "+To ship on time, we utilise the old plan." in ran.out
    assert "sk-wrong" not in ran.err + ran.out
    assert "Traceback" not in ran.err
    assert session.read() == MAIL.encode()


def test_a_critic_that_says_nothing_readable_is_exit_code_3(session, server):
    """Undecided is not clean; the cause and what to do next are said."""
    served = server({"text": "I like this mail!", "times": 99})
    ran = session.run("mail.md", OPENAI_BASE_URL=served.url)

    assert ran.code == 3
    assert "The critic's replies could not be used. Try again, or use a stronger model." in ran.err
    assert "Stopped: critic unreliable (1 not decided)" in ran.out


@pytest.mark.parametrize(
    ("script", "settings", "why"),
    [
        ([{"text": "I like this mail!", "times": 99}], "", "critic unreliable"),
        ([], "maxTokens = 500\n", "budget"),
    ],
    ids=["no readable critique", "budget"],
)
def test_what_was_not_judged_to_its_end_is_not_written(session, server, script, settings, why):
    """Exit code 3 leaves the file, whatever checks have mended; that is printed as a diff."""
    for folder in ("config/self-refine", "Library/Application Support/self-refine"):
        path = session.home / folder / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text(settings, encoding="utf-8")
    ran = session.run("mail.md", "--write", OPENAI_BASE_URL=server(*script).url)

    assert ran.code == 3, ran.err
    assert f"mail.md is as it was. Stopped: {why}" in ran.err
    assert "The result is printed as a diff instead." in ran.err
    assert "+To ship on time, we" in ran.out
    assert session.read() == MAIL.encode()


def test_a_writer_that_writes_nothing_usable_is_said(session, server):
    """In words for people: the tags are drawn for each call, and mean nothing to them."""
    rule = Rule({"utilise": "use"}, criterion="mail/long-word", fixes=False)
    served = server({"rule": True}, {"text": "Done!", "times": 99}, rule=rule)
    ran = session.run("mail.md", OPENAI_BASE_URL=served.url)

    assert ran.code == 1
    assert "No reply of the writer could be used. Try again, select less, or use" in ran.err
    assert "Stopped: refine failed (the reply has no <reply> tag)" in ran.out


SETTINGS = {
    "an address that is none": ({"OPENAI_BASE_URL": "localhost:8080"}, "must begin with https://"),
    "an open line": ({"OPENAI_BASE_URL": "http://evil.test/v1"}, "unencrypted"),
    "a key that is none": ({"OPENAI_API_KEY": "sk-\u00e9"}, "API key"),
}


@pytest.mark.parametrize(("variables", "part"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_that_cannot_be_meant_is_exit_code_2(session, variables, part):
    """Before anything is sent."""
    check_refused(session.run("mail.md", **variables), 2, part)


def test_several_models_and_no_name_is_exit_code_2(session, server):
    """They are listed, and where to name one."""
    served = server(models=("a", "b"))
    check_refused(
        session.run("mail.md", OPENAI_BASE_URL=served.url),
        2,
        "lists 2 models: a, b",
        "OPENAI_MODEL",
    )


def test_a_file_that_changed_meanwhile_is_not_overwritten(session, server):
    """--write compares before it writes."""
    from self_refine.cli.target import read_target, write_target  # noqa: PLC0415
    from self_refine.errors import UsageError  # noqa: PLC0415

    target = read_target(str(session.folder / "mail.md"), None)
    session.put("mail.md", MAIL + "typed\n")
    with pytest.raises(UsageError, match="has changed meanwhile; nothing was written"):
        write_target(target, "new")
    assert session.read() == (MAIL + "typed\n").encode()
    assert [p.name for p in session.folder.glob(".mail*")] == []


def test_a_fault_of_our_own_is_a_sentence_and_no_traceback(session, monkeypatch, capsys):
    """Exit code 70, where it happened, and none of the user's words."""
    from self_refine.cli import main  # noqa: PLC0415 - as the command imports it
    from self_refine.cli.commands import refine_files  # noqa: PLC0415 - as the command imports it

    def broken(*_):
        raise KeyError(MAIL)

    monkeypatch.setattr(refine_files, "run", broken)
    assert main.main(["refine", "mail.md"]) == 70
    said = capsys.readouterr().err
    assert "KeyError at test_bad_input.py" in said
    assert "utilise" not in said
