"""Owns what a model is to those who drive a run: something that completes one call."""

from collections.abc import Callable
from typing import Literal, Protocol

from self_refine.loop.requests import Answered, Call, Failed

Form = Literal["json", "tagged"]
"""Which of a call's two tasks was sent: `task` with its schema, or the one answered in tags."""

OnText = Callable[[str, Form], None]
"""Hears the words of a reply as they stream; `("", form)` says that the reply starts over."""

OnWait = Callable[[str], None]
"""Hears a sentence when a call has to wait before it is tried again."""


def unheard(_: str) -> None:
    """An `OnWait` that nobody listens to."""


class Model(Protocol):
    """Something that answers calls. Whatever goes wrong is a `Failed`, never an exception."""

    @property
    def name(self) -> str:
        """The model's name as the user would write it."""

    @property
    def host(self) -> str:
        """Who is sent the text, such as `api.openai.com` or `127.0.0.1:11434`."""

    async def complete(
        self,
        call: Call,
        on_text: OnText,
        *,
        on_wait: OnWait = unheard,
        until: float | None = None,
    ) -> Answered | Failed:
        """Answer `call`.

        Args:
            call: the question.
            on_text: hears the reply while it streams, on the thread that reads it, which need not
                be the caller's; must not block.
            on_wait: hears why and how long the model waits before it tries again; on that thread.
            until: the moment on the event loop's clock when the run ends; no wait goes beyond it.

        Raises:
            asyncio.CancelledError: the awaiting task was cancelled; the connection is closed.
        """

    async def close(self) -> None:
        """Give back what the model holds; it answers no more calls."""
