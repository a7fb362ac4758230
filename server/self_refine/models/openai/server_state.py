"""Owns what is remembered of each server for as long as we run: abilities, failures, who is in it.

A module's own table, since a second run must know what the first one learned. Event loop only.
"""

import asyncio
import time
import weakref
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from self_refine.models.faults import FaultError, Resting
from self_refine.models.openai.abilities import Abilities, presumed
from self_refine.models.openai.endpoint import Endpoint

_PATIENCE = 3
"""Failures in a row before an origin is left alone."""


class Breaker:
    """Leaves an origin alone after repeated failures; then lets one call try."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._rest = 0.0
        self._until = 0.0
        self._because = ""

    def check(self) -> None:
        """Let a call through.

        Raises:
            FaultError: with `Resting`, while the origin is left alone.
        """
        if self._failures < _PATIENCE:
            return
        if (left := self._until - self._clock()) > 0:
            raise FaultError(Resting(left, self._because))
        self._until = self._clock() + self._rest  # one call tries; the others wait for its end

    def failed(self, because: str, rest: float) -> None:
        """One more failure; after a rest, the first one starts the next rest at once."""
        self._failures += 1
        self._because, self._rest = because, rest
        self._until = self._clock() + rest

    def worked(self) -> None:
        """The origin is well."""
        self._failures = 0


class Origin:
    """One server."""

    def __init__(self) -> None:
        self.breaker = Breaker(time.monotonic)
        self._learned: dict[str, Abilities] = {}
        self._waiting = 0
        """Calls that wait for their turn."""
        # A semaphore belongs to one event loop.
        self._turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            weakref.WeakKeyDictionary()
        )

    def abilities(self, endpoint: Endpoint, model: str) -> Abilities:
        """What this model may be sent, as far as it is known."""
        return self._learned.get(model) or presumed(endpoint)

    def learn(self, model: str, abilities: Abilities) -> None:
        """Remember what was found out."""
        self._learned[model] = abilities

    @asynccontextmanager
    async def turn(self, at_once: int, on_queued: Callable[[int], None]) -> AsyncIterator[None]:
        """Hold a turn while a call is under way; `on_queued` hears how many calls are before it."""
        turns = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(at_once))
        if turns.locked():
            on_queued(self._waiting + at_once)
        self._waiting += 1
        try:
            await turns.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            turns.release()


_ORIGINS: defaultdict[str, Origin] = defaultdict(Origin)


def origin(endpoint: Endpoint) -> Origin:
    """What is remembered of this endpoint's server."""
    return _ORIGINS[endpoint.address.origin]


def forget() -> None:
    """Start anew, as after a restart."""
    _ORIGINS.clear()
