"""SARIF 2.1: what linters and compilers report.

Columns are in the unit that the run states; where it states none, by the driver's name (ruff and
sqlfluff count code points), else UTF-16 as the standard's default was.
"""

from collections.abc import Iterator
from typing import Any

from self_refine.tools.results.json_values import inside, number, objects, parsed, words
from self_refine.tools.results.reported import At, Columns, Level, Report, Reported, Unreadable

_COUNT_CODE_POINTS = {"ruff", "sqlfluff"}
_LEVELS: dict[str, Level] = {"error": "error", "note": "info", "none": "info"}


def read_sarif(text: str) -> Report:
    """Its results, those left out that it says are suppressed or no fault."""
    value = parsed(text)
    if isinstance(value, Unreadable):
        return value
    runs = inside(value, "runs")
    if not isinstance(runs, list):
        return Unreadable("its report has no runs, so it is no SARIF")
    return tuple(each for run in objects(runs) for each in _of_run(run))


def _of_run(run: dict[str, Any]) -> Iterator[Reported]:
    counts = _columns(run)
    for result in objects(run.get("results")):
        fault = result.get("kind", "fail") == "fail"
        if fault and not result.get("suppressions"):
            yield Reported(
                rule=words(result.get("ruleId")),
                message=words(inside(result, "message", "text")),
                level=_LEVELS.get(words(result.get("level")), "warning"),
                at=_place(result, counts),
            )


def _columns(run: dict[str, Any]) -> Columns:
    stated = run.get("columnKind")
    name = words(inside(run, "tool", "driver", "name")).lower()
    points = stated == "unicodeCodePoints" or (not stated and name in _COUNT_CODE_POINTS)
    return "code points" if points else "utf-16"


def _place(result: dict[str, Any], counts: Columns) -> At:
    where = next(objects(result.get("locations")), {})
    region = inside(where, "physicalLocation", "region")
    return At(
        words(inside(where, "physicalLocation", "artifactLocation", "uri")),
        number(inside(region, "startLine")),
        number(inside(region, "startColumn")),
        number(inside(region, "endLine")),
        number(inside(region, "endColumn")),
        counts,
    )
