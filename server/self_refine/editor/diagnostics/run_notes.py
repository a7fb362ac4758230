"""Owns what a run judged as notes: open ones on their words, resolved ones on the changes."""

from collections.abc import Iterable, Iterator, Sequence

from self_refine.criteria.choose_criteria import Chosen
from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.editor.diagnostics.findings import Note, Placed
from self_refine.editor.runs.review_changes import Change
from self_refine.loop.types import Candidate, Criterion, Finding, Outcome
from self_refine.text.span_tracking import map_span
from self_refine.text.spans import Edit, Span


def note(group: str, number: int, finding: Finding, chosen: Chosen) -> Note:
    """A finding as a document shows it, with the file that asked for it."""
    return _note(group, number, finding, _asked(finding.criterion, chosen))


def open_notes(group: str, candidate: Candidate, chosen: Chosen) -> tuple[Placed, ...]:
    """The findings of a version, at their places in it."""
    # There may be hundreds, of a few criteria.
    ids = {finding.criterion for finding in candidate.findings}
    asked = {criterion: _asked(criterion, chosen) for criterion in ids}
    return tuple(
        Placed(_note(group, number, finding, asked[finding.criterion]), finding.span)
        for number, finding in enumerate(candidate.findings)
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


def in_original(finding: Finding, original: str, back: Iterable[Edit]) -> Span | None:
    """Where the words of a finding stand in the text as it was given; None where they do not.

    `back` are the edits that make the original of the version that was judged.
    """
    span = map_span(finding.span, back)
    return span if span is not None and span.of(original) == finding.quote else None


def result_notes(
    group: str, outcome: Outcome, found: Sequence[Change], chosen: Chosen
) -> tuple[Placed, ...]:
    """What is to be said of a result, at the places in it."""
    still_open = open_notes(group, outcome.chosen, chosen)
    resolved = [
        Placed(
            _resolved(note(group, len(still_open) + number, finding, chosen), change, pass_),
            change.new,
        )
        for number, (finding, pass_, change) in enumerate(_answered(outcome, found))
    ]
    return (*still_open, *resolved)


def _resolved(of: Note, change: Change, pass_: int | None) -> Note:
    return Note(
        group=of.group,
        number=of.number,
        finding=of.finding,
        criterion=of.criterion,
        label=of.label,
        path=of.path,
        shipped=of.shipped,
        state="resolved",
        resolved_in=pass_,
        before=change.before,
    )


def _answered(
    outcome: Outcome, found: Sequence[Change]
) -> Iterator[tuple[Finding, int | None, Change]]:
    """Each finding that the result answers, once, with the change that shows it best.

    First those that a change is known to answer; then those that were fixed on the way and whose
    words no single change of the result replaced: they stand on the nearest one.
    """
    seen: set[tuple[str, str, str]] = set()
    for change in found:
        for finding in change.answers:
            if _is_new(finding, seen):
                yield finding, change.pass_, change
    if not found:
        return
    for candidate, finding, pass_ in _fixed(outcome):
        if _is_new(finding, seen):
            yield finding, pass_, _nearest(found, candidate, finding)


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


def _nearest(found: Sequence[Change], candidate: Candidate, finding: Finding) -> Change:
    def distance(change: Change) -> int:
        span = change.old if candidate.number == 0 else change.new
        return max(0, span.start - finding.span.end, finding.span.start - span.end)

    return min(found, key=distance)


def _file_of(criterion: str, files: Iterable[CriteriaFile]) -> CriteriaFile | None:
    file_id = criterion.rpartition("/")[0]
    return next((file for file in files if file.id == file_id), None)
