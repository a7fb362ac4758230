"""Owns one model at one OpenAI-compatible endpoint: asks, retries, gives up in words."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from self_refine.loop.requests import Answered, Call, Failed
from self_refine.loop.types import Cost
from self_refine.models import token_estimates
from self_refine.models.base import Form, OnText, OnWait, unheard
from self_refine.models.client_loading import connect
from self_refine.models.error_messages import failed
from self_refine.models.faults import (
    Cut,
    Fault,
    FaultError,
    Garbled,
    Late,
    NoConnection,
    Resting,
    Status,
    Trouble,
    is_loading,
)
from self_refine.models.openai import sse
from self_refine.models.openai.abilities import learn
from self_refine.models.openai.backoff import backoff
from self_refine.models.openai.deadlines import Deadlines
from self_refine.models.openai.endpoint import Endpoint
from self_refine.models.openai.reply_reader import Reply
from self_refine.models.openai.request_body import body, form_of, prompt
from self_refine.models.openai.server_state import Origin, origin
from self_refine.text.foreign import Foreign

_RETRIES = 2
_LESSONS = 8
"""Refusals that may teach us something, in one call; more would be a server that plays with us."""


@dataclass(slots=True)
class _Asking:
    """The state of one call over its attempts."""

    call: Call
    form: Form
    sent: str = ""
    cost: Cost = field(default_factory=Cost)
    reply: Reply = field(default_factory=Reply)
    """Of the attempt under way."""
    tries: int = 0
    lessons: int = 0
    loaded_by: float | None = None
    """Until when a server is waited for that loads its model; None while it says no such thing."""


class OpenAIModel:
    """One model at one endpoint. May be asked several things at once; knows nothing of a run."""

    def __init__(self, endpoint: Endpoint, name: str, wire: Any = None) -> None:
        self._endpoint = endpoint
        self._name = name
        self._wire = wire
        self._connecting = asyncio.Lock()

    @property
    def name(self) -> str:
        """The model's name as the server knows it."""
        return self._name

    @property
    def host(self) -> str:
        """Who is sent the text, and whether it travels unencrypted."""
        return self._endpoint.address.shown

    async def complete(
        self,
        call: Call,
        on_text: OnText,
        *,
        on_wait: OnWait = unheard,
        until: float | None = None,
    ) -> Answered | Failed:
        """Answer `call`; see `Model.complete`."""
        at = origin(self._endpoint)
        asking = _Asking(call, form_of(call, at.abilities(self._endpoint, self._name)))

        def queued(before: int) -> None:
            calls = "1 call is" if before == 1 else f"{before} calls are"
            on_wait(f"{self.host}: waiting for its turn, {calls} before it")

        async with at.turn(self._endpoint.at_once, queued):
            end = asyncio.get_running_loop().time() + self._endpoint.timing.total
            deadline = end if until is None else min(end, until)
            while True:
                try:
                    at.breaker.check()
                    answered = await self._attempt(asking, at, on_text, on_wait)
                    at.breaker.worked()
                except FaultError as error:
                    if not await self._goes_on(error.fault, asking, at, on_wait, deadline):
                        return await self._give_up(error.fault, asking)
                    on_text("", form_of(call, at.abilities(self._endpoint, self._name)))
                else:
                    return answered

    async def close(self) -> None:
        """Close every connection."""
        async with self._connecting:
            if self._wire is not None:
                await self._wire.close()
                self._wire = None

    async def _attempt(
        self, asking: _Asking, at: Origin, on_text: OnText, on_wait: OnWait
    ) -> Answered:
        call, abilities = asking.call, at.abilities(self._endpoint, self._name)
        asking.tries += 1
        asking.form = form_of(call, abilities)
        request = body(call, self._name, abilities, self._endpoint.effort)
        asking.sent = prompt(request)
        wire = await self._connected()
        clock = asyncio.get_running_loop().time
        began, reply = clock(), Reply()
        asking.reply = reply
        try:
            async with Deadlines(self._endpoint.timing) as patience:
                with self._noticed(reply, on_wait):
                    await self._listen(wire, request, asking, patience, on_text)
            # It goes through the whole prompt: milliseconds, so not on the event loop.
            await asyncio.to_thread(token_estimates.check_read_whole, asking.sent, reply.usage)
            text, finish = reply.ended(asking.form, call.tag)
        finally:
            if reply.written or reply.finished:
                seconds = clock() - began
                asking.cost += token_estimates.cost(
                    asking.sent, reply.written, reply.usage, seconds
                )
        return Answered(text=text, form=asking.form, finish=finish, cost=asking.cost)

    @contextmanager
    def _noticed(self, reply: Reply, on_wait: OnWait) -> Iterator[None]:
        """Say what a server on this machine may be doing while it says nothing for long."""

        def notice() -> None:
            if not reply.written:
                on_wait(f"{self.host}: waiting for the first word; it may be loading the model")

        loop, after = asyncio.get_running_loop(), self._endpoint.timing.notice
        handle = loop.call_later(after, notice) if self._endpoint.address.loopback else None
        try:
            yield
        finally:
            if handle is not None:
                handle.cancel()

    async def _listen(
        self,
        wire: Any,
        request: dict[str, Any],
        asking: _Asking,
        patience: Deadlines,
        on_text: OnText,
    ) -> None:
        """Take in the reply until the server has said its last."""
        async with wire.post(request) as response:
            async for chunk in _chunks(response, self._endpoint):
                words, alive = asking.reply.take(chunk)
                if alive:
                    patience.word()
                if words:
                    on_text(words, asking.form)

    async def _connected(self) -> Any:
        async with self._connecting:
            if self._wire is None:
                self._wire = await connect(self._endpoint)
            return self._wire

    async def _goes_on(
        self, fault: Fault, asking: _Asking, at: Origin, on_wait: OnWait, deadline: float
    ) -> bool:
        """Whether to try again; returns when it is time to."""
        if isinstance(fault, Status) and self._learns(fault, asking, at):
            return True
        if is_loading(fault):
            return await self._loads(asking, on_wait, deadline)
        if because := _fails_origin(fault):
            at.breaker.failed(because, self._endpoint.timing.breaker)
        if isinstance(fault, Resting) or asking.tries > _retries(fault):
            return False
        wait = _asked_wait(fault)
        if wait is None:
            wait = backoff(asking.tries, self._endpoint.timing)
        if asyncio.get_running_loop().time() + wait >= deadline:
            return False
        on_wait(f"{self.host}: {_reason(fault)}; trying again in {wait:.1f} s")
        await asyncio.sleep(wait)
        return True

    async def _loads(self, asking: _Asking, on_wait: OnWait, deadline: float) -> bool:
        """Wait for a server that still loads its model, as long as for a first word."""
        now, timing = asyncio.get_running_loop().time(), self._endpoint.timing
        if asking.loaded_by is None:
            asking.loaded_by = now + timing.first_byte
            on_wait(f"{self.host}: waiting for the model to load")
        if now + timing.backoff >= min(deadline, asking.loaded_by):
            return False
        asking.tries -= 1  # it has not failed at anything
        await asyncio.sleep(timing.backoff)
        return True

    def _learns(self, status: Status, asking: _Asking, at: Origin) -> bool:
        """Whether the refusal names something that can be left out next time."""
        left = learn(at.abilities(self._endpoint, self._name), status)
        if left is None or asking.lessons >= _LESSONS:
            return False
        at.learn(self._name, left)
        asking.lessons += 1
        asking.tries -= 1  # what the server does not know is no failure
        return True

    async def _give_up(self, fault: Fault, asking: _Asking) -> Failed:
        listed = None
        if isinstance(fault, Status) and fault.code == 404:
            listed = await self._listed()
        return failed(
            fault,
            self._endpoint,
            model=self._name,
            sent=asking.sent,
            listed=listed,
            cost=asking.cost,
        )

    async def _listed(self) -> tuple[Foreign, ...]:
        """The models of the server, none where it does not say."""
        try:
            async with Deadlines(self._endpoint.timing):
                models: tuple[Foreign, ...] = await (await self._connected()).models()
                return models
        except FaultError:
            return ()


async def _chunks(response: Any, endpoint: Endpoint) -> Any:
    """The values of the reply: chunks of a stream, or the one completion of a plain answer."""
    if response.kind == "text/html":
        raise FaultError(Garbled("it is a web page", html=True))
    if response.kind == "application/json":
        whole = bytearray()
        async for piece in response.pieces():
            whole += piece
        yield sse.parse(bytes(whole))
        return
    events = sse.Events(endpoint.caps)
    async for piece in response.pieces():
        for event in events.feed(piece):
            if isinstance(event, sse.Done):
                await response.read_out()
                return
            yield event
    for event in events.end():
        if not isinstance(event, sse.Done):
            yield event


def _retries(fault: Fault) -> int:
    """How often a fault is worth another try."""
    match fault:
        case NoConnection(Trouble.REFUSED):
            return _RETRIES
        case NoConnection(Trouble.BROKEN):  # it may have been taken, and billed
            return 1
        case Status(code) if code in {408, 409, 425, 429} or code >= 500:
            # A quota that is used up comes as 429, and does not pass by waiting.
            quota = code == 429 and "insufficient_quota" in fault.text.raw
            return 0 if quota or code == 501 else _RETRIES
        case Cut():
            return 1
        case Garbled(html=False):
            return 1
        case _:
            return 0


def _asked_wait(fault: Fault) -> float | None:
    return fault.retry_after if isinstance(fault, Status) else None


def _fails_origin(fault: Fault) -> str:
    """Why the fault speaks against the whole server; "" where it does not."""
    match fault:
        case NoConnection(trouble):
            return trouble.value
        case Status(code) if code >= 500:
            return f"HTTP {code}"
        case Late(waited_for):
            return f"no sign of {waited_for}"
        case Cut():
            return "replies that broke off"
        case _:
            return ""


def _reason(fault: Fault) -> str:
    match fault:
        case Status(429):
            return "it takes no more requests for now"
        case Cut():
            return "the reply broke off"
        case _:
            return _fails_origin(fault) or "bad answer"
