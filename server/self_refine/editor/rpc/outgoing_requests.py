"""Owns what the server asks its client: each question waits for its one answer, or for so long.

pygls waits for ever, keeps requests that are never answered (issue 608), and raises on an answer
that comes after its request was given up.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from self_refine.text.foreign import Foreign

_log = logging.getLogger(__name__)

_NO_CODE = -32603
"""Stands for the code of an error that has none: "internal error"."""

Message = dict[str, Any]
"""As it is sent, or came in."""


@dataclass(frozen=True, slots=True)
class Ok:
    """The client's answer, as plain values."""

    result: Any


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """The client answered with an error."""

    code: int
    message: Foreign


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No answer came in time."""


class Questions:
    """The questions that are open."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self._asked: dict[str, asyncio.Future[Ok | ErrorReply]] = {}
        self._numbers = itertools.count(1)
        self._streams: dict[str, Callable[[Any], None]] = {}

    async def ask(
        self, method: str, params: Any, seconds: float | None
    ) -> Ok | ErrorReply | TimedOut:
        """Send a request and wait for its answer, but no longer than `seconds`.

        A client that is waited for no more is told so.
        """
        id_ = f"self-refine/{next(self._numbers)}"
        future = self._asked[id_] = asyncio.get_running_loop().create_future()
        try:
            message: Message = {"jsonrpc": "2.0", "id": id_, "method": method}
            self._send(message if params is None else {**message, "params": params})
            async with asyncio.timeout(seconds):
                answer: Ok | ErrorReply = await future
                return answer
        except TimeoutError:
            _log.warning("The editor did not answer %s within %g s", method, seconds)
            return TimedOut()
        finally:
            del self._asked[id_]
            if future.cancelled():
                gone = {"jsonrpc": "2.0", "method": types.CANCEL_REQUEST, "params": {"id": id_}}
                self._send(gone)

    async def ask_for_stream(
        self, method: str, params: Any, token: str, hear: Callable[[Any], None]
    ) -> Ok | ErrorReply | TimedOut:
        """Send a request whose answer comes in parts, as the progress of `token`.

        It has no deadline of its own: who hears the parts knows when to give up, and cancels.
        """
        self._streams[token] = hear
        try:
            return await self.ask(method, params, None)
        finally:
            del self._streams[token]

    def take_part(self, params: Any) -> None:
        """Hand on a part of an answer that is still to come; what is none is ignored."""
        token = params.get("token") if isinstance(params, dict) else None
        hear = self._streams.get(token) if isinstance(token, str) else None
        if hear is not None:
            hear(params.get("value"))

    def take_answer(self, message: Message) -> bool:
        """Hand on an answer; False where nobody waits for it."""
        id_ = message.get("id")
        future = self._asked.get(id_) if isinstance(id_, str) else None
        if future is None or future.done():
            return False
        future.set_result(_read(message))
        return True


def _read(message: Message) -> Ok | ErrorReply:
    error = message.get("error")
    if error is None:
        return Ok(message.get("result"))
    code = error.get("code") if isinstance(error, dict) else None
    words = error.get("message") if isinstance(error, dict) else None
    return ErrorReply(code if isinstance(code, int) else _NO_CODE, Foreign(str(words or "")))
