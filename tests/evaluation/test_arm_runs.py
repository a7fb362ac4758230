"""An evaluation goes on where it was stopped, and never mixes two models."""

import asyncio

import pytest

from evaluation.answering import FakeModel, item
from self_refine.errors import ModelError, UsageError
from self_refine.evaluation.arm_runs import Plan, run_arms, scores_of, write_results
from self_refine.evaluation.trials import read_trials
from self_refine.loop.requests import Failed, FailureKind
from self_refine.settings import Settings

GOOD = "Hello Ann, send it by Friday."


def plan(folder, arms=("draft", "rewrite"), items=None):
    return Plan(items=items or [item("one"), item("two")], arms=arms, out=folder)


def measure(at, model):
    said = []
    asyncio.run(run_arms(at, model, Settings(), said.append))
    return said


def test_every_arm_meets_every_item(tmp_path):
    """And each trial is told in a line."""
    model = FakeModel(GOOD)

    said = measure(plan(tmp_path), model)

    assert 4 == len(said)
    assert "2/2 two rewrite: limit; 0 of 2 criteria fail; 1 calls" in said[3]
    assert 4 == len(scores_of(plan(tmp_path)))


def test_what_is_done_is_not_done_again(tmp_path):
    """A second run asks only for what is new, and a cut line counts as not done."""
    measure(plan(tmp_path, items=[item("one")]), FakeModel(GOOD))
    with plan(tmp_path).trials.open("a", encoding="utf-8") as out:
        out.write('{"item": "two", "arm": "rewr')
    model = FakeModel(GOOD)

    measure(plan(tmp_path), model)

    assert 1 == len(model.asked)
    assert 4 == len(scores_of(plan(tmp_path)))


def test_a_changed_item_is_measured_again(tmp_path):
    """Its old results do not count."""
    measure(plan(tmp_path, items=[item("one")]), FakeModel(GOOD))
    model = FakeModel(GOOD)

    measure(plan(tmp_path, items=[item("one", brief="Another.")]), model)

    assert 1 == len(model.asked)


def test_two_models_do_not_share_a_folder(tmp_path):
    """All arms must meet the same one."""
    measure(plan(tmp_path), FakeModel(GOOD))

    with pytest.raises(UsageError, match="'fake', and this one is 'other'"):
        measure(plan(tmp_path, arms=("plain",)), FakeModel("APPROVED", name="other"))


def test_a_model_that_keeps_failing_ends_it(tmp_path):
    """What failed is tried again by the next run."""
    broken = Failed(kind=FailureKind.OTHER, message="It broke.")
    many = [item(str(n)) for n in range(9)]

    with pytest.raises(ModelError, match="It broke"):
        measure(plan(tmp_path, arms=("rewrite",), items=many), FakeModel(broken))

    assert 3 == len(list(read_trials(plan(tmp_path).trials)))
    model = FakeModel(GOOD)
    measure(plan(tmp_path, arms=("rewrite",), items=many), model)
    assert 9 == len(model.asked)


def test_results_are_written_beside_the_trials(tmp_path):
    """JSON, Markdown and a chart."""
    measure(plan(tmp_path), FakeModel(GOOD))

    write_results(plan(tmp_path), scores_of(plan(tmp_path)), "fake")

    names = {path.name for path in tmp_path.iterdir()}
    assert {"trials.jsonl", "summary.json", "table.md", "chart.svg"} == names
    assert "Model: fake." in (tmp_path / "table.md").read_text(encoding="utf-8")
