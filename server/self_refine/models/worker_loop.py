"""Owns the thread apart on which models are asked, so that an editor's event loop need not do it.

Writing a request, reading a reply as it streams and closing connections is work in Python that
takes milliseconds; on the loop that answers an editor, a code action would wait for each of them.
"""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # the server makes one at its start, and imports the rest with the first run
    from self_refine.loop.requests import Answered, Call, Failed
    from self_refine.models.base import Model, OnText, OnWait

Result = TypeVar("Result")

_NICE = 3
"""Half the share of a thread as it comes; at 10, a run on a busy machine takes twice as long."""


class WorkerLoop:
    """A thread with an event loop of its own; it begins with the first work that it is given."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._over = asyncio.Event()

    async def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Carry out `work` there, and give what it gives.

        Raises:
            asyncio.CancelledError: the awaiting task was cancelled; `work` has ended by then.
            Exception: whatever `work` raises.
        """
        here, there = asyncio.get_running_loop(), self._begun()
        ended: asyncio.Future[None] = here.create_future()
        tasks: list[asyncio.Task[Result]] = []

        def begin() -> None:
            tasks.append(there.create_task(work))
            tasks[0].add_done_callback(lambda _: here.call_soon_threadsafe(ended.set_result, None))

        there.call_soon_threadsafe(begin)
        try:
            await asyncio.shield(ended)
        except asyncio.CancelledError:
            there.call_soon_threadsafe(lambda: tasks[0].cancel())  # noqa: PLW0108 - not there before `begin`
            await _whatever_comes(ended)
            if not tasks[0].cancelled():
                tasks[0].exception()  # nobody is left to hear it
            raise
        return tasks[0].result()

    async def close(self) -> None:
        """Cancel what still works there, and end the thread."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            await asyncio.to_thread(self._thread.join)
            self._loop = self._thread = None

    def _begun(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            loop = self._loop = asyncio.new_event_loop()
            over = self._over = asyncio.Event()

            def work() -> None:
                give_way()
                # It cancels what is left, and waits for it.
                with asyncio.Runner(loop_factory=lambda: loop) as runner:
                    runner.run(_wait(over))

            self._thread = threading.Thread(target=work, name="models", daemon=True)
            self._thread.start()
        return self._loop


def give_way() -> None:
    """Let the calling thread work only where the process's first thread leaves it time.

    Linux lets a thread that computes finish its turn of some milliseconds before one that has been
    woken, such as by an editor's request, has its own; not where it is the nicer of the two. No
    other system has a priority for each thread that anybody may lower.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            nice = os.getpriority(os.PRIO_PROCESS, os.getpid()) + _NICE
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


class WorkerModel:
    """A model that lives on a thread apart; see `Model`."""

    def __init__(self, model: "Model", worker_loop: WorkerLoop) -> None:
        self._model, self._apart = model, worker_loop

    @property
    def name(self) -> str:
        """As the user would write it."""
        return self._model.name

    @property
    def host(self) -> str:
        """Who is sent the text."""
        return self._model.host

    async def complete(
        self,
        call: "Call",
        on_text: "OnText",
        *,
        on_wait: "OnWait" = lambda _: None,
        until: float | None = None,
    ) -> "Answered | Failed":
        """Answer `call`; who listens is called on the thread apart."""
        return await self._apart.do(
            self._model.complete(call, on_text, on_wait=on_wait, until=until)
        )

    async def close(self) -> None:
        """Give back what the model holds."""
        await self._apart.do(self._model.close())


async def _wait(over: asyncio.Event) -> None:
    await over.wait()


async def _whatever_comes(ended: asyncio.Future[None]) -> None:
    """Wait for the end, however often the one who waits is cancelled."""
    while not ended.done():
        try:
            await asyncio.shield(ended)
        except asyncio.CancelledError:
            continue
