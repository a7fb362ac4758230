"""Owns one trial: a text refined by both loops under the same seeds, measured against the truth."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from self_refine.loop.critic.version_changes import followed
from self_refine.loop.engine import refine
from self_refine.loop.task import Task
from self_refine.loop.types import Outcome
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Edit
from simulation.kinds import BY_ID, Defect, criteria, defects
from simulation.model import SimulatedModel, run
from simulation.plain import plain
from simulation.rates import Rates
from simulation.texts import Sample
from simulation.texts import sample as sample_of


@dataclass(frozen=True)
class Measured:
    """What one loop made of one text."""

    before: int
    """Defects of the text as it was planted."""
    after: int
    fixed: int
    """Planted defects that are gone."""
    changed: bool
    outside: int
    """Code points changed outside the planted spans."""
    tokens: int
    """Uncached input and output."""
    total: int
    """Input, cached or not, and output."""
    uncached: int
    output: int
    seconds: float
    open_per_pass: tuple[int, ...]
    """Defects of each version that was accepted, in order."""
    stop: str

    @property
    def worse(self) -> bool:
        """Whether the text has more defects than before."""
        return self.after > self.before


@dataclass(frozen=True)
class Pair:
    """One text, both loops."""

    sample: Sample
    ours: Measured
    plain: Measured


def trial(sample: Sample, rates: Rates, *, checks: bool = False) -> Pair:
    """Run both loops on one text."""
    return Pair(
        sample=sample,
        ours=measured(sample, rates, refine, checks=checks),
        plain=measured(sample, rates, plain, checks=False),
    )


def measured(sample: Sample, rates: Rates, loop, *, checks: bool) -> Measured:
    """Run one loop on one text."""
    model = SimulatedModel(sample, rates, checks=checks)
    model.till.prompts += _of_the_run_before(sample, loop, checks=checks)
    outcome = run(loop(task_of(sample, checks=checks)), model)
    return _measured(sample, outcome, model)


def task_of(sample: Sample, *, checks: bool) -> Task:
    """A text under all criteria of its language."""
    return Task(
        text=sample.text,
        criteria=criteria(sample.language, checked=checks),
        language=sample.language,
        has_model=True,
        seed=f"{sample.seed:032x}",
    )


@lru_cache(maxsize=64)
def _warm(language: str, loop, *, checks: bool) -> tuple[str, ...]:
    """The prompts of a run on another text: what a server still has in its cache."""
    other = next(
        s for s in map(sample_of, count(1_000_000)) if s.language == language and s.planted
    )
    model = SimulatedModel(other, Rates(miss=0, malformed=0, bad_feedback=0, invented_quote=0))
    run(loop(task_of(other, checks=checks)), model)
    return tuple(model.till.prompts)


def _of_the_run_before(sample: Sample, loop, *, checks: bool) -> tuple[str, ...]:
    return _warm(sample.language, loop, checks=checks)


def _measured(sample: Sample, outcome: Outcome, model: SimulatedModel) -> Measured:
    left = defects(outcome.text, sample.language)
    edits = minimal_edits(sample.text, outcome.text)
    planted = [defect.span for defect in sample.planted]
    outside = [e for e in edits if not any(e.span.touches(span) for span in planted)]
    gone = sum(_is_gone(d, edits, outcome.text) for d in sample.planted)
    return Measured(
        before=len(sample.planted),
        after=len(left),
        fixed=gone,
        changed=outcome.text != sample.text,
        outside=sum(e.span.end - e.span.start + len(e.text) for e in outside),
        tokens=model.till.uncached + model.till.total.output_tokens,
        total=model.till.total.tokens,
        uncached=model.till.uncached,
        output=model.till.total.output_tokens,
        seconds=model.till.total.seconds,
        open_per_pass=tuple(
            len(defects(c.text, sample.language)) for c in outcome.candidates if c.accepted
        ),
        stop=outcome.stop.value,
    )


def _is_gone(defect: Defect, edits: tuple[Edit, ...], text: str) -> bool:
    """Whether a planted defect's words were replaced by others."""
    place = followed(defect.span, edits)
    wrong = BY_ID[defect.kind].wrong
    near = text[max(0, place.start - len(wrong)) : place.end + len(wrong)]
    return any(e.span.touches(defect.span) for e in edits) and wrong not in near
