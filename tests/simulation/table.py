"""Owns the figures of many trials: each measure of both loops, its ratio, how sure it is."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulation.trial import Measured, Pair

RESAMPLES = 400
Count = Callable[[Measured], float]


@dataclass(frozen=True)
class Line:
    """One measure."""

    measure: str
    ours: float
    plain: float
    ratio: float | None
    low: float | None
    """Of the 95 % interval of the ratio, by the bootstrap over texts."""
    high: float | None
    goal: str
    met: bool

    def as_row(self) -> dict:
        """As the results file has it."""
        names = ("measure", "ours", "plain", "ratio", "goal", "met")
        return {name: getattr(self, name) for name in names}


def at_most(measure: str, pairs: Sequence[Pair], count: Count, goal: float) -> Line:
    """A measure that is to be small beside the plain loop's."""
    ours, plain, ratio = _ratio(pairs, count)
    met = ratio <= goal if ratio is not None else ours == 0
    return Line(measure, ours, plain, ratio, *_interval(pairs, count), f"<= {goal:g} x", met)


def at_least(measure: str, pairs: Sequence[Pair], count: Count, goal: float) -> Line:
    """A measure that is to be large beside the plain loop's."""
    ours, plain, ratio = _ratio(pairs, count)
    met = ratio is not None and ratio >= goal
    return Line(measure, ours, plain, ratio, *_interval(pairs, count), f">= {goal:g} x", met)


def none_at_all(measure: str, pairs: Sequence[Pair], count: Count) -> Line:
    """Something that must not happen once."""
    ours, plain, ratio = _ratio(pairs, count)
    return Line(measure, ours, plain, ratio, None, None, "0", ours == 0)


def _ratio(pairs: Sequence[Pair], count: Count) -> tuple[float, float, float | None]:
    ours = sum(count(pair.ours) for pair in pairs)
    plain = sum(count(pair.plain) for pair in pairs)
    return ours, plain, ours / plain if plain else None


def _interval(pairs: Sequence[Pair], count: Count) -> tuple[float | None, float | None]:
    """Percentile bootstrap (Efron 1979): texts are drawn anew, both loops of a text together."""
    chance = random.Random("bootstrap")
    values = [(count(pair.ours), count(pair.plain)) for pair in pairs]
    ratios = []
    for _ in range(RESAMPLES):
        drawn = chance.choices(values, k=len(values))
        below = sum(plain for _, plain in drawn)
        if below:
            ratios.append(sum(ours for ours, _ in drawn) / below)
    if len(ratios) < RESAMPLES // 2:
        return None, None
    ratios.sort()
    return ratios[len(ratios) * 25 // 1000], ratios[len(ratios) * 975 // 1000]


def open_per_pass(pairs: Sequence[Pair], side: str, passes: int) -> list[float]:
    """Mean number of defects in the version that stands after each pass."""
    lines = [getattr(pair, side).open_per_pass for pair in pairs if pair.sample.planted]
    return [
        sum(line[min(n, len(line) - 1)] for line in lines) / len(lines) for n in range(passes + 1)
    ]
