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
class PendingEdit:
    """Edits on their way to an editor that may be typed in meanwhile."""

    version: int
    """Of the text that they were computed from."""
    region: Span
    """From the first edit to the last, in the text as it is now."""
    before: str
    """What stood there."""
    after: str
    """What will."""
    edits: tuple[Edit, ...] = ()
    """What makes the one of the other, in offsets of `before`."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The words stand in the text."""

    at: Span
    """From the first edit to the last."""


@dataclass(frozen=True, slots=True)
class Retry:
    """The text had moved on, but not these words: compute the edits anew and send them."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The editor says that it made the edits, and has sent no change since.

    Neovim answers before it sends the change, and sends that with whatever it sends next.
    """


NOT_MADE = "the editor said that it made the edit, but the text is as it was"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The edits did not land and are not sent again; the reason is a clause for people."""

    reason: str


Landing = Applied | Retry | Unconfirmed | Rejected

Reply = Literal["applied", "refused", "silent"]


def begin(text: str, version: int, edits: Sequence[Edit]) -> PendingEdit:
    """Edits of `text` that are about to be sent."""
    region = Span(min(e.span.start for e in edits), max(e.span.end for e in edits))
    moved = [Edit(e.span.moved(-region.start), e.text) for e in edits]
    before = region.of(text)
    return PendingEdit(
        version=version,
        region=region,
        before=before,
        after=apply_edits(before, moved),
        edits=tuple(moved),
    )


def follow(pending_edit: PendingEdit, edit: Edit) -> PendingEdit:
    """The flight after `edit` was made in the text; at its edges counts as inside."""
    region, span = pending_edit.region, edit.span
    by = len(edit.text) - (span.end - span.start)
    if span.start > region.end:
        return pending_edit
    if span.end < region.start:
        return replace(pending_edit, region=region.moved(by))
    low, high = min(region.start, span.start), max(region.end, span.end)
    return replace(pending_edit, region=Span(low, high + by))


def arrival(pending_edit: PendingEdit, text: str) -> Span | None:
    """Where the new words stand, None while they do not."""
    now = pending_edit.region.of(text)
    if now == pending_edit.after:
        return pending_edit.region
    if not pending_edit.after or pending_edit.after in pending_edit.before:
        return None
    at = now.find(pending_edit.after)
    if at < 0 or now.find(pending_edit.after, at + 1) >= 0:
        return None
    start = pending_edit.region.start + at
    return Span(start, start + len(pending_edit.after))


def has_begun(pending_edit: PendingEdit, text: str) -> bool:
    """Whether the first or the last of the edits stand in the text, and nothing else has changed.

    Neovim makes them one by one, the last one first, and may send the others later.
    """
    now, edits = pending_edit.region.of(text), sorted(pending_edit.edits)
    return any(
        now in (apply_edits(pending_edit.before, some), apply_edits(pending_edit.before, rest))
        for some, rest in ((edits[number:], edits[:number]) for number in range(1, len(edits)))
    )


def resolve(  # noqa: PLR0913, PLR0917 - the facts of one case
    pending_edit: PendingEdit, text: str, version: int, reply: Reply, reason: str, sent: int
) -> Landing:
    """What became of a flight.

    Args:
        pending_edit: the edits, followed until now.
        text: the document now.
        version: of `text`.
        reply: what the editor answered.
        reason: what it gave as its reason, or "".
        sent: how often the edits have been sent.
    """
    at = arrival(pending_edit, text)
    if at is not None:
        return Applied(at)
    if reply == "silent":
        return Rejected("the editor did not answer")
    if reply == "applied" and version != pending_edit.version and has_begun(pending_edit, text):
        return Unconfirmed()
    untouched = pending_edit.before in pending_edit.region.of(text)
    if untouched and version != pending_edit.version and sent <= RESENDS:
        return Retry()
    if not untouched:
        return Rejected("the text was changed while the edit was on its way")
    if reply == "applied":
        same = version == pending_edit.version
        return Unconfirmed() if same else Rejected(NOT_MADE)
    return Rejected(f"the editor refused the edit{f': {reason}' if reason else ''}")
