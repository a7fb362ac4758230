"""Owns the pure part of landing an edit: has it arrived, and what to do when it has not.

What an editor answers is heard, not believed: the text decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from self_refine.text.spans import Edit, Span, apply_edits

RESENDS = 3
"""Most times that an edit is sent again because the text had moved on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flight:
    """Edits on their way to an editor that may be typed in meanwhile."""

    version: int
    """Of the text that they were computed from."""
    region: Span
    """From the first edit to the last, in the text as it is now."""
    before: str
    """What stood there."""
    after: str
    """What will."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The words stand in the text."""

    at: Span
    """From the first edit to the last."""


@dataclass(frozen=True, slots=True)
class Again:
    """The text had moved on, but not these words: compute the edits anew and send them."""


@dataclass(frozen=True, slots=True)
class Stays:
    """The edits did not land and are not sent again; the reason is a clause for people."""

    reason: str


Landing = Arrived | Again | Stays

Reply = Literal["applied", "refused", "silent"]


def take_off(text: str, version: int, edits: Sequence[Edit]) -> Flight:
    """Edits of `text` that are about to be sent."""
    region = Span(min(e.span.start for e in edits), max(e.span.end for e in edits))
    moved = [Edit(e.span.moved(-region.start), e.text) for e in edits]
    before = region.of(text)
    return Flight(version=version, region=region, before=before, after=apply_edits(before, moved))


def follow(flight: Flight, edit: Edit) -> Flight:
    """The flight after `edit` was made in the text; at its edges counts as inside."""
    region, span = flight.region, edit.span
    by = len(edit.text) - (span.end - span.start)
    if span.start > region.end:
        return flight
    if span.end < region.start:
        return replace(flight, region=region.moved(by))
    low, high = min(region.start, span.start), max(region.end, span.end)
    return replace(flight, region=Span(low, high + by))


def arrival(flight: Flight, text: str) -> Span | None:
    """Where the new words stand, None while they do not."""
    now = flight.region.of(text)
    if now == flight.after:
        return flight.region
    if not flight.after or flight.after in flight.before:
        return None
    at = now.find(flight.after)
    if at < 0 or now.find(flight.after, at + 1) >= 0:
        return None
    start = flight.region.start + at
    return Span(start, start + len(flight.after))


def judge(flight: Flight, text: str, version: int, reply: Reply, reason: str, sent: int) -> Landing:  # noqa: PLR0913, PLR0917 - the facts of one case
    """What became of a flight.

    Args:
        flight: the edits, followed until now.
        text: the document now.
        version: of `text`.
        reply: what the editor answered.
        reason: what it gave as its reason, or "".
        sent: how often the edits have been sent.
    """
    at = arrival(flight, text)
    if at is not None:
        return Arrived(at)
    if reply == "silent":
        return Stays("the editor did not answer")
    untouched = flight.before in flight.region.of(text)
    if untouched and version != flight.version and sent <= RESENDS:
        return Again()
    if not untouched:
        return Stays("the text was changed while the edit was on its way")
    if reply == "applied":
        return Stays("the editor said that it made the edit, but the text is as it was")
    return Stays(f"the editor refused the edit{f': {reason}' if reason else ''}")
