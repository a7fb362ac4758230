"""The gate itself: what is about to be sent is looked through, and the user asked where need be.

Whoever drives a run with a model comes through here, the editor and the prompt alike: the driver
asks no model without a `Cleared`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from self_refine.criteria.finding.key_files import holds_keys
from self_refine.runs.outgoing.clearance import Cleared, NotSent
from self_refine.runs.outgoing.secret_scan import secrets_in
from self_refine.settings import Settings
from self_refine.text.invisible import plain

_MOST_NAMED = 6
"""Reasons that a question lists: more would not fit on a screen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A text that would be sent."""

    name: str
    """As a sentence names it: "the selection", "the instruction"."""
    text: str
    first_line: int = 0
    """Of the document where it stands in one, from 1; 0 where it does not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """What a run would send, and where."""

    parts: tuple[Part, ...]
    path: Path | None
    """Of the document; None where it has no file."""
    root: Path | None
    """The workspace folder that holds it, if any."""
    host: str
    inputs: tuple[Path, ...] = ()
    """Files of inputs."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the user is asked before it is sent."""

    reasons: tuple[str, ...]
    """Such as "github pat in the selection (line 3)"; never the secret."""
    host: str

    @property
    def sentence(self) -> str:
        """The question as a person reads it; the default answer is no."""
        return f"This would go to {self.host}: {named(self.reasons)}. Send it all the same?"


Ask = Callable[[Question], Awaitable[bool]]


async def may_send(sending: Sending, settings: Settings, ask: Ask) -> Cleared | NotSent:
    """Look through everything that a run would send; ask where there is a reason to.

    Args:
        sending: all texts that any call of the run may hold, and the document they come from.
        settings: the user's.
        ask: puts the question to the user; only a yes is a yes.
    """
    for path in _files(sending):
        if holds_keys(path):
            return NotSent(key_file(path))
    reasons = await asyncio.to_thread(lambda: tuple(_reasons(sending, settings)))
    if not reasons:
        return Cleared()
    if settings.secrets == "block":
        return NotSent(
            f"Nothing was sent: {named(reasons)}, and your setting secrets = block allows no "
            "question. Take it out, then try again."
        )
    if await ask(Question(reasons, sending.host)):
        return Cleared(reasons)
    return NotSent(f"Nothing was sent: {named(reasons)}. Take it out, then try again.")


def _files(sending: Sending) -> tuple[Path, ...]:
    own = (sending.path,) if sending.path is not None else ()
    return (*own, *sending.inputs)


def key_file(path: Path) -> str:
    """Say that a file is there to hold keys."""
    name = plain(path.name, 80)
    return (
        f"{name} is a file for keys and passwords, so nothing of it is sent to a model. Copy the "
        "text that you want refined into another file."
    )


def named(reasons: Sequence[str]) -> str:
    """Several reasons as one clause."""
    more = len(reasons) - _MOST_NAMED
    return "; ".join(reasons[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _reasons(sending: Sending, settings: Settings) -> Iterator[str]:
    """Why a person should look first. Reads ignore files; takes milliseconds, not to be awaited."""
    for path in _files(sending):
        yield from _reasons_of_file(path, sending.root, settings)
    if settings.secrets != "off":
        for part in sending.parts:
            yield from _reasons_of(part)


def _reasons_of_file(path: Path, root: Path | None, settings: Settings) -> Iterator[str]:
    from self_refine.criteria.finding.git_ignored import (  # noqa: PLC0415 - at the first run
        is_ignored,
        is_named,
    )

    name = plain(path.name, 80)
    path = path.absolute()
    if is_named(path, settings.never_send):
        yield f"{name} is named by your setting neverSend"
    if settings.secrets != "off" and is_ignored(path, root or path.parent):
        yield f"git ignores {name}, so it may not be meant for others"


def _reasons_of(part: Part) -> Iterator[str]:
    for seen in secrets_in(part.text):
        at = f" (line {part.first_line + seen.line - 1})" if part.first_line else ""
        yield f"what looks like a secret ({seen.kind}) in {part.name}{at}"
