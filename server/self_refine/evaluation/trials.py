"""One text under one arm: run like any other run, and kept as a line of a file."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from self_refine.errors import UsageError
from self_refine.evaluation.arms import Arm, technique
from self_refine.evaluation.items import Item
from self_refine.loop.task import Limits, Task
from self_refine.loop.types import Outcome, StopReason
from self_refine.models.base import Model
from self_refine.runs.driver import Job, drive
from self_refine.runs.outgoing.clearance import NotSent
from self_refine.runs.outgoing.job_parts import Destination, clear, nobody
from self_refine.safe_write import append_file
from self_refine.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What one arm made of one item."""

    item: str
    digest: str
    arm: Arm
    model: str
    text: str
    stop: str
    detail: str = ""
    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    seconds: float = 0.0
    """Wall time of the run."""

    @property
    def failed(self) -> bool:
        """Whether the model failed, so that nothing was measured."""
        return self.stop in (StopReason.MODEL_FAILED, StopReason.CANCELLED)


async def run_trial(item: Item, arm: Arm, model: Model, settings: Settings) -> Trial:
    """Run one arm on one item; what fails is a stop reason like any other.

    Raises:
        UsageError: the item seems to hold a secret.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    to = Destination(path=None, root=None, host=model.host)
    job = await clear(Job(task=_task(item, settings), checks=()), to, settings, nobody)
    if isinstance(job, NotSent):
        raise UsageError(f"{item.id}: {job.message}")
    outcome = await drive(job, model, technique=technique(arm, item))
    return _trial(item, arm, model.name, outcome, clock() - began)


def _task(item: Item, settings: Settings) -> Task:
    return Task(
        text=item.draft,
        criteria=item.criteria,
        brief=item.brief,
        language=item.language,
        has_model=True,
        mode=settings.mode,
        # The same item is asked about in the same words each time, so that replies can be replayed.
        seed=hashlib.sha256(item.id.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        limits=Limits(
            passes=settings.passes,
            calls=settings.max_calls,
            tokens=settings.max_tokens,
            seconds=settings.max_seconds,
        ),
    )


def _trial(item: Item, arm: Arm, model: str, outcome: Outcome, seconds: float) -> Trial:
    cost = outcome.cost
    return Trial(
        item=item.id,
        digest=item.digest,
        arm=arm,
        model=model,
        text=outcome.text,
        stop=outcome.stop.value,
        detail=outcome.detail,
        calls=cost.calls,
        input_tokens=cost.input_tokens,
        cached_tokens=cost.cached_tokens,
        output_tokens=cost.output_tokens,
        estimated=cost.estimated,
        seconds=round(seconds, 3),
    )


def write_trial(path: Path, trial: Trial) -> None:
    """Add one line to the file of trials, so that an evaluation goes on where it was stopped."""
    line = json.dumps(asdict(trial), ensure_ascii=False) + "\n"
    append_file(path, line.encode("utf-8", "surrogatepass"))


def read_trials(path: Path) -> Iterator[Trial]:
    """The trials of a file, none where there is no file; a line that was cut off is left out."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.split("\n"):
        try:
            values = json.loads(line)
            yield Trial(**cast("Mapping[str, Any]", values))
        except (ValueError, TypeError):
            continue


def latest(trials: Iterable[Trial], items: Iterable[Item]) -> dict[tuple[str, Arm], Trial]:
    """The last trial of each item and arm; those of an item that has changed since do not count."""
    digests = {item.id: item.digest for item in items}
    return {
        (trial.item, trial.arm): trial
        for trial in trials
        if digests.get(trial.item) == trial.digest and not trial.failed
    }
