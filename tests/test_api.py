"""The public API: one function, sync and async, with typed results."""

import subprocess
import sys
from pathlib import Path

import pytest

import self_refine
from self_refine import Options, Settings, StopReason, UsageError
from support.command import CRITERIA, MAIL

ROOT = Path(__file__).parents[1]
ALONE = Options(settings=Settings())
"""No model, whatever the machine has set."""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mail.criteria.md"
    path.write_text(CRITERIA, encoding="utf-8")
    return path


def test_a_criteria_file_is_named_by_its_path(file):
    outcome = self_refine.refine(MAIL, [file], ALONE)

    assert StopReason.CHECKS_ONLY == outcome.stop
    assert MAIL.replace("In order to", "To") == outcome.text
    assert [] == [f for f in outcome.chosen.findings if f.criterion == "mail/plain"]


async def test_a_pack_is_named_by_its_id():
    outcome = await self_refine.refine_async("Kindly do the needful.", ["email"], ALONE)

    assert {"email/stock-phrase", "email/clear-request"} <= set(outcome.chosen.verdicts)


def test_files_and_ids_go_together(file):
    outcome = self_refine.refine(MAIL, [file, "email/too-long"], ALONE)

    assert {"mail/plain", "mail/long-word", "email/too-long"} == set(outcome.chosen.verdicts)


@pytest.mark.parametrize(
    ("criteria", "says"),
    [
        (["emial"], "Did you mean 'email'?"),
        ([Path("nowhere.criteria.md")], "nowhere.criteria.md:1:1:"),
    ],
)
def test_what_is_not_there_is_a_sentence(criteria, says):
    with pytest.raises(UsageError) as raised:
        self_refine.refine(MAIL, criteria, ALONE)
    assert says in str(raised.value)


def test_a_broken_file_is_refused_with_its_place(tmp_path):
    path = tmp_path / "x.criteria.md"
    path.write_text("---\ncriteria: 1\nchecks: [{kind: nonsense}]\n---\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.criteria\.md:3:\d+: "):
        self_refine.refine(MAIL, [path], ALONE)


def test_a_text_over_the_limit_is_refused(file):
    """It counts where a model is asked; nobody answers at this address, and nobody is asked."""
    asks = Settings(base_url="http://127.0.0.1:9/v1", model="m", max_selection_tokens=3)
    small = Options(settings=asks)
    with pytest.raises(UsageError, match="the limit is 3"):
        self_refine.refine(MAIL, [file], small)


def test_events_are_heard(file):
    heard = []
    self_refine.refine(MAIL, [file], Options(settings=Settings(), on_event=heard.append))
    assert ["Began", "Ended"] == [type(heard[i]).__name__ for i in (0, -1)]


def test_every_exported_name_is_there():
    assert [] == [name for name in self_refine.__all__ if not hasattr(self_refine, name)]
    with pytest.raises(AttributeError):
        _ = self_refine.nothing_of_the_kind


def test_importing_the_package_imports_no_engine():
    """The server starts without what only the API needs."""
    code = "import self_refine, sys; print('self_refine.api' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\n" == done.stdout


def test_the_example_runs(tmp_path):
    """`examples/refine_from_python.py` as it stands, with no model."""
    environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "server")}
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "refine_from_python.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert "" == done.stderr
    assert "Stopped: checks only" in done.stdout
    assert "in order to" not in done.stdout
