"""Owns what every check shares: its interface, its common keys, its messages, its findings."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Kind, Severity, Verdict, When
from self_refine.text.spans import Edit, Span

MOST_FINDINGS = 200
"""Of one check on one text: nobody reads more, and a pattern may match every character."""

_NAME = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_MEANT = re.compile(r"\{(?:[\w.]+(?:[!:\[][^{}\s]*)?\}?|\s+\w+\s*\}|\w+\s+\}|\})|\b[a-z_]+\}")
"""What somebody wrote for a name to be filled in; `{% if %}` and `{"a": 1}` are plain words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Common:
    """The keys that every kind of check takes."""

    id: str
    """Full id."""
    severity: Severity
    message: str
    why: str = ""
    when: When | None = None


class Check(Protocol):
    """One deterministic check, ready to run."""

    @property
    def criterion_id(self) -> str:
        """Full id of the criterion that it decides."""
        ...

    @property
    def severity(self) -> Severity:
        """Of each of its findings."""
        ...

    @property
    def when(self) -> When | None:
        """The check on whose result it depends, if any."""
        ...

    def run(self, subject: Subject) -> CheckResult:
        """Look at one text."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """What the kinds have in common; a kind adds its own keys and `run`."""

    common: Common

    @property
    def criterion_id(self) -> str:
        """Full id of the criterion that it decides."""
        return self.common.id

    @property
    def severity(self) -> Severity:
        """Of each of its findings."""
        return self.common.severity

    @property
    def when(self) -> When | None:
        """The check on whose result it depends, if any."""
        return self.common.when

    def finding(
        self,
        subject: Subject,
        span: Span,
        names: Mapping[str, str],
        *,
        kind: Kind = Kind.WRONG,
        fix: Edit | None = None,
    ) -> Finding:
        """Report `span`, with the message's names filled in."""
        message = fill(self.common.message, names)
        return Finding(
            criterion=self.common.id,
            severity=self.common.severity,
            span=span,
            quote=span.of(subject.text),
            kind=kind,
            problem=message,
            instruction=self.common.why,
            fix=fix,
            checked=True,
        )

    def result(self, findings: tuple[Finding, ...]) -> CheckResult:
        """Fail with these findings, or pass where there is none."""
        verdict = Verdict.FAIL if findings else Verdict.PASS
        return CheckResult(criterion=self.common.id, verdict=verdict, findings=findings)

    def not_checked(self, reason: str) -> CheckResult:
        """Say why nothing was decided."""
        return CheckResult(criterion=self.common.id, verdict=Verdict.NOT_CHECKED, reason=reason)


def fill(message: str, names: Mapping[str, str]) -> str:
    """Put names into a message by plain replacement; what is put in is not looked at again."""
    return _NAME.sub(lambda found: names.get(found[1], found[0]), message)


def names_in(message: str) -> tuple[tuple[str, Span], ...]:
    """The `{name}`s of a message and where they stand in it."""
    return tuple((found[1], Span(*found.span())) for found in _NAME.finditer(message))


def not_filled(message: str, known: Collection[str]) -> tuple[Span, ...]:
    """Where a message has what looks like a `{name}`, and nothing will fill it."""
    filled = {span for name, span in names_in(message) if name in known}
    meant = ((found[0], Span(*found.span())) for found in _MEANT.finditer(message))
    return tuple(
        span
        for words, span in meant
        if span not in filled and (words[0] == "{" or words.rstrip("}") in known)
    )


def one_line(words: str, most: int = 80) -> str:
    """Words as a message shows them: white space folded, the middle left out where long."""
    folded = " ".join(words.split())
    if len(folded) <= most:
        return folded
    half = most // 2
    return f"{folded[:half].rstrip()} … {folded[-half:].lstrip()}"
