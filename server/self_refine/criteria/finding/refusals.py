"""A file that is not read at all, as the one problem that says so."""

from pathlib import Path

from self_refine.criteria.finding.safe_files import Refused
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.reader import Reading
from self_refine.loop.types import Severity


def refused(path: Path, label: str, why: Refused, severity: Severity = Severity.ERROR) -> Reading:
    """What reading it came to: nothing, and the reason at the place where it stopped."""
    line = why.before.count("\n") + 1
    column = len(why.before) - why.before.rfind("\n")
    problem = Problem(
        path=path,
        line=line,
        column=column,
        end_line=line,
        end_column=column + 1,
        severity=severity,
        code=why.code,
        message=why.message,
        label=label,
    )
    return Reading(None, (problem,))
