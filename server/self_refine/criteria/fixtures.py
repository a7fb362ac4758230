"""Owns comparing fixtures with what the checks of their file really say of them."""

from collections.abc import Iterator

from self_refine.checks.registry import run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.criteria_file import Bad, CriteriaFile, Fixture, Given, Good
from self_refine.criteria.problems import Problem
from self_refine.loop.types import CheckResult, Severity, Verdict

MOST_COMPARED = 100
"""Fixtures of one file: files are read again and again while people write them."""


def compare(file: CriteriaFile) -> tuple[Problem, ...]:
    """What fixtures announce wrongly. Only checks that this version runs are compared."""
    return tuple(
        _problem(file, fixture, message)
        for fixture in file.fixtures[:MOST_COMPARED]
        for message in _wrong(file, fixture)
    )


def checked(file: CriteriaFile, text: str, language: str) -> tuple[CheckResult, ...]:
    """What the checks of a file say of an example, with the inputs that its fixtures give."""
    inputs = {f.announces.name: f.text for f in file.fixtures if isinstance(f.announces, Given)}
    subject = Subject(text=text, original=text, language=language, inputs=inputs)
    return run_checks(file.checks, subject)


def _wrong(file: CriteriaFile, fixture: Fixture) -> Iterator[str]:
    match fixture.announces:
        case Given():
            return
        case Good():
            announced: frozenset[str] = frozenset()
        case Bad(ids):
            announced = frozenset(ids)
    failed, ran = _run(file, fixture)
    for name in sorted(failed - announced):
        yield f"The check {name!r} finds a fault in this fixture, which does not announce it."
    for name in sorted(ran & announced - failed):
        yield f"This fixture announces {name!r}, and the check finds no such fault in it."


def _run(file: CriteriaFile, fixture: Fixture) -> tuple[frozenset[str], frozenset[str]]:
    """Last parts of the ids of the checks that failed, and of those that ran at all."""
    results = checked(file, fixture.text, fixture.language)
    own = [(result.criterion.removeprefix(f"{file.id}/"), result.verdict) for result in results]
    failed = frozenset(name for name, verdict in own if verdict is Verdict.FAIL)
    return failed, frozenset(name for name, v in own if v in (Verdict.PASS, Verdict.FAIL))


def _problem(file: CriteriaFile, fixture: Fixture, message: str) -> Problem:
    return Problem(
        path=file.path,
        line=fixture.line,
        column=1,
        end_line=fixture.line,
        end_column=fixture.end_column,
        severity=Severity.WARNING,
        code="CR402",
        message=message,
        label=file.label,
    )
