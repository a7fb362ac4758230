"""Hole 5: secrets left without a question. One gate for all that is sent, for editor and prompt."""

import asyncio
import json
import os
import random
import re
import sys
import threading
from dataclasses import fields, replace
from pathlib import Path

import pytest

from self_refine.criteria.finding.git_ignored import is_ignored, is_named
from self_refine.criteria.finding.key_files import holds_keys
from self_refine.loop.task import Task
from self_refine.loop.types import Criterion, Severity
from self_refine.runs.driver import Job
from self_refine.runs.outgoing.clearance import Cleared, NotSent
from self_refine.runs.outgoing.job_parts import sending_of
from self_refine.runs.outgoing.secret_rules import rules
from self_refine.runs.outgoing.secret_scan import secrets_in
from self_refine.runs.outgoing.send_gate import Part, Sending, may_send
from self_refine.settings import Settings
from support.command import Session
from support.editing import editing
from support.ordinary_texts import ROOT, ordinary_texts
from support.rule import Rule
from support.scripted import Scripted
from support.secret_kinds import KINDS, made

DRAWS = 3
TOKEN = made("GitHub token", random.Random(5)).split("//")[1].partition("@")[0]


def say(capsys, words):
    """Print a figure where whoever runs the tests sees it."""
    with capsys.disabled():
        sys.stdout.write(f"\nsecrets: {words}\n")


def test_h05_the_rules_find_a_hundred_kinds(capsys):
    """The figures that docs/security.md gives; a later rule may only raise them."""
    draw = random.Random(2026)
    found = {k: sum(bool(secrets_in(made(k, draw))) for _ in range(DRAWS)) for k in KINDS}
    whole = sum(count == DRAWS for count in found.values())
    share = sum(found.values()) / (DRAWS * len(KINDS))
    say(capsys, f"{whole} of {len(KINDS)} kinds always found, {share:.1%} of texts")

    assert len(KINDS) >= 100
    assert share >= 0.98, {k: n for k, n in found.items() if n < DRAWS}
    assert all(found.values()), [k for k, n in found.items() if not n]


def test_h05_ordinary_texts_raise_no_alarm(capsys):
    """Two hundred texts that people refine: at most two would be asked about."""
    texts = ordinary_texts()
    alarms = [(secrets_in(text), text) for text in texts if secrets_in(text)]
    say(capsys, f"{len(alarms)} false alarms on {len(texts)} ordinary texts")

    assert len(texts) == 200
    assert len(alarms) <= 2, alarms


def test_h05_every_rule_compiles_for_re2_and_names_itself():
    """A rule that RE2 does not take would be found out by a user."""
    kinds = [rule.id for rule in rules()]
    for rule in rules():
        rule.regexp.search(b"")
        for allowed in rule.allowed:
            allowed.allows("secret", "match", "line")
    assert len(kinds) > 250


def test_h05_what_is_said_never_holds_the_secret():
    """Kind and line alone."""
    [seen] = secrets_in(f"first\nsecond {TOKEN}\n")
    assert seen.line == 2
    assert TOKEN not in repr(seen)
    assert "github" in seen.kind


def job(**changes):
    task = {"text": "Words.", "criteria": (), "has_model": True, "seed": "s"} | changes
    return Job(task=Task(**task), checks=())


CRITERION = Criterion(id="a/b", question="Is it long?", severity=Severity.ERROR)
WORDLESS = {"id", "check", "not_checked", "digest"}
"""Of a criterion: ids, kinds and hashes, no words of anybody's."""


def texts_of(kind, leave_out):
    return [f.name for f in fields(kind) if f.type in (str, "str") and f.name not in leave_out]


@pytest.mark.parametrize("name", texts_of(Task, {"seed", "language", "first_line_indent"}))
def test_h05_every_text_of_a_task_is_looked_through(name):
    """A text that is added to a task later has to be added to the gate as well."""
    sending = sending_of(job(**{name: f"x {TOKEN} y"}), path=None, root=None, host="h")
    assert [p for p in sending.parts if TOKEN in p.text], f"{name} is not looked through"


@pytest.mark.parametrize("name", texts_of(Criterion, WORDLESS))
def test_h05_every_text_of_a_criterion_is_looked_through(name):
    """What a team writes in its criteria is sent too."""
    criterion = replace(CRITERION, **{name: f"x {TOKEN} y"})
    sending = sending_of(job(criteria=(criterion,)), path=None, root=None, host="h")
    assert [p for p in sending.parts if TOKEN in p.text], f"{name} is not looked through"


def test_h05_inputs_and_exceptions_are_looked_through():
    """Texts that a criterion compares with come from files of the workspace."""
    criterion = replace(CRITERION, uses=(("notes", f"a {TOKEN}"),), exceptions=(f"b {TOKEN}",))
    work = replace(job(criteria=(criterion,)), inputs={"other": f"c {TOKEN}"})
    found = [p.name for p in sending_of(work, path=None, root=None, host="h").parts
             if TOKEN in p.text]  # fmt: skip
    assert found == ["the criterion a/b", "the input notes", "the input other"]


def test_h05_the_files_of_inputs_are_looked_at_as_the_document_is(tmp_path):
    """A file for keys is refused; one that neverSend names is asked about."""
    for name, refused in (("id_rsa", True), ("secret.md", False)):
        work = replace(job(), input_paths=(tmp_path / name,))
        sending = sending_of(work, path=None, root=tmp_path, host="h")
        verdict, questions = asked(sending, Settings(never_send=("secret*",)))
        assert isinstance(verdict, NotSent)
        assert refused == (questions == [])
        assert name in (verdict.message if refused else questions[0].sentence)


def asked(sending, settings=None, *, answer=False):
    questions = []

    async def ask(question):
        questions.append(question)
        return answer

    verdict = asyncio.run(may_send(sending, settings or Settings(), ask))
    return verdict, questions


def sending(text="Words.", path=None, root=None):
    part = Part(name="the selection", text=text, first_line=7)
    return Sending(parts=(part,), path=path, root=root, host="api.example.org")


def test_h05_a_secret_is_asked_about_and_the_default_is_no():
    """The kind and its line are named."""
    verdict, [question] = asked(sending(f"a\n{TOKEN}"))
    assert isinstance(verdict, NotSent)
    assert "github" in question.sentence
    assert "line 8" in question.sentence
    assert "api.example.org" in question.sentence
    assert TOKEN not in question.sentence + verdict.message


def test_h05_a_yes_clears_and_remembers_what_it_was_given_for():
    verdict, [question] = asked(sending(TOKEN), answer=True)
    assert verdict == Cleared(question.reasons)


@pytest.mark.parametrize(
    ("secrets", "questions", "kind"),
    [("block", 0, NotSent), ("ask", 1, NotSent), ("off", 0, Cleared)],
)
def test_h05_the_setting_blocks_asks_or_does_not_look(secrets, questions, kind):
    verdict, put = asked(sending(TOKEN), Settings(secrets=secrets))
    assert isinstance(verdict, kind)
    assert len(put) == questions


@pytest.mark.parametrize(
    "name",
    [".env", ".env.local", "prod.env", "server.pem", "tls.key", "id_rsa", "id_ed25519", ".netrc",
     ".git-credentials", "terraform.tfstate", ".kube/config", ".ssh/config", ".npmrc",
     ".docker/config.json", "credentials.json", "secrets.yaml", "kubeconfig", "rclone.conf",
     ".s3cfg", "wp-config.php", ".config/gh/hosts.yml"],
)  # fmt: skip
def test_h05_key_files_are_refused_whatever_the_setting(name):
    """Nobody is asked: there is nothing in them that a model should refine."""
    path = Path("/work") / name
    for secrets in ("block", "ask", "off"):
        verdict, put = asked(sending(path=path), Settings(secrets=secrets), answer=True)
        assert isinstance(verdict, NotSent)
        assert put == []


@pytest.mark.parametrize(
    "name", ["notes.md", "environment.md", "keys.md", "id_rsa.pub", "config.md", "envelope.txt"]
)
def test_h05_other_files_are_not(name):
    assert not holds_keys(Path("/work") / name)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    root = tmp_path / "repo"
    (root / ".git" / "info").mkdir(parents=True)
    (root / "docs" / "deep").mkdir(parents=True)
    (root / ".gitignore").write_text("*.local.md\n/drafts/\n!docs/kept.local.md\n[\n")
    (root / "docs" / ".gitignore").write_text("deep/*\n!deep/fine.md\n")
    (root / ".git" / "info" / "exclude").write_text("mine.md\n")
    (tmp_path / "config" / "git").mkdir(parents=True)
    (tmp_path / "config" / "git" / "ignore").write_text("*.private\n")
    return root


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        ("a.md", False),
        ("a.local.md", True),
        ("docs/b.local.md", True),
        ("docs/kept.local.md", False),
        ("drafts/a.md", True),
        ("docs/drafts/a.md", False),
        ("docs/deep/a.md", True),
        ("docs/deep/fine.md", False),
        ("mine.md", True),
        ("docs/x.private", True),
    ],
)
def test_h05_what_git_ignores_is_known_without_git(repository, name, ignored):
    """Its files, the repository's exclude file, the user's own: as git reads them."""
    assert is_ignored(repository / name, repository) is ignored


def test_h05_a_file_that_git_tracks_is_not_ignored(repository):
    """Its name stands in the index, whatever a pattern says."""
    (repository / ".git" / "index").write_bytes(b"DIRC\0\0\0\2" + b"x" * 70 + b"a.local.md\0\0")
    assert not is_ignored(repository / "a.local.md", repository)
    assert is_ignored(repository / "docs" / "b.local.md", repository)


def test_h05_a_hostile_ignore_file_costs_nothing(repository):
    """`re` would take hours for this; a pipe in its place would block."""
    (repository / ".gitignore").write_text("*a" * 60 + "*b\n")
    assert not is_ignored(repository / ("a" * 200 + ".md"), repository)
    (repository / "docs" / ".gitignore").unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(repository / "docs" / ".gitignore")
        assert not is_ignored(repository / "docs" / "a.md", repository)


def test_h05_an_ignored_file_is_asked_about(repository):
    verdict, [question] = asked(sending(path=repository / "mine.md", root=repository))
    assert isinstance(verdict, NotSent)
    assert "git ignores mine.md" in question.sentence


@pytest.mark.parametrize(
    ("glob", "name", "found"),
    [
        ("*.draft.md", "/w/docs/a.draft.md", True),
        ("*.draft.md", "/w/docs/a.md", False),
        ("notes/private/", "/w/notes/private/a.md", True),
        ("notes/private/", "/w/notes/other/a.md", False),
        ("/w/notes/", "/w/notes/a.md", True),
        ("/notes/", "/w/notes/a.md", False),
        ("~/letters/", str(Path.home() / "letters" / "a.md"), True),
    ],
)
def test_h05_never_send_names_files_as_gitignore_does(glob, name, found):
    assert is_named(Path(name), (glob,)) is found


def test_h05_never_send_is_asked_about_even_where_nobody_looks():
    """`secrets = off` is about looking; this the user wrote down."""
    settings = Settings(secrets="off", never_send=("*.draft.md",))
    verdict, [question] = asked(sending(path=Path("/w/a.draft.md")), settings)
    assert isinstance(verdict, NotSent)
    assert "neverSend" in question.sentence


# The prompt


@pytest.fixture
def session(tmp_path):
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return Session(folder, home)


@pytest.fixture
def served():
    with Scripted(rule=Rule({"utilise": "use"}, criterion="mail/long-word")) as one:
        yield one


def test_h05_the_prompt_sends_no_env_file(session, served):
    """`refine .env` sent it."""
    session.put(".env", f"KEY={TOKEN}\n")
    ran = session.run(".env", "--criteria", "mail", "--send-anyway", OPENAI_BASE_URL=served.url)
    assert ran.code == 2
    assert ".env is a file for keys" in ran.err
    assert served.asked == []


@pytest.mark.parametrize(
    "place",
    ["selection", "above", "below", "instruction", "criteria"],
)
def test_h05_away_from_a_terminal_the_prompt_exits_with_2(session, served, place):
    """Whatever part of what would be sent it stands in; the sentence names kind and flag."""
    put = {place: f"Use {TOKEN} now."}
    lines = [put.get("above", "Above."), f"We utilise it. {put.get('selection', '')}",
             put.get("below", "Below.")]  # fmt: skip
    session.put("mail.md", "\n".join(lines) + "\n")
    if place == "criteria":
        criteria = session.read("criteria/mail.criteria.md").decode()
        session.put("criteria/mail.criteria.md", criteria + f"  - fix: {put['criteria']}\n")
    asks = ["--instruction", put["instruction"]] if place == "instruction" else []
    ran = session.run("mail.md:2", *asks, OPENAI_BASE_URL=served.url)
    assert (ran.code, served.asked) == (2, [])
    assert "github" in ran.err
    assert "--send-anyway" in ran.err
    assert TOKEN not in ran.err + ran.out


def test_h05_send_anyway_sends_and_names_it(session, served):
    session.put("mail.md", f"We utilise {TOKEN}.\n")
    ran = session.run("mail.md", "--send-anyway", OPENAI_BASE_URL=served.url)
    assert ran.code == 0
    assert served.asked
    assert "sent all the same: what looks like a secret (github" in ran.err
    assert "line 1" in ran.err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a terminal needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "sent"), [("y", True), ("", False), ("n", False)])
def test_h05_on_a_terminal_the_prompt_asks(session, served, answer, sent):
    """Return alone is a no."""
    import pty  # noqa: PLC0415 - not on Windows

    session.put("mail.md", f"We utilise {TOKEN}.\n")
    environment = session.environment(OPENAI_BASE_URL=served.url)
    said = []

    def read(descriptor):
        data = os.read(descriptor, 4096)
        said.append(data)
        if b"[y/N]" in data:
            os.write(descriptor, answer.encode() + b"\n")
        return data

    code = spawned(pty, session, environment, read)
    text = b"".join(said).decode()
    assert "Send it all the same? [y/N]" in " ".join(text.split())
    assert (code == 2) is not sent
    assert bool(served.asked) is sent


def spawned(pty, session, environment, read):
    """The command on a terminal of its own; its exit code."""
    child, descriptor = pty.fork()
    if child == 0:
        os.chdir(session.folder)
        os.execve(sys.executable, session.command("refine", "mail.md"), environment)
    try:
        while True:
            read(descriptor)
    except OSError:  # the terminal is closed
        pass
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


# The editor


def test_h05_the_editor_looks_at_what_stands_around(tmp_path):
    """The selection is clean; the line above it is not."""
    with editing(tmp_path) as at:
        text = f"Key: {TOKEN}\nWe utilise it.\n"
        at.open("memo.md", text)
        at.run("We utilise it.")
        [question] = at.client.sent("window/showMessageRequest")
        assert "the text above the selection (line 1)" in question["message"]
        assert question["actions"][0]["title"] == "Do not send it"
        assert TOKEN not in json.dumps(at.client.messages)
        assert at.model.asked == []


# Nothing goes past it


def test_h05_the_driver_asks_no_model_without_a_clearance():
    """A new way to start a run that forgets the gate sends nothing."""
    from self_refine.runs.driver import drive  # noqa: PLC0415 - this test's own

    class Model:
        host, name = "h", "m"

        async def complete(self, *_, **__):
            raise AssertionError

    outcome = asyncio.run(drive(job(criteria=(CRITERION,)), Model()))
    assert "nobody has looked for secrets" in outcome.detail


def test_h05_whoever_drives_a_run_goes_through_the_gate():
    """The editor and the prompt, and what comes later."""
    drives = re.compile(r"^from self_refine\.runs\.driver import .*\bdrive\b", re.MULTILINE)
    files = sorted((ROOT / "server").rglob("*.py"))
    drivers = [path for path in files if drives.search(path.read_text("utf-8"))]
    assert len(drivers) >= 2
    for path in drivers:
        folder = "".join(each.read_text("utf-8") for each in path.parent.glob("*.py"))
        assert "outgoing.job_parts import" in folder, path


def test_h05_no_secret_stands_in_the_repository():
    """The samples are made up at run time."""
    texts = [p for p in Path(__file__).parent.glob("*.py") if p.name != "secret_kinds.py"]
    for path in texts:
        kinds = {s.kind for s in secrets_in(path.read_text("utf-8"))}
        assert not kinds & {"github pat", "aws access key", "jwt", "stripe access token"}, path


def test_h05_scanning_gives_way_to_the_thread_that_answers():
    """The rules are read in a thread; the event loop goes on."""
    threads = []

    async def ask(_):
        threads.append(threading.current_thread())
        return False

    asyncio.run(may_send(sending(TOKEN), Settings(), ask))
    assert threads == [threading.main_thread()]
