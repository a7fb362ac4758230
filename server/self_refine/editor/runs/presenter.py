"""Owns showing a run while it works: its progress, and its findings as they come in."""

from dataclasses import replace
from typing import assert_never

from self_refine.editor.diagnostics.findings import Placed
from self_refine.editor.diagnostics.run_notes import (
    in_original,
    note,
    notes_in_original,
    open_notes,
)
from self_refine.editor.runs.run_progress import Progress
from self_refine.editor.runs.run_table import Run, from_start
from self_refine.editor.session import Session
from self_refine.loop.types import Candidate
from self_refine.runs.events import Began, Ended, Event, JudgedEvent, Seen, Stage, Waiting
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Edit


class Show:
    """Shows the events of a run while it works."""

    def __init__(self, session: Session, run: Run, progress: Progress) -> None:
        self._session, self._run, self._progress = session, run, progress
        self._seen = 0
        self._rewrites = 0
        self._back: dict[int, tuple[Edit, ...]] = {}

    def __call__(self, event: Event) -> None:
        """Show what has happened."""
        run = self._run
        match event:
            case Began():
                self._session.findings.hide(run.uri, run.anchor.region, by=run.id)
                self._session.refresh(run.uri)
            case Stage():
                self._rewrites += event.stage == "rewrite"
                run.stage = f"pass {event.pass_} of {event.passes}"
                self._progress.report(event.sentence)
                self._session.runs_changed(run.uri)
            case Seen():
                self._saw(event)
            case JudgedEvent(candidate):
                if candidate.pass_ == 0 and candidate.accepted:
                    show_original(self._session, run, candidate)
                elif candidate.pass_ == 0:
                    withdraw(self._session, run)
            case Waiting(reason):
                self._progress.report(f"{run.stage} · {reason}" if run.stage else reason)
            case Ended():
                pass
            case _:
                assert_never(event)

    def _saw(self, event: Seen) -> None:
        """Show a finding while the critique streams, unless a rewrite has been judged since."""
        run, document = self._run, self._session.documents.get(self._run.uri)
        start, finding = start_of(run), event.finding
        if document is None or start is None or run.chosen is None or self._rewrites:
            return
        if event.candidate not in self._back:
            self._back[event.candidate] = minimal_edits(event.text, run.original)
        at = in_original(finding, run.original, self._back[event.candidate])
        if at is None:
            return
        self._seen += 1
        seen = replace(note(run.id, -self._seen, finding, run.chosen), state="seen")
        placed = Placed(seen, at.moved(start))
        self._session.findings.add(run.uri, document.text, placed)
        self._session.publisher.soon(run.uri)


def start_of(run: Run) -> int | None:
    """Where the original stands in the document, None once it was typed in."""
    return run.anchor.span.start if run.anchor.span is not None else None


def withdraw(session: Session, run: Run) -> None:
    """Show no longer what came in with a critique and was not confirmed when it was judged."""
    document, start = session.documents.get(run.uri), start_of(run)
    if document is None:
        return
    session.publisher.soon(run.uri)
    if start is None:
        session.findings.drop(run.uri, run.id)
    elif not session.findings.drop_seen(run.uri, run.id) and run.original_notes:
        # Its words were being typed in when it was judged, and stand there again.
        placed = from_start(run.original_notes, start)
        session.findings.put(run.uri, document.text, run.id, placed)


def show_original(session: Session, run: Run, candidate: Candidate) -> None:
    """Show what was found in the text as it was given; it still stands there.

    The critic is asked once the fixes of checks are made: what it finds in words that they left
    alone is true of the text as it was given, too.
    """
    document, start = session.documents.get(run.uri), start_of(run)
    if document is None or run.chosen is None:
        return
    run.judged = True
    if candidate.number == 0:
        run.original_notes = open_notes(run.id, candidate, run.chosen)
    else:
        known = {(p.note.finding.criterion, p.span) for p in run.original_notes}
        more = notes_in_original(
            run.id, run.original, candidate, run.chosen, len(run.original_notes)
        )
        run.original_notes += tuple(
            p for p in more if (p.note.finding.criterion, p.span) not in known
        )
    placed = () if start is None else from_start(run.original_notes, start)
    session.findings.put(run.uri, document.text, run.id, placed)
    session.publisher.soon(run.uri)
