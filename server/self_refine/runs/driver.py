"""Owns the driver: performs what a loop asks for, one step at a time, until its outcome is there.

The loop decides; the driver holds what the loop must not know: the clock, the model's connection,
the wish to stop. A stop, a spent budget of time and a failure of the model are replies like any
other, so that the best text so far is never lost.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, assert_never

from self_refine.checks.fixes.writer_guard import Around, guarded
from self_refine.checks.registry import Check
from self_refine.checks.subject import Subject
from self_refine.errors import where
from self_refine.loop.engine import refine
from self_refine.loop.estimate import estimate
from self_refine.loop.requests import (
    Answered,
    Ask,
    Call,
    Checked,
    Failed,
    FailureKind,
    Guard,
    Guarded,
    Halted,
    Loop,
    Noted,
    Recall,
    Recalled,
    Remember,
    Replies,
    Reply,
    Report,
    Request,
    RunChecks,
    RunCommands,
    Step,
)
from self_refine.loop.task import Task
from self_refine.loop.types import Candidate, Cost, Outcome, StopReason
from self_refine.models.base import Model
from self_refine.runs.checkers import HERE, Checker
from self_refine.runs.commands.perform_commands import perform
from self_refine.runs.event_emitter import EventEmitter
from self_refine.runs.events import Began, Ended, Event
from self_refine.runs.outgoing.clearance import Cleared
from self_refine.runs.trace import NoTrace, Trace
from self_refine.runs.verdict_cache import Judge, Verdicts
from self_refine.tools.command_runs import CommandRuns

_log = logging.getLogger(__name__)

_NOT_LOOKED_THROUGH = (
    "A fault of self-refine: nobody has looked for secrets in what would be sent, so nothing was."
)


class Stop:
    """The wish that a run ends now; whoever holds it may say so once, from the run's own loop."""

    def __init__(self) -> None:
        self._said = asyncio.Event()
        self._halted = Halted(StopReason.CANCELLED)

    def cancel(self, detail: str = "") -> None:
        """The user wants no more of it."""
        self._say(Halted(StopReason.CANCELLED, detail))

    @property
    def halted(self) -> Halted | None:
        """The reply that ends the run, None while nobody wished it."""
        return self._halted if self._said.is_set() else None

    async def wait(self) -> Halted:
        """Return when somebody wishes the end."""
        await self._said.wait()
        return self._halted

    def _say(self, halted: Halted) -> None:
        if not self._said.is_set():
            self._halted = halted
            self._said.set()


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One run: what the loop is given, and what the driver needs to answer it."""

    task: Task
    checks: Sequence[Check]
    path: str = ""
    """Of the document, for checks that want to know it; "" where it has none."""
    inputs: dict[str, str] = field(default_factory=dict)
    """Texts that criteria compare with, by name."""
    input_paths: tuple[Path, ...] = ()
    """Files whose texts are among the inputs."""
    checker: Checker = HERE
    """Runs the checks."""
    around: Around = field(default_factory=Around)
    """The rest of the document, with which code is parsed."""
    commands: CommandRuns | None = None
    """Runs the checks that are commands; None where none can be run."""
    first_line: int = 1
    """Of the selection in its document, from 1."""
    cleared: Cleared | None = None
    """That its texts may be sent; None: nobody has looked, so no model is asked."""


async def drive(  # noqa: PLR0913 - the parts of a run, each named by its caller
    job: Job,
    model: Model | None,
    *,
    critic: Model | None = None,
    on_event: Callable[[Event], None] = lambda _: None,
    stop: Stop | None = None,
    trace: Trace | None = None,
    verdicts: Verdicts | None = None,
    technique: Callable[[Task], Loop] = refine,
) -> Outcome:
    """Run `job` to its end.

    Args:
        job: what to refine.
        model: who writes, and judges where `critic` is None; None: checks alone.
        critic: another model that judges.
        on_event: hears what happens, on the event loop; must not block.
        stop: ends the run early.
        trace: keeps the record.
        verdicts: what was decided in earlier runs; asked only if the task `remembers`.
        technique: another loop than ours, for comparisons and tests.

    Raises:
        asyncio.CancelledError: the awaiting task was cancelled; connections are closed by then.
    """
    if critic is not None and job.task.reading == "one":
        # Who judges is to judge and no more: the fixes are the writer's.
        job = replace(job, task=replace(job.task, reading="separate"))
    run = _Run(job, model, critic or model, on_event, stop or Stop(), trace or NoTrace(), verdicts)
    return await run.to_the_end(technique(job.task))


class _Run:
    """The state of one run between two steps: cost so far, pass, open findings."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        job: Job,
        writer: Model | None,
        critic: Model | None,
        tell: Callable[[Event], None],
        stop: Stop,
        trace: Trace,
        verdicts: Verdicts | None,
    ) -> None:
        self._job, self._writer, self._critic = job, writer, critic
        self._telling, self._stop, self._trace = EventEmitter(job.task, tell), stop, trace
        self._verdicts = verdicts
        self._now = asyncio.get_running_loop().time
        self._deadline = self._now() + job.task.limits.seconds
        self._cost = Cost()

    async def to_the_end(self, loop: Loop) -> Outcome:
        criteria = self._job.task.criteria
        began = Began(
            host=self._writer.host if self._writer else None,
            model=self._writer.name if self._writer else None,
            judged=sum(c.check is None for c in criteria),
            checked=sum(c.check is not None for c in criteria),
            estimate=await asyncio.to_thread(estimate, self._job.task),
        )
        self._telling.tell(began)
        self._trace.write("began", task=self._job.task, host=began.host, model=began.model)
        at = await asyncio.to_thread(_advance, loop, None)
        while not isinstance(at, Outcome):
            replies = await self._perform(at)
            # Locating quotes and comparing texts takes milliseconds: not on the event loop.
            at = await asyncio.to_thread(_advance, loop, replies)
        self._trace.write(
            "ended",
            stop=at.stop,
            detail=at.detail,
            text=at.text,
            cost=at.cost,
            best=at.best,
            held=at.held,
            notes=at.notes,
        )
        self._telling.tell(Ended(at))
        return at

    async def _perform(self, step: Step) -> Replies:
        """Answer every request of a step, together; once the run is to end, only what is free."""
        if halted := self._must_halt():
            return tuple(
                self._heard(r.candidate) if isinstance(r, Report) else halted for r in step
            )
        if not step:
            return ()
        async with _both(self._stop.wait(), *(self._answer(request) for request in step)) as tasks:
            wish, *answers = tasks
            wall = max(0.0, self._deadline - self._now())
            everything = asyncio.ensure_future(asyncio.wait(answers))
            try:
                await asyncio.wait(
                    {wish, everything}, timeout=wall, return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                everything.cancel()
            halted = self._must_halt() or self._out_of_time()
            return self._noted([a.result() if a.done() else halted for a in answers])

    def _must_halt(self) -> Halted | None:
        if self._stop.halted:
            return self._stop.halted
        return self._out_of_time() if self._now() >= self._deadline else None

    def _out_of_time(self) -> Halted:
        return Halted(StopReason.BUDGET, f"{self._job.task.limits.seconds:g} seconds")

    def _noted(self, replies: Sequence[Reply]) -> Replies:
        for reply in replies:
            match reply:
                case Answered() | Failed() | Halted():
                    self._cost += reply.cost
                    self._trace.write("reply", kind=type(reply).__name__, reply=reply)
                case Recalled(known):
                    self._trace.write("recalled", criteria=[each.criterion for each in known])
                case Checked() | Noted() | Guarded():
                    pass
        return tuple(replies)

    async def _answer(self, request: Request) -> Reply:
        match request:
            case RunChecks(text, candidate):
                self._telling.checks(candidate, text, self._cost)
                return await self._check(text)
            case RunCommands(text, candidate):
                return await self._run_commands(text, candidate)
            case Ask(call):
                return await self._ask(call)
            case Report(candidate):
                return self._heard(candidate)
            case Recall():
                return await self._recall(request)
            case Remember():
                return await self._remember(request)
            case Guard(before, after):
                return await self._guard(before, after)
            case _:
                assert_never(request)

    async def _recall(self, request: Recall) -> Recalled:
        if self._verdicts is None or self._critic is None:
            return Recalled(())
        known = await asyncio.to_thread(
            self._verdicts.recall, self._job.task, self._judge(), request.text, request.criteria
        )
        return Recalled(known)

    async def _remember(self, request: Remember) -> Noted:
        if self._verdicts is not None and self._critic is not None:
            await asyncio.to_thread(
                self._verdicts.remember,
                self._job.task,
                self._judge(),
                request.text,
                request.known,
            )
        return Noted()

    def _judge(self) -> Judge:
        critic = self._critic
        return Judge(critic.host, critic.name) if critic else Judge("", "")

    def _heard(self, candidate: Candidate) -> Noted:
        self._trace.write("judged", candidate=candidate)
        self._telling.judged(candidate)
        return Noted()

    async def _check(self, text: str) -> Checked:
        job = self._job
        subject = Subject(
            text=text,
            original=job.task.text,
            language=job.task.language,
            path=job.path,
            inputs=job.inputs,
        )
        results = await asyncio.to_thread(job.checker.run, job.checks, subject)
        self._trace.write("checked", results=results)
        return Checked(results)

    async def _run_commands(self, text: str, candidate: int) -> Checked:
        job = self._job
        if job.commands is not None:
            job.commands.hear = self._telling.commands(candidate, text, self._cost)
        results = await perform(job.commands, job.checks, text)
        outputs = dict(job.commands.outputs) if job.commands is not None else {}
        self._trace.write("commands", candidate=candidate, results=results, outputs=outputs)
        return Checked(results)

    async def _guard(self, before: str, after: str) -> Guarded:
        job = self._job
        found = await asyncio.to_thread(guarded, before, after, job.task.language, job.around)
        self._trace.write("guarded", text=found.text, held=found.held)
        return found

    async def _ask(self, call: Call) -> Answered | Failed:
        model = self._critic if call.purpose == "critique" else self._writer
        if model is None:
            return Failed(kind=FailureKind.OTHER, message="No model is configured.")
        if self._job.cleared is None:
            # A new way to start a run must come through `runs/outgoing` before it sends anything.
            return Failed(kind=FailureKind.OTHER, message=_NOT_LOOKED_THROUGH)
        telling = self._telling
        telling.asks(call, self._cost)
        self._trace.write("ask", call=call)
        try:
            return await model.complete(
                call, telling.listener(call), on_wait=telling.waits, until=self._deadline
            )
        except Exception as error:  # noqa: BLE001
            # A model promises never to raise; what breaks the promise must not cost the best text.
            _log.error("A call to %s broke: %s", model.host, where(error))
            what = f"asking {model.host} broke ({type(error).__name__}); the log says where."
            return Failed(kind=FailureKind.OTHER, message=f"A fault of self-refine: {what}")


def _advance(loop: Loop, replies: Replies | None) -> Step | Outcome:
    """The loop's next step, or its outcome; an exception cannot carry a value across threads."""
    try:
        return next(loop) if replies is None else loop.send(replies)
    except StopIteration as done:
        outcome: Outcome = done.value
        return outcome


class _both:  # noqa: N801 - used as a verb: async with _both(...)
    """Run coroutines as tasks that never outlive the block, whatever ends it."""

    def __init__(self, *work: Coroutine[Any, Any, Any]) -> None:
        self._work = work

    async def __aenter__(self) -> list[asyncio.Task[Any]]:
        self._tasks = [asyncio.ensure_future(w) for w in self._work]
        return self._tasks

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
