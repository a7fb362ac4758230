"""Runs every arm on every item, keeps what came out, and goes on where it was stopped."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from self_refine.errors import ModelError, UsageError
from self_refine.evaluation.arms import Arm
from self_refine.evaluation.bar_chart import as_svg
from self_refine.evaluation.items import Item
from self_refine.evaluation.markdown_table import as_markdown
from self_refine.evaluation.scores import Score, score
from self_refine.evaluation.summary import Group, as_plain, summarise
from self_refine.evaluation.trials import Trial, latest, read_trials, run_trial, write_trial
from self_refine.models.base import Model
from self_refine.safe_write import write_file
from self_refine.settings import Settings

_IN_A_ROW = 3
"""Failures of the model after which nobody waits for the next one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be measured, and where the results go."""

    items: Sequence[Item]
    arms: Sequence[Arm]
    out: Path

    @property
    def trials(self) -> Path:
        """One line for each trial."""
        return self.out / "trials.jsonl"


Say = Callable[[str], None]


async def run_arms(plan: Plan, model: Model, settings: Settings, say: Say) -> None:
    """Run what is not in the results yet, item by item, so that a stop leaves whole comparisons.

    Raises:
        ModelError: the model failed three times in a row.
        UsageError: the results in the folder are another model's.
    """
    known = _known(plan, model.name)
    failures = 0
    for number, item in enumerate(plan.items, 1):
        for arm in plan.arms:
            if (item.id, arm) in known:
                continue
            trial = await run_trial(item, arm, model, settings)
            write_trial(plan.trials, trial)
            say(f"{number}/{len(plan.items)} {item.id} {arm}: {_told(item, trial)}")
            failures = failures + 1 if trial.failed else 0
            if failures == _IN_A_ROW:
                raise ModelError(f"The model failed {failures} times in a row: {trial.detail}")


def _known(plan: Plan, model: str) -> set[tuple[str, Arm]]:
    done = latest(read_trials(plan.trials), plan.items)
    # A draft is the same under every model.
    others = {trial.model for trial in done.values() if trial.arm != "draft"} - {model}
    if others:
        raise UsageError(
            f"{plan.out} holds results of the model {min(others)!r}, and this one is {model!r}: "
            "all arms must meet the same model. Name another folder with --out."
        )
    return set(done)


def _told(item: Item, trial: Trial) -> str:
    if trial.failed:
        return f"{trial.stop}: {trial.detail}"
    result = score(item, trial)
    parts = [trial.stop, f"{result.failing} of {len(result.decided)} criteria fail"]
    if result.worse:
        parts.append("made worse: " + ", ".join(sorted(result.worse)))
    if result.lost:
        parts.append("lost: " + ", ".join(result.lost))
    return "; ".join([*parts, f"{trial.calls} calls, {trial.seconds:.0f} s"])


def scores_of(plan: Plan) -> tuple[Score, ...]:
    """All that was measured of the plan's items and arms."""
    done = latest(read_trials(plan.trials), plan.items)
    return tuple(
        score(item, done[item.id, arm])
        for item in plan.items
        for arm in plan.arms
        if (item.id, arm) in done
    )


def write_results(plan: Plan, scores: Iterable[Score], model: str) -> tuple[Group, ...]:
    """Write summary.json, table.md and chart.svg beside the trials."""
    every = tuple(scores)
    groups = summarise(every)
    value = {"model": model, "groups": as_plain(groups), "items": [_line(each) for each in every]}
    written = {
        "summary.json": json.dumps(value, ensure_ascii=False, indent=1) + "\n",
        "table.md": as_markdown(groups, model),
        "chart.svg": as_svg(groups[0], f"{groups[0].rows[0].items} texts, model {model}"),
    }
    for name, text in written.items():
        write_file(plan.out / name, text.encode("utf-8", "surrogatepass"), mode=0o666)
    return groups


def _line(each: Score) -> dict[str, object]:
    return {
        "item": each.item,
        "arm": each.arm,
        "stop": each.trial.stop,
        "failing": sorted(each.decided - each.passed),
        "worse": sorted(each.worse),
        "lost": list(each.lost),
        "changed": each.changed,
        "outside": each.outside,
        "calls": each.trial.calls,
    }
