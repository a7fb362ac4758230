"""Owns what every check shares: its interface, its common keys, its messages, its findings."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from self_refine.checks.markup.prose_map import Scope
from self_refine.checks.search.natural_languages import name_of
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Kind, Severity, Verdict, When
from self_refine.text.spans import Edit, Span

MOST_SHOWN = 200
"""Findings of one check on one text that nobody can fix by a rule: nobody reads more of them."""
MOST_FIXED = 100_000
"""Findings of one check with a fix: what is applied is not read one by one."""

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
    scopes: tuple[Scope, ...] = ()
    """What of a text it looks at (`in:`); empty where the file does not say."""
    for_code: bool = False
    """Whether the file is for code or data alone."""
    text_languages: tuple[str, ...] = ()
    """The natural languages that it is for, as ISO 639-1 codes; empty for all."""


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

    def finding(  # noqa: PLR0913 - what a finding is made of
        self,
        subject: Subject,
        span: Span,
        names: Mapping[str, str],
        *,
        kind: Kind = Kind.WRONG,
        fix: Edit | None = None,
        message: str = "",
    ) -> Finding:
        """Report `span`, with the names of the message filled in; `message` replaces the file's."""
        message = fill(message or self.common.message, names)
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

    def scopes(self, otherwise: tuple[Scope, ...] = ("prose",)) -> tuple[Scope, ...]:
        """What of a text this check looks at."""
        return self.common.scopes or otherwise

    def is_foreign(self, subject: Subject, place: int) -> str:
        """The natural language at a place, if it is surely none that this check is for."""
        wanted = self.common.text_languages
        if not wanted:
            return ""
        found = subject.spoken_at(place)
        return found if found and found not in wanted else ""

    def not_for(self, subject: Subject) -> CheckResult | None:
        """The result for a text that is surely in another language than this check is for."""
        wanted = self.common.text_languages
        if not wanted or not subject.spoken or subject.spoken in wanted:
            return None
        listed = " or ".join(map(name_of, wanted))
        reason = f"the text is in {name_of(subject.spoken)}; this check is for {listed}"
        return CheckResult(criterion=self.common.id, verdict=Verdict.NOT_APPLICABLE, reason=reason)

    def not_checked(self, reason: str) -> CheckResult:
        """Say why nothing was decided."""
        return CheckResult(criterion=self.common.id, verdict=Verdict.NOT_CHECKED, reason=reason)


def limited(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """All findings with a fix, and as many of the others as anybody reads."""
    kept: list[Finding] = []
    others = fixes = 0
    for finding in findings:
        if finding.fix is not None and fixes < MOST_FIXED:
            fixes += 1
        elif others < MOST_SHOWN:
            others += 1
        else:
            continue
        kept.append(finding)
    return tuple(kept)


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
