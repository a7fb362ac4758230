"""From what a command reported to findings: what is new, what is the selection's, and where."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from self_refine.checks.check import one_line
from self_refine.checks.kinds.command import CommandCheck
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Severity, Verdict
from self_refine.text.invisible import plain
from self_refine.text.spans import Span
from self_refine.tools.outcome import Outcome, Silent, Told, cut
from self_refine.tools.results.places import Document, first_line, is_about, is_candidate, place_of
from self_refine.tools.results.reported import Reported

_MOST = 50
_BEFORE = "It failed before, too, and does not name the selection: "


def result_of(
    check: CommandCheck,
    outcome: Outcome,
    original: Outcome,
    document: Document,
    roots: tuple[Path, ...],
) -> CheckResult:
    """What a check says of a candidate.

    Args:
        check: what was run.
        outcome: on the candidate.
        original: on the text that the run began with.
        document: the candidate's.
        roots: the workspace, and where a copy of it stands.
    """
    match outcome:
        case Silent(reason):
            return check.not_checked(reason)
        case Told(ran_nothing=True):
            return replace(check.not_checked("it ran no tests"), verdict=Verdict.NOT_APPLICABLE)
        case Told(reported):
            known = {r.key for r in original.reported} if isinstance(original, Told) else set()
            found = tuple(_findings(check, reported, known, document, roots))[:_MOST]
            gates = any(f.severity is check.severity for f in found)
            verdict = Verdict.FAIL if gates else Verdict.PASS
            return CheckResult(criterion=check.criterion_id, verdict=verdict, findings=found)


def _findings(
    check: CommandCheck,
    reported: tuple[Reported, ...],
    known: set[tuple[str, str, str]],
    document: Document,
    roots: tuple[Path, ...],
) -> Iterator[Finding]:
    for each in reported:
        at = place_of(each, document, roots)
        elsewhere = at is None and _is_elsewhere(each, document, roots)
        if at is None and each.key in known and elsewhere:
            # The team's own debts withhold nothing; a test that failed is worth a remark.
            if each.test:
                yield _finding(check, each, first_line(document.text), document, before=True)
        else:
            found = _finding(check, each, at or first_line(document.text), document)
            yield replace(found, anywhere=bool(each.test) or at is None)


def _is_elsewhere(reported: Reported, document: Document, roots: tuple[Path, ...]) -> bool:
    """Whether a place is named that is not the selection, or a test that does not speak of it."""
    if reported.test:
        return not is_about(reported, document.text)
    return bool(reported.at.line) or not is_candidate(reported.at.path, document, roots)


def _finding(
    check: CommandCheck, reported: Reported, at: Span, document: Document, *, before: bool = False
) -> Finding:
    names = {
        "test": plain(reported.test, 200),
        "detail": one_line(plain(reported.message, 400), 240),
        "match": one_line(plain(reported.message, 400), 240),
        "rule": plain(reported.rule, 80),
        "path": plain(reported.at.path, 200) or document.path,
    }
    subject = Subject(text=document.text, original=document.text, language="")
    found = check.finding(subject, at, names, message=_default(check, reported))
    quiet = before or reported.level == "info"
    return replace(
        found,
        problem=(_BEFORE if before else "") + found.problem,
        severity=Severity.INFO if quiet and check.severity.gates else check.severity,
        # The reading that runs beside it has not seen it: the writer is told.
        needs="rewrite",
        output=cut(reported.detail) if reported.detail else "",
    )


def _default(check: CommandCheck, reported: Reported) -> str:
    """The sentence where the criteria file gives none."""
    if check.common.message:
        return ""
    if reported.test:
        return "{test} fails: {detail}"
    return "{rule}: {detail}" if reported.rule else "{detail}"
