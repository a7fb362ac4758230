"""Owns the kinds of defect that texts are planted with: which words are wrong, and what is right.

A defect is there if and only if its wrong words are, so that the truth about any text is known
without a judge. No clean text holds the wrong words of any kind.
"""

from dataclasses import dataclass

from self_refine.loop.types import CheckResult, Criterion, Finding, Severity, Verdict
from self_refine.text.spans import Edit, Span


@dataclass(frozen=True)
class Kind:
    """One kind of defect, and the criterion that asks about it."""

    id: str
    right: str
    wrong: str
    question: str
    severity: Severity = Severity.WARNING
    languages: tuple[str, ...] = ("plaintext", "markdown")


KINDS = (
    Kind(
        "sim/wordy",
        "because",
        "due to the fact that",
        "Is there a phrase of several words for which one word would do?",
    ),
    Kind(
        "sim/vague-number",
        "seven of the",
        "a number of the",
        "Is there a quantity without a figure?",
        Severity.ERROR,
    ),
    Kind(
        "sim/stock",
        "in the end",
        "at the end of the day",
        "Is there a stock phrase that says nothing about this subject?",
    ),
    Kind("sim/repeated", "from the", "from the the", "Is any word written twice in a row?"),
    Kind(
        "sim/hedge",
        "this shows that",
        "it could perhaps be argued that",
        "Is there a hedge that hides who says so?",
    ),
    Kind(
        "sim/link-text",
        "[the setup guide](",
        "[click here](",
        "Is there a link whose words do not name where it leads?",
        languages=("markdown",),
    ),
    Kind(
        "sim/shouting",
        "**Note:**",
        "**IMPORTANT!!!**",
        "Is there emphasis by capitals or exclamation marks?",
        languages=("markdown",),
    ),
    Kind(
        "sim/broad-except",
        "except ValueError:",
        "except Exception:",
        "Does any `except` clause catch more than the body can raise?",
        Severity.ERROR,
        ("python",),
    ),
    Kind(
        "sim/mutable-default",
        "items=None):",
        "items=[]):",
        "Is there a mutable default argument?",
        Severity.ERROR,
        ("python",),
    ),
    Kind(
        "sim/none-equality",
        "is None:",
        "== None:",
        "Is anything compared with None by equality?",
        languages=("python",),
    ),
    Kind(
        "sim/select-star",
        "SELECT id, total FROM",
        "SELECT * FROM",
        "Does a query ask for every column?",
        languages=("sql",),
    ),
    Kind(
        "sim/function-on-column",
        "WHERE created_at >= ",
        "WHERE DATE(created_at) = ",
        "Is a function applied to a column that a filter compares?",
        Severity.ERROR,
        ("sql",),
    ),
    Kind(
        "sim/placeholder",
        '"due": "2026-03-01"',
        '"due": "TBD"',
        "Is there a placeholder where a value belongs?",
        Severity.ERROR,
        ("json",),
    ),
    Kind(
        "sim/no-owner",
        '"owner": "dana"',
        '"owner": "team"',
        "Is there an owner that is no person?",
        languages=("json",),
    ),
)

BY_ID = {kind.id: kind for kind in KINDS}


def kinds_for(language: str) -> tuple[Kind, ...]:
    """The kinds that texts of a language are judged by."""
    return tuple(kind for kind in KINDS if language in kind.languages)


@dataclass(frozen=True, order=True)
class Defect:
    """One defect in a text."""

    span: Span
    kind: str


def defects(text: str, language: str) -> tuple[Defect, ...]:
    """Every defect of a text, in order."""
    found = []
    for kind in kinds_for(language):
        at = text.find(kind.wrong)
        while at >= 0:
            found.append(Defect(Span(at, at + len(kind.wrong)), kind.id))
            at = text.find(kind.wrong, at + len(kind.wrong))
    return tuple(sorted(found))


def criteria(language: str, *, checked: bool) -> tuple[Criterion, ...]:
    """The criteria of a language: decided by checks, or by the critic."""
    return tuple(
        Criterion(
            id=kind.id,
            question=kind.question,
            severity=kind.severity,
            check="words" if checked else None,
            evidence="" if checked else "quote the words",
            fix=f"Write {kind.right!r} or the like.",
        )
        for kind in kinds_for(language)
    )


def checked(text: str, language: str) -> tuple[CheckResult, ...]:
    """What checks say that know the truth, without fixes of their own."""
    found = defects(text, language)
    return tuple(_result(kind, text, found) for kind in kinds_for(language))


def _result(kind: Kind, text: str, found: tuple[Defect, ...]) -> CheckResult:
    findings = tuple(
        Finding(
            criterion=kind.id,
            severity=kind.severity,
            span=defect.span,
            quote=kind.wrong,
            problem=kind.question,
            fix=None,
            checked=True,
        )
        for defect in found
        if defect.kind == kind.id
    )
    verdict = Verdict.FAIL if findings else Verdict.PASS
    return CheckResult(criterion=kind.id, verdict=verdict, findings=findings)


def repaired(text: str, language: str) -> str:
    """The text without any defect."""
    for kind in kinds_for(language):
        text = text.replace(kind.wrong, kind.right)
    return text


def edit_of(defect: Defect) -> Edit:
    """What would mend a defect."""
    return Edit(defect.span, BY_ID[defect.kind].right)
