"""Owns what all features of the server share: documents, client, findings, runs, criteria at hand."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from self_refine.editor import to_lsp
from self_refine.editor.capabilities import Capabilities
from self_refine.editor.client import Client
from self_refine.editor.findings import Findings
from self_refine.editor.landing import Lander
from self_refine.editor.library import Shelf, Shelves
from self_refine.editor.mirror import Document, Documents
from self_refine.editor.publisher import Publisher
from self_refine.editor.run_table import Run, RunTable
from self_refine.settings import Settings
from self_refine.text.spans import Edit

if TYPE_CHECKING:
    from self_refine.criteria.problems import Problem


class Server(Protocol):
    """What features need of the language server."""

    documents: Documents
    client: Client

    @property
    def capabilities(self) -> Capabilities:
        """What the client said, once it has."""

    @property
    def settings(self) -> Settings:
        """As they are now."""

    @property
    def trusted(self) -> bool:
        """Whether the client trusts the workspace; True where it does not say."""

    def folders(self) -> tuple[Path, ...]:
        """The workspace folders of the client."""


Feature = Callable[[Document], None]
"""Hears that a document was opened or has changed."""


class Desk:
    """The state of the features, and what follows from a change of a document."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.documents = server.documents
        self.client = server.client
        self.findings = Findings()
        self.runs = RunTable()
        self.lander = Lander(server.documents, server.client)
        self.shelves = Shelves(server.folders, self._shelf_read)
        self.publisher = Publisher(server.documents, self.findings, server.client.publish)
        self._texts: dict[str, str] = {}
        self._known: dict[Path | None, object] = {}
        self._on_text: list[Feature] = []
        self._on_close: list[Callable[[str], None]] = []
        server.documents.subscribe(self)

    @property
    def settings(self) -> Settings:
        """As they are now; a run takes them once, at its start."""
        return self._server.settings

    @property
    def capabilities(self) -> Capabilities:
        """What the client said."""
        return self._server.capabilities

    @property
    def trusted(self) -> bool:
        """Whether a model may be used at all."""
        return self._server.trusted

    def hear(self, on_text: Feature, on_close: Callable[[str], None]) -> None:
        """Let a feature hear of documents, after everything here has followed the change."""
        self._on_text.append(on_text)
        self._on_close.append(on_close)

    def refresh(self, uri: str) -> None:
        """Show a document's findings and lenses as they are now."""
        self.publisher.soon(uri)
        if self.capabilities.code_lens_refresh:
            self.client.refresh_code_lenses()

    def opened(self, document: Document) -> None:
        """A document was opened."""
        for feature in self._on_text:
            feature(document)

    def changed(self, document: Document, edits: Sequence[Edit]) -> None:
        """Everything that stands on words follows them."""
        self.findings.edited(document.uri, edits, document.text)
        if document.uri in self._texts:
            self._follow(document, edits)
        self.lander.changed(document, edits)
        self.publisher.edited(document.uri)
        for feature in self._on_text:
            feature(document)

    def closed(self, document: Document) -> None:
        """Its runs end, its findings go."""
        uri = document.uri
        for run in self.runs.of(uri):
            run.cancel("the document was closed")
            self.runs.forget(run)
        self._texts.pop(uri, None)
        self.lander.closed(uri)
        self.findings.clear(uri)
        self.publisher.soon(uri)
        for hear in self._on_close:
            hear(uri)

    async def close(self) -> None:
        """End everything: the server shuts down."""
        self.publisher.close()
        self.shelves.close()
        await self.runs.close()

    def start(self, run: Run, work: Callable[[Run], Coroutine[Any, Any, None]]) -> None:
        """Let a run begin, and follow its document from now on."""
        document = self.documents.get(run.uri)
        self._texts[run.uri] = "" if document is None else document.text
        self.runs.start(run, work)

    def _follow(self, document: Document, edits: Sequence[Edit]) -> None:
        """Move what runs have on a document; those that nobody reviews any more are let go."""
        uri = document.uri
        followed = [run for run in self.runs.of(uri) if run.state != "ended"]
        if not followed:
            self._texts.pop(uri, None)
            return
        for edit in edits:
            text = self._texts[uri]
            for run in followed:
                run.edited(edit, text)
            self._texts[uri] = text[: edit.span.start] + edit.text + text[edit.span.end :]
        self._texts[uri] = document.text
        for run in followed:
            run.edits_done(document.text)
            self._show_again(run, document)

    def _show_again(self, run: Run, document: Document) -> None:
        """Undo of a landed result brings back what was said of the original, redo the rest."""
        notes = run.notes_now()
        if notes is not None:
            self.findings.put(run.uri, document.text, run.id, notes)

    def _shelf_read(self, shelf: Shelf) -> None:
        """Criteria files were read: show what is wrong in them, and judge open texts by the new."""
        by_uri: dict[str, tuple[Problem, ...]] = {}
        for problem in shelf.team.problems:
            uri = to_lsp.uri_of(problem.path)
            by_uri[uri] = (*by_uri.get(uri, ()), problem)
        self.publisher.broken(shelf.root, by_uri)
        self.publisher.dismiss(shelf.dismissed)
        identity = tuple((file.label, file.digest) for file in shelf.team.files)
        if self._known.get(shelf.root) != identity:
            self._known[shelf.root] = identity
            self._tell_all()

    def _tell_all(self) -> None:
        for document in self.documents.open():
            for feature in self._on_text:
                feature(document)
