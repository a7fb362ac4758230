"""Owns the language server: its state, its beginning and its end. Features are wired elsewhere."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from self_refine import __version__
from self_refine.editor import logs
from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.documents.configuration import SECTION, Configuration
from self_refine.editor.documents.documents import Documents, path_of
from self_refine.editor.documents.sync import Sync
from self_refine.editor.rpc.capabilities import Capabilities, capabilities
from self_refine.editor.rpc.client import Client
from self_refine.editor.rpc.process import is_alive, watch
from self_refine.editor.rpc.protocol import LateConverter, Protocol
from self_refine.settings import Settings

if TYPE_CHECKING:
    from cattrs import Converter

_log = logging.getLogger(__name__)

Handler = TypeVar("Handler", bound=Callable[..., Any])

_CLOSE_SECONDS = 1.0

OPTIONS_CHANGED = "selfRefine/optionsChanged"
"""A notification of our own client: its params take the place of `initializationOptions`."""


class SelfRefineServer(LanguageServer):
    """What features see of the server."""

    protocol: Protocol

    def __init__(self, register: Callable[["SelfRefineServer"], None]) -> None:
        """Make a server that serves nobody yet.

        Args:
            register: wires the features.
        """
        self.documents = Documents()
        self.capabilities = Capabilities()
        super().__init__(
            "self-refine",
            __version__,
            protocol_cls=Protocol,
            converter_factory=cast("Callable[[], Converter]", LateConverter),
            notebook_document_sync=types.NotebookDocumentSyncOptions(
                notebook_selector=[types.NotebookDocumentFilterWithNotebook(notebook="*")]
            ),
        )
        self.tasks = BackgroundTasks()
        self.client = Client(self.protocol, lambda: self.capabilities, self.tasks)
        self._configuration = Configuration()
        self._folders: dict[str, Path] = {}
        self._on_settings: list[Callable[[], None]] = []
        self._on_folders: list[Callable[[], None]] = []
        self._finished: asyncio.Future[int] | None = None
        self._code: int | None = None
        self.protocol.raw = dict(Sync(self.documents).handlers()) | {
            types.WORKSPACE_DID_CHANGE_CONFIGURATION: self._configuration_changed,
            types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: self._folders_changed,
            OPTIONS_CHANGED: self._options_changed,
            types.SET_TRACE: lambda _: None,
        }
        register(self)

    def feature(self, feature_name: str, options: Any = None) -> Callable[[Handler], Handler]:
        """Register a feature. pygls would compile the types of its options to check them."""
        if options is not None:
            self.protocol.fm.feature_options[feature_name] = options
        return super().feature(feature_name)

    @property
    def settings(self) -> Settings:
        """As they are now."""
        return self._configuration.settings

    @property
    def trusted(self) -> bool:
        """Whether the client trusts the workspace; True where it does not say."""
        return self._configuration.trusted

    @property
    def extensions(self) -> bool:
        """Whether the client knows our own messages, and has views of its own."""
        return self._configuration.extensions

    @property
    def lends_model(self) -> bool:
        """Whether the client lends the model that its user has in the editor."""
        return self._configuration.lends_model

    def hear_settings(self, hear: Callable[[], None]) -> None:
        """Let a feature hear that the settings may be others now."""
        self._on_settings.append(hear)

    def hear_folders(self, hear: Callable[[], None]) -> None:
        """Let a feature hear that the workspace folders are others now."""
        self._on_folders.append(hear)

    def _client_says(self, values: Any) -> None:
        before = self.settings
        self._configuration.client_says(values)
        if self.settings != before:
            self._tell_settings()

    def _options_changed(self, options: Any) -> None:
        """The user has set something else in our own client, or trusts the workspace now."""
        if self.extensions:
            self._configuration.user_says(options)
            self._tell_settings()

    def _tell_settings(self) -> None:
        logs.set_level(self.settings.log_level)
        for hear in self._on_settings:
            hear()

    def folders(self) -> tuple[Path, ...]:
        """The workspace folders of the client."""
        return tuple(self._folders.values())

    def client_said(self, params: Any) -> None:
        """Read what the client says of itself in `initialize`; it may be anything."""
        if not isinstance(params, dict):
            return
        self.capabilities = capabilities(params.get("capabilities"))
        self.documents.encoding = self.capabilities.encoding
        process = params.get("processId")
        # A client in another container names an id that means nothing here.
        if isinstance(process, int) and is_alive(process):
            self.tasks.start(watch(process, self.lost), "Watching the editor", lasting=True)
        self._configuration.user_says(params.get("initializationOptions"))
        logs.set_level(self.settings.log_level)
        folders = params.get("workspaceFolders")
        if folders is None and isinstance(params.get("rootUri"), str):
            folders = [{"uri": params["rootUri"]}]
        self._add_folders(folders)

    def client_is_ready(self) -> None:
        """Ask the client what it can only be asked now."""
        self.tasks.start(self._settle_in(), "Settling in")

    async def _settle_in(self) -> None:
        await asyncio.gather(self._ask_settings(), self._register())

    async def _ask_settings(self) -> None:
        values = await self.client.configuration(SECTION)
        if values is not None:
            self._client_says(values)

    async def _register(self) -> None:
        wanted = []
        if self.capabilities.register_configuration:
            wanted.append(
                types.Registration(
                    id="configuration",
                    method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                    register_options={"section": SECTION},
                )
            )
        watched = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        if self.capabilities.register_watched_files and watched in self.protocol.fm.features:
            # What users have dismissed, and the word lists of criteria files, lie beside them.
            globs = ("**/*.criteria.md", "**/criteria/**", "**/.self-refine/**")
            watchers = [{"globPattern": glob} for glob in globs]
            wanted.append(
                types.Registration(
                    id="criteria", method=watched, register_options={"watchers": watchers}
                )
            )
        if wanted:
            await self.client.register(wanted)

    def _configuration_changed(self, params: Any) -> None:
        if self.capabilities.configuration:
            self.tasks.start(self._ask_settings(), "Asking for settings")
        elif isinstance(params, dict) and isinstance(params.get("settings"), dict):
            self._client_says(params["settings"].get(SECTION))

    def _folders_changed(self, params: Any) -> None:
        event = params.get("event") if isinstance(params, dict) else None
        if not isinstance(event, dict):
            return
        before = self.folders()
        for folder in event.get("removed") or ():
            if isinstance(folder, dict):
                self._folders.pop(str(folder.get("uri")), None)
        self._add_folders(event.get("added"))
        if self.folders() != before:
            for hear in self._on_folders:
                hear()

    def _add_folders(self, folders: Any) -> None:
        for folder in folders if isinstance(folders, list) else ():
            uri = folder.get("uri") if isinstance(folder, dict) else None
            if isinstance(uri, str) and (path := path_of(uri)) is not None:
                self._folders[uri] = path

    def lost(self, reason: str) -> None:
        """The client is gone, or cannot be understood any more."""
        code = 0 if self.protocol.is_shut else 1
        if reason and code:
            _log.error("The server ends: %s", reason)
        self.finish(code)

    def finish(self, code: int) -> None:
        """End the process with this exit code, soon."""
        if self._code is None:
            self._code = code
        if self._finished is not None and not self._finished.done():
            self._finished.set_result(self._code)

    async def finished(self) -> int:
        """Wait for the end; returns the exit code."""
        self._finished = asyncio.get_running_loop().create_future()
        if self._code is not None:
            return self._code
        return await self._finished

    async def close(self) -> None:
        """End what still works, where the client did not ask for it; a second at the most."""
        handler = self.protocol.fm.features.get(types.SHUTDOWN)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                if handler is not None and not self.protocol.is_shut:
                    result = cast("Any", handler)(None)
                    if asyncio.iscoroutine(result):
                        await result
                await self.tasks.close()
