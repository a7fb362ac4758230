"""Owns the `length` check: how long a text or each of its parts may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal, cast

from self_refine.checks.check import MOST_FINDINGS, Base, Check, Common
from self_refine.checks.kind import Fault, KindSpec, Reader, Values
from self_refine.checks.shapes import Number, Table, Text, Whole
from self_refine.checks.subject import Subject
from self_refine.checks.units import count_between, word_starts
from self_refine.loop.nouns import CheckResult, Finding, Kind
from self_refine.text.segments import list_items, paragraphs, sentences
from self_refine.text.spans import Span

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
            text = subject.inputs[self.ratio.of]
            source = Counter(text, self.unit).count(Span(0, len(text)))
        return self.result(tuple(islice(self._found(subject, source), MOST_FINDINGS)))

    def _found(self, subject: Subject, source: int) -> Iterator[Finding]:
        counter = Counter(subject.text, self.unit)
        for span in _parts(self.of, subject):
            count = counter.count(span)
            over, limit = self._judge(count, source)
            if over is not None:
                names = {
                    "count": str(count),
                    "unit": self.unit,
                    "of": self.of,
                    "min": str(self.least),
                    "max": str(self.most),
                    "limit": limit,
                    "ratio": _percent(count / source) if source else "",
                }
                yield self.finding(subject, span, names, kind=over)

    def _judge(self, count: int, source: int) -> tuple[Kind | None, str]:
        """Whether a part is too long or too short, and the limit that says so."""
        if self.most is not None and count > self.most:
            return Kind.EXTRA, str(self.most)
        if self.least is not None and count < self.least:
            return Kind.WRONG, str(self.least)
        if self.ratio is not None and count > self.ratio.value * source:
            return Kind.EXTRA, _percent(self.ratio.value)
        return None, ""


class Counter:
    """Counts one unit inside stretches of one text; what it needs is derived once."""

    def __init__(self, text: str, unit: Unit) -> None:
        self._text = text
        self._unit = unit
        self._starts = word_starts(text) if unit == "words" else []

    def count(self, span: Span) -> int:
        """How many there are inside `span`."""
        match self._unit:
            case "words":
                return count_between(self._starts, span)
            case "characters":
                return len(span.of(self._text).strip())
            case "lines":
                return _lines(span.of(self._text))
            case "sentences":
                return len(sentences(self._text, span))


def _lines(text: str) -> int:
    """Lines that have something on them."""
    return sum(1 for line in text.replace("\r", "\n").split("\n") if line.strip())


def _percent(value: float) -> str:
    return f"{value * 100:.0f}%"


def _parts(of: str, subject: Subject) -> tuple[Span, ...]:
    match of:
        case "document":
            return (_trimmed(subject.text, Span(0, len(subject.text))),)
        case "paragraph":
            return tuple(paragraphs(subject.text))
        case "sentence":
            return tuple(sentences(subject.text, None))
        case "list-item":
            return tuple(list_items(subject.text))
        case _:
            name = of.removeprefix("section:").strip().lower()
            sections = (s for s in subject.outline if s.title.lower() == name)
            return tuple(_trimmed(subject.text, s.body) for s in sections)


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
