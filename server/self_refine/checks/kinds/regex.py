"""Owns the `regex` check: a pattern that must not match, or must, or not more than so often."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from self_refine.checks.check import MOST_FINDINGS, Base, Check, Common, one_line
from self_refine.checks.key_schema import Flag, Text, Whole
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
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

    def run(self, subject: Subject) -> CheckResult:
        """Find what matches, or that nothing does."""
        if self.require:
            return self.result(self._absent(subject))
        return self.result(tuple(islice(self._faults(subject), MOST_FINDINGS)))

    def _absent(self, subject: Subject) -> tuple[Finding, ...]:
        if self.pattern.occurs_in(subject.text):
            return ()
        end = Span(len(subject.text), len(subject.text))
        names = {"match": "", "count": "0", "max": str(self.most)}
        return (self.finding(subject, end, names, kind=Kind.MISSING),)

    def _faults(self, subject: Subject) -> Iterator[Finding]:
        for number, match in enumerate(self.pattern.found_in(subject.text, subject.flat), 1):
            if number > self.most:
                names = {
                    "match": one_line(match.groups[0]),
                    "count": str(number),
                    "max": str(self.most),
                }
                yield self.finding(subject, match.span, names, fix=self._repair(subject, match))

    def _repair(self, subject: Subject, match: Match) -> Edit | None:
        # A rule for prose may fault what stands in code; it must not rewrite a program.
        if self.fix is None or in_any(match.span, subject.code):
            return None
        text = rewritten(self.fix, match.groups)
        return Edit(match.span, text) if text != match.groups[0] else None


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
    return RegexCheck(
        common=common,
        pattern=pattern,
        require=values.get("require", False),
        most=values.get("max", 0),
        fix=values.get("fix"),
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
    },
    required=("pattern",),
    names=frozenset({"match", "count", "max"}),
    message="'{match}' is not wanted here.",
    build=_build,
)
