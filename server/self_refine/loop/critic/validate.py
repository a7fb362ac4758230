"""Owns what of a critique is believed: verdicts that findings carry. The model grades nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from self_refine.loop.critic.fix_edits import FixReader
from self_refine.loop.critic.quote_placement import Drop, QuotePlacer
from self_refine.loop.critic.replies.raw_critique import RawEntry
from self_refine.loop.types import INSTRUCTION, Criterion, Finding, Judged, Verdict
from self_refine.text.invisible import plain
from self_refine.text.spans import Span

_REMARK = 200
"""Most code points of evidence in a note."""
_MOST = 40
"""Issues of one criterion; a critic that finds more has lost itself."""
_VERDICTS = {
    "pass": Verdict.PASS,
    "passed": Verdict.PASS,
    "fail": Verdict.FAIL,
    "failed": Verdict.FAIL,
    "not_applicable": Verdict.NOT_APPLICABLE,
    "n/a": Verdict.NOT_APPLICABLE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Critique:
    """What the critic decided, as far as code can follow it."""

    verdicts: dict[str, Judged] = field(default_factory=dict)
    """One for every criterion that was asked about."""
    findings: tuple[Finding, ...] = ()
    """Located, in the candidate's coordinates, in the order of the text."""
    dropped: int = 0
    notes: tuple[str, ...] = ()
    for_checks: tuple[Finding, ...] = ()
    """The findings of checks that a reading was given, with what it proposes for each."""
    problem: str = ""
    """Why the reply is unusable or incomplete, worth one repair; "" for a good one."""


def examine(  # noqa: PLR0913 - the reply and all that it is measured by
    entries: Sequence[RawEntry],
    text: str,
    language: str,
    asked: Sequence[Criterion],
    *,
    cut: bool,
    fixes: FixReader | None = None,
) -> Critique:
    """Believe of a reply what holds.

    Args:
        entries: those that are complete.
        text: the candidate's.
        language: the editor's language id.
        asked: the criteria that the call asked about.
        cut: whether the reply ran into its limit.
        fixes: reads the fixes of a reading; None for a critique without any.
    """
    examiner = QuotePlacer(text, language, asked, fixes)
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
        notes=(*_notes(drops, twice), *examiner.unfit, *_vague(mine.get(INSTRUCTION, []))),
        problem=_problem(entries, asked, mine, verdicts, cut=cut),
    )


def _findings(
    entries: Sequence[RawEntry], examiner: QuotePlacer, drops: Counter[Drop], twice: Counter[str]
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
                    by_span[finding.span] = first if first.proposal else _with_fix(first, finding)
                    twice["merged" if first.kind is finding.kind else "contradicted"] += 1
    drops[Drop.TOO_MANY] += max(0, len(issues) - _MOST)
    return list(by_span.values())


def _with_fix(first: Finding, second: Finding) -> Finding:
    return replace(first, proposal=second.proposal, proposal_words=second.proposal_words)


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
