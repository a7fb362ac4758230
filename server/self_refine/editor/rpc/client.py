"""Owns `Client`: all that the server sends of its own accord, each request with its deadline.

A client that does not answer, or says no, costs that one feature and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from lsprotocol import types

from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.rpc.capabilities import Capabilities
from self_refine.editor.rpc.outgoing_requests import ErrorReply, Ok, TimedOut
from self_refine.text.foreign import Foreign, inert

CREATE_SECONDS = 2.0
CONFIGURATION_SECONDS = 2.0
EDIT_SECONDS = 30.0
REGISTER_SECONDS = 5.0
REFRESH_SECONDS = 5.0
SHOW_SECONDS = 5.0
ASK_SECONDS = 300.0
"""A person has to read the question; without an answer the answer is no."""

_MOST_BUTTON = 200

Level = Literal["error", "warning", "info", "log"]

_LEVELS = {
    "error": types.MessageType.Error,
    "warning": types.MessageType.Warning,
    "info": types.MessageType.Info,
    "log": types.MessageType.Log,
}


@dataclass(frozen=True, slots=True)
class EditApplied:
    """The client says that it made the edits. Whether it did is looked up in the text."""


@dataclass(frozen=True, slots=True)
class EditRefused:
    """The client says that it made none."""

    reason: str


class Link(Protocol):
    """The way to the client."""

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""

    def notify_written(self, method: str, params: str) -> None:
        """Send a notification whose params are JSON already."""

    async def ask_client(
        self, method: str, params: Any, seconds: float | None
    ) -> Ok | ErrorReply | TimedOut:
        """Send a request and wait for its answer, but no longer than that."""

    async def ask_for_stream(
        self, method: str, params: Any, token: str, hear: Callable[[Any], None]
    ) -> Ok | ErrorReply | TimedOut:
        """Send a request whose answer comes in parts; wait for the last."""


class Client:
    """The client, as features see it."""

    def __init__(
        self, link: Link, capabilities: Callable[[], Capabilities], tasks: BackgroundTasks
    ) -> None:
        self._link, self._capabilities, self._tasks = link, capabilities, tasks
        self._refreshing = False
        self._refresh_again = False

    def publish(self, params: str) -> None:
        """Show the diagnostics of a document in place of those before; `params` are JSON."""
        self._link.notify_written(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def show(self, message: str, level: Level = "info") -> None:
        """Say a sentence where the user sees it."""
        params = types.ShowMessageParams(type=_LEVELS[level], message=inert(message))
        self._link.notify(types.WINDOW_SHOW_MESSAGE, params)

    def log(self, message: str, level: Level = "log") -> None:
        """Write a line to the client's log of this server."""
        params = types.LogMessageParams(type=_LEVELS[level], message=inert(message))
        self._link.notify(types.WINDOW_LOG_MESSAGE, params)

    async def ask(self, question: str, *, yes: str, no: str) -> bool:
        """Ask the user; True only where they chose `yes`."""
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=inert(question),
            # The first is what Return chooses.
            actions=[types.MessageActionItem(no), types.MessageActionItem(yes)],
        )
        answer = await self._link.ask_client(types.WINDOW_SHOW_MESSAGE_REQUEST, params, ASK_SECONDS)
        match answer:
            case Ok({"title": title}):
                return bool(title == yes)
            case _:
                return False

    async def choose(
        self, question: str, answers: Sequence[str], level: Level = "info"
    ) -> str | None:
        """Ask the user to choose; None where they did not."""
        buttons = {inert(answer, _MOST_BUTTON): answer for answer in answers}
        params = types.ShowMessageRequestParams(
            type=_LEVELS[level],
            message=inert(question),
            actions=[types.MessageActionItem(button) for button in buttons],
        )
        answer = await self._link.ask_client(types.WINDOW_SHOW_MESSAGE_REQUEST, params, ASK_SECONDS)
        match answer:
            case Ok({"title": str(title)}):
                return buttons.get(title)
            case _:
                return None

    async def apply_edit(
        self, label: str, edit: types.WorkspaceEdit
    ) -> EditApplied | EditRefused | TimedOut:
        """Ask the client to make edits, as one step that can be undone."""
        if not self._capabilities().apply_edit:
            return EditRefused("the editor takes no edits from a server")
        if not self._capabilities().document_changes:
            edit = _without_versions(edit)
        params = types.ApplyWorkspaceEditParams(edit=edit, label=inert(label))
        answer = await self._link.ask_client(types.WORKSPACE_APPLY_EDIT, params, EDIT_SECONDS)
        match answer:
            case Ok({"applied": True}):
                return EditApplied()
            case Ok({"failureReason": str(reason)}) if reason:
                return EditRefused(f"the editor says: {Foreign(reason)}")
            case Ok():
                return EditRefused("the editor did not take the edit")
            case ErrorReply():
                return EditRefused("the editor could not make the edit")
            case TimedOut():
                return answer

    async def create_progress(self, token: str) -> bool:
        """Whether the client shows progress under this token."""
        if not self._capabilities().progress:
            return False
        params = types.WorkDoneProgressCreateParams(token=token)
        answer = await self._link.ask_client(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, params, CREATE_SECONDS
        )
        return isinstance(answer, Ok)

    def progress(self, token: str, value: object) -> None:
        """Send a begin, report or end."""
        self._link.notify(types.PROGRESS, types.ProgressParams(token=token, value=value))

    def refresh_code_lenses(self) -> None:
        """Let the client ask for lenses again; nothing where it cannot. Many at once are one."""
        if not self._capabilities().code_lens_refresh:
            return
        if self._refreshing:
            self._refresh_again = True
            return
        self._refreshing = True
        self._tasks.start(self._refresh(), "Asking for code lenses")

    async def _refresh(self) -> None:
        try:
            while True:
                self._refresh_again = False
                await self._link.ask_client(
                    types.WORKSPACE_CODE_LENS_REFRESH, None, REFRESH_SECONDS
                )
                if not self._refresh_again:
                    return
        finally:
            self._refreshing = False

    def tell(self, method: str, params: Any) -> None:
        """Send a notification of our own; only to a client that knows them."""
        self._link.notify(method, params)

    async def stream(
        self, method: str, params: Any, token: str, hear: Callable[[Any], None]
    ) -> Ok | ErrorReply | TimedOut:
        """Send a request of our own whose answer comes in parts; cancelling tells the client.

        Args:
            method: of the request.
            params: plain values, `token` among them.
            token: of the `$/progress` notifications that carry the parts.
            hear: hears each part's value.
        """
        return await self._link.ask_for_stream(method, params, token, hear)

    async def show_document(
        self, uri: str, selection: types.Range | None = None, *, beside: bool = False
    ) -> bool:
        """Open a document for the user; False where the client cannot or did not.

        Args:
            uri: of the document.
            selection: what to show of it.
            beside: leave the cursor where it is; Neovim and Helix then split the window, and the
                user's own text stays in view.
        """
        if not self._capabilities().show_document:
            return False
        params = types.ShowDocumentParams(uri=uri, take_focus=not beside, selection=selection)
        answer = await self._link.ask_client(types.WINDOW_SHOW_DOCUMENT, params, SHOW_SECONDS)
        match answer:
            case Ok({"success": success}):
                return success is True
            case _:
                return False

    async def configuration(self, section: str) -> Mapping[str, Any] | None:
        """The client's settings of a section; None where it has none or does not say."""
        if not self._capabilities().configuration:
            return None
        params = types.ConfigurationParams(items=[types.ConfigurationItem(section=section)])
        answer = await self._link.ask_client(
            types.WORKSPACE_CONFIGURATION, params, CONFIGURATION_SECONDS
        )
        match answer:
            case Ok([dict(values), *_]):
                return values
            case _:
                return None

    async def register(self, registrations: Sequence[types.Registration]) -> bool:
        """Ask to be told of something that is registered while the server runs."""
        params = types.RegistrationParams(registrations=list(registrations))
        answer = await self._link.ask_client(
            types.CLIENT_REGISTER_CAPABILITY, params, REGISTER_SECONDS
        )
        return isinstance(answer, Ok)


def _without_versions(edit: types.WorkspaceEdit) -> types.WorkspaceEdit:
    """The same edits for a client that knows no versions of documents."""
    changed = (
        each for each in edit.document_changes or () if isinstance(each, types.TextDocumentEdit)
    )
    changes = {
        each.text_document.uri: [e for e in each.edits if isinstance(e, types.TextEdit)]
        for each in changed
    }
    return types.WorkspaceEdit(changes=changes)
