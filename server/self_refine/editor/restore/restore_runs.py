"""Keeps what is saved of the runs in step with them, and has them back where nothing has changed.

The hash of the document decides: places are those of a text, and mean nothing in another one.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from self_refine.editor.diagnostics.findings import Placed
from self_refine.editor.documents.documents import Document
from self_refine.editor.documents.selection import digest_of
from self_refine.editor.runs.run import (
    Ended,
    Landed,
    Run,
    Waiting,
    changes_of,
    is_working,
    result_of,
)
from self_refine.editor.session import Session
from self_refine.settings import state_path
from self_refine.text.spans import Span

if TYPE_CHECKING:  # traces are read where there is something to restore
    from self_refine.editor.restore.saved_runs import SavedDocument, SavedRun
    from self_refine.editor.runs.run import Result

_SECONDS = 0.5
"""How long after a change it is saved: typing that goes on is not saved at every key."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A run as it was saved, with what its trace says."""

    saved: "SavedRun"
    result: "Result"


class RestoreRuns:
    """Saves and restores the runs of all documents."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._seen: set[str] = set()
        """Documents that were asked for once: what is saved later is this server's own."""

    def text(self, document: Document) -> None:
        """A document was opened or has changed."""
        if document.uri in self._seen:
            if self._session.runs.of(document.uri):
                self.soon(document.uri)
            return
        self._seen.add(document.uri)
        self._session.tasks.start(self._restore(document), "Restoring runs")

    def soon(self, uri: str) -> None:
        """Something about the runs of a document, or the document itself, has changed."""
        # Without a trace there is nothing to have back.
        if uri not in self._timers and self._session.settings.trace:
            loop = asyncio.get_running_loop()
            self._timers[uri] = loop.call_later(_SECONDS, self._start, uri)

    def closed(self, uri: str) -> None:
        """A document is about to be closed; what is due was saved with its last change."""
        self._seen.discard(uri)

    async def close(self) -> None:
        """Save what is due: the server shuts down."""
        for uri in list(self._timers):
            self._timers.pop(uri).cancel()
            await self._save(uri)

    def _start(self, uri: str) -> None:
        self._timers.pop(uri, None)
        self._session.tasks.start(self._save(uri), "Saving where runs stand")

    async def _save(self, uri: str) -> None:
        document = self._session.documents.get(uri)
        if document is None:
            return
        runs = [run for run in self._session.runs.of(uri) if not is_working(run)]
        places = self._places(uri)
        await asyncio.to_thread(_write, document, runs, places)

    def _places(self, uri: str) -> dict[str, dict[int, tuple[int, int]]]:
        found: dict[str, dict[int, tuple[int, int]]] = {}
        for placed in self._session.findings.visible(uri):
            of_group = found.setdefault(placed.note.group, {})
            of_group[placed.note.number] = (placed.span.start, placed.span.end)
        return found

    async def _restore(self, document: Document) -> None:
        saved = await asyncio.to_thread(_saved, document)
        if saved is None:
            return
        snapshot = await self._session.criteria_cache.get(document.path)
        reads = await asyncio.to_thread(_read_all, saved, document, snapshot)
        now = self._session.documents.get(document.uri)
        if now is None or now.text != document.text or self._session.runs.of(document.uri):
            return
        for read in reads:
            self._put(document, read)
        if reads:
            self._session.refresh(document.uri)

    def _put(self, document: Document, read: _Read) -> None:
        from self_refine.editor.restore.restored_session import restored  # noqa: PLC0415 - see the top

        session = self._session
        run_session = restored(document, read.saved, read.result)
        if run_session is None:
            return
        session.runs.add(run_session, document.text)
        run = run_session.run
        notes = {each.note.number: each for each in _notes(read.result)}
        placed = [
            Placed(notes[number].note, Span(start, end))
            for number, (start, end) in read.saved.notes.items()
            if number in notes
        ]
        session.findings.put(document.uri, document.text, run.id, placed)
        if isinstance(run, Waiting | Landed):
            session.review_notes.revive(run)


def _notes(result: "Result") -> Iterator[Placed]:
    notes = result.notes
    yield from notes.original
    yield from notes.left
    for of_change in notes.by_change:
        yield from of_change.new


def _write(
    document: Document, runs: list[Run], places: dict[str, dict[int, tuple[int, int]]]
) -> None:
    from self_refine.editor.restore.saved_runs import SavedDocument, SavedRuns  # noqa: PLC0415

    saved = tuple(
        each
        for run in runs
        if (each := _saved_run(run, document, places.get(run.id, {}))) is not None
    )
    digest = digest_of(document.text)
    SavedRuns(state_path()).write(SavedDocument(uri=document.uri, digest=digest, runs=saved))


def _saved_run(
    run: Run, document: Document, notes: dict[int, tuple[int, int]]
) -> "SavedRun | None":
    """What is to be known of a run again; None where nothing of it is to be seen."""
    from self_refine.editor.restore.saved_runs import SavedChange, SavedRun  # noqa: PLC0415

    result, order = result_of(run), run.order
    if result is None or (isinstance(run, Ended) and not notes):
        return None
    return SavedRun(
        id=order.id,
        kind=order.kind,
        title=order.title,
        state={Waiting: "waiting", Landed: "landed"}.get(type(run), "ended"),
        region=(run.region.start, run.region.end),
        whole=run.original.span is not None,
        language=document.language,
        model=result.model,
        reason=run.reason if isinstance(run, Waiting) else "",
        review_first=isinstance(run, Waiting) and run.review_first,
        criteria=order.criteria,
        instruction=order.instruction,
        began=order.began,
        changes=tuple(
            SavedChange(
                start=None if each.span is None else each.span.start,
                is_new=each.is_new,
                decision=each.decision,
            )
            for each in changes_of(run)
        ),
        notes=notes,
    )


def _saved(document: Document) -> "SavedDocument | None":
    """What is saved of a document that is still the one that it was saved of."""
    from self_refine.editor.restore.saved_runs import SavedRuns  # noqa: PLC0415 - reads a file

    saved = SavedRuns(state_path()).read(document.uri)
    return saved if saved is not None and saved.digest == digest_of(document.text) else None


def _read_all(saved: "SavedDocument", document: Document, snapshot: Any) -> list[_Read]:
    """Each saved run whose trace says what came of it. Runs in a thread."""
    from self_refine.criteria.choose_criteria import NOTHING, Refusal, choose  # noqa: PLC0415
    from self_refine.editor.diagnostics.run_notes import notes_of_original, result_notes  # noqa: PLC0415
    from self_refine.editor.restore.traced_outcome import traced_outcome  # noqa: PLC0415
    from self_refine.editor.review.outcome_changes import changes  # noqa: PLC0415
    from self_refine.editor.runs.run import Result  # noqa: PLC0415
    from self_refine.runs.trace import read_trace  # noqa: PLC0415

    target = snapshot.target(document.path, document.language, whole=True)
    found: list[_Read] = []
    for each in saved.runs:
        outcome = traced_outcome(read_trace(state_path(), each.id))
        if outcome is None:
            continue
        chosen = choose(snapshot.team, snapshot.packs, target, each.criteria)
        chosen = NOTHING if isinstance(chosen, Refusal) else chosen
        made = () if each.kind == "critique" else changes(outcome, each.language)
        words = outcome.original.text
        original = notes_of_original(each.id, words, outcome.candidates, chosen)
        notes = result_notes(each.id, outcome, made, chosen, original)
        result = Result(outcome=outcome, chosen=chosen, model=each.model, changes=made, notes=notes)
        found.append(_Read(each, result))
    return found
