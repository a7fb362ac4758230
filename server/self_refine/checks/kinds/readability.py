"""The `readability` check: a score of sentences and words, shown and never a gate."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from self_refine.checks.check import MOST_SHOWN, Base, Check, Common
from self_refine.checks.key_schema import Number, Text
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.markup.markdown.markdown_outline import plain_title
from self_refine.checks.readability.reading_scores import (
    EASIER_IS_MORE,
    LANGUAGES,
    METRICS,
    Metric,
    counted,
    score,
    words_of,
)
from self_refine.checks.search.natural_languages import name_of
from self_refine.checks.subject import BLANK, Subject
from self_refine.loop.types import CheckResult, Finding, Verdict
from self_refine.text.segmenting.blocks import Block
from self_refine.text.segmenting.sentences import split_sentences
from self_refine.text.spans import Span

LEAST = 100
"""Words of a part that has a score: the formulas were fitted on passages of a hundred."""
_SHOWN = 3
"""Sentences that weigh most, the first of which is underlined."""
_KNOWN = ("en", "de", "es", "fr", "it")


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    words: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadabilityCheck(Base):
    """Judges by one formula."""

    metric: Metric
    of: str
    least: float | None
    most: float | None
    language: str

    def run(self, subject: Subject) -> CheckResult:
        """Report each part whose score is out of bounds, on its hardest sentence."""
        if self.of.startswith("section:") and not any(self._sections(subject)):
            return self._none(f"there is no section {self.of.removeprefix('section:').strip()!r}")
        parts = list(self._parts(subject))
        long = [part for part in parts if sum(len(s.words) for s in part) >= LEAST]
        if not long:
            most = max((sum(len(s.words) for s in part) for part in parts), default=0)
            return self._none(f"{most} words; a score needs {LEAST}")
        language = self.language or subject.spoken or "en"
        fitted = LANGUAGES[self.metric]
        if fitted and language not in fitted:
            known = " and ".join(map(name_of, fitted))
            return self._none(f"{self.metric} is for {known}; the text is in {name_of(language)}")
        found = (self._judged(subject, part, language) for part in long)
        return self.result(tuple(islice((each for each in found if each), MOST_SHOWN)))

    def _none(self, reason: str) -> CheckResult:
        return CheckResult(criterion=self.common.id, verdict=Verdict.NOT_APPLICABLE, reason=reason)

    def _judged(self, subject: Subject, part: list[_Sentence], language: str) -> Finding | None:
        words = [word for sentence in part for word in sentence.words]
        value = score(self.metric, counted(words, len(part), language), language)
        too_low = self.least is not None and value < self.least
        if not self._is_out(value):
            return None
        # The sentences that pull the score out of its bounds; of these, the first in the text.
        scores = sorted(
            (score(self.metric, counted(s.words, 1, language), language), s.span) for s in part
        )
        weight = scores[:_SHOWN] if too_low else scores[-1 : -_SHOWN - 1 : -1]
        worst = [span for each, span in weight if self._is_out(each)] or [weight[0][1]]
        names = {
            "metric": self.metric,
            "value": f"{value:.0f}",
            "min": "" if self.least is None else f"{self.least:g}",
            "max": "" if self.most is None else f"{self.most:g}",
            "limit": f"at least {self.least:g}" if too_low else f"at most {self.most:g}",
            "hard": self._direction(too_low=too_low),
        }
        return self.finding(subject, min(worst), names)

    def _is_out(self, value: float) -> bool:
        too_low = self.least is not None and value < self.least
        return too_low or (self.most is not None and value > self.most)

    def _direction(self, *, too_low: bool) -> str:
        return "harder" if too_low == (self.metric in EASIER_IS_MORE) else "easier"

    def _sections(self, subject: Subject) -> Iterator[Span]:
        name = plain_title(self.of.removeprefix("section:"))
        return (each.body for each in subject.outline if plain_title(each.title) == name)

    def _parts(self, subject: Subject) -> Iterator[list[_Sentence]]:
        """The sentences of each part that has a score of its own."""
        blocks = [b for b in subject.blocks(self.scopes()) if b.kind in {"paragraph", "item"}]
        match self.of:
            case "document":
                yield [s for block in blocks for s in self._sentences(subject, block)]
            case "paragraph":
                yield from ([*self._sentences(subject, block)] for block in blocks)
            case _:
                for body in self._sections(subject):
                    within = (block for block in blocks if body.contains(block.content))
                    yield [s for block in within for s in self._sentences(subject, block)]

    def _sentences(self, subject: Subject, block: Block) -> Iterator[_Sentence]:
        text = subject.counted(self.scopes())
        if block.kind == "item" and self._is_link(subject, block):
            return
        for span in split_sentences(text, block.content):
            if words := words_of(span.of(text).replace(BLANK, " ")):
                yield _Sentence(span, words)

    def _is_link(self, subject: Subject, block: Block) -> bool:
        """Whether an item of a list is a link and nothing else."""
        written = block.content.of(subject.text).strip()
        return written.startswith("[") and written.endswith((")", "]"))


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    metric: Metric = values["metric"]
    language = values.get("language", "")
    if language and LANGUAGES[metric] and language not in LANGUAGES[metric]:
        known = ", ".join(LANGUAGES[metric])
        return Fault("language", f"{metric} is for {known}; `lix` takes any language.")
    least, most = values.get("min"), values.get("max")
    if least is None and most is None:
        return Fault("metric", "Give a bound: `min`, `max` or both.", "CR207")
    if least is not None and most is not None and least > most:
        return Fault("min", "`min` is above `max`, so no text can meet both.")
    of = values.get("of", "document")
    if of not in {"document", "paragraph"} and not of.startswith("section:"):
        return Fault("of", "This wants document, paragraph or section:HEADING.")
    return ReadabilityCheck(
        common=common, metric=metric, of=of, least=least, most=most, language=language
    )


def _doubts(values: Values) -> Iterator[Fault]:
    if values.get("severity") == "error":
        yield Fault(
            "severity",
            "A score is no gate: a text can be right and hard to read. It is reported as a "
            "warning.",
        )


SPEC = KindSpec(
    keys={
        "metric": Text(one_of=METRICS),
        "max": Number(),
        "min": Number(),
        "of": Text(),
        "language": Text(one_of=_KNOWN),
    },
    required=("metric",),
    names=frozenset({"metric", "value", "max", "min", "limit", "hard"}),
    message="Its {metric} score is {value}, and {limit} is asked for: it reads {hard} than that.",
    build=_build,
    doubts=_doubts,
    gates=False,
)
