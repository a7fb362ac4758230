"""Shows a run while it works: its progress, and its findings as they come in."""

from dataclasses import replace
from typing import assert_never

from self_refine.editor.diagnostics.findings import Placed
from self_refine.editor.diagnostics.run_notes import (
    in_original,
    note,
    notes_in_original,
    open_notes,
)
from self_refine.editor.review.review_notes import moved_by
from self_refine.editor.runs.run import Running
from self_refine.editor.runs.run_progress import Progress
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.session import Session
from self_refine.loop.types import Candidate
from self_refine.runs.events import Began, Ended, Event, JudgedEvent, Seen, Stage, Waiting
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Edit


class Presenter:
    """Hears the events of a run while it works."""

    def __init__(self, session: Session, run_session: RunSession, progress: Progress) -> None:
        self._session, self._run_session, self._progress = session, run_session, progress
        self._seen = 0
        self._rewrites = 0
        self._back: dict[int, tuple[Edit, ...]] = {}

    def __call__(self, event: Event) -> None:
        """Show what has happened."""
        run = self._run_session.run
        if not isinstance(run, Running):
            return
        match event:
            case Began():
                self._session.findings.hide(run.uri, run.region, by=run.id)
                if event.about:
                    self._progress.report(event.about)
                self._session.refresh(run.uri)
            case Stage():
                self._rewrites += event.stage == "rewrite"
                self._run_session.stage(f"pass {event.pass_} of {event.passes}")
                self._progress.report(event.sentence)
                self._session.runs_changed(run.uri)
            case Seen():
                self._saw(run, event)
            case JudgedEvent(candidate):
                if candidate.pass_ == 0 and candidate.accepted:
                    self._judged(run, candidate)
                elif candidate.pass_ == 0:
                    withdraw(self._session, run)
            case Waiting(reason):
                self._progress.report(f"{run.stage} · {reason}" if run.stage else reason)
            case Ended():
                pass
            case _:
                assert_never(event)

    def _saw(self, run: Running, event: Seen) -> None:
        """Show a finding while the critique streams, unless a rewrite has been judged since."""
        document, finding = self._session.documents.get(run.uri), event.finding
        if document is None or run.start is None or run.chosen is None or self._rewrites:
            return
        original = run.original.words
        if event.candidate not in self._back:
            self._back[event.candidate] = minimal_edits(event.text, original)
        at = in_original(finding, original, self._back[event.candidate])
        if at is None:
            return
        self._seen += 1
        seen = replace(note(run.id, -self._seen, finding, run.chosen), state="seen")
        placed = Placed(seen, at.moved(run.start))
        self._session.findings.add(run.uri, document.text, placed)
        self._session.publisher.soon(run.uri)

    def _judged(self, run: Running, candidate: Candidate) -> None:
        """Show what was found in the text as it was given; it still stands there.

        The critic is asked once the fixes of checks are made: what it finds in words that they
        left alone is true of the text as it was given, too.
        """
        document = self._session.documents.get(run.uri)
        if document is None or run.chosen is None:
            return
        notes = _notes_of(run, candidate)
        self._run_session.judged(notes, candidate.verdicts)
        placed = () if run.start is None else moved_by(notes, run.start)
        self._session.findings.put(run.uri, document.text, run.id, placed)
        self._session.publisher.soon(run.uri)
        self._session.runs_changed(run.uri)


def _notes_of(run: Running, candidate: Candidate) -> tuple[Placed, ...]:
    """All that is known of the text as it was given, relative to it."""
    if run.chosen is None:
        return ()
    if candidate.number == 0:
        return open_notes(run.id, candidate, run.chosen)
    known = {(p.note.finding.criterion, p.span) for p in run.notes}
    more = notes_in_original(run.id, run.original.words, candidate, run.chosen, len(run.notes))
    return run.notes + tuple(p for p in more if (p.note.finding.criterion, p.span) not in known)


def withdraw(session: Session, run: Running) -> None:
    """Show no longer what came in with a critique and was not confirmed when it was judged."""
    document = session.documents.get(run.uri)
    if document is None:
        return
    session.publisher.soon(run.uri)
    if run.start is None:
        session.findings.drop(run.uri, run.id)
    elif not session.findings.drop_seen(run.uri, run.id) and run.notes:
        # Its words were being typed in when it was judged, and stand there again.
        session.findings.put(run.uri, document.text, run.id, moved_by(run.notes, run.start))
