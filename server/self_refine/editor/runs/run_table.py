"""Owns all runs: which there are, on what text, in which state; what may start beside what."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from self_refine.editor.diagnostics.findings import Placed
from self_refine.editor.diagnostics.tracked_range import TrackedRange, moved, tracked
from self_refine.editor.runs.review_changes import Change, ReviewHunk, follow, waiting
from self_refine.text.spans import Edit, Span

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.criteria.choose_criteria import Chosen
    from self_refine.loop.types import Outcome
    from self_refine.runs.driver import Stop

Kind = Literal["refine", "critique", "generate"]
State = Literal["running", "waiting", "landed", "ended"]
Showing = Literal["original", "result"]

AT_ONCE = 4
"""Runs that work at the same time; others queue."""
KEPT = 50
"""Ended runs that can still be reviewed and explained."""


@dataclass(slots=True, eq=False)
class Run:
    """One run, from the command to the end of its review."""

    id: str
    uri: str
    kind: Kind
    title: str
    anchor: TrackedRange
    """Follows the selection; its words are the run's original."""
    criteria: tuple[str, ...] = ()
    """Ids that the user chose; empty: all that apply."""
    instruction: str = ""
    state: State = "running"
    stage: str = ""
    """Such as "pass 2 of 3"; "" before the first."""
    why_waiting: str = ""
    review_first: bool = False
    """Whether the settings it began with, or what it brings, ask for a look before it lands."""
    stop: "Stop | None" = None
    """None until the engine is there."""
    cancelled: str | None = None
    """Why it is to end, None while it is not."""
    chosen: "Chosen | None" = None
    outcome: "Outcome | None" = None
    model: str = ""
    """Such as "gpt-x at api.openai.com"; "" without one."""
    seed: str = ""
    """Names its trace."""
    judged: bool = False
    """Whether the text as it was given has been judged."""
    found: tuple[Change, ...] = ()
    """What the result changes."""
    standing: list[ReviewHunk] = field(default_factory=list)
    left: str = ""
    """Hash of its document when that was closed while the result waited; "" while it is open."""
    result: TrackedRange | None = None
    """Follows the result once it has landed."""
    original_notes: tuple[Placed, ...] = ()
    """What was found in the text as it was given; places are relative to it."""
    result_notes: tuple[Placed, ...] = ()
    """What is to be said of the result; places are relative to it."""
    showing: Showing = "original"
    """Which notes the document shows."""

    @property
    def original(self) -> str:
        """The text as it was selected."""
        return self.anchor.words

    @property
    def region(self) -> Span:
        """The stretch of the document that belongs to the run."""
        return self.result.region if self.result is not None else self.anchor.region

    def edited(self, edit: Edit, text: str) -> None:
        """Follow an edit that was made in `text`."""
        self.anchor = moved(self.anchor, edit, text)
        if self.result is not None:
            self.result = moved(self.result, edit, text)
        follow(self.standing, edit, text)

    def edits_done(self, text: str) -> None:
        """Find changes again that typing had made unavailable: undo brings the original back."""
        incomplete = self.state == "waiting" and len(self.standing) < len(self.found)
        if incomplete and self.anchor.span is not None:
            self.standing = waiting(self.found, text, self.anchor)

    def notes_now(self) -> tuple[Placed, ...] | None:
        """The notes to show where undo or redo has turned the text round, None otherwise."""
        if self.state != "landed" or self.result is None:
            return None
        now = self._stands()
        if now in (None, self.showing):
            return None
        self.showing = now
        at = self.result.span if now == "result" else self.anchor.span
        notes = self.result_notes if now == "result" else self.original_notes
        return None if at is None else from_start(notes, at.start)

    def _stands(self) -> Showing | None:
        """Which of the two texts stands in the document; where one holds the other, the longer."""
        original, result = self.anchor, self.result
        if result is None or result.span is None:
            return "original" if original.span is not None else None
        if original.span is None or len(result.words) >= len(original.words):
            return "result"
        return "original"

    def at_hand(self) -> list[ReviewHunk]:
        """The changes that can be reviewed now: their words stand as they were left."""
        return [s for s in self.standing if s.state in ("waiting", "landed") and s.span is not None]

    def reopened(self, text: str) -> None:
        """Find the original again in a document that was closed and is open now."""
        words = self.original
        at = self.anchor.span if self.anchor.span is not None else self.anchor.region
        if at.of(text) != words:
            start = text.find(words)
            unique = start >= 0 and text.find(words, start + 1) < 0
            at = Span(start, start + len(words)) if unique else Span(0, 0)
        if at.of(text) == words:
            self.anchor = tracked(text, at)
            self.standing = waiting(self.found, text, self.anchor)
        else:
            self.standing = []

    def cancel(self, why: str) -> None:
        """End it at its next step; only its table can end it before the first."""
        if self.cancelled is None:
            self.cancelled = why
        if self.stop is not None:
            self.stop.cancel(why)


class RunTable:
    """Every run of this server; each has one task, which is cancelled at shutdown."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._on_end: Callable[[Run, BaseException | None], None] = lambda _run, _error: None

    def on_end(self, hear: Callable[[Run, BaseException | None], None]) -> None:
        """Hear of each task that has ended; with an exception, it was a defect of ours."""
        self._on_end = hear

    def start(self, run: Run, work: Callable[[Run], Coroutine[Any, Any, None]]) -> None:
        """Own `run` and let it work; it waits for a slot by itself, so that progress can say so."""
        self._forget_oldest()
        self._runs[run.id] = run
        task = asyncio.get_running_loop().create_task(self._work(run, work), name=run.id)
        self._tasks[run.id] = task
        task.add_done_callback(lambda done: self._ended(run, done))

    async def _work(self, run: Run, work: Callable[[Run], Coroutine[Any, Any, None]]) -> None:
        try:
            await work(run)
        except asyncio.CancelledError:
            if run.cancelled is None:
                raise

    @property
    def is_full(self) -> bool:
        """Whether a run that begins now has to wait for another."""
        return self._slots.locked()

    def slot(self) -> AbstractAsyncContextManager[None]:
        """A place to work in, once there is one: not too many runs work at the same time."""
        return self._slots

    def cancel(self, run: Run, why: str) -> None:
        """End a run at its next step, or at once where it has taken none."""
        run.cancel(why)
        task = self._tasks.get(run.id)
        if run.stop is None and task is not None:
            task.cancel()

    def _ended(self, run: Run, task: asyncio.Task[None]) -> None:
        self._tasks.pop(run.id, None)
        if run.state == "running":
            run.state = "ended"
        self._on_end(run, None if task.cancelled() else task.exception())

    def get(self, run_id: str) -> Run | None:
        """The run of this id."""
        return self._runs.get(run_id)

    def of(self, uri: str) -> Iterator[Run]:
        """The runs of a document, oldest first."""
        return (run for run in list(self._runs.values()) if run.uri == uri)

    def waiting(self) -> list[Run]:
        """The runs of any document whose result waits."""
        return [run for run in self._runs.values() if run.state == "waiting"]

    def running_on(self, uri: str, span: Span) -> Run | None:
        """The run that works on some of these words, if any."""
        working = (run for run in self.of(uri) if run.state == "running")
        return next((run for run in working if _share(run.region, span)), None)

    def forget(self, run: Run) -> None:
        """Its review is over, or its document is gone."""
        if run.state != "running":
            run.state = "ended"
            run.standing = []

    async def close(self) -> None:
        """Cancel every task and wait until each has ended."""
        tasks = list(self._tasks.values())
        for run in self._runs.values():
            run.cancel("the server is shutting down")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget_oldest(self) -> None:
        done = [run for run in self._runs.values() if run.state == "ended"]
        done += [run for run in self._runs.values() if run.state == "landed"]
        for run in done[: max(0, len(self._runs) - KEPT)]:
            del self._runs[run.id]


def from_start(notes: tuple[Placed, ...], start: int) -> tuple[Placed, ...]:
    """Notes relative to a stretch, in the document where that begins at `start`."""
    return tuple(Placed(each.note, each.span.moved(start)) for each in notes)


def new_id() -> str:
    """An id that nobody can guess; it names no text and no file."""
    return secrets.token_hex(8)


def _share(left: Span, right: Span) -> bool:
    """Whether two stretches share a character, or are the same place."""
    return left.overlaps(right) or left == right
