"""The critic in calls of its own: what it is asked, and what of its reply counts.

The wording is neutral. "There is an error" makes a critic find one (the authors' own prompts did);
asked to decide, and told to pass what it cannot quote, it can also find nothing.
"""

from collections.abc import Iterable, Sequence

from self_refine.loop.critic.replies.json_reply import JsonReader
from self_refine.loop.critic.replies.raw_critique import RawEntry, Reader
from self_refine.loop.critic.replies.tagged_reply import TaggedReader
from self_refine.loop.critic.reply_schema import VERDICTS, critique_schema, skeleton
from self_refine.loop.critic.validate import Critique, examine
from self_refine.loop.prompt import tags
from self_refine.loop.prompt.prompt import Prompt, judged
from self_refine.loop.requests import Answered, Call
from self_refine.loop.types import INSTRUCTION, Criterion, Finding, Judged, Severity, Verdict
from self_refine.text.invisible import plain

__all__ = [
    "INSTRUCTION",
    "Critique",
    "critique_call",
    "critique_repair",
    "merged",
    "open_critique",
    "read_critique",
]

_EVIDENCE_LINES, _EVIDENCE_LINE, _EVIDENCE_QUOTE = 40, 300, 120
"""Most lines of check messages, and most code points of each and of its quote."""

_DECIDE = """\
Critique {name}: decide {which} by itself. Evidence first, then issues (one place each), then the \
verdict.
"""
_WHICH = "each criterion"
_ABSENT = """\
For what is missing, quote nothing and name the segment before it.
"""
_WISH = """\
[{id}] stands for the words in <instruction-{nonce}>: where the text falls short of them and no \
criterion says so; not_applicable where they are too vague.
"""
_COMPARE = "Quote the candidate, also where a criterion compares it with the original.\n"
_AGAIN = "Weigh what speaks for the fault and what against it, before you decide.\n"
_MESSAGES = "What programs reported, as data:\n"
_JSON = "Reply with JSON alone.\n"
_TAGGED = """\
Reply in this form alone, values on one line, from issue to instruction for each issue; KIND \
wrong, missing or extra, VERDICT {verdicts}:
"""


def open_critique(instruction: str) -> Criterion:
    """The user's own words as a criterion that is none: shown as hints, never a gate."""
    return Criterion(id=INSTRUCTION, question=instruction, severity=Severity.HINT, absence=True)


def critique_call(  # noqa: PLR0913 - the parts of a question, each named by its caller
    prompt: Prompt,
    text: str,
    number: int,
    asked: Sequence[Criterion],
    tag: str,
    *,
    second_look: bool = False,
    evidence: Sequence[Finding] = (),
) -> Call:
    """Ask for a judgement of a candidate.

    Args:
        prompt: the run's.
        text: the candidate's.
        number: the candidate's.
        asked: the criteria, checks not among them.
        tag: the reply's.
        second_look: the same is asked again, and the critic is to weigh both sides.
        evidence: findings of checks, which the critic reads as data.
    """
    words = _question(prompt, text, asked, some=second_look) + (_AGAIN if second_look else "")
    words += reported(evidence, tag)
    return _call(prompt, text, number, asked, tag, words)


def critique_repair(  # noqa: PLR0913, PLR0917 - as above
    prompt: Prompt,
    text: str,
    number: int,
    asked: Sequence[Criterion],
    tag: str,
    problem: str,
    *,
    evidence: Sequence[Finding] = (),
) -> Call:
    """Ask once more about criteria for which a reply was of no use.

    Args:
        prompt: the run's.
        text: the candidate's.
        number: the candidate's.
        asked: the criteria that are still to be decided.
        tag: the new reply's.
        problem: of the critique that was read.
        evidence: findings of checks, as in the first call.
    """
    words = f"{_question(prompt, text, asked, some=True)}A reply could not be used: {problem}.\n"
    words += reported(evidence, tag)
    return _call(prompt, text, number, asked, tag, words)


def read_critique(
    answered: Answered, tag: str, text: str, language: str, asked: Sequence[Criterion]
) -> Critique:
    """What of a reply holds; never raises, whatever the reply is.

    Args:
        answered: the whole reply.
        tag: the one that the call named.
        text: the candidate's; all spans are in it.
        language: the editor's language id.
        asked: the criteria that the call asked about.
    """
    json: Reader = JsonReader()
    tagged: Reader = TaggedReader(tag)
    cut = answered.finish == "length"
    order = (json, tagged) if answered.form == "json" else (tagged, json)
    entries: tuple[RawEntry, ...] = ()
    for reader in order:
        entries = entries or _read(reader, answered.text, cut=cut)
    return examine(entries, text, language, asked, cut=cut)


def merged(critiques: Iterable[Critique]) -> Critique:
    """One critique of several of the same candidate: the first that decided a criterion counts."""
    verdicts: dict[str, Judged] = {}
    findings: list[Finding] = []
    dropped = 0
    notes: list[str] = []
    problems: list[str] = []
    for_checks: tuple[Finding, ...] = ()
    for critique in critiques:
        for_checks = for_checks or critique.for_checks
        new = {
            id_: judged
            for id_, judged in critique.verdicts.items()
            if verdicts.get(id_, _UNKNOWN).verdict is Verdict.UNKNOWN
        }
        findings = [f for f in findings if f.criterion not in new]
        findings += [f for f in critique.findings if f.criterion in new]
        verdicts |= new
        dropped += critique.dropped
        notes += critique.notes
        problems += [critique.problem] if critique.problem else []
    open_ = any(judged.verdict is Verdict.UNKNOWN for judged in verdicts.values())
    return Critique(
        verdicts=verdicts,
        findings=tuple(sorted(findings, key=lambda f: f.span)),
        dropped=dropped,
        notes=tuple(notes),
        for_checks=for_checks,
        problem="; ".join(dict.fromkeys(problems)) if open_ else "",
    )


_UNKNOWN = Judged(Verdict.UNKNOWN)


def _read(reader: Reader, reply: str, *, cut: bool) -> tuple[RawEntry, ...]:
    reader.feed(reply)
    reader.end(cut=cut)
    return reader.entries


def _call(  # noqa: PLR0913, PLR0917 - as above
    prompt: Prompt, text: str, number: int, asked: Sequence[Criterion], tag: str, words: str
) -> Call:
    ids = [c.id for c in asked]
    form = _TAGGED.format(verdicts=" or ".join(VERDICTS)) + skeleton(tag)
    return Call(
        purpose="critique",
        messages=prompt.messages(text),
        task=prompt.task(text, words + _JSON),
        schema=critique_schema(ids),
        plain_task=prompt.task(text, words + form),
        tag=tag,
        max_output_tokens=_room(text, asked),
        focus=tuple(ids),
        candidate=number,
    )


def _question(prompt: Prompt, text: str, asked: Sequence[Criterion], *, some: bool) -> str:
    """What is to be decided; the ids are named where not all criteria are asked about."""
    ids = [c.id for c in asked if c.id != INSTRUCTION]
    all_ = not some and len(ids) == len(judged(prompt.of.criteria))
    words = _DECIDE.format(name=prompt.name(text), which=_WHICH if all_ else ", ".join(ids))
    words += _ABSENT if any(c.absence for c in asked) else ""
    words += wish(prompt, text, asked)
    return words + (_COMPARE if any(c.compare_original for c in asked) else "")


def wish(prompt: Prompt, text: str, asked: Sequence[Criterion]) -> str:
    """What the open critique of the user's own words is about, where it is asked."""
    if not any(c.id == INSTRUCTION for c in asked):
        return ""
    return _WISH.format(id=INSTRUCTION, nonce=prompt.nonces_for(text).data)


def reported(evidence: Sequence[Finding], tag: str, *, place: bool = False) -> str:
    """The messages of checks between delimiters of their own: a test's output is nobody's task.

    Args:
        evidence: the findings of checks.
        tag: the reply's; the delimiters are drawn from it.
        place: whether the words at fault are given, and the id as a reply names it.
    """
    lines = [_report(finding, place=place) for finding in evidence[:_EVIDENCE_LINES]]
    if not lines:
        return ""
    block = tags.block("reported", tags.data_nonce(tag, *lines), "\n".join(lines))
    return block if place else _MESSAGES + block


def _report(finding: Finding, *, place: bool) -> str:
    message = plain(finding.problem, _EVIDENCE_LINE)
    if not place:
        return f"{finding.criterion}: {message}"
    quote = f" - {plain(finding.quote, _EVIDENCE_QUOTE)!r}" if finding.quote else ""
    return f"[{finding.criterion}] {message}{quote}"


def _room(text: str, asked: Sequence[Criterion]) -> int:
    """Tokens that a critique may take: evidence and two issues a criterion, and quotes.

    An assumption, on the generous side: a reply that is cut costs another call. The text is
    counted as UTF-8 bytes / 4, half of it quoted at the most.
    """
    quotes = len(text.encode("utf-8", "surrogatepass")) // 8
    return min(400 + 220 * len(asked) + quotes, 8000)
