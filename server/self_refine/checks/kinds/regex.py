"""The `regex` check: a pattern that must not match, or must, or not more than so often."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from self_refine.checks.check import MOST_FIXED, MOST_SHOWN, Base, Check, Common, limited, one_line
from self_refine.checks.fixes.safe_edits import safe_edits
from self_refine.checks.key_schema import Flag, Text, Whole
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.markup.names import is_name
from self_refine.checks.markup.prose_map import Scope, joined
from self_refine.checks.markup.units import in_any
from self_refine.checks.search.patterns import (
    BadPattern,
    Match,
    Pattern,
    check_rewrite,
    compile_pattern,
    matches_no_words,
    rewritten,
)
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Kind
from self_refine.text.spans import Edit, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class RegexCheck(Base):
    """Judges by a pattern in RE2's syntax."""

    pattern: Pattern
    require: bool
    most: int
    """How many matches are fine."""
    fix: str | None
    source: str = ""
    """The pattern as the file has it."""
    exempt: Pattern | None = None
    """What lies inside one of its matches is no finding."""

    def run(self, subject: Subject) -> CheckResult:
        """Find what matches, or that nothing does."""
        if self.require:
            return self.result(self._absent(subject))
        found = self._faults(subject)
        if not found and (other := self.not_for(subject)):
            return other
        fixes = self._safe(subject, [self._repair(subject, match) for _, match in found])
        findings = (
            self._report(subject, number, match, fix)
            for (number, match), fix in zip(found, fixes, strict=True)
        )
        return self.result(limited(findings))

    def _looks_at(self) -> tuple[Scope, ...]:
        # What is required may stand anywhere: in a link, in code, in front matter.
        whole = self.require or self.common.for_code
        return self.scopes(("everything",) if whole else ("prose",))

    def _absent(self, subject: Subject) -> tuple[Finding, ...]:
        if any(True for _ in self._matches(subject)) or self._fits_nothing(subject):
            return ()
        end = Span(len(subject.text), len(subject.text))
        names = {"match": "", "count": "0", "max": str(self.most)}
        default = self.common.message == SPEC.message
        return (
            self.finding(
                subject,
                end,
                names,
                kind=Kind.MISSING,
                message=_missing(self.source) if default else "",
            ),
        )

    def _fits_nothing(self, subject: Subject) -> bool:
        """Whether the pattern matches without a character, such as an anchor."""
        return self.pattern.occurs_in(subject.view(self._looks_at()).data.decode("utf-8"))

    def _matches(self, subject: Subject) -> Iterator[Match]:
        view = subject.view(self._looks_at())
        exempt: tuple[Span, ...] | None = None
        for match in self.pattern.found_in(subject.text, view):
            if exempt is None:
                exempt = self._exempt(subject)  # most texts have no match, and need none
            if match.span.is_empty or in_any(match.span, exempt):
                continue
            if not (is_name(subject.text, match.span) and self._looks_at() == ("prose",)):
                yield match

    def _exempt(self, subject: Subject) -> tuple[Span, ...]:
        if self.exempt is None:
            return ()
        return _exempt_in(subject.text, self.exempt)

    def _faults(self, subject: Subject) -> list[tuple[int, Match]]:
        numbered = (
            (number, match)
            for number, match in enumerate(self._matches(subject), 1)
            if number > self.most and not self.is_foreign(subject, match.span.start)
        )
        return list(islice(numbered, MOST_SHOWN if self.fix is None else MOST_FIXED))

    def _report(self, subject: Subject, number: int, match: Match, fix: Edit | None) -> Finding:
        names = {"match": one_line(match.groups[0]), "count": str(number), "max": str(self.most)}
        return self.finding(subject, match.span, names, fix=fix)

    def _repair(self, subject: Subject, match: Match) -> Edit | None:
        if self.fix is None or _inside_a_word(subject.text, match.span):
            return None
        text = rewritten(self.fix, match.groups)
        return Edit(match.span, text) if text != match.groups[0] else None

    def _safe(self, subject: Subject, edits: list[Edit | None]) -> list[Edit | None]:
        """The fixes that may be applied: in a text that people read, those that change prose."""
        proposed = [edit for edit in edits if edit is not None]
        if self.common.for_code or not proposed:
            return edits
        safe = safe_edits(subject.text, subject.map, subject.language, proposed)
        return [edit if edit in safe else None for edit in edits]


@lru_cache(maxsize=8)
def _exempt_in(text: str, pattern: Pattern) -> tuple[Span, ...]:
    return joined(match.span for match in pattern.found_in(text))


def _missing(pattern: str) -> str:
    return f"Nothing here matches '{one_line(pattern)}'."


def _inside_a_word(text: str, span: Span) -> bool:
    """Whether a match is a part of an identifier: a name that a program knows."""
    start, end = span.start, span.end
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    word = text[start:end]
    return (start, end) != (span.start, span.end) and ("_" in word or word[1:] != word[1:].lower())


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    pattern = compile_pattern(
        values["pattern"],
        ignore_case=values.get("ignore_case", False),
        multiline=values.get("multiline", False),
    )
    if isinstance(pattern, BadPattern):
        return Fault("pattern", pattern.message, "CR206" if pattern.python_only else "CR205")
    if fault := _contradiction(values, pattern):
        return fault
    exempt = compile_pattern(values["except"], multiline=True) if "except" in values else None
    if isinstance(exempt, BadPattern):
        return Fault("except", exempt.message, "CR206" if exempt.python_only else "CR205")
    return RegexCheck(
        common=common,
        pattern=pattern,
        require=values.get("require", False),
        most=values.get("max", 0),
        fix=values.get("fix"),
        exempt=exempt,
        source=values["pattern"],
    )


def _contradiction(values: Values, pattern: Pattern) -> Fault | None:
    required = values.get("require", False)
    for key in ("max", "fix"):
        if required and key in values:
            return Fault(key, f"`require` asks for a match, so `{key}` has nothing to act on.")
    if required and pattern.fits_all:
        return Fault("pattern", "This matches in every text, so requiring it says nothing.")
    if not required and (idle := matches_no_words(values["pattern"])):
        return Fault("pattern", idle)
    wrong = check_rewrite(values.get("fix", ""), pattern.groups)
    return Fault("fix", wrong) if wrong else None


SPEC = KindSpec(
    keys={
        "pattern": Text(),
        "ignore_case": Flag(),
        "multiline": Flag(),
        "require": Flag(),
        "max": Whole(),
        "fix": Text(blank=True),
        "except": Text(),
    },
    required=("pattern",),
    names=frozenset({"match", "count", "max"}),
    message="'{match}' is not wanted here.",
    build=_build,
)
