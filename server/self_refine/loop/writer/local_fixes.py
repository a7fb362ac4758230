"""Makes one new version of the fixes that a reading proposes; no model is asked for it.

Fixes of one segment are compared by what they change: the one that touches the most findings is
taken whole, and of the others what does not touch it. What is left over waits for the next pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from self_refine.loop.guards.echoes import repeated
from self_refine.loop.guards.fact_loss import lost
from self_refine.loop.guards.rejections import rejection
from self_refine.loop.task import Task
from self_refine.loop.types import Finding
from self_refine.text.spans import Edit, Span, apply_edits


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What the proposed fixes make of a text."""

    text: str
    edits: tuple[Edit, ...] = ()
    used: tuple[Finding, ...] = ()
    """The findings that the edits answer."""
    left: tuple[Finding, ...] = ()
    """Those that they do not: without a fix, or with one that did not fit beside the others."""


def applied(text: str, todo: Sequence[Finding], task: Task) -> Applied:
    """The fixes of `todo` put together; no edits where they make a text that is refused.

    Args:
        text: the candidate's.
        todo: findings with and without fixes, in offsets of the candidate.
        task: the run's.
    """
    with_fix = [f for f in todo if f.proposal]
    edits: list[Edit] = []
    for group in _groups(with_fix):
        edits += _merged(group)
    edits.sort()
    used = tuple(f for f in todo if any(_answers(edit, f) for edit in edits))
    left = tuple(f for f in todo if f not in used)
    new = apply_edits(text, edits)
    if not edits or refused(text, new, task, used):
        return Applied(text=text, left=tuple(todo))
    return Applied(text=new, edits=tuple(edits), used=used, left=left)


def refused(old: str, new: str, task: Task, findings: Sequence[Finding]) -> str:
    """Why fixes that are fine one by one make no version together; "" where they do."""
    if why := rejection(old, new, task, findings) or repeated(old, new, task.language):
        return why
    gone = lost(old, new, task.language, findings)
    return f"it loses {', '.join(gone)}" if gone else ""


def _groups(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Findings whose edits meet, directly or through others."""
    groups: list[list[Finding]] = []
    for finding in findings:
        meets = [group for group in groups if any(_meet(finding, other) for other in group)]
        joined = [finding, *(each for group in meets for each in group)]
        groups = [group for group in groups if group not in meets] + [joined]
    yield from groups


def _meet(left: Finding, right: Finding) -> bool:
    return any(a.span.touches(b.span) for a in left.proposal for b in right.proposal)


def _merged(group: Sequence[Finding]) -> list[Edit]:
    """The edits of the fix that answers the most, and those of the others that leave it alone."""
    order = sorted(group, key=lambda f: _weight(f, group), reverse=True)
    chosen: list[Edit] = []
    for finding in order:
        chosen += [e for e in finding.proposal if not any(e.span.touches(c.span) for c in chosen)]
    return chosen


def _weight(finding: Finding, group: Sequence[Finding]) -> tuple[int, int]:
    touched = sum(any(_is_at(e.span, other.span) for e in finding.proposal) for other in group)
    return touched, sum(len(e.text) for e in finding.proposal)


def _answers(edit: Edit, finding: Finding) -> bool:
    """Whether an edit is the finding's own, says what its own would, or changes its words."""
    own = any(edit.span.touches(e.span) and e.text.strip() in edit.text for e in finding.proposal)
    return own or (not finding.span.is_empty and edit.span.overlaps(finding.span))


def _is_at(edit: Span, place: Span) -> bool:
    return edit.touches(place) if place.is_empty or edit.is_empty else edit.overlaps(place)
