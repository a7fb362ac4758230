"""Owns what of a critique is believed: quotes that stand in the text, verdicts that they carry.

A third of what critics point at stands elsewhere or nowhere (Madaan et al. 2023, arXiv 2303.17651:
33 % wrong location among 70 failures), so a finding is kept only where its words are found, and a
verdict only where a finding carries it. All of it is deterministic; the model grades nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from self_refine.loop import tags
from self_refine.loop.critique_raw import RawEntry, RawIssue
from self_refine.loop.nouns import Criterion, Finding, Judged, Kind, Verdict
from self_refine.text.invisible import plain
from self_refine.text.locate import Ambiguous, Located, locate
from self_refine.text.segments import segments
from self_refine.text.spans import Span

INSTRUCTION = "instruction"
"""Id of the open critique of the user's own words: a hint, never a gate."""

_PROBLEM, _ADVICE, _REMARK = 300, 400, 200
"""Most code points of a problem, an instruction, and evidence in a note."""
_MOST = 40
"""Issues of one criterion; a critic that finds more has lost itself."""

_NUMBER = re.compile(r"[0-9]{1,9}")
_MARKS = "[\"'`\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019]+"
_WRAPPED = re.compile(f"{_MARKS}(.+?){_MARKS}", re.DOTALL)
_NOTHING = frozenset({"", "-", "none", "(none)", "n/a", "null", "(empty)", "empty"})
_VERDICTS = {
    "pass": Verdict.PASS,
    "passed": Verdict.PASS,
    "fail": Verdict.FAIL,
    "failed": Verdict.FAIL,
    "not_applicable": Verdict.NOT_APPLICABLE,
    "n/a": Verdict.NOT_APPLICABLE,
}


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Critique:
    """What the critic decided, as far as code can follow it."""

    verdicts: dict[str, Judged] = field(default_factory=dict)
    """One for every criterion that was asked about."""
    findings: tuple[Finding, ...] = ()
    """Located, in the candidate's coordinates, in the order of the text."""
    dropped: int = 0
    notes: tuple[str, ...] = ()
    problem: str = ""
    """Why the reply is unusable or incomplete, worth one repair; "" for a good one."""


class Examiner:
    """Locates the findings of one candidate."""

    def __init__(self, text: str, language: str, criteria: Iterable[Criterion]) -> None:
        self._text = text
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
        if isinstance(place, Drop):
            return place
        # What is quoted is there; a model that calls it missing means what it lacks.
        kind = Kind.WRONG if kind is Kind.MISSING else kind
        return self._made(raw, criterion, place, kind)

    def _made(self, raw: RawIssue, criterion: Criterion, span: Span, kind: Kind) -> Finding:
        problem = plain(raw.problem, _PROBLEM) or plain(criterion.question, _PROBLEM)
        return Finding(
            criterion=criterion.id,
            severity=criterion.severity,
            span=span,
            quote=span.of(self._text),
            kind=kind,
            problem=problem,
            instruction=plain(raw.instruction, _ADVICE),
        )

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
            if len(words) > 2 * len(self._text) + 100:
                continue
            match locate(words, self._text, within):
                case Located(span=span) if not span.is_empty:
                    return span
                case Ambiguous():
                    ambiguous = True
        return Drop.AMBIGUOUS if ambiguous else Drop.NOT_FOUND


def examine(
    entries: Sequence[RawEntry], text: str, language: str, asked: Sequence[Criterion], *, cut: bool
) -> Critique:
    """Believe of a reply what holds.

    Args:
        entries: those that are complete.
        text: the candidate's.
        language: the editor's language id.
        asked: the criteria that the call asked about.
        cut: whether the reply ran into its limit.
    """
    examiner = Examiner(text, language, asked)
    mine: dict[str, list[RawEntry]] = {c.id: [] for c in asked}
    drops: Counter[Drop] = Counter()
    for entry in entries:
        criterion = examiner.criterion(entry.criterion)
        if criterion is None:
            drops[Drop.NOT_ASKED] += max(1, len(entry.issues))
        else:
            mine[criterion.id].append(entry)
    kept: list[Finding] = []
    verdicts: dict[str, Judged] = {}
    twice: Counter[str] = Counter()
    for criterion in asked:
        found = _findings(mine[criterion.id], examiner, drops, twice)
        verdicts[criterion.id] = _judged(criterion, mine[criterion.id], found)
        kept += found
    return Critique(
        verdicts=verdicts,
        findings=tuple(sorted(kept, key=lambda f: f.span)),
        dropped=drops.total(),
        notes=(*_notes(drops, twice), *_vague(mine.get(INSTRUCTION, []))),
        problem=_problem(entries, asked, mine, verdicts, cut=cut),
    )


def _findings(
    entries: Sequence[RawEntry], examiner: Examiner, drops: Counter[Drop], twice: Counter[str]
) -> list[Finding]:
    """The findings of one criterion, each place once: the first word on it counts."""
    by_span: dict[Span, Finding] = {}
    issues = [issue for entry in entries for issue in entry.issues]
    for issue in issues[:_MOST]:
        match examiner.finding(issue):
            case Drop() as drop:
                drops[drop] += 1
            case finding:
                first = by_span.setdefault(finding.span, finding)
                if first is not finding:
                    twice["merged" if first.kind is finding.kind else "contradicted"] += 1
    drops[Drop.TOO_MANY] += max(0, len(issues) - _MOST)
    return list(by_span.values())


def _judged(criterion: Criterion, entries: Sequence[RawEntry], found: Sequence[Finding]) -> Judged:
    said = {_VERDICTS.get(_word(entry.verdict)) for entry in entries}
    if len(said) != 1 or None in said:
        why = "the critic contradicts itself" if len(said) > 1 else "the critic gave no verdict"
        return Judged(Verdict.UNKNOWN, why)
    (verdict,) = said
    assert verdict is not None  # noqa: S101 - asked before
    if verdict is Verdict.FAIL and not found:
        return Judged(Verdict.UNKNOWN, "the critic says fail, and quotes nothing that is there")
    if found and criterion.severity.gates:
        return Judged(Verdict.FAIL)
    return Judged(verdict)


def _problem(
    entries: Sequence[RawEntry],
    asked: Sequence[Criterion],
    mine: dict[str, list[RawEntry]],
    verdicts: dict[str, Judged],
    *,
    cut: bool,
) -> str:
    """What a repair has to mend. Never words of the reply: it is said where tasks are said."""
    # The open critique decides nothing, and a lesser remark without its quote hinders nothing.
    unknown = [
        c for c in asked if c.id != INSTRUCTION and verdicts[c.id].verdict is Verdict.UNKNOWN
    ]
    silent = [c.id for c in unknown if not _says_fail(mine[c.id])]
    unfounded = [c.id for c in unknown if c.severity.gates and _says_fail(mine[c.id])]
    parts: list[str] = []
    if silent and not entries:
        parts.append("it held no critique in the form that is asked for")
    elif silent:
        parts.append(f"it had no clear verdict for {', '.join(silent)}")
    if unfounded:
        parts.append(f"its quotes for {', '.join(unfounded)} are not words of the candidate")
    if cut and parts:
        parts.insert(0, "it was too long and was cut off")
    return ", and ".join(parts)


def _says_fail(entries: Sequence[RawEntry]) -> bool:
    return {_VERDICTS.get(_word(e.verdict)) for e in entries} == {Verdict.FAIL}


def _notes(drops: Counter[Drop], twice: Counter[str]) -> list[str]:
    notes = [f"{count} {drop.value[count > 1]}: dropped" for drop in Drop if (count := drops[drop])]
    if count := twice["merged"]:
        notes.append(f"{count} {'findings' if count > 1 else 'finding'} said twice: merged")
    if count := twice["contradicted"]:
        notes.append(
            f"{count} {'findings' if count > 1 else 'finding'} contradicted: the first kept"
        )
    return notes


def _vague(entries: Sequence[RawEntry]) -> list[str]:
    """A vague wish is said to be one: nothing in the text can be held against it."""
    if {_VERDICTS.get(_word(e.verdict)) for e in entries} != {Verdict.NOT_APPLICABLE}:
        return []
    why = plain(entries[0].evidence, _REMARK)
    return [f"the instruction is too vague to be judged{': ' + why if why else ''}"]


def _word(verdict: str) -> str:
    return "_".join(
        verdict[:40].lower().replace("-", " ").replace("_", " ").strip(" .*`\"'").split()
    )


def _kind(written: str) -> Kind:
    word = written.strip().lower()
    return Kind(word) if word in set(Kind) else Kind.WRONG


def _number(written: str) -> int | None:
    found = _NUMBER.search(written[:40])
    return int(found.group()) if found and "-" not in written[: found.start()] else None


def _ways(quote: str) -> list[str]:
    """The quote, and the words inside the marks that a model may have put round it."""
    wrapped = _WRAPPED.fullmatch(quote)
    return [quote, wrapped[1].strip()] if wrapped and wrapped[1].strip() else [quote]
