"""How sure a difference between two arms is: exact McNemar, and percentile bootstrap."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and where it lies in 95 of 100 resamples."""

    value: float
    low: float
    high: float


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p-value that two arms fail equally often.

    Args:
        only_first: pairs in which the first arm alone passes.
        only_second: pairs in which the second alone does.
    """
    discordant = only_first + only_second
    if not discordant:
        return 1.0
    least = min(only_first, only_second)
    tail = sum(comb(discordant, k) for k in range(least + 1))
    # Whole numbers are divided last: 2**n is beyond a float from n = 1,024 on.
    return min(1.0, float(2 * tail / 2**discordant))


def ratio(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    """Sum of the first by sum of the second, items drawn anew (Efron 1979); None by nought."""

    def of(drawn: Sequence[tuple[float, float]]) -> float | None:
        below = sum(second for _, second in drawn)
        return sum(first for first, _ in drawn) / below if below else None

    return _bootstrap(pairs, of)


def difference(pairs: Sequence[tuple[float, float]]) -> Interval | None:
    """Mean of first minus second, items drawn anew; None where there are none."""

    def of(drawn: Sequence[tuple[float, float]]) -> float | None:
        return sum(first - second for first, second in drawn) / len(drawn) if drawn else None

    return _bootstrap(pairs, of)


def _bootstrap(
    pairs: Sequence[tuple[float, float]],
    statistic: Callable[[Sequence[tuple[float, float]]], float | None],
) -> Interval | None:
    value = statistic(pairs)
    if value is None:
        return None
    chance = random.Random("bootstrap")  # noqa: S311 - a seed makes the interval repeatable
    drawn = (statistic(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    found = sorted(each for each in drawn if each is not None)
    return Interval(value, found[len(found) * 25 // 1000], found[len(found) * 975 // 1000])
