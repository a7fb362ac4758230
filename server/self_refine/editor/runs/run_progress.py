"""Owns the progress of one run as the client shows it: begun once, ended exactly once, always."""

import logging
from typing import Protocol

from lsprotocol import types

from self_refine.text.foreign import inert

_log = logging.getLogger(__name__)

_MOST = 200
"""Code points: progress has one line."""


class ProgressClient(Protocol):
    """What progress needs of a client."""

    async def create_progress(self, token: str) -> bool:
        """Whether the client shows progress under this token."""

    def progress(self, token: str, value: object) -> None:
        """Send a begin, report or end."""


class Progress:
    """The progress of one run; silent where the client shows none."""

    def __init__(self, client: ProgressClient, token: str) -> None:
        self._client = client
        # A string: Zed ignores numbers.
        self.token = token
        self._shown = False
        self._last = ""

    async def begin(self, title: str, message: str) -> None:
        """Show that the run has started; nothing has been sent to any model yet."""
        if not await self._client.create_progress(self.token):
            return
        self._shown = True
        self._last = message
        begin = types.WorkDoneProgressBegin(
            title=inert(title, _MOST), message=inert(message, _MOST), cancellable=True
        )
        self._client.progress(self.token, begin)

    def report(self, message: str) -> None:
        """Say what the run does now; the same words are not sent twice."""
        if self._shown and message != self._last:
            self._last = message
            value = types.WorkDoneProgressReport(message=inert(message, _MOST), cancellable=True)
            self._client.progress(self.token, value)

    def end(self, message: str) -> None:
        """Say how it ended; a second time does nothing."""
        if self._shown:
            self._shown = False
            self._client.progress(
                self.token, types.WorkDoneProgressEnd(message=inert(message, _MOST))
            )
