"""A verdict with its findings as JSON, and back: what does not fit its text is no verdict."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from self_refine.loop.types import Criterion, Finding, Judged, Kind, Known, Verdict
from self_refine.text.spans import Edit, Span

_NEEDS = ("", "rewrite", "author")


def write_known(known: Known) -> dict[str, Any]:
    """What `read_known` can read."""
    return {
        "verdict": known.judged.verdict.value,
        "reason": known.judged.reason,
        "findings": [_written(finding) for finding in known.findings],
    }


def _written(finding: Finding) -> dict[str, Any]:
    return {
        "at": [finding.span.start, finding.span.end],
        "quote": finding.quote,
        "kind": finding.kind.value,
        "problem": finding.problem,
        "instruction": finding.instruction,
        "needs": finding.needs,
        "fix": [[e.span.start, e.span.end, e.text] for e in finding.proposal],
    }


def read_known(values: Any, criterion: Criterion, text: str) -> Known | None:
    """The verdict of a criterion on a text; None where the values cannot be of this text.

    Args:
        values: what stood in a file that anybody may have changed.
        criterion: as it is now; its name and severity are the findings'.
        text: the one that is judged.
    """
    try:
        return Known(
            criterion=criterion.id,
            judged=Judged(Verdict(values["verdict"]), _text(values["reason"])),
            findings=tuple(_finding(each, criterion, text) for each in values["findings"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _finding(values: Mapping[str, Any], criterion: Criterion, text: str) -> Finding:
    span = _span(values["at"], text)
    if span.of(text) != values["quote"] or values["needs"] not in _NEEDS:
        raise ValueError
    finding = Finding(
        criterion=criterion.id,
        severity=criterion.severity,
        span=span,
        quote=span.of(text),
        kind=Kind(values["kind"]),
        problem=_text(values["problem"]),
        instruction=_text(values["instruction"]),
        needs=values["needs"],
    )
    edits = tuple(
        Edit(_span((start, end), text), _text(words)) for start, end, words in values["fix"]
    )
    if any(one.span.end > two.span.start for one, two in pairwise(edits)):
        raise ValueError
    return finding.proposing(edits, text) if edits else finding


def _span(values: Any, text: str) -> Span:
    start, end = values
    if type(start) is not int or type(end) is not int or not 0 <= start <= end <= len(text):
        raise ValueError
    return Span(start, end)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
