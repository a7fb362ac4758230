"""Owns which findings each change of a result answers: known from the versions, not guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from self_refine.loop.critic.version_changes import followed, hunks
from self_refine.loop.reporting.pass_report import lineage
from self_refine.loop.types import Candidate, Finding, Outcome
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Edit, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class HunkAnswer:
    """One changed stretch between the original and the result."""

    old: Span
    """In the original."""
    new: Span
    """In the result."""
    findings: tuple[Finding, ...]
    """What it answers, in offsets of the versions that they were found in."""
    pass_: int | None
    """The last pass that worked on it."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A stretch of the result, and what was said of the words that it replaced."""

    region: Span
    findings: tuple[Finding, ...]
    pass_: int


def hunk_answers(outcome: Outcome) -> tuple[HunkAnswer, ...]:
    """Each change between original and result, in order, with what it answers."""
    answered = tuple(_answered(outcome))
    found: list[HunkAnswer] = []
    for edit, new in hunks(outcome.original.text, outcome.text):
        here = [each for each in answered if each.region.touches(new)]
        findings = dict.fromkeys(finding for each in here for finding in each.findings)
        passes = [each.pass_ for each in here]
        found.append(
            HunkAnswer(
                old=edit.span,
                new=new,
                findings=tuple(findings),
                pass_=max(passes) if passes else None,
            )
        )
    return tuple(found)


def _answered(outcome: Outcome) -> Iterator[_Answered]:
    line = lineage(outcome)
    steps = [minimal_edits(old.text, new.text) for old, new in pairwise(line)]
    for at, child in enumerate(line[1:]):
        parent = line[at]
        gone = [f for f in child.addressed if _is_gone(f, child)]
        for edit, region in hunks(parent.text, child.text):
            for step in steps[at + 1 :]:
                region = followed(region, step)  # noqa: PLW2901 - followed to the end
            yield _Answered(region, _about(edit, gone), child.pass_)


def _about(edit: Edit, findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings whose words an edit replaced, or beside whose place it put something."""
    return tuple(f for f in findings if f.span.touches(edit.span))


def _is_gone(finding: Finding, child: Candidate) -> bool:
    same = (f for f in child.findings if f.criterion == finding.criterion)
    return not any(f.quote == finding.quote for f in same)
