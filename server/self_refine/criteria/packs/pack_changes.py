"""What an update of a pack changes, criterion by criterion."""

from collections.abc import Iterable, Iterator

from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.loop.types import Criterion


def changes(old: Iterable[CriteriaFile], new: Iterable[CriteriaFile]) -> Iterator[str]:
    """One line for each criterion that is new, gone or different."""
    before = {c.id: c for file in old for c in file.criteria}
    after = {c.id: c for file in new for c in file.criteria}
    for name in sorted({*before, *after}):
        if name not in before:
            yield f"new      {name} ({after[name].severity}): {after[name].question}"
        elif name not in after:
            yield f"gone     {name}: dismissals and severities of it no longer count"
        elif before[name].digest != after[name].digest or _told(before[name]) != _told(after[name]):
            yield f"changed  {name}: {_difference(before[name], after[name])}"


def _told(criterion: Criterion) -> tuple[object, ...]:
    return criterion.severity, criterion.question, criterion.check, criterion.exceptions


def _difference(old: Criterion, new: Criterion) -> str:
    if old.severity is not new.severity:
        return f"{old.severity} -> {new.severity}"
    if old.question != new.question:
        return f"{old.question!r} -> {new.question!r}"
    return "its keys"
