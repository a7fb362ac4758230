"""Owns `Row`: one figure of ours beside its peer's, measured in the same run, and the goal."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

# What other processes take of the machine is not ours; Windows counts it in steps of 16 ms.
CPU_CLOCK = perf_counter if sys.platform == "win32" else process_time
"""Seconds of work of this process; of no use where it waits or others work for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table."""

    id: str
    """The goal's number, with a word where it has several figures: `P7 characters`."""
    peer: str
    """What ours is compared with."""
    ours: float
    theirs: float
    ratio: float
    """Ours over theirs."""
    goal: float | None
    """What the ratio is held against; None for a figure that is only printed."""
    met: bool
    unit: str = "ms"
    """Of `ours` and `theirs`."""
    note: str = ""
    owed: bool = True
    """False for stretch figures and others that are printed, not written and not owed."""


def at_most(
    id_: str,
    peer: str,
    ours: float,
    theirs: float,
    goal: float | None,
    *,
    unit: str = "ms",
    note: str = "",
    owed: bool = True,
) -> Row:
    """A row whose ratio is to be no more than `goal`."""
    ratio = _ratio(ours, theirs)
    met = goal is None or ratio <= goal
    return Row(
        id=id_,
        peer=peer,
        ours=ours,
        theirs=theirs,
        ratio=ratio,
        goal=goal,
        met=met,
        unit=unit,
        note=note,
        owed=owed and goal is not None,
    )


def at_least(
    id_: str,
    peer: str,
    ours: float,
    theirs: float,
    goal: float,
    *,
    unit: str = "/s",
    note: str = "",
    owed: bool = True,
) -> Row:
    """A row whose ratio is to be no less than `goal`."""
    ratio = _ratio(ours, theirs)
    return Row(
        id=id_,
        peer=peer,
        ours=ours,
        theirs=theirs,
        ratio=ratio,
        goal=goal,
        met=ratio >= goal,
        unit=unit,
        note=note,
        owed=owed,
    )


def milliseconds(work: Callable[[], object], times: int = 7) -> float:
    """The median of some runs of `work`, which only computes."""
    return median(_once(work) for _ in range(times))


def interleaved(
    ours: Callable[[], object], theirs: Callable[[], object], times: int = 7
) -> tuple[float, float]:
    """The medians of two works that only compute, in milliseconds, run in turn."""
    pairs = [(_once(ours), _once(theirs)) for _ in range(times)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def percentile(figures: list[float], part: float) -> float:
    """The figure that `part` (0 to 1) of all do not exceed."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _once(work: Callable[[], object]) -> float:
    start = CPU_CLOCK()
    work()
    return (CPU_CLOCK() - start) * 1000


def _ratio(ours: float, theirs: float) -> float:
    return ours / theirs if theirs else (0.0 if ours == 0 else float("inf"))
