"""Owns `make bench`: runs every `bench_*.py`, prints its rows, writes build/bench/bench.json.

Arguments name modules to run alone, such as `text`; then nothing is written. The exit code is 1
where a goal that is owed was missed, 2 where a module could not measure.
"""

import importlib
import json
import sys
import traceback
from pathlib import Path

from rows import Row

HERE = Path(__file__).parent
RESULTS = HERE.parent / "build" / "bench" / "bench.json"
WRITTEN = ("id", "peer", "ours", "theirs", "ratio", "goal", "met")


def main(wanted: list[str]) -> int:
    """Measure; the exit code."""
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    rows: list[Row] = []
    broken = 0
    print(_line("", "ours", "peer's", "ratio", "goal", ""))
    for name in names:
        if wanted and name.removeprefix("bench_") not in wanted:
            continue
        try:
            found = importlib.import_module(name).rows()
        except Exception:  # noqa: BLE001 - one module that cannot measure leaves the others
            broken += 1
            print(f"{name} could not measure:\n{traceback.format_exc()}", file=sys.stderr)
            continue
        for row in found:
            _show(row)
        rows += found
    if not wanted:
        _write(rows)
    missed = [row.id for row in rows if row.owed and not row.met]
    if missed:
        print(f"\nMissed: {', '.join(missed)}.")
    return 2 if broken else int(bool(missed))


def _write(rows: list[Row]) -> None:
    owed = [{key: getattr(row, key) for key in WRITTEN} for row in rows if row.owed]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(owed, indent=1) + "\n", encoding="utf-8")
    print(f"\nWritten to {RESULTS.relative_to(HERE.parent)}.")


def _show(row: Row) -> None:
    state = "" if row.goal is None else "met" if row.met else "MISSED"
    if not row.owed:
        state = f"{state} (not owed)".strip()
    goal = "" if row.goal is None else f"{row.goal:g}"
    figures = (f"{row.ours:.4g} {row.unit}", f"{row.theirs:.4g} {row.unit}", f"{row.ratio:.4g}")
    print(_line(row.id, *figures, goal, f"{state}  against {row.peer}"))
    if row.note:
        print(f"{'':18} {row.note}")


def _line(*cells: str) -> str:
    widths = (18, 14, 14, 9, 7)
    *columns, last = cells
    padded = [f"{columns[0]:<{widths[0]}}"]
    padded += [f"{cell:>{width}}" for cell, width in zip(columns[1:], widths[1:], strict=True)]
    return f"{' '.join(padded)}  {last}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
