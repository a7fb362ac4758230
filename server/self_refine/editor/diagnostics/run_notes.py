"""Owns what a run judged as notes: open ones on their words, resolved ones on the changes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from self_refine.criteria.choose_criteria import Chosen
from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.editor.diagnostics.findings import Note, Placed
from self_refine.editor.review.change import Change, Part
from self_refine.editor.review.result_notes import ChangeNotes, ResultNotes
from self_refine.loop.types import Candidate, Criterion, Finding, Outcome
from self_refine.text.span_tracking import map_span
from self_refine.text.spans import Edit, Span


def note(group: str, number: int, finding: Finding, chosen: Chosen) -> Note:
    """A finding as a document shows it, with the file that asked for it."""
    return _note(group, number, finding, _asked(finding.criterion, chosen))


def open_notes(
    group: str, candidate: Candidate, chosen: Chosen, first: int = 0
) -> tuple[Placed, ...]:
    """The findings of a version, at their places in it, numbered from `first`."""
    # There may be hundreds, of a few criteria.
    ids = {finding.criterion for finding in candidate.findings}
    asked = {criterion: _asked(criterion, chosen) for criterion in ids}
    return tuple(
        Placed(_note(group, number, finding, asked[finding.criterion]), finding.span)
        for number, finding in enumerate(candidate.findings, first)
    )


def _asked(criterion: str, chosen: Chosen) -> tuple[Criterion | None, str, str, bool]:
    """The criterion of an id; its file as users name it, its path, and whether it ships."""
    file = _file_of(criterion, chosen.files)
    if file is None:
        return None, "", "", False
    found = next((c for c in file.criteria if c.id == criterion), None)
    return found, file.label, str(file.path), file.shipped


def _note(
    group: str,
    number: int,
    finding: Finding,
    asked: tuple[Criterion | None, str, str, bool],
) -> Note:
    criterion, label, path, shipped = asked
    return Note(
        group=group,
        number=number,
        finding=finding,
        criterion=criterion,
        label=label,
        path=path,
        shipped=shipped,
    )


def notes_in_original(
    group: str, original: str, candidate: Candidate, chosen: Chosen, first: int
) -> tuple[Placed, ...]:
    """The findings of a version that the fixes of checks have made, where they stand without them.

    Args:
        group: id of the run.
        original: the text as it was given.
        candidate: the version that was judged.
        chosen: what the run judges by.
        first: number of the first note.
    """
    from self_refine.text.diffing.edits import minimal_edits  # noqa: PLC0415 - live checks do without

    back = minimal_edits(candidate.text, original)
    places = ((f, in_original(f, original, back)) for f in candidate.findings)
    found = [(finding, span) for finding, span in places if span is not None]
    return tuple(
        Placed(note(group, first + number, finding, chosen), span)
        for number, (finding, span) in enumerate(found)
    )


def notes_of_original(
    group: str, original: str, candidates: Iterable[Candidate], chosen: Chosen
) -> tuple[Placed, ...]:
    """All that versions before the first rewrite say of the text as it was given.

    The critic is asked once the fixes of checks are made: what it finds in words that they left
    alone is true of the text as it was given, too.
    """
    notes: tuple[Placed, ...] = ()
    for candidate in candidates:
        if candidate.number == 0:
            notes = open_notes(group, candidate, chosen)
        elif candidate.pass_ == 0 and candidate.accepted:
            known = {(p.note.finding.criterion, p.span) for p in notes}
            more = notes_in_original(group, original, candidate, chosen, len(notes))
            notes += tuple(p for p in more if (p.note.finding.criterion, p.span) not in known)
    return notes


def in_original(finding: Finding, original: str, back: Iterable[Edit]) -> Span | None:
    """Where the words of a finding stand in the text as it was given; None where they do not.

    `back` are the edits that make the original of the version that was judged.
    """
    span = map_span(finding.span, back)
    return span if span is not None and span.of(original) == finding.quote else None


def result_notes(
    group: str,
    outcome: Outcome,
    found: Sequence[Change],
    chosen: Chosen,
    original: tuple[Placed, ...],
) -> ResultNotes:
    """What is to be said of a result, and of the text without each of its changes.

    Args:
        group: id of the run.
        outcome: what the loop returned.
        found: the changes of the result.
        chosen: what the run judged by.
        original: what was found in the text as it was given, numbered from 0.
    """
    first = len(original)
    left = open_notes(group, outcome.chosen, chosen, first) if outcome.best else ()
    first += len(left)
    resolved: dict[int, list[Placed]] = {}
    for number, (finding, pass_, change, part) in enumerate(_answered(outcome, found), first):
        of = _resolved(note(group, number, finding, chosen), part, pass_)
        at = part.new.moved(-change.new.start)
        resolved.setdefault(change.number, []).append(Placed(of, at))
    old = _by_change(original, found, left)
    by_change = (
        ChangeNotes(tuple(old.get(c.number, ())), tuple(resolved.get(c.number, ()))) for c in found
    )
    return ResultNotes(original, left, tuple(by_change))


def _by_change(
    original: Iterable[Placed], found: Sequence[Change], left: Iterable[Placed]
) -> dict[int, list[Placed]]:
    """What was found in the original, beside the change that it concerns, relative to that.

    A finding that no change touches and that is no longer there is the nearest change's.
    """
    still = {(p.note.finding.criterion, p.note.finding.quote) for p in left}
    sorted_out: dict[int, list[Placed]] = {}
    for placed in original if found else ():
        near = min(found, key=lambda change: _distance(change.old, placed.span))
        finding = placed.note.finding
        is_left = (finding.criterion, finding.quote) in still
        if near.old.touches(placed.span) or not is_left:
            own = sorted_out.setdefault(near.number, [])
            own.append(Placed(placed.note, placed.span.moved(-near.old.start)))
    return sorted_out


def _distance(left: Span, right: Span) -> int:
    return max(0, left.start - right.end, right.start - left.end)


def _resolved(of: Note, part: Part, pass_: int | None) -> Note:
    return replace(of, state="resolved", resolved_in=pass_, before=part.before)


def _answered(
    outcome: Outcome, found: Sequence[Change]
) -> Iterator[tuple[Finding, int | None, Change, Part]]:
    """Each finding that the result answers, once, with the part that shows it best.

    First those that a part is known to answer; then those that were fixed on the way and whose
    words no single part of the result replaced: they stand on the nearest one.
    """
    seen: set[tuple[str, str, str]] = set()
    every = [(change, part) for change in found for part in change.parts]
    for change, part in every:
        for finding in part.answers:
            if _is_new(finding, seen):
                yield finding, part.pass_, change, part
    if not found:
        return
    for candidate, finding, pass_ in _fixed(outcome):
        if _is_new(finding, seen):
            yield finding, pass_, *_nearest(every, candidate, finding)


def _is_new(finding: Finding, seen: set[tuple[str, str, str]]) -> bool:
    key = (finding.criterion, finding.quote, finding.problem)
    new = key not in seen
    seen.add(key)
    return new


def _fixed(outcome: Outcome) -> Iterator[tuple[Candidate, Finding, int]]:
    """Each finding that a later version no longer had, with the pass that made that version."""
    from self_refine.loop.reporting.pass_report import passes  # noqa: PLC0415 - as above

    views = passes(outcome)
    for view in views:
        for finding, gone in zip(view.candidate.findings, view.fixed_in, strict=True):
            if gone is not None:
                # Fixes of checks are made before the first rewrite: in pass 1, as progress says.
                yield view.candidate, finding, max(1, views[gone].candidate.pass_)


def _nearest(
    every: Sequence[tuple[Change, Part]], candidate: Candidate, finding: Finding
) -> tuple[Change, Part]:
    def distance(pair: tuple[Change, Part]) -> int:
        part = pair[1]
        return _distance(part.old if candidate.number == 0 else part.new, finding.span)

    return min(every, key=distance)


def _file_of(criterion: str, files: Iterable[CriteriaFile]) -> CriteriaFile | None:
    file_id = criterion.rpartition("/")[0]
    return next((file for file in files if file.id == file_id), None)
