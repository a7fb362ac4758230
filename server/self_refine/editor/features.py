"""Wires each feature of the server to the session; says when they begin and end."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from self_refine.editor.diagnostics.criteria_files import CriteriaFiles
from self_refine.editor.diagnostics.live_checks import LiveChecks
from self_refine.editor.documents.criteria_cache import SUFFIX
from self_refine.editor.requests import (
    code_action,
    code_lens,
    criteria_names,
    criteria_writing,
    custom_messages,
    execute_command,
    hover,
)
from self_refine.editor.requests.arguments import BadArguments
from self_refine.editor.restore.restore_runs import RestoreRuns
from self_refine.editor.runs.run import is_working
from self_refine.editor.session import Session

if TYPE_CHECKING:
    from self_refine.editor.server import SelfRefineServer

_FOLDERS = ("criteria", ".self-refine")
"""Where criteria files lie, the word lists beside them, and what users have dismissed."""

_CONFIGS = ("self-refine.toml", "self-refine.lock")

RENAMES = types.FileOperationRegistrationOptions(
    filters=[types.FileOperationFilter(types.FileOperationPattern(glob="**"), scheme="file")]
)
"""Files and folders of which the client is to say that they have another name."""


class Features:
    """All features of one server."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.live = LiveChecks(session)
        self.files = CriteriaFiles(session)
        self.restore = RestoreRuns(session)
        session.hear(self.restore.text, self.restore.closed)
        session.hear_runs(self.restore.soon)
        session.hear(self.live.text, self.live.closed)
        session.hear(self.files.text, self.files.closed)

    def files_changed(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Criteria files, or what they name, have changed on the disk."""
        if any(_is_watched(change.uri) for change in params.changes):
            self.session.criteria_cache.invalidate()

    def cancel(self, params: types.WorkDoneProgressCancelParams) -> None:
        """The user pressed the button of the progress."""
        prefix, _, run_id = str(params.token).partition("/")
        run = self.session.runs.get(run_id) if prefix == "self-refine" else None
        if run is not None and is_working(run):
            self.session.runs.cancel(run.id, "you cancelled it")

    async def close(self) -> None:
        """End everything: the server shuts down."""
        self.live.close()
        self.files.close()
        await self.restore.close()
        await self.session.close()


def _is_watched(uri: str) -> bool:
    path = PurePosixPath(uri)
    named = path.name.lower().endswith(SUFFIX) or path.name in _CONFIGS
    return named or any(name in path.parts for name in _FOLDERS)


def register(server: "SelfRefineServer") -> None:
    """Wire the features to a server that is being made."""
    features = Features(Session(server))
    session = features.session

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=list(code_action.KINDS), resolve_provider=False),
    )
    async def actions(params: types.CodeActionParams) -> list[code_action.Action]:
        return await code_action.code_actions(session, params)

    server.protocol.at_once[types.TEXT_DOCUMENT_CODE_ACTION] = partial(code_action.at_once, session)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))
    def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        return code_lens.code_lenses(session, params)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        return hover.hover(session, params) or await criteria_writing.hover(session, params)

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=list(criteria_writing.TRIGGERS)),
    )
    def completion(params: types.CompletionParams) -> types.CompletionList | None:
        return criteria_writing.completion(session, params)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        return criteria_writing.symbols(session, params)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> types.Location | None:
        return criteria_writing.definition(session, params)

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location] | None:
        return await criteria_names.references(session, params)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        return await criteria_names.renamed(session, params)

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare_rename(params: types.PrepareRenameParams) -> types.Range | None:
        return criteria_names.prepare_rename(session, params)

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding(params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        return criteria_names.folding(session, params)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        features.files_changed(params)

    @server.feature(types.WORKSPACE_DID_RENAME_FILES, RENAMES)
    def files_renamed(params: types.RenameFilesParams) -> None:
        for file in params.files:
            session.renamed(file.old_uri, file.new_uri)

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel(params: types.WorkDoneProgressCancelParams) -> None:
        features.cancel(params)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        features.files.saved(params.text_document.uri)
        session.edit_sender.saved(params.text_document.uri)

    @server.feature(types.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await features.close()

    session.try_again = partial(execute_command.begin_again, session)
    custom_messages.register(server, session)
    for name, command in execute_command.COMMANDS.items():
        server.command(name)(_command(session, command))


def _command(session: Session, command: execute_command.Command) -> Callable[..., Awaitable[Any]]:
    async def called(*given: Any) -> Any:
        if len(given) > 1:
            raise BadArguments("the command takes one object as its argument")
        return await command(session, given[0] if given else None)

    return called
