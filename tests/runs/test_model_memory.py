"""What is remembered of models: by endpoint and name, for a week, and never a word of a text."""

import json
import stat
import sys

from self_refine.loop.task import Task
from self_refine.loop.types import Observed
from self_refine.runs.model_memory import WEEK, Known, ModelMemory

TASK = Task(text="Secret words.", criteria=(), has_model=True, seed="5eed")
NOW = 1_000_000.0


class Named:
    """A model that is its name."""

    def __init__(self, name="m", host="here"):
        self.name, self.host = name, host


def learnt(tmp_path, *observed, now=NOW):
    memory = ModelMemory(tmp_path / "state" / "models.json")
    for each in observed:
        memory.learn(Named(), each, now)
    return memory


def test_a_model_that_cannot_hold_the_form_is_asked_in_separate_calls_for_a_week(tmp_path):
    memory = learnt(tmp_path, Observed(readings=1, unreadable=1))
    known = memory.known(Named())

    assert "separate" == known.on(TASK, NOW + 60).reading
    assert "one" == known.on(TASK, NOW + WEEK).reading
    assert "one" == memory.known(Named(name="other")).on(TASK, NOW).reading
    assert "one" == memory.known(Named(host="there")).on(TASK, NOW).reading


def test_a_model_that_holds_the_form_again_is_trusted_again(tmp_path):
    memory = learnt(tmp_path, Observed(readings=1, unreadable=1), Observed(readings=2))
    assert "one" == memory.known(Named()).on(TASK, NOW).reading


def test_the_room_that_a_model_needs_is_given_from_the_start(tmp_path):
    memory = learnt(tmp_path, Observed(readings=1, room=4), Observed(readings=1, room=1))
    assert 4 == memory.known(Named()).on(TASK, NOW).room


def test_second_looks_pay_where_verdicts_flip():
    """Above 5 % of at least forty verdicts."""
    assert Known(looks=60, flips=4).on(TASK, NOW).second_looks
    assert not Known(looks=60, flips=3).on(TASK, NOW).second_looks
    assert not Known(looks=10, flips=9).on(TASK, NOW).second_looks


def test_the_file_holds_names_and_counts_and_is_the_users_alone(tmp_path):
    learnt(tmp_path, Observed(readings=1, unreadable=1))
    path = tmp_path / "state" / "models.json"

    assert "Secret" not in path.read_text("utf-8")
    assert {"here m"} == set(json.loads(path.read_text("utf-8")))
    if sys.platform != "win32":
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_file_that_is_not_ours_is_no_memory(tmp_path):
    for words in ("", "[]", "{", '{"here m": 3}', '{"here m": {"room": "x", "form_failed": -1}}'):
        path = tmp_path / "models.json"
        path.write_text(words, encoding="utf-8")
        assert Known() == ModelMemory(path).known(Named())
