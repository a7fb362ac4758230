"""SARIF 2.1.0, within the limits of GitHub's code scanning.

Limits: 5,000 results are kept of an upload (GitHub, "SARIF support for code scanning", read in
2026): the gravest come first here, and what is left out is said in a notification.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from self_refine.ci.formats.columns import LEVELS, message
from self_refine.ci.results import CheckReport, FileResult, Found, State, Unchecked
from self_refine.loop.types import Criterion
from self_refine.text.foreign import inert, visible_json
from self_refine.text.invisible import plain

MOST_RESULTS = 5_000
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LONGEST = 1_000


def sarif(report: CheckReport, version: str) -> str:
    """The report as one SARIF log with one run."""
    ids = sorted(report.criteria)
    results = _results(report, {name: index for index, name in enumerate(ids)})
    run = {
        "tool": {
            "driver": {
                "name": "self-refine",
                "semanticVersion": version,
                "rules": [_rule(report.criteria[name]) for name in ids],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the work tree."}}},
        "invocations": [
            {
                "executionSuccessful": not report.errors,
                "toolExecutionNotifications": list(_notifications(report, len(results))),
            }
        ],
        "results": results[:MOST_RESULTS],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return visible_json(log, indent=1) + "\n"


def _words(words: str) -> str:
    """A message of SARIF: `[words](target)` in one would be a link (SARIF 2.1.0, 3.11.6)."""
    return inert(plain(words, _LONGEST), _LONGEST)


def _rule(criterion: Criterion) -> dict[str, Any]:
    judged = criterion.check is None
    return {
        "id": criterion.id,
        "shortDescription": {"text": _words(criterion.question)},
        "fullDescription": {"text": _words(criterion.why or criterion.question)},
        "help": {"text": _words(_help(criterion))},
        "defaultConfiguration": {"level": LEVELS[criterion.severity]},
        "properties": {
            "tags": ["judged" if judged else "check"],
            "precision": "medium" if judged else "high",
        },
    }


def _help(criterion: Criterion) -> str:
    """What to do about a finding: code scanning shows it beside each alert."""
    said = filter(None, (criterion.question, criterion.why, criterion.fix))
    return " ".join(dict.fromkeys(said)) or f"Criterion {criterion.id}."


def _results(report: CheckReport, index: Mapping[str, int]) -> list[dict[str, Any]]:
    """New findings first, gravest first; then the baselined and dismissed ones, suppressed."""
    silent = [
        (file, each)
        for file in report.files
        for each in file.found
        if each.state in {State.BASELINED, State.DISMISSED}
    ]
    return [_result(file, each, index) for file, each in (*report.new, *silent)]


def _result(file: FileResult, found: Found, index: Mapping[str, int]) -> dict[str, Any]:
    finding = found.finding
    result: dict[str, Any] = {
        "ruleId": finding.criterion,
        "level": LEVELS[finding.severity],
        "message": {"text": _words(message(found))},
        "locations": [{"physicalLocation": _location(file, found)}],
        "partialFingerprints": _fingerprints(file, found),
        "baselineState": "unchanged" if found.state is State.BASELINED else "new",
    }
    if finding.criterion in index:
        result["ruleIndex"] = index[finding.criterion]
    if found.state is not State.NEW:
        why = "in the baseline" if found.state is State.BASELINED else "dismissed"
        kind = "external" if found.state is State.BASELINED else "inSource"
        result["suppressions"] = [{"kind": kind, "justification": why}]
    if finding.fix is not None:
        result["fixes"] = [_fix(file, found)]
    return result


def _location(file: FileResult, found: Found) -> dict[str, Any]:
    place = found.place
    return {
        "artifactLocation": _artifact(file),
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    }


def _artifact(file: FileResult) -> dict[str, str]:
    return {"uri": quote(file.path.as_posix()), "uriBaseId": "SRCROOT"}


def _fix(file: FileResult, found: Found) -> dict[str, Any]:
    fix = found.finding.fix
    assert fix is not None  # noqa: S101 - the caller has looked
    start, length = fix.span.start, fix.span.end - fix.span.start
    return {
        "description": {"text": "Replace the words."},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(file),
                "replacements": [
                    {
                        "deletedRegion": {"charOffset": start, "charLength": length},
                        "insertedContent": {"text": fix.text},
                    }
                ],
            }
        ],
    }


def _fingerprints(file: FileResult, found: Found) -> dict[str, str]:
    """GitHub matches alerts by the first; ours holds while the quoted words stay the same."""
    words = " ".join(found.finding.span.of(file.text).split())
    line = file.text.split("\n")[found.place.line - 1].strip() if file.text else ""
    return {
        "primaryLocationLineHash": _hash(f"{found.finding.criterion}\0{line}"),
        "quoteHash/v1": _hash(f"{found.finding.criterion}\0{words}"),
    }


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _notifications(report: CheckReport, results: int) -> Iterator[dict[str, Any]]:
    for error in report.errors:
        yield _note("error", f"{error.path}: {error.message}")
    for file, each in report.unchecked:
        yield _note("warning", _not_checked(file, each))
    if results > MOST_RESULTS:
        left = results - MOST_RESULTS
        yield _note("warning", f"{left:,} results are left out: {MOST_RESULTS:,} are the limit.")


def _not_checked(file: FileResult, each: Unchecked) -> str:
    return f"{file.path}: {each.criterion} was not checked: {each.reason}"


def _note(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _words(text)}}
