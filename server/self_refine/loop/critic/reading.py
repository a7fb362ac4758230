"""One reading: the critic judges every criterion and fixes what fails, in one reply.

Measured on a strong model, this fails fewer criteria than a critique and a rewrite in calls of
their own, with a third of the calls and a quarter of the tokens (docs/quality.md). The new text of
a segment never stands inside JSON, where models write worse code; the code validates quotes and
fixes as it does those of separate calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from self_refine.loop.critic.fix_edits import FixReader, Unfit
from self_refine.loop.critic.questions import reported, wish
from self_refine.loop.critic.replies.json_reply import JsonReader
from self_refine.loop.critic.replies.raw_critique import RawEntry, Reader
from self_refine.loop.critic.replies.reading_reply import ReadingReader
from self_refine.loop.critic.validate import Critique, examine
from self_refine.loop.prompt.prompt import Prompt, judged
from self_refine.loop.requests import Answered, Call
from self_refine.loop.task import Task
from self_refine.loop.types import INSTRUCTION, Criterion, Finding
from self_refine.text.spans import Edit

_READ = """\
Judge {name} by {which}, fix what fails. Reply with this block alone:
<{tag}>
[id] pass
[id] not_applicable
[id] fail: a sentence to the author
issue: NUMBER wrong|missing|extra
quote: the exact words at fault
<{fix}>
the whole new text of that {unit}
</{fix}>
</{tag}>
Each id once; below a fail, issue to fix for each place (FROM-TO: several {unit}s). Missing: no \
quote, the neighbouring {unit} with the addition. An empty fix deletes. Of several fixes for a \
{unit}, the last has all. Instead of a fix `needs: rewrite` where more must change, `needs: \
author` where nobody says what is missing.
"""
_ALL = "every criterion"
_REPORTED = "Fix what programs reported, too, under these ids:\n"
_AGAIN = "An earlier reply could not be used: {problem}.\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What of a reply holds."""

    critique: Critique
    readable: bool = True
    """Whether the reply was in the form at all."""


def reading_call(  # noqa: PLR0913 - the parts of a question, each named by its caller
    prompt: Prompt,
    text: str,
    number: int,
    asked: Sequence[Criterion],
    tag: str,
    *,
    found: Sequence[Finding] = (),
    problem: str = "",
) -> Call:
    """Ask for a judgement of a candidate and for the fixes of what fails.

    Args:
        prompt: the run's.
        text: the candidate's.
        number: the candidate's.
        asked: the criteria, checks not among them.
        tag: the reply's.
        found: findings of checks, to be fixed too.
        problem: why an earlier reply was of no use; "" for the first call.
    """
    unit = prompt.units.removesuffix("s")
    words = _READ.format(
        name=prompt.name(text),
        which=_which(prompt, asked),
        tag=tag,
        fix=tag.replace("reply", "fix", 1),
        unit=unit,
    )
    words += wish(prompt, text, asked)
    words += _REPORTED + reported(found, tag, place=True) if found else ""
    words += _AGAIN.format(problem=problem) if problem else ""
    return Call(
        purpose="critique",
        reading=True,
        messages=prompt.messages(text),
        task=prompt.task(text, words),
        tag=tag,
        max_output_tokens=_room(text, asked),
        focus=tuple(c.id for c in asked),
        candidate=number,
    )


def read_reading(  # noqa: PLR0913, PLR0917 - the reply and all that it is measured by
    answered: Answered,
    tag: str,
    text: str,
    task: Task,
    asked: Sequence[Criterion],
    found: Sequence[Finding] = (),
) -> Reading:
    """What of a reply holds; never raises, whatever the reply is.

    Args:
        answered: the whole reply.
        tag: the one that the call named.
        text: the candidate's; all spans are in it.
        task: the run's.
        asked: the criteria that the call asked about.
        found: the findings of checks that it was to fix.
    """
    cut = answered.finish == "length"
    entries = _entries(ReadingReader(tag), answered.text, cut=cut)
    # Some models answer in JSON whatever they are asked; a judgement without fixes is one, too.
    entries = entries or _entries(JsonReader(), answered.text, cut=cut)
    fixes = FixReader(text, task)
    ids = {finding.criterion for finding in found}
    of_checks = [entry for entry in entries if entry.criterion.strip("`* ") in ids]
    others = [entry for entry in entries if entry not in of_checks]
    critique = examine(others, text, task.language, asked, cut=cut, fixes=fixes)
    critique = replace(critique, for_checks=_for_checks(found, of_checks, fixes))
    return Reading(critique=critique, readable=bool(entries))


def _which(prompt: Prompt, asked: Sequence[Criterion]) -> str:
    """The criteria in words; their ids where not all are asked about."""
    ids = [c.id for c in asked if c.id != INSTRUCTION]
    if len(ids) == len(judged(prompt.of.criteria)):
        return _ALL if ids else "the instruction"
    return f"these criteria alone: {', '.join(ids)}"


def _entries(reader: Reader, reply: str, *, cut: bool) -> tuple[RawEntry, ...]:
    reader.feed(reply)
    reader.end(cut=cut)
    return reader.entries


def _for_checks(
    found: Sequence[Finding], entries: Sequence[RawEntry], fixes: FixReader
) -> tuple[Finding, ...]:
    """The findings of checks with what is proposed for each: at its place, else under its id."""
    issues = [issue for entry in entries for issue in entry.issues if issue.fix is not None]
    edits: dict[int, list[Edit]] = {}
    for issue in issues:
        numbers = [n for n, f in enumerate(found) if f.criterion == issue.criterion.strip("`* ")]
        here = [n for n in numbers if fixes.is_in(issue.segment, issue.last, found[n].span)]
        for number in (here or numbers)[:1]:
            got = fixes.of_issue(issue, found[number])
            if not isinstance(got, Unfit):
                had = edits.setdefault(number, [])
                had += [e for e in got if not any(e.span.touches(h.span) for h in had)]
    return tuple(
        f.proposing(tuple(sorted(edits[n])), fixes.text) if n in edits else f
        for n, f in enumerate(found)
    )


def _room(text: str, asked: Sequence[Criterion]) -> int:
    """Tokens that a reading may take: on the generous side, a reply that is cut costs another call.

    A word for each criterion that passes, a clause, a quote and a fix for those that fail; the
    text is counted as UTF-8 bytes / 4, all of it written anew at the most.
    """
    words = len(text.encode("utf-8", "surrogatepass")) // 4
    return min(500 + 120 * len(asked) + words * 3 // 2, 12_000)
