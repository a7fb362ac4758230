"""Rows of docs/security.md that no other place holds."""

import re
import shutil
from pathlib import Path

import pytest

from support.command import Session
from support.editing import CRITERIA, editing

ROOT = Path(__file__).parents[2]

COMMAND = """\
---
criteria: 1
checks:
  - {id: harm, kind: command, command: [touch, pwned], run: [touch, pwned], severity: error}
  - {kind: words, id: plain, severity: warning, swap: {utilise: use}}
---

## Criteria
"""


@pytest.mark.parametrize("trusted", [True, False])
def test_s16_no_command_of_criteria_runs(tmp_path, trusted):
    """Whether the workspace is trusted or not: nobody has approved it."""
    files = {"criteria/house.criteria.md": COMMAND}
    options = {"extensions": True, "trusted": trusted}
    with editing(tmp_path, files=files, options=options, model=False) as at:
        at.open("memo.md", "We utilise it.\n")
        assert "We utilise it.\n" == at.text
        at.client.command("explain", {"uri": at.uri})
        if trusted:
            at.run(command="critique")
        at.client.command("explain", {"uri": at.uri})
    assert [] == list(tmp_path.rglob("pwned"))


def test_s16_no_command_of_criteria_runs_at_the_prompt(tmp_path):
    """Neither where it is written nor in the home."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    session = Session(folder, home)
    session.put("criteria/mail.criteria.md", COMMAND)
    session.run("mail.md", "--write")

    assert [] == list(tmp_path.rglob("pwned"))


def test_s16_criteria_that_change_are_named_with_another_hash(tmp_path):
    """The page that explains what judges a text shows it."""
    with editing(tmp_path, options={"extensions": True}) as at:
        at.open("memo.md", "Kindly come.\n")
        at.wait_problems(("house/stock", "Kindly"))
        before = hashes(at)
        path = at.root / "criteria" / "house.criteria.md"
        path.write_text(CRITERIA.replace("formality", "pomp"), encoding="utf-8")
        changed = [{"uri": path.as_uri(), "type": 2}]
        at.client.notify("workspace/didChangeWatchedFiles", {"changes": changed})
        at.client.wait(lambda: [p for p in at.problems() if "pomp" in p[3]])
        after = hashes(at)

        assert 1 == len(before) == len(after)
        assert before != after


def hashes(at):
    page = at.client.command("explain", {"uri": at.uri})
    return re.findall(r"`([0-9a-f]{8})`", page)


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt", "build.txt"])
def test_s23_every_dependency_is_locked_with_its_hashes(lock):
    """No version is open, no address is named; the wheel's test installs by these."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert len(entries) > 3
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]
    assert "://" not in text


def test_f32_criteria_that_go_in_the_middle_of_a_run_still_judge_it(tmp_path):
    """The run ends with what it began with; the next one has none."""
    with editing(tmp_path, seconds_per_token=0.02) as at:
        at.open("memo.md", "We utilise it.\n")
        at.refine()
        at.model.wait_for(1)
        shutil.rmtree(at.root / "criteria")
        at.wait_text("We use it.\n")
        begun = len(at.model.asked)
        at.open("other.md", "We utilise it.\n")
        at.run(criteria=["house"])
        assert begun == len(at.model.asked)
        assert "We utilise it.\n" == at.text


def test_f32_criteria_that_change_in_the_middle_of_a_run_judge_the_next(tmp_path):
    """A file that cannot be read from then on is a problem, no crash."""
    with editing(tmp_path, seconds_per_token=0.02) as at:
        at.open("memo.md", "We utilise it.\n")
        at.refine()
        at.model.wait_for(1)
        path = at.root / "criteria" / "house.criteria.md"
        path.write_bytes(b"\xff\xfe broken")
        at.wait_text("We use it.\n")
        changed = [{"uri": path.as_uri(), "type": 2}]
        at.client.notify("workspace/didChangeWatchedFiles", {"changes": changed})
        at.client.wait(lambda: at.client.diagnostics(path.as_uri()))
