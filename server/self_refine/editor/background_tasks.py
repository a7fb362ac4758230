"""`BackgroundTasks`: the one owner of every task of the server's event loop.

asyncio keeps no strong reference to a task, and says nothing of its exception until it is
collected. Here each task is held, cancelled at the end, and its error logged, once.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from self_refine.errors import where

_log = logging.getLogger(__name__)

T = TypeVar("T")


class BackgroundTasks:
    """All tasks that are at work."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._lasting: set[asyncio.Task[Any]] = set()

    def start(
        self,
        work: Coroutine[Any, Any, T],
        name: str,
        on_end: Callable[[asyncio.Task[T]], None] | None = None,
        *,
        lasting: bool = False,
    ) -> asyncio.Task[T]:
        """Carry out something beside.

        Args:
            work: what to do.
            name: what the log calls it.
            on_end: hears of its end, however it ended; its error has been logged by then.
            lasting: whether it goes on after the client has asked to shut down.
        """
        task = asyncio.get_running_loop().create_task(work, name=name)
        held = self._lasting if lasting else self._tasks
        held.add(task)
        task.add_done_callback(self._ended)
        if on_end is not None:
            task.add_done_callback(on_end)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._lasting.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s failed: %s", task.get_name(), where(error))

    async def shut_down(self) -> None:
        """Cancel all but the lasting ones, those that others start while they end too."""
        await _cancelled(self._tasks)

    async def close(self) -> None:
        """Cancel everything."""
        await _cancelled(self._tasks)
        await _cancelled(self._lasting)


async def _cancelled(tasks: set[asyncio.Task[Any]]) -> None:
    own = asyncio.current_task()
    while others := [task for task in tasks if task is not own]:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # The callback that forgets a task runs in a later turn than the one that wakes us.
        tasks.difference_update(others)
