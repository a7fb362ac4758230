"""reviewdog's rdjsonl: one diagnostic a line; columns in bytes of UTF-8, from 1."""

import json
from collections.abc import Iterator
from typing import Any

from self_refine.ci.formats.columns import byte_columns, message, rule
from self_refine.ci.results import CheckReport, FileResult, Found
from self_refine.loop.types import Severity

_SEVERITY = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING"}


def rdjsonl(report: CheckReport) -> str:
    """The findings that count."""
    return "".join(
        json.dumps(_diagnostic(file, each), ensure_ascii=False) + "\n" for file, each in report.new
    )


def _diagnostic(file: FileResult, found: Found) -> dict[str, Any]:
    at = _range(file, found)
    diagnostic = {
        "message": message(found),
        "location": {"path": file.path.as_posix(), "range": at},
        "severity": _SEVERITY.get(found.finding.severity, "INFO"),
        "source": {"name": "self-refine"},
        "code": {"value": rule(found)},
    }
    return diagnostic | dict(_suggestions(found, at))


def _suggestions(found: Found, at: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The repair, where it replaces the very words that are quoted."""
    finding = found.finding
    if finding.fix is not None and finding.fix.span == finding.span:
        yield "suggestions", [{"range": at, "text": finding.fix.text}]


def _range(file: FileResult, found: Found) -> dict[str, Any]:
    first, last = byte_columns(file, found)
    return {
        "start": {"line": found.place.line, "column": first},
        "end": {"line": found.place.end_line, "column": last},
    }
