"""H1: a run that is killed leaves every file whole, and what it leaves beside them goes.

`SELF_REFINE_KILLS` says how often `--write` is killed, and the editor a quarter as often;
`make kill` takes 200.
"""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from support.command import MAIL, Session
from support.editing import CRITERIA, RULE, Editing, at_home
from support.lsp_client import LspClient
from support.scripted import Scripted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a matter of POSIX")

KILLS = int(os.environ.get("SELF_REFINE_KILLS", "20"))
FIXED = MAIL.replace("In order to", "To")


def killing(step, when, count, *arguments):
    return [sys.executable, "-P", "-m", "support.killing", str(step), when, str(count), *arguments]


def points(steps, kills):
    """Where to kill: spread over all steps, before and after each."""
    every = [(step, when) for step in range(1, steps + 1) for when in ("before", "after")]
    return [every[n * len(every) // kills % len(every)] for n in range(kills)]


def with_tests():
    return {"PYTHONPATH": str(Path(__file__).parents[1])}


def test_h01_write_is_killed_at_any_step(tmp_path):
    """The file is as it was or as it is to be, with its mode; the next run leaves nothing else."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    session = Session(folder, home)
    path, count = folder / "mail.md", tmp_path / "count"
    names = {p.name for p in folder.iterdir()}

    def run(step, when):
        path.write_text(MAIL, encoding="utf-8")
        path.chmod(0o640)
        leave_one_draft(folder)
        count.unlink(missing_ok=True)
        command = killing(step, when, count, "refine", "mail.md", "--write")
        return subprocess.run(
            command, cwd=folder, env=session.environment(**with_tests()),
            capture_output=True, check=False,
        )  # fmt: skip

    whole = run(0, "before")
    assert 0 == whole.returncode, whole.stderr
    steps = count.stat().st_size
    seen = set()
    for step, when in points(steps, KILLS):
        assert -9 == run(step, when).returncode, (step, when)
        text = path.read_text(encoding="utf-8")
        assert text in (MAIL, FIXED), (step, when)
        assert 0o640 == stat.S_IMODE(path.stat().st_mode), (step, when)
        left = {p.name for p in folder.iterdir()} - names
        assert all(name.startswith(".self-refine-") for name in left), left
        assert all(stat.S_IMODE((folder / n).stat().st_mode) & 0o037 == 0 for n in left)
        seen.add(text)
    assert 0 == run(0, "before").returncode

    assert {MAIL, FIXED} == seen
    assert FIXED == path.read_text(encoding="utf-8")
    assert names == {p.name for p in folder.iterdir()}


def leave_one_draft(folder):
    """As an earlier run has: each run takes the same steps then, and one of them removes it."""
    for draft in folder.glob(".self-refine-*"):
        draft.unlink()
    (folder / ".self-refine-0000000000000000").write_bytes(b"half a")
    (folder / ".self-refine-0000000000000000").chmod(0o600)


TEXT = "Kindly come.\n\nWe utilise it.\n"


def flow(at):
    """Judge, dismiss, teach: whatever of the editor writes."""
    at.open("memo.md", TEXT)
    at.wait_problems(("house/stock", "Kindly"))
    at.choose("Dismiss", at=2)
    at.wait_shown("Dismissed house/stock")
    at.run(command="critique")
    at.wait_problems(("house/plain", "utilise"))
    # No menu has more than seven entries, so this one may not be offered here.
    listed = at.actions(at=TEXT.index("utilise"))
    [about] = next(a["command"]["arguments"] for a in listed if a["title"].startswith("Dismiss"))
    at.client.command("addExample", about)
    at.wait_shown("is now a good example")
    at.client.leave()


def killed(root, home, model, command):
    """Carry the flow out with a server that dies on its way; whether it came to its end."""
    settings = at_home(home) | {"OPENAI_BASE_URL": model.url} | with_tests()
    with LspClient.start(command, env=settings, cwd=home) as client:
        try:
            client.initialize(folders=[root])
            flow(Editing(client, root, model, home))
        except AssertionError:
            assert client.ended, "the server lives, and does not do what it should"
            return False
        return True


def test_h01_the_editor_is_killed_at_any_step(tmp_path):
    """Criteria, dismissals, traces and state are whole, and the next server works on with them."""
    root, home, count = tmp_path / "work", tmp_path / "home", tmp_path / "count"
    house = root / "criteria" / "house.criteria.md"
    dismissed = root / ".self-refine" / "dismissed.jsonl"
    house.parent.mkdir(parents=True)
    home.mkdir()

    def anew():
        house.write_text(CRITERIA, encoding="utf-8")
        leave_one_draft(house.parent)
        dismissed.unlink(missing_ok=True)
        (home / "state" / "self-refine" / "told.json").unlink(missing_ok=True)

    with Scripted(rule=RULE) as model:
        anew()
        assert killed(root, home, model, killing(0, "before", count, "serve"))
        taught, steps = house.read_text(encoding="utf-8"), count.stat().st_size
        for step, when in points(steps, max(1, KILLS // 4)):
            anew()
            assert not killed(root, home, model, killing(step, when, count, "serve")), (step, when)
            assert house.read_text(encoding="utf-8") in (CRITERIA, taught), (step, when)
            check_state(home, dismissed)
        anew()
        assert killed(root, home, model, killing(0, "before", count, "serve"))

    assert taught == house.read_text(encoding="utf-8") != CRITERIA
    assert 1 == len(dismissed.read_text(encoding="utf-8").splitlines())
    assert not [p for p in root.rglob("*") if p.name.startswith(".self-refine-")]


def check_state(home, dismissed):
    """All that was begun can be read."""
    told = home / "state" / "self-refine" / "told.json"
    if told.exists():
        assert json.loads(told.read_text(encoding="utf-8"))
    if dismissed.exists():
        for line in dismissed.read_text(encoding="utf-8").splitlines():
            assert json.loads(line)
    for trace in (home / "state").rglob("*.jsonl"):
        assert 0o600 == stat.S_IMODE(trace.stat().st_mode)
