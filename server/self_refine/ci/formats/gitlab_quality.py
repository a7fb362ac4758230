"""GitLab's code quality report."""

import hashlib
from typing import Any

from self_refine.ci.formats.columns import message, rule
from self_refine.ci.results import CheckReport, FileResult, Found
from self_refine.loop.types import Severity
from self_refine.text.foreign import visible_json

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "minor"}


def gitlab(report: CheckReport) -> str:
    """One JSON list; a fingerprint that stands twice gets a number, since GitLab drops doubles."""
    seen: dict[str, int] = {}
    issues = []
    for file, each in report.new:
        key = _key(file, each)
        seen[key] = seen.get(key, 0) + 1
        issues.append(_issue(file, each, f"{key}\0{seen[key]}"))
    return visible_json(issues, indent=1) + "\n"


def _key(file: FileResult, found: Found) -> str:
    words = " ".join(found.finding.span.of(file.text).split())
    return f"{file.path}\0{found.finding.criterion}\0{words}"


def _issue(file: FileResult, found: Found, key: str) -> dict[str, Any]:
    place = found.place
    return {
        "description": message(found),
        "check_name": rule(found),
        "fingerprint": hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest(),
        "severity": _SEVERITY.get(found.finding.severity, "info"),
        "location": {
            "path": file.path.as_posix(),
            "positions": {
                "begin": {"line": place.line, "column": place.column},
                "end": {"line": place.end_line, "column": place.end_column},
            },
        },
    }
