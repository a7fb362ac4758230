"""Which runs there are, on what text; what may start beside what; who hears of their documents."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.documents.documents import Document
from self_refine.editor.runs.run import Landed, Run, Waiting, is_working, pending
from self_refine.editor.runs.run_session import RunSession, steps
from self_refine.text.spans import Edit, Span

AT_ONCE = 4
"""Runs that work at the same time; others queue."""
KEPT = 50
"""Ended runs that can still be reviewed and explained."""

Work = Callable[[RunSession], Coroutine[Any, Any, None]]


class RunTable:
    """The runs of this server. Hands out snapshots; a session only to who acts on the run."""

    def __init__(self, tasks: BackgroundTasks) -> None:
        """Know no run yet; each will be a task of `tasks`."""
        self._owner = tasks
        self._sessions: dict[str, RunSession] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._texts: dict[str, str] = {}
        """What the documents say on which runs have something to follow."""
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._on_end: Callable[[Run, BaseException | None], None] = lambda _run, _error: None

    def on_end(self, hear: Callable[[Run, BaseException | None], None]) -> None:
        """Hear of each task that has ended; with an exception, it was a defect of ours."""
        self._on_end = hear

    def start(self, session: RunSession, text: str, work: Work) -> None:
        """Own a run and let it work; it waits for a slot by itself, so that progress can say so.

        Args:
            session: the run.
            text: what its document says.
            work: carries it out.
        """
        self.add(session, text)
        name = f"The run {session.run.id}"
        task = self._owner.start(
            self._work(session, work), name, lambda done: self._ended(session, done)
        )
        self._tasks[session.run.id] = task

    def add(self, session: RunSession, text: str) -> None:
        """Own a run that does not work: it was there before the server was."""
        self._forget_oldest()
        self._sessions[session.run.id] = session
        self._texts[session.run.uri] = text

    async def _work(self, session: RunSession, work: Work) -> None:
        try:
            await work(session)
        except asyncio.CancelledError:
            if session.cancelled is None:
                raise

    @property
    def is_full(self) -> bool:
        """Whether a run that begins now has to wait for another."""
        return self._slots.locked()

    def slot(self) -> AbstractAsyncContextManager[None]:
        """A place to work in, once there is one: not too many runs work at the same time."""
        return self._slots

    def cancel(self, run_id: str, why: str) -> None:
        """End a run at its next step, or at once where it has taken none."""
        session, task = self._sessions[run_id], self._tasks.get(run_id)
        if session.cancel(why) and task is not None:
            task.cancel()

    def _ended(self, session: RunSession, task: asyncio.Task[None]) -> None:
        self._tasks.pop(session.run.id, None)
        error = None if task.cancelled() else task.exception()
        if is_working(session.run):
            session.end("cancelled" if error is None else "defect")
        self._on_end(session.run, error)

    def get(self, run_id: str) -> Run | None:
        """The run of this id."""
        session = self._sessions.get(run_id)
        return None if session is None else session.run

    def session(self, run_id: str) -> RunSession:
        """Who can make something of a run that there is."""
        return self._sessions[run_id]

    def sessions(self, uri: str) -> list[RunSession]:
        """Those of the runs of a document, oldest first."""
        return [session for session in self._sessions.values() if session.run.uri == uri]

    def of(self, uri: str) -> list[Run]:
        """The runs of a document, oldest first."""
        return [session.run for session in self.sessions(uri)]

    def closed(self) -> list[RunSession]:
        """Those whose document was closed while there was something to review."""
        return [
            session
            for session in self._sessions.values()
            if isinstance(session.run, Waiting | Landed) and session.run.left
        ]

    def all(self) -> Iterator[RunSession]:
        """Every one."""
        yield from list(self._sessions.values())

    def running_on(self, uri: str, span: Span) -> Run | None:
        """The run that works on some of these words, if any."""
        working = (run for run in self.of(uri) if is_working(run))
        return next((run for run in working if _share(run.region, span)), None)

    def document_changed(self, uri: str, edits: Sequence[Edit], document: Document) -> list[Run]:
        """Let the runs of a document follow what was done to it; gives those that do.

        Args:
            uri: of the document.
            edits: what was done, each in offsets of the text that the one before it left.
            document: it, as it is now; a large one is put together only where runs follow it.
        """
        before = self._texts.get(uri)
        if before is None:
            return []
        following = [session for session in self.sessions(uri) if session.follows]
        if not following:
            del self._texts[uri]
            return []
        text, taken = document.text, steps(edits, before)
        for session in following:
            session.document_changed(taken, before, text)
        self._texts[uri] = text
        return [session.run for session in following]

    def document_opened(self, uri: str, text: str) -> None:
        """Follow a document from now on."""
        self._texts[uri] = text

    def document_closed(self, uri: str) -> None:
        """Follow a document no longer."""
        self._texts.pop(uri, None)

    def stop_all(self) -> None:
        """The server shuts down: each run hears why its task is cancelled."""
        for session in self._sessions.values():
            session.cancel("the server is shutting down")

    def _forget_oldest(self) -> None:
        done = [run for run in self._snapshots() if not is_working(run) and not pending(run)]
        done += [run for run in self._snapshots() if isinstance(run, Landed) and pending(run)]
        for run in done[: max(0, len(self._sessions) - KEPT)]:
            del self._sessions[run.id]

    def _snapshots(self) -> list[Run]:
        return [session.run for session in self._sessions.values()]


def new_id() -> str:
    """An id that nobody can guess; it names no text and no file."""
    return secrets.token_hex(8)


def _share(left: Span, right: Span) -> bool:
    """Whether two stretches share a character, or are the same place."""
    return left.overlaps(right) or left == right
