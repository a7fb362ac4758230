"""The `length` check: how long a text or each of its parts may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import inf
from typing import Literal, cast

from self_refine.checks.check import MOST_SHOWN, Base, Check, Common
from self_refine.checks.key_schema import Number, Table, Text, Whole
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.markup.markdown.markdown_outline import plain_title
from self_refine.checks.markup.prose_map import Scope
from self_refine.checks.markup.units import count_words, words_in
from self_refine.checks.search.scripts import unspaced_characters
from self_refine.checks.subject import BLANK, Subject
from self_refine.loop.types import CheckResult, Finding, Kind, Verdict
from self_refine.text.segmenting.segments import sentences
from self_refine.text.segmenting.sentences import split_sentences
from self_refine.text.spans import Span

Bounds = tuple[int, float]
"""The least and the most that are fine."""

Odd = tuple[tuple[Span, int], ...]
"""What is out of bounds in a part, in its own offsets, and how much it is."""

Unit = Literal["words", "characters", "lines", "sentences"]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A limit relative to an input."""

    of: str
    value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LengthCheck(Base):
    """Judges by counting."""

    of: str
    unit: Unit
    least: int | None
    most: int | None
    ratio: Ratio | None

    def run(self, subject: Subject) -> CheckResult:
        """Count each part and report those out of bounds."""
        source = 0
        if self.ratio is not None:
            if self.ratio.of not in subject.inputs:
                return self.not_checked(f"no input {self.ratio.of!r}")
            source = count(subject.inputs[self.ratio.of], self.unit)
        if self.of.startswith("section:") and not any(
            True for _ in _parts(self.of, subject, self.scopes())
        ):
            reason = f"there is no section {self.of.removeprefix('section:').strip()!r}"
            return CheckResult(
                criterion=self.common.id, verdict=Verdict.NOT_APPLICABLE, reason=reason
            )
        return self.result(tuple(islice(self._found(subject, source), MOST_SHOWN)))

    def _found(self, subject: Subject, source: int) -> Iterator[Finding]:
        bounds = self._bounds(source)
        odd = _odd_sentences if self.of == "sentence" else _odd
        text = subject.counted(self.scopes())
        for part in _parts(self.of, subject, self.scopes()):
            for span, counted in odd(part.of(text), self.unit, bounds):
                place = span.moved(part.start)
                if not self.is_foreign(subject, place.start):
                    yield self._report(subject, place, counted, source)

    def _bounds(self, source: int) -> Bounds:
        """The least and the most that are fine."""
        most = [inf if self.most is None else self.most]
        if self.ratio is not None:
            most.append(self.ratio.value * source)
        return self.least or 0, min(most)

    def _report(self, subject: Subject, span: Span, counted: int, source: int) -> Finding:
        kind, limit = self._judge(counted)
        names = {
            "count": str(counted),
            "unit": _unit_of(self.unit, span.of(subject.text)),
            "of": self.of,
            "min": str(self.least),
            "max": str(self.most),
            "limit": limit,
            "ratio": _percent(counted / source) if source else "",
        }
        return self.finding(subject, span, names, kind=kind)

    def _judge(self, counted: int) -> tuple[Kind, str]:
        """Whether a part out of bounds is too long or too short, and the limit that says so."""
        if self.most is not None and counted > self.most:
            return Kind.EXTRA, str(self.most)
        if self.least is not None and counted < self.least:
            return Kind.WRONG, str(self.least)
        return Kind.EXTRA, _percent(self.ratio.value) if self.ratio else ""


def _unit_of(unit: Unit, words: str) -> str:
    """What was counted: where no blanks stand between words, a character counts as one."""
    if len(words) > _SAMPLE:
        words = words[:_SAMPLE]
    characters = unspaced_characters(words) if unit == "words" else 0
    return "characters" if 2 * characters > len(words.strip()) else unit


def _odd(part: str, unit: Unit, bounds: Bounds) -> Odd:
    """The part itself, if it is out of bounds."""
    counted = count(part, unit, *bounds)
    fine = bounds[0] <= counted <= bounds[1]
    return () if fine else ((Span(0, len(part)), counted),)


@lru_cache(maxsize=4_096)
def _odd_sentences(part: str, unit: Unit, bounds: Bounds) -> Odd:
    """The sentences of one block that are out of bounds.

    While a text is written or refined, most of its blocks are as they were at the last look.
    """
    return tuple(
        (span, counted)
        for span in split_sentences(part, Span(0, len(part)))
        for _, counted in _odd(span.of(part), unit, bounds)
    )


def count(text: str, unit: Unit, least: int = 1, most: float = 0) -> int:
    """How many there are in a part of a text; where that is within bounds, it may be a few more."""
    match unit:
        case "words" if len(text) > _LONG:
            return words_in(text)
        case "words" if not text.isascii():
            return words_in(text)
        case "words":
            tokens = text.split()
            return len(tokens) if not least and len(tokens) <= most else count_words(tokens)
        case "characters":
            return len(text.replace(BLANK, "").strip())
        case "lines":
            return _lines(text)
        case "sentences":
            return len(sentences(text))


def _lines(text: str) -> int:
    """Lines that have something on them."""
    return sum(1 for line in text.replace("\r", "\n").split("\n") if line.strip())


def _percent(value: float) -> str:
    return f"{value * 100:.0f}%"


def _parts(of: str, subject: Subject, scopes: tuple[Scope, ...]) -> Iterator[Span]:
    text = subject.counted(scopes)
    match of:
        case "document":
            yield _trimmed(text, Span(0, len(text)))
        case "paragraph":
            yield from (b.content for b in subject.blocks(scopes) if b.kind == "paragraph")
        case "sentence":
            # Blocks: their sentences are told apart when they are looked at.
            prose = ("paragraph", "item")
            yield from (b.content for b in subject.blocks(scopes) if b.kind in prose)
        case "list-item":
            items = (b.content for b in subject.blocks(scopes) if b.kind == "item")
            yield from (words for words in items if words.of(text).strip())
        case _:
            name = plain_title(of.removeprefix("section:"))
            for section in subject.outline:
                if plain_title(section.title) == name:
                    yield _trimmed(text, section.body)


def _trimmed(text: str, span: Span) -> Span:
    """Without white space at either end: nobody wants that underlined."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    of = values.get("of", "document")
    if of not in _WHOLES and not of.removeprefix("section:").strip():
        return Fault("of", "`section:` needs the heading's words after it.")
    if of not in _WHOLES and not of.startswith("section:"):
        listed = ", ".join(_WHOLES)
        return Fault("of", f"{of!r} is nothing that has a length: {listed} or section:HEADING.")
    least, most, ratio = values.get("min"), values.get("max"), _ratio(values)
    if least is None and most is None and ratio is None:
        return Fault("kind", "A length check needs `min`, `max` or `max_ratio`.", "CR207")
    if least is not None and most is not None and least > most:
        return Fault("min", f"min {least} is above max {most}: nothing could pass.")
    unit = cast("Unit", values.get("unit", "words"))
    return LengthCheck(common=common, of=of, unit=unit, least=least, most=most, ratio=ratio)


def _ratio(values: Values) -> Ratio | None:
    given: Mapping[str, object] | None = values.get("max_ratio")
    return Ratio(str(given["of"]), cast("float", given["value"])) if given else None


_LONG = 4_000
"""Code points of a text that is counted by its paragraphs, most of which were counted before."""
_SAMPLE = 4_000
"""Code points by which a text is known as one without blanks between words."""
_WHOLES = ("document", "paragraph", "sentence", "list-item")

SPEC = KindSpec(
    keys={
        "of": Text(),
        "unit": Text(one_of=("words", "characters", "lines", "sentences")),
        "min": Whole(),
        "max": Whole(),
        "max_ratio": Table(keys={"of": Text(), "value": Number()}, required=("of", "value")),
    },
    names=frozenset({"count", "unit", "of", "min", "max", "limit", "ratio"}),
    message="{count} {unit}; the limit is {limit}.",
    build=_build,
)
