"""The `subset` check: what a text says must stand in an input, as a summary in its source."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal, get_args

from self_refine.checks.check import MOST_SHOWN, Base, Check, Common, one_line
from self_refine.checks.facts.numbers import missing_numbers
from self_refine.checks.facts.proper_names import has_capitals, missing_names
from self_refine.checks.facts.quoted_passages import missing_quotations
from self_refine.checks.facts.web_addresses import missing_addresses
from self_refine.checks.key_schema import Flag, Text, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.markup.prose_map import joined, without
from self_refine.checks.markup.units import fences, in_any
from self_refine.checks.search.patterns import BadPattern, Pattern, compile_pattern
from self_refine.checks.subject import BLANK, Subject
from self_refine.loop.types import CheckResult, Finding, Verdict
from self_refine.text.spans import Span

Items = Literal["numbers", "names", "urls", "quotes"]
_KNOWN = ("en", "de", "es", "fr", "it")
_WITH_NOUNS = frozenset({"de", "lb"})
_CODE = re.compile(r"`[^`\n]{1,400}`|<!--.*?(?:-->|\Z)", re.DOTALL)
_NO_END = re.compile(r"[^\r\n]")


@dataclass(frozen=True, kw_only=True, slots=True)
class SubsetCheck(Base):
    """Judges by an input."""

    of: str
    items: Items
    ignore: tuple[Pattern, ...]
    rounded: bool
    language: str

    def run(self, subject: Subject) -> CheckResult:
        """Report each item of the text that the input does not have."""
        if self.of not in subject.inputs:
            return self.not_checked(f"no input {self.of!r}")
        if self.items == "names" and not has_capitals(subject.text):
            reason = "the text is in a script without capitals, so names cannot be told from words"
            return CheckResult(
                criterion=self.common.id, verdict=Verdict.NOT_APPLICABLE, reason=reason
            )
        ignored = joined(m.span for each in self.ignore for m in each.found_in(subject.text))
        found = (
            self._report(subject, span, nearest)
            for span, nearest in self._missing(subject, subject.inputs[self.of])
            if not in_any(span, ignored)
        )
        return self.result(tuple(islice(found, MOST_SHOWN)))

    def _missing(self, subject: Subject, source: str) -> Iterator[tuple[Span, str]]:
        match self.items:
            case "numbers":
                prose = self._prose(subject)
                for span in missing_numbers(prose, source, rounded=self.rounded):
                    yield span, ""
            case "names":
                language = self.language or subject.spoken
                prose = self._prose(subject)
                for span in missing_names(prose, source, nouns=language in _WITH_NOUNS):
                    yield span, ""
            case "urls":
                for span in missing_addresses(_without_code(subject.text), source):
                    yield span, ""
            case "quotes":
                for each in missing_quotations(_without_code(subject.text), source):
                    yield each.span, each.nearest

    def _prose(self, subject: Subject) -> str:
        """The text with blanks for code, targets of links, comments and headings."""
        headings = (section.heading for section in subject.outline)
        rest = without(Span(0, len(subject.text)), subject.map.stretches(self.scopes()))
        prose = _blanked(_blanked(subject.text, rest), headings)
        return _CODE.sub(lambda found: _NO_END.sub(BLANK, found[0]), prose)

    def _report(self, subject: Subject, span: Span, nearest: str) -> Finding:
        names = {"match": one_line(span.of(subject.text)), "nearest": one_line(nearest, 120)}
        names["of"] = self.of
        own = self.common.message == SPEC.message
        near = f"{SPEC.message.removesuffix('.')}; nearest: '{{nearest}}'."
        return self.finding(subject, span, names, message=near if own and nearest else "")


def _blanked(text: str, stretches: Iterable[Span]) -> str:
    """As long a text with blanks for stretches of it, which are in order."""
    parts: list[str] = []
    at = 0
    for span in stretches:
        if span.start >= at:
            parts += [text[at : span.start], _NO_END.sub(BLANK, span.of(text))]
            at = span.end
    return "".join([*parts, text[at:]])


def _without_code(text: str) -> str:
    """As long a text without code blocks, code in lines, and comments."""
    text = _blanked(text, fences(text))
    return _CODE.sub(lambda found: _NO_END.sub(BLANK, found[0]), text)


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    items: Items = values["items"]
    if "round" in values and items != "numbers":
        return Fault("round", "Only numbers are rounded: this goes with `items: numbers`.")
    if "language" in values and items != "names":
        return Fault("language", "Only names depend on it: this goes with `items: names`.")
    patterns: list[Pattern] = []
    for number, source in enumerate(values.get("ignore", ())):
        pattern = compile_pattern(source, multiline=True)
        if isinstance(pattern, BadPattern):
            code = "CR206" if pattern.python_only else "CR205"
            return Fault("ignore", pattern.message, code, (number,))
        patterns.append(pattern)
    return SubsetCheck(
        common=common,
        of=values["of"],
        items=items,
        ignore=tuple(patterns),
        rounded=values.get("round", False),
        language=values.get("language", ""),
    )


SPEC = KindSpec(
    keys={
        "of": Text(),
        "items": Text(one_of=get_args(Items)),
        "ignore": Texts(or_one=True),
        "round": Flag(),
        "language": Text(one_of=_KNOWN),
    },
    required=("of", "items"),
    names=frozenset({"match", "nearest", "of"}),
    message="'{match}' is not in the {of}.",
    build=_build,
)
