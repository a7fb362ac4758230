"""Owns where findings stand: at words of the candidate, or nowhere.

A third of what critics point at stands elsewhere or nowhere (Madaan et al. 2023, arXiv 2303.17651:
33 % wrong location among 70 failures), so a finding is kept only where its words are found; what
is kept is the text's own words, never the model's.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from typing import Literal

from self_refine.loop.critic.fix_edits import FixReader, Unfit
from self_refine.loop.critic.replies.raw_critique import RawIssue
from self_refine.loop.prompt import tags
from self_refine.loop.types import Criterion, Finding, Kind
from self_refine.text.invisible import plain
from self_refine.text.matching.locate import Ambiguous, Located, locate
from self_refine.text.segmenting.segments import segments
from self_refine.text.spans import Span

_PROBLEM, _ADVICE = 300, 400
"""Most code points of a problem and an instruction."""

_NUMBER = re.compile(r"[0-9]{1,9}")
_MARKS = "\"'`\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"
_NOTHING = frozenset({"", "-", "none", "(none)", "n/a", "null", "(empty)", "empty"})


class Drop(Enum):
    """Why a finding is not kept; the value is said of one and of many."""

    NOT_FOUND = ("quote not found", "quotes not found")
    AMBIGUOUS = ("quote that stands in several places", "quotes that stand in several places")
    NOT_ASKED = (
        "finding of no criterion that was asked",
        "findings of no criterion that was asked",
    )
    NO_QUOTE = ("finding without a quote", "findings without a quote")
    NO_PLACE = ("missing thing without a place", "missing things without a place")
    GARBLED = ("garbled finding", "garbled findings")
    TOO_MANY = ("finding too many", "findings too many")


class QuotePlacer:
    """Locates the findings of one candidate."""

    def __init__(
        self,
        text: str,
        language: str,
        criteria: Iterable[Criterion],
        fixes: FixReader | None = None,
    ) -> None:
        self._text = text
        self._fixes = fixes
        self.unfit: list[str] = []
        """Remarks on fixes that are not used."""
        self._segments = segments(text, language)
        self._by_id = {c.id: c for c in criteria}
        shorts = Counter(id_.rpartition("/")[2] for id_ in self._by_id)
        self._shorts = {
            id_.rpartition("/")[2]: id_
            for id_ in self._by_id
            if shorts[id_.rpartition("/")[2]] == 1
        }

    def criterion(self, written: str) -> Criterion | None:
        """The criterion that a model means, by its id or the last part of it."""
        id_ = written.strip().strip("`[]").lower()
        return self._by_id.get(id_) or self._by_id.get(self._shorts.get(id_.rpartition("/")[2], ""))

    def finding(self, raw: RawIssue) -> Finding | Drop:
        """The finding, at its words and with its criterion's severity."""
        criterion = self.criterion(raw.criterion)
        if criterion is None:
            return Drop.NOT_ASKED
        if not raw.whole:
            return Drop.GARBLED
        kind = _kind(raw.kind)
        quote = tags.strip_marks(raw.quote, self._text).strip()
        if not quote or (kind is Kind.MISSING and quote.lower() in _NOTHING):
            place = self._place(raw, criterion)
            return (
                place
                if isinstance(place, Drop)
                else self._made(raw, criterion, place, Kind.MISSING)
            )
        place = self._located(quote, self._segment(raw.segment))
        if isinstance(place, Drop) and kind is Kind.MISSING and criterion.absence:
            # The words that are missing, or the whole line to add, in the place of a quote.
            behind = self._place(raw, criterion)
            if not isinstance(behind, Drop):
                return self._made(raw, criterion, behind, Kind.MISSING)
        if isinstance(place, Drop):
            return place
        # What is quoted is there; a model that calls it missing means what it lacks.
        kind = Kind.WRONG if kind is Kind.MISSING else kind
        return self._made(raw, criterion, place, kind)

    def _made(self, raw: RawIssue, criterion: Criterion, span: Span, kind: Kind) -> Finding:
        problem = plain(raw.problem, _PROBLEM) or plain(criterion.question, _PROBLEM)
        finding = Finding(
            criterion=criterion.id,
            severity=criterion.severity,
            span=span,
            quote=span.of(self._text),
            kind=kind,
            problem=problem,
            instruction=plain(raw.instruction, _ADVICE),
        )
        return self._with_fix(finding, raw)

    def _with_fix(self, finding: Finding, raw: RawIssue) -> Finding:
        """The finding with what the reading proposes, where that can be used."""
        needs: Literal["", "rewrite", "author"] = ""
        if raw.needs in ("rewrite", "author"):
            needs = "author" if raw.needs == "author" else "rewrite"
        if raw.fix is None or self._fixes is None or needs == "author":
            return replace(finding, needs=needs)
        match self._fixes.of_issue(raw, finding):
            case Unfit(reason):
                self.unfit.append(f"a fix for {finding.criterion} is not used: {reason}")
                return replace(finding, needs=needs)
            case edits:
                return finding.proposing(edits, self._text)

    def _place(self, raw: RawIssue, criterion: Criterion) -> Span | Drop:
        """Where something is missing: after the segment that is named, 0 for the beginning."""
        if not criterion.absence:
            return Drop.NO_QUOTE
        number = _number(raw.segment)
        if number == 0:
            start = self._segments[0].start if self._segments else 0
            return Span(start, start)
        segment = self._segment(raw.segment)
        return Drop.NO_PLACE if segment is None else Span(segment.end, segment.end)

    def _segment(self, written: str) -> Span | None:
        number = _number(written)
        if number is None or not 1 <= number <= len(self._segments):
            return None
        return self._segments[number - 1]

    def _located(self, quote: str, within: Span | None) -> Span | Drop:
        ambiguous = False
        for words in _ways(quote):
            match locate(words, self._text, within):
                case Located(span=span) if not span.is_empty:
                    return span
                case Ambiguous():
                    ambiguous = True
        return Drop.AMBIGUOUS if ambiguous else Drop.NOT_FOUND


def _kind(written: str) -> Kind:
    word = written.strip().lower()
    return Kind(word) if word in set(Kind) else Kind.WRONG


def _number(written: str) -> int | None:
    found = _NUMBER.search(written[:40])
    return int(found.group()) if found and "-" not in written[: found.start()] else None


def _ways(quote: str) -> list[str]:
    """The quote, and the words inside the marks that a model may have put round it."""
    inside = quote.strip(_MARKS).strip()
    wrapped = quote[0] in _MARKS and quote[-1] in _MARKS
    return [quote, inside] if wrapped and inside else [quote]
