"""Owns `make bench-loop`: the loop against the plain one on simulated models.

Prints the table with 95 % intervals and a sweep over the rates of error; writes
build/bench/loop.json and build/bench/loop.svg. Exit code 1 where a goal is missed.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from rich.console import Console
from rich.table import Table

from simulation import table
from simulation.chart import chart
from simulation.rates import Rates
from simulation.texts import long_letter, sample
from simulation.trial import Pair, trial

OUT = Path("build/bench")
TEXTS, FEWER, LONG = 3_000, 200, 30
SWEPT = ("miss", "false_alarm", "bad_feedback", "new_defect", "collateral", "ignored",
         "alarm_comes_back")  # fmt: skip


def main() -> int:
    """Run all trials, print, write."""
    with ProcessPoolExecutor() as pool:
        judged = _trials(pool, range(TEXTS), Rates())
        checked = _trials(pool, range(TEXTS), Rates(), checks=True)
        letters = list(pool.map(partial(trial, rates=Rates()), map(long_letter, range(LONG))))
        lines = _lines(judged, checked, letters)
        sweep = _sweep(pool)
    _print(lines, f"{TEXTS:,} texts, {LONG} letters of 1,500 words with 5 defects")
    _print(sweep, f"sweep: {FEWER} texts for each row", goals=False)
    _write(lines, judged)
    return 0 if all(line.met for line in lines) else 1


def _trials(pool: ProcessPoolExecutor, seeds: range, rates: Rates, **given: bool) -> list[Pair]:
    work = partial(trial, rates=rates, **given)
    return list(pool.map(work, map(sample, seeds), chunksize=25))


def _lines(judged: list[Pair], checked: list[Pair], letters: list[Pair]) -> list[table.Line]:
    clean = [pair for pair in judged if pair.sample.is_clean]
    return [
        table.none_at_all("worse, where checks decide", checked, lambda m: m.worse),
        table.at_most("worse, judged", judged, lambda m: m.worse, 0.25),
        table.at_least("defects fixed", judged, lambda m: m.fixed, 1.0),
        table.at_most("clean texts changed", clean, lambda m: m.changed, 1.0),
        table.at_most("changed outside the defects", judged, lambda m: m.outside, 0.1),
        table.at_most("model tokens (uncached)", judged, lambda m: m.tokens, 0.7),
        table.at_most("model tokens (all)", judged, lambda m: m.total, 0.85),
        table.at_most("P10: wall time of the model", letters, lambda m: m.seconds, 0.5),
        table.at_most("P10: output tokens", letters, lambda m: m.output, 0.5),
        table.at_most("P10: uncached input tokens", letters, lambda m: m.uncached, 0.5),
    ]


def _sweep(pool: ProcessPoolExecutor) -> list[table.Line]:
    """The measures that a rate moves, at half and at twice its default."""
    lines: list[table.Line] = []
    for name in SWEPT:
        for factor in (0.5, 2.0):
            value = min(1.0, getattr(Rates(), name) * factor)
            pairs = _trials(pool, range(FEWER), replace(Rates(), **{name: value}))
            clean = [pair for pair in pairs if pair.sample.is_clean]
            label = f"{name} = {value:.2f}: "
            lines += [
                table.at_most(label + "worse", pairs, lambda m: m.worse, 0.25),
                table.at_least(label + "fixed", pairs, lambda m: m.fixed, 1.0),
                table.at_most(label + "clean changed", clean, lambda m: m.changed, 1.0),
                table.at_most(label + "tokens", pairs, lambda m: m.tokens, 0.7),
            ]
    return lines


def _print(lines: list[table.Line], title: str, *, goals: bool = True) -> None:
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("Measure", "Ours", "Plain", "Ratio", "95 %", *(("Goal", "") if goals else ())):
        shown.add_column(name, justify="left" if name in ("Measure", "") else "right")
    for line in lines:
        ratio = "" if line.ratio is None else f"{line.ratio:.3f}"
        interval = "" if line.low is None else f"{line.low:.2f}-{line.high:.2f}"
        goal = (line.goal, "met" if line.met else "MISSED") if goals else ()
        shown.add_row(
            line.measure, f"{line.ours:,.0f}", f"{line.plain:,.0f}", ratio, interval, *goal
        )
    Console(width=110).print(shown, "")


def _write(lines: list[table.Line], judged: list[Pair]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    rows = [line.as_row() for line in lines]
    (OUT / "loop.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    series = {
        "self-refine": table.open_per_pass(judged, "ours", 3),
        "plain loop": table.open_per_pass(judged, "plain", 3),
    }
    svg = chart(series, "Defects left after each pass, mean over texts with defects")
    (OUT / "loop.svg").write_text(svg, encoding="utf-8")
    print(f"Written: {OUT / 'loop.json'}, {OUT / 'loop.svg'}")


if __name__ == "__main__":
    raise SystemExit(main())
