"""Owns sending edits to the editor: one at a time per document, each of a version, verified."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from self_refine.editor.diagnostics.to_lsp import workspace_edit
from self_refine.editor.documents.documents import Document, Documents
from self_refine.editor.rpc.client import Client, EditApplied, EditRefused
from self_refine.editor.rpc.outgoing_requests import TimedOut
from self_refine.editor.runs.pending_edit import (
    NOT_MADE,
    Applied,
    PendingEdit,
    Rejected,
    Reply,
    Retry,
    Unconfirmed,
    arrival,
    begin,
    has_begun,
    resolve,
)
from self_refine.editor.runs.pending_edit import follow as followed
from self_refine.text.spans import Edit, Span

Plan = Callable[[str], Sequence[Edit] | None]
"""The edits to make in a text; None once its words are not those that they were meant for."""

ARRIVAL_SECONDS = 1.0
"""How long after "applied" the text may take before the edit counts as unconfirmed."""
GRACE_SECONDS = 0.5
"""How long after a refusal a new version may take to come in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EditLanded:
    """The edits stand in the text."""

    at: Span
    """From the first to the last, in the text as it is now."""
    edits: tuple[Edit, ...]
    """As they were sent last."""


@dataclass(frozen=True, slots=True)
class EditStayed:
    """Nothing was changed; the reason is a clause for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class EditUnconfirmed:
    """The editor says that it made the edits. Its next change, or the next save, decides."""


OnLate = Callable[[EditLanded | EditStayed], None]
"""Hears what has become of edits that were not confirmed, or stand in the text after all."""


@dataclass(slots=True, eq=False)
class _Pending:
    pending_edit: PendingEdit
    edits: tuple[Edit, ...]
    on_late: OnLate
    rest: Literal["", "given up", "unconfirmed"] = ""
    """What it waits for once it was answered: nothing, a late arrival, the change that decides."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class EditSender:
    """All edits that are on their way."""

    def __init__(self, documents: Documents, client: Client) -> None:
        self._documents, self._client = documents, client
        self._pending: dict[str, list[_Pending]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def send(
        self, uri: str, label: str, plan: Plan, on_late: OnLate
    ) -> EditLanded | EditStayed | EditUnconfirmed:
        """Make the edits of `plan` in a document, as one step that can be undone.

        Args:
            uri: of the document.
            label: what the editor calls the step.
            plan: gives the edits for the text as it is then; asked again each time.
            on_late: hears it when edits arrive after they were given up, and what has become of
                those that were unconfirmed.
        """
        async with self._turns[uri]:
            sent = 0
            while True:
                document = self._documents.get(uri)
                if document is None:
                    return EditStayed("the document was closed")
                edits = plan(document.text)
                if not edits:
                    return EditStayed("its words have been changed meanwhile")
                sent += 1
                result = await self._send(document, label, tuple(edits), on_late, sent)
                if result is not None:
                    return result

    def changed(self, document: Document, edits: Sequence[Edit]) -> None:
        """Follow what was done to a document."""
        for pending in list(self._pending.get(document.uri, ())):
            for edit in edits:
                pending.pending_edit = followed(pending.pending_edit, edit)
            pending.changed.set()
            if pending.rest and (at := arrival(pending.pending_edit, document.text)):
                self._drop(document.uri, pending)
                pending.on_late(EditLanded(at=at, edits=pending.edits))
            elif pending.rest == "unconfirmed" and not has_begun(
                pending.pending_edit, document.text
            ):
                pending.rest = "given up"
                pending.on_late(EditStayed(NOT_MADE))

    def saved(self, uri: str) -> None:
        """A document was saved: an edit of which no change has come was not made."""
        for pending in list(self._pending.get(uri, ())):
            if pending.rest == "unconfirmed":
                pending.rest = "given up"
                pending.on_late(EditStayed(NOT_MADE))

    def closed(self, uri: str) -> None:
        """Nothing that was sent for a document can arrive any more."""
        for pending in self._pending.pop(uri, ()):
            pending.changed.set()
        if not self._turns[uri].locked():
            del self._turns[uri]

    async def _send(
        self, document: Document, label: str, edits: tuple[Edit, ...], on_late: OnLate, sent: int
    ) -> EditLanded | EditStayed | EditUnconfirmed | None:
        """Send once; None where the edits are to be computed anew."""
        uri = document.uri
        for given_up in [p for p in self._pending.get(uri, ()) if p.rest == "given up"]:
            self._drop(uri, given_up)
        pending_edit = begin(document.text, document.version, edits)
        pending = _Pending(pending_edit, edits, on_late)
        self._pending.setdefault(uri, []).append(pending)
        try:
            answer = await self._client.apply_edit(label, workspace_edit(document, edits))
            reply, reason = _read(answer)
            await self._settles(uri, pending, reply)
            now = self._documents.get(uri)
            if now is None:
                return EditStayed("the document was closed")
            landing = resolve(pending.pending_edit, now.text, now.version, reply, reason, sent)
        except BaseException:
            self._drop(uri, pending)
            raise
        match landing:
            case Applied(at):
                self._drop(uri, pending)
                return EditLanded(at=at, edits=edits)
            case Retry():
                self._drop(uri, pending)
                return None
            case Unconfirmed():
                pending.rest = "unconfirmed"
                return EditUnconfirmed()
            case Rejected(why):
                pending.rest = "given up"
                return EditStayed(why)

    async def _settles(self, uri: str, pending: _Pending, reply: Reply) -> None:
        """Wait for the text that the answer promises, or for the change that explains it."""
        seconds = {"applied": ARRIVAL_SECONDS, "refused": GRACE_SECONDS, "silent": 0.0}[reply]
        try:
            async with asyncio.timeout(seconds):
                while not self._is_settled(uri, pending, reply):
                    pending.changed.clear()
                    await pending.changed.wait()
        except TimeoutError:
            return

    def _is_settled(self, uri: str, pending: _Pending, reply: Reply) -> bool:
        document = self._documents.get(uri)
        if document is None or arrival(pending.pending_edit, document.text) is not None:
            return True
        return reply == "refused" and document.version != pending.pending_edit.version

    def _drop(self, uri: str, pending: _Pending) -> None:
        of_document = self._pending.get(uri, [])
        if pending in of_document:
            of_document.remove(pending)
        if not of_document:
            self._pending.pop(uri, None)


def _read(answer: EditApplied | EditRefused | TimedOut) -> tuple[Reply, str]:
    match answer:
        case EditApplied():
            return "applied", ""
        case EditRefused(reason):
            return "refused", reason
        case TimedOut():
            return "silent", ""
