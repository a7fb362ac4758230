"""reviewdog's rdjsonl: one diagnostic a line; columns in bytes of UTF-8, from 1."""

from collections.abc import Iterator
from typing import Any

from self_refine.ci.formats.columns import byte_columns, message, rule
from self_refine.ci.results import CheckReport, FileResult, Found
from self_refine.loop.types import Severity
from self_refine.text import to_markdown
from self_refine.text.foreign import visible_json

_LONGEST = 2_000
_SEVERITY = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING"}


def rdjsonl(report: CheckReport) -> str:
    """The findings that count."""
    return "".join(visible_json(_diagnostic(file, each)) + "\n" for file, each in report.new)


def _diagnostic(file: FileResult, found: Found) -> dict[str, Any]:
    at = _range(file, found)
    diagnostic = {
        # reviewdog writes it into comments, which show Markdown.
        "message": to_markdown.words(message(found), _LONGEST),
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
