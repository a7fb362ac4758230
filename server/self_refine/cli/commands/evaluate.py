"""`self-refine eval`: measures the loop against one rewrite and the plain loop, on texts of yours.

The texts and criteria are sent to the configured model; the verifiers of an item never are.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from self_refine.cli.output.report import printing
from self_refine.cli.output.terminal import console, write_line
from self_refine.errors import ModelError, UsageError
from self_refine.evaluation.arm_runs import Plan, run_arms, scores_of, write_results
from self_refine.evaluation.arms import ALL_ARMS, Arm
from self_refine.evaluation.items import Item, ItemProblem, read_items
from self_refine.evaluation.markdown_table import COLUMNS, cells, sentence
from self_refine.evaluation.summary import Group
from self_refine.runs import run_models
from self_refine.safe_write import private_folder
from self_refine.settings import Settings
from self_refine.sources import load

_SHOWN = 5
"""Problems of a file that are shown: more would bury the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """The command line of `eval`."""

    files: tuple[Path, ...]
    arms: tuple[str, ...]
    limit: int | None
    out: Path


def run(arguments: Arguments) -> int:
    """Measure, print and write; 0 however the figures are.

    Raises:
        UsageError: a file or an arm cannot be used, or no model is configured.
        ModelError: the model failed.
    """
    if arguments.limit is not None and arguments.limit < 1:
        raise UsageError("--limit must be 1 or more.")
    plan = Plan(
        items=_items(arguments.files)[: arguments.limit],
        arms=_arms(arguments.arms),
        out=arguments.out,
    )
    try:
        private_folder(plan.out)
    except OSError as error:
        raise UsageError(f"{plan.out} cannot be made: {error.strerror}.") from None
    loaded = load(environ=os.environ)
    for problem in loaded.problems:
        _say(f"note: {problem}")
    name = asyncio.run(_measured(plan, loaded.settings))
    scores = scores_of(plan)
    if not scores:
        raise ModelError("The model failed each time, so nothing was measured; see above.")
    _print(write_results(plan, scores, name))
    _say(f"Written to {plan.out}: summary.json, table.md, chart.svg; trials.jsonl has the texts.")
    if missing := len(plan.items) * len(plan.arms) - len(scores):
        raise ModelError(f"{missing} trials failed; the same command tries them again.")
    return 0


def _items(files: Sequence[Path]) -> list[Item]:
    items: dict[str, Item] = {}
    problems: list[str] = []
    for path in files:
        try:
            found = list(read_items(path))
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise UsageError(f"{path} is not UTF-8. Save it as UTF-8.") from None
        for each in found:
            if isinstance(each, ItemProblem):
                problems.append(each.message)
            elif items.setdefault(each.id, each) is not each:
                problems.append(f"{path}: the id {each.id!r} is taken by an item of another file.")
    if problems:
        more = f" (and {len(problems) - _SHOWN} more)" if len(problems) > _SHOWN else ""
        raise UsageError("\n".join(problems[:_SHOWN]) + more)
    if not items:
        raise UsageError(f"{files[0]} holds no items: one JSON object a line; see docs/quality.md.")
    return list(items.values())


def _arms(names: Sequence[str]) -> tuple[Arm, ...]:
    for name in names:
        if name not in ALL_ARMS:
            raise UsageError(f"There is no arm {name!r}; there are {', '.join(ALL_ARMS)}.")
    return tuple(arm for arm in ALL_ARMS if arm in names)


async def _measured(plan: Plan, settings: Settings) -> str:
    """Run the arms and return the model's name."""
    async with run_models.connected(settings, on_note=_say) as pair:
        if pair.writer is None:
            raise UsageError(
                "An evaluation needs a model. Set OPENAI_API_KEY and OPENAI_MODEL, or "
                "OPENAI_BASE_URL."
            )
        await run_arms(plan, pair.writer, settings, _say)
        return pair.writer.name


def _print(groups: Sequence[Group]) -> None:
    screen = console(width=max(140, Console().width))
    with printing("Send it elsewhere."):
        for group in groups:
            shown = Table(title=group.name, title_justify="left", box=None, pad_edge=False)
            for name in COLUMNS:
                shown.add_column(name, justify="left" if name == "arm" else "right")
            for row in group.rows:
                shown.add_row(*cells(row))
            screen.print(shown)
            for against in group.against:
                screen.print(sentence(against), soft_wrap=True, highlight=False)


def _say(line: str) -> None:
    write_line(line, stderr=True)
