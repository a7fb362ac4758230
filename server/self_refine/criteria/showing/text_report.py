"""Which criteria files apply to one text and why, and the criteria that a run on it would use."""

from collections.abc import Iterator
from typing import Any

from self_refine.criteria.applying import Target, in_reach
from self_refine.criteria.choose_criteria import Refusal, choose
from self_refine.criteria.criteria_file import CriteriaFile, Library
from self_refine.criteria.showing.file_report import told
from self_refine.criteria.showing.scope import why
from self_refine.loop.types import Criterion, Severity


def as_json(library: Library, packs: Library, target: Target, label: str) -> dict[str, Any]:
    """The report as plain values."""
    reached = {file.label for file in in_reach(library.files, target)}
    return {
        "text": label,
        "language": target.language,
        "files": [_file(file, target, reached) for file in library.files],
        "packs": [_file(file, target, None) for file in packs.files],
        "not_used": [p.label or str(p.path) for p in _broken(library)],
        "criteria": [_criterion(c) for c in _chosen(library, packs, target)],
    }


def lines(library: Library, packs: Library, target: Target, label: str) -> Iterator[str]:
    """The report as lines for people."""
    yield f"{label} ({target.language})"
    yield ""
    if not library.files:
        yield "The workspace has no criteria files that can be used."
    reached = {file.label for file in in_reach(library.files, target)}
    for file in library.files:
        used, reason = _why(file, target, reached)
        yield f"{'applies' if used else 'no     '}  {file.label} ({file.id}): {reason}"
    for problem in _broken(library):
        yield f"broken   {problem.label or problem.path}:{problem.line}: {problem.message}"
    chosen = _chosen(library, packs, target)
    if not chosen:
        fitting = [file.id for file in packs.files if why(file, target)[0]]
        yield ""
        yield f"Nothing applies. Packs that fit: {', '.join(fitting) or 'none'}."
        return
    yield ""
    for criterion in chosen:
        yield from _told(criterion)


def _told(criterion: Criterion) -> Iterator[str]:
    source = criterion.source
    place = f"{source.path}:{source.line}" if source else ""
    kind = f", {criterion.check}" if criterion.check else ""
    yield f"{criterion.id} ({criterion.severity}{kind})  {place}"
    if criterion.not_checked:
        yield f"    not checked: {criterion.not_checked}"
    elif criterion.check:
        yield f"    {criterion.question}"
    else:
        yield from (f"    {line}" for line in told(criterion).splitlines())


def _chosen(library: Library, packs: Library, target: Target) -> tuple[Criterion, ...]:
    chosen = choose(library, packs, target, ())
    return () if isinstance(chosen, Refusal) else chosen.criteria


def _broken(library: Library) -> Iterator[Any]:
    used = {file.label for file in library.files}
    seen = set(used)
    for problem in library.problems:
        if problem.severity is Severity.ERROR and problem.label not in seen:
            seen.add(problem.label)
            yield problem


def _why(file: CriteriaFile, target: Target, reached: set[str] | None) -> tuple[bool, str]:
    """Whether a file is used, and why; `reached` are those that no other changes."""
    used, reason = why(file, target)
    if used and reached is not None and file.label not in reached:
        return False, "a file nearer to the text extends it"
    return used, reason


def _file(file: CriteriaFile, target: Target, reached: set[str] | None) -> dict[str, Any]:
    used, reason = _why(file, target, reached)
    return {"file": file.label, "id": file.id, "applies": used, "why": reason}


def _criterion(criterion: Criterion) -> dict[str, Any]:
    source = criterion.source
    return {
        "id": criterion.id,
        "severity": criterion.severity.value,
        "check": criterion.check,
        "file": source.path if source else None,
        "line": source.line if source else None,
        "not_checked": criterion.not_checked or None,
        "reads": criterion.question if criterion.check else told(criterion),
    }
