"""Owns telling what a run does: its stages, findings while they come in, versions once judged."""

import asyncio
import logging
from collections.abc import Callable
from typing import Literal

from self_refine.errors import where
from self_refine.loop.critic.stream import CritiqueStream
from self_refine.loop.requests import Call
from self_refine.loop.task import Task
from self_refine.loop.types import Candidate, Cost, Finding
from self_refine.runs.events import Event, JudgedEvent, Seen, Stage, StageName, Waiting
from self_refine.text.spans import Span

_log = logging.getLogger(__name__)

Heard = Callable[[str, Literal["json", "tagged"]], None]
"""Takes the words of a reply as they come in, and their form."""


class EventEmitter:
    """What one run has told so far. Listeners are called on the event loop that made it."""

    def __init__(self, task: Task, listener: Callable[[Event], None]) -> None:
        self._task, self._listener = task, listener
        self._loop = asyncio.get_running_loop()
        self._read: set[int] = set()
        """Numbers of the versions that the critic was asked about."""
        self._open = 0
        self._seen: set[tuple[int, str, Span]] = set()
        self._texts: dict[int, str] = {0: task.text}

    def tell(self, event: Event) -> None:
        """Tell one event; a listener that fails costs no run."""
        try:
            self._listener(event)
        except Exception as error:  # noqa: BLE001 - the boundary to whoever shows it
            # No traceback: the text of an exception may be the user's.
            _log.error("Showing what a run does failed: %s", where(error))

    def checks(self, candidate: int, text: str, cost: Cost) -> None:
        """Checks are about to look at a version."""
        self._texts[candidate] = text
        self._stage("checks", cost)

    def commands(self, candidate: int, text: str, cost: Cost) -> Callable[[str, str], None]:
        """What hears on any thread which command works on a version, and on what."""
        self._texts[candidate] = text

        def heard(criterion: str, at: str) -> None:
            detail = f"{criterion}: {at}" if at else criterion
            self._loop.call_soon_threadsafe(self._stage, "commands", cost, detail)

        return heard

    def asks(self, call: Call, cost: Cost) -> None:
        """The model is about to be asked."""
        critique = call.purpose == "critique"
        if critique:
            self._read.add(call.candidate)
        self._stage("critique" if critique else "rewrite", cost)

    def waits(self, reason: str) -> None:
        """The model is waited for; may be said on any thread."""
        self._loop.call_soon_threadsafe(self.tell, Waiting(reason))

    def judged(self, candidate: Candidate) -> None:
        """A version has been judged."""
        self._open = sum(f.severity.gates and not f.disputed for f in candidate.findings)
        self._texts[candidate.number] = candidate.text
        self.tell(JudgedEvent(candidate))

    def listener(self, call: Call) -> Heard:
        """What shows the findings of a streaming critique as they become complete.

        They are looked for where the reply is read, which may be another thread than the run's.
        """
        if call.purpose != "critique":
            return lambda _delta, _form: None
        streams: dict[str, CritiqueStream] = {}
        task = self._task

        def heard(delta: str, form: Literal["json", "tagged"]) -> None:
            if not delta:  # the model starts over
                streams.pop(form, None)
                return
            if form not in streams:
                text = self._texts.get(call.candidate, task.text)
                streams[form] = CritiqueStream(text, task, call, form)
            for finding in streams[form].feed(delta):
                self._loop.call_soon_threadsafe(self._saw, finding, call.candidate)

        return heard

    def _saw(self, finding: Finding, candidate: int) -> None:
        # A reply that starts over says again what was shown.
        key = (candidate, finding.criterion, finding.span)
        if key not in self._seen:
            self._seen.add(key)
            self.tell(Seen(finding, candidate, self._texts.get(candidate, "")))

    def _stage(self, stage: StageName, cost: Cost, detail: str = "") -> None:
        passes = self._task.limits.passes
        pass_ = len(self._read)
        self.tell(
            Stage(
                stage=stage,
                pass_=max(1, min(pass_, passes)),
                passes=passes,
                findings=self._open,
                cost=cost,
                detail=detail,
            )
        )
