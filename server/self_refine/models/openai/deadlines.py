"""Owns the deadlines of one attempt: the first word, the next word, the whole."""

import asyncio
from types import TracebackType
from typing import Self

from self_refine.models.faults import FaultError, Late
from self_refine.models.openai.endpoint import Timing


class Deadlines:
    """Ends the block with a `Late` fault once nothing has been said for too long."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._now = asyncio.get_running_loop().time
        self._end = self._now() + timing.total
        self._late = Late("the first word of the reply", "firstByteSeconds", timing.first_byte)
        self._timeout = asyncio.timeout_at(min(self._end, self._now() + timing.first_byte))

    def word(self) -> None:
        """Something was said: wait for the next."""
        self._late = Late("the next word of the reply", "idleSeconds", self._timing.idle)
        self._timeout.reschedule(min(self._end, self._now() + self._timing.idle))

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            raise FaultError(self._fault()) from None

    def _fault(self) -> Late:
        if self._now() >= self._end:
            return Late("the end of the reply", "maxSeconds", self._timing.total)
        return self._late
