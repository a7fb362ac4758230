"""Owns the one object that `refine --json` prints."""

from typing import Any

from self_refine.cli.output.code_frames import Page
from self_refine.cli.output.report import Report
from self_refine.loop.reporting.pass_report import passes
from self_refine.loop.types import Finding, PassView
from self_refine.text.foreign import visible_json


def as_json(report: Report) -> str:
    """The run as one JSON object, documented in docs/cli.md."""
    outcome, cost = report.outcome, report.outcome.cost
    value = {
        "text": report.target.bom + report.text,
        "stop_reason": outcome.stop.value,
        "model": report.model,
        "lost": list(outcome.lost),
        "passes": [_pass(report, view) for view in passes(outcome)],
        "estimate": {
            "calls": report.estimate.calls,
            "input_tokens": report.estimate.input_tokens,
            "output_tokens": report.estimate.output_tokens,
        },
        "cost": {
            "calls": cost.calls,
            "input_tokens": cost.input_tokens,
            "cached_tokens": cost.cached_tokens,
            "output_tokens": cost.output_tokens,
            "seconds": round(cost.seconds, 3),
        },
    }
    return visible_json(value, indent=2)


def _pass(report: Report, view: PassView) -> dict[str, Any]:
    candidate = view.candidate
    page = Page(report.target.label, report.document(candidate.text), report.target.span.start)
    pairs = zip(candidate.findings, view.fixed_in, strict=True)
    return {
        "findings": [_finding(page, finding, fixed) for finding, fixed in pairs],
        "verdicts": {id_: judged.verdict.value for id_, judged in candidate.verdicts.items()},
    }


def _finding(page: Page, finding: Finding, fixed: int | None) -> dict[str, Any]:
    line, column, end_line, end_column = page.place(finding.span)
    return {
        "criterion": finding.criterion,
        "severity": finding.severity.value,
        "quote": finding.quote,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "message": finding.problem,
        "fixed_in_pass": fixed,
        "needs": finding.needs,
    }
