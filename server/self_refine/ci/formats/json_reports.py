"""JSON: one object for the run, or one line for each finding."""

from typing import Any

from self_refine.ci.formats.columns import message, rule
from self_refine.ci.results import CheckReport, FileResult, Found, State
from self_refine.text.foreign import visible_json
from self_refine.text.invisible import plain

_LONGEST = 1_000


def json_report(report: CheckReport) -> str:
    """All of it, in one object."""
    return visible_json(_report(report), indent=2) + "\n"


def jsonl(report: CheckReport) -> str:
    """The findings that count, each on its line."""
    return "".join(visible_json(_finding(file, each)) + "\n" for file, each in report.new)


def _report(report: CheckReport) -> dict[str, Any]:
    cost = report.cost
    return {
        "version": 1,
        "files": [_file(file) for file in report.files],
        "errors": [
            {"file": str(e.path), "message": plain(e.message, _LONGEST)} for e in report.errors
        ],
        "skipped": report.skipped,
        "new": len(report.new),
        "baselined": report.count(State.BASELINED),
        "dismissed": report.count(State.DISMISSED),
        "filtered": report.count(State.FILTERED),
        "stale": list(report.stale),
        "model": report.model,
        "cachedVerdicts": report.cached,
        "cost": {
            "calls": cost.calls,
            "inputTokens": cost.input_tokens,
            "cachedTokens": cost.cached_tokens,
            "outputTokens": cost.output_tokens,
            "estimated": cost.estimated,
        },
    }


def _file(file: FileResult) -> dict[str, Any]:
    return {
        "file": file.path.as_posix(),
        "verdicts": {name: verdict.value for name, verdict in sorted(file.verdicts.items())},
        "findings": [_finding(file, each) for each in file.found],
        "notChecked": [
            {
                "criterion": each.criterion,
                "severity": each.severity.value,
                "reason": plain(each.reason, _LONGEST),
            }
            for each in file.unchecked
        ],
        "cachedVerdicts": file.cached,
        "stopped": file.stopped,
    }


def _finding(file: FileResult, found: Found) -> dict[str, Any]:
    finding, place = found.finding, found.place
    return {
        "file": file.path.as_posix(),
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
        "criterion": rule(found),
        "severity": finding.severity.value,
        "kind": finding.kind.value,
        "quote": finding.span.of(file.text),
        "message": message(found),
        "fix": None if finding.fix is None else finding.fix.text,
        "judged": not finding.checked,
        "state": found.state.value,
    }
