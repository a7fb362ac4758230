"""`check` where a model answers: what is known already, what is left out, and each exit code."""

import os
import signal
import subprocess

import pytest

from self_refine.cli import main
from self_refine.cli.commands import check_command

FOUND = "mail.md:3:21: error mail/long-word"


@pytest.fixture
def check(session):
    session.put("mail.md", session.read().decode().replace("In order to", "To"))

    def run(*arguments, **variables):
        return session.run("mail.md", *arguments, command="check", **variables)

    return run


def test_an_unchanged_text_is_judged_once(check, server):
    """What an earlier run decided costs nothing, is shown as such, and can be asked again."""
    served = server()
    first = check(OPENAI_BASE_URL=served.url)
    asked = len(served.asked)
    second = check(OPENAI_BASE_URL=served.url)

    assert 1 == first.code == second.code
    assert FOUND in first.out
    assert FOUND in second.out
    assert " 1 call, " in first.out.splitlines()[-1]
    assert second.out.splitlines()[-1].endswith("1 finding in 1 file. 1 verdict from the cache.")
    assert asked == len(served.asked)
    report = check("--format", "json", OPENAI_BASE_URL=served.url).json
    assert 1 == report["cachedVerdicts"] == report["files"][0]["cachedVerdicts"]
    assert 0 == report["cost"]["calls"]

    again = check("--no-cache", OPENAI_BASE_URL=served.url)
    assert "from the cache" not in again.out
    assert asked < len(served.asked)


def test_a_budget_that_is_used_up_is_exit_code_3(check, server):
    """Not all was judged; who runs it may take that for a warning."""
    served = server()
    ran = check("--max-tokens", "1", OPENAI_BASE_URL=served.url)

    assert 3 == ran.code
    assert "1 judged criterion not checked: the budget of 1 tokens is used up" in ran.out
    assert [] == served.asked
    mild = check("--max-tokens", "1", "--on-incomplete", "warn", OPENAI_BASE_URL=served.url)
    assert 0 == mild.code


def test_a_clean_text_is_exit_code_0(check, session, server):
    session.put("mail.md", "Hello.\n")
    assert 0 == check(OPENAI_BASE_URL=server().url).code


def test_a_model_that_cannot_be_reached_is_exit_code_3(check):
    ran = check(OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_MODEL="m")

    assert 3 == ran.code
    assert "127.0.0.1" in ran.out + ran.err


def test_an_interrupt_is_exit_code_130(session, server):
    served = server({"hang": True})
    environment = session.environment(OPENAI_BASE_URL=served.url)
    running = subprocess.Popen(
        session.command("check", "mail.md"),
        cwd=session.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        served.wait_for(1)
        os.kill(running.pid, signal.SIGINT)
        running.communicate(timeout=20)
    finally:
        running.kill()
        running.communicate()

    assert 130 == running.returncode


def test_a_fault_of_ours_is_exit_code_70(monkeypatch, capsys):
    """No traceback, which would quote texts, and no code that reads as a finding."""

    def fault(_):
        raise RuntimeError("secret words of a text")

    monkeypatch.setattr(check_command, "run", fault)

    assert 70 == main.main(["check"])
    said = capsys.readouterr().err
    assert "a fault of self-refine itself" in said
    assert "secret words" not in said
