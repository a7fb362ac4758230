"""Owns the accepted versions of a run as people see them, and which finding was gone in which."""

from itertools import pairwise

from self_refine.loop.critic.version_changes import followed
from self_refine.loop.ranking import verdict_of
from self_refine.loop.types import Candidate, Finding, Outcome, PassView, Verdict
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Edit, Span


def passes(outcome: Outcome) -> tuple[PassView, ...]:
    """The versions from the text as given to the result, each made from the one before.

    A generated text begins with its first draft: what it was generated from is a task.
    """
    line = lineage(outcome)
    steps = [minimal_edits(old.text, new.text) for old, new in pairwise(line)]
    return tuple(
        PassView(
            candidate=candidate,
            fixed_in=tuple(_fixed_in(f, line, at, steps) for f in candidate.findings),
        )
        for at, candidate in enumerate(line)
    )


def lineage(outcome: Outcome) -> tuple[Candidate, ...]:
    """The accepted versions that led to the result."""
    found = [outcome.chosen]
    while found[0].parent is not None and found[0].origin != "generated":
        found.insert(0, outcome.candidates[found[0].parent])
    return tuple(found)


def _fixed_in(
    finding: Finding,
    line: tuple[Candidate, ...],
    at: int,
    steps: list[tuple[Edit, ...]],
) -> int | None:
    """The first later version that was judged and no longer has the finding, None if none is."""
    region = finding.span
    for later in range(at + 1, len(line)):
        region = followed(region, steps[later - 1])
        if _is_gone(finding, region, line[later]):
            return later
    return None


def _is_gone(finding: Finding, region: Span, candidate: Candidate) -> bool:
    undecided = verdict_of(candidate, finding.criterion) in (Verdict.UNKNOWN, Verdict.NOT_CHECKED)
    # The open critique of the user's words has no verdict of its own.
    if undecided and finding.criterion in candidate.verdicts:
        return False
    return not any(
        other.criterion == finding.criterion
        and (other.span.touches(region) or (other.quote == finding.quote != ""))
        for other in candidate.findings
    )
