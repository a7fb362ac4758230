"""Owns what all features of the server share: documents, client, findings, runs, criteria."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lsprotocol import types

from self_refine.editor import messages
from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.diagnostics import to_lsp
from self_refine.editor.diagnostics.findings import LIVE, Findings
from self_refine.editor.diagnostics.publisher import Publisher
from self_refine.editor.documents.criteria_cache import CriteriaCache, Snapshot
from self_refine.editor.documents.documents import Document, Documents
from self_refine.editor.documents.picked_inputs import PickedInputs
from self_refine.editor.documents.workspace_scan import Folder, read_folder
from self_refine.editor.pages.page_store import Pages
from self_refine.editor.review.review_notes import ReviewNotes
from self_refine.editor.rpc.capabilities import Capabilities
from self_refine.editor.rpc.client import Client, Level
from self_refine.editor.runs.closed_results import ClosedResults
from self_refine.editor.runs.edit_sender import EditSender
from self_refine.editor.runs.run import Landed, Run, Waiting, is_working
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.runs.run_table import RunTable, Work
from self_refine.editor.user_actions import TITLES, TRY_AGAIN, Act, act_of
from self_refine.models.worker_loop import WorkerLoop
from self_refine.runs.check_process import CheckProcess
from self_refine.settings import Settings, state_path
from self_refine.text.spans import Edit

if TYPE_CHECKING:
    from self_refine.criteria.problems import Problem
    from self_refine.models.base import Model

_log = logging.getLogger(__name__)


ACT = "selfRefine/act"
"""Tells a client of our own which button of a message was pressed."""


class Server(Protocol):
    """What features need of the language server."""

    documents: Documents
    client: Client
    tasks: BackgroundTasks

    @property
    def capabilities(self) -> Capabilities:
        """What the client said, once it has."""

    @property
    def settings(self) -> Settings:
        """As they are now."""

    @property
    def trusted(self) -> bool:
        """Whether the client trusts the workspace; True where it does not say."""

    @property
    def extensions(self) -> bool:
        """Whether the client knows our own messages, and has views of its own."""

    def folders(self) -> tuple[Path, ...]:
        """The workspace folders of the client."""

    def hear_settings(self, hear: Callable[[], None]) -> None:
        """Let a feature hear that the settings, or the trust, may be others now."""

    def hear_folders(self, hear: Callable[[], None]) -> None:
        """Let a feature hear that the workspace folders are others now."""


Feature = Callable[[Document], None]
"""Hears that a document was opened or has changed."""


Lend = Callable[[str], Awaitable["Model | None"]]
"""Gives the editor's model for the run of an id."""


async def _lends_none(_: str) -> "Model | None":
    return None


class Session:
    """The state of the features, and what follows from a change of a document."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.documents = server.documents
        self.client = server.client
        self.tasks = server.tasks
        self.findings = Findings()
        self.review_notes = ReviewNotes(self.findings)
        self.runs = RunTable(server.tasks)
        self._closed_results = ClosedResults(self.runs, server.documents, server.client.show)
        self.edit_sender = EditSender(server.documents, server.client)
        self.check_process = CheckProcess()
        """Reads the criteria files of a workspace, and runs their checks."""
        self.criteria_cache = CriteriaCache(
            server.folders, self._criteria_read, server.tasks, self._read_folder
        )
        self._was_trusted = True
        self.publisher = Publisher(
            server.documents,
            self.findings,
            server.client.publish,
            # The link of the code leads to the same line: one row a finding is enough.
            related=lambda: (
                server.capabilities.related_information and not server.capabilities.code_description
            ),
        )
        self.picked_inputs = PickedInputs()
        self.worker_loop = WorkerLoop()
        """Where models at an endpoint work: this thread answers the editor."""
        self.pages = Pages(state_path(), server.client)
        self._known: dict[Path | None, object] = {}
        self._on_text: list[Feature] = []
        self._on_close: list[Callable[[str], None]] = []
        self._on_status: list[Callable[[], None]] = []
        self._on_runs: list[Callable[[str], None]] = []
        self.try_again: Callable[[str], object] = lambda _: None
        """Begins the run of this id once more."""
        self.editor_model: Lend = _lends_none
        """The model that the editor lends to the run of this id, where it does."""
        self.runs.on_end(self._run_ended)
        server.documents.subscribe(self)
        server.hear_settings(self._trust_may_have_changed)
        server.hear_settings(self.tell_all)
        server.hear_folders(self._folders_changed)

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

    @property
    def has_views(self) -> bool:
        """Whether the client shows results that wait, and pages, by itself."""
        return self._server.extensions

    def hear(self, on_text: Feature, on_close: Callable[[str], None]) -> None:
        """Let a feature hear of documents, after everything here has followed the change."""
        self._on_text.append(on_text)
        self._on_close.append(on_close)

    def hear_runs(self, hear: Callable[[str], None]) -> None:
        """Let somebody hear that something about the runs of a document has changed."""
        self._on_runs.append(hear)

    def hear_status(self, hear: Callable[[], None]) -> None:
        """Let somebody hear that settings, trust or criteria are others now."""
        self._on_status.append(hear)

    def runs_changed(self, uri: str) -> None:
        """A run of a document has come further."""
        for hear in self._on_runs:
            hear(uri)

    def refresh(self, uri: str) -> None:
        """Show a document's findings and lenses as they are now."""
        self.runs_changed(uri)
        self.publisher.soon(uri)
        if self.capabilities.code_lens_refresh:
            self.client.refresh_code_lenses()

    def tell_all(self) -> None:
        """Let every feature look at every document again: settings or criteria have changed."""
        for document in self.documents.open():
            for feature in self._on_text:
                feature(document)
        for hear in self._on_status:
            hear()

    def own(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Carry out something that a command has begun; it ends with the server."""
        self.tasks.start(work, name, self._ended)

    def tell(
        self, sentence: str, level: Level, acts: Sequence[Act] = (), *, uri: str = "", run: str = ""
    ) -> None:
        """Say a sentence, with the buttons that this client can carry out.

        Args:
            sentence: what happened, and what to do where there are no buttons.
            level: how grave it is.
            acts: the buttons, the most helpful first.
            uri: the document that it is about.
            run: id of the run that it is about; needed to try again.
        """
        can = [act for act in acts if self.has_views or act == TRY_AGAIN]
        if can and self.capabilities.message_buttons:
            self.own(self._offer(sentence, level, can, uri, run), "a message with buttons")
        else:
            self.client.show(sentence, level)

    async def _offer(
        self, sentence: str, level: Level, acts: Sequence[Act], uri: str, run: str
    ) -> None:
        title = await self.client.choose(sentence, [TITLES[act] for act in acts], level)
        act = None if title is None else act_of(title)
        if act == TRY_AGAIN:
            self.try_again(run)
        elif act is not None:
            self.act(act, uri, run)

    async def pick(self, question: str, answers: Sequence[str]) -> str | None:
        """Let the user choose one of several; None where they did not."""
        return await self.client.choose(question, answers)

    def act(self, act: Act, uri: str, run: str = "") -> None:
        """Let the client do what only it can; the user has just asked for it."""
        self.client.tell(ACT, {"action": act, "uri": uri, "runId": run})

    def page(self, name: str, page: str) -> str:
        """Show Markdown as a document where the client has no view of its own; returns it."""
        if not self.has_views:
            self.own(self.pages.show(name, page), name)
        return page

    async def show_place(self, uri: str, range_: types.Range) -> None:
        """Move the user's cursor, where the client can."""
        await self.client.show_document(uri, range_)

    async def in_thread(self, make: Callable[[Run], str], run: Run) -> str:
        """A page that takes a while to write."""
        return await asyncio.to_thread(make, run)

    def clear(self, uri: str) -> None:
        """Show what ended runs said of a document no longer; what waits or works goes on."""
        for run_session in self.runs.sessions(uri):
            if isinstance(run_session.run, Landed):
                run_session.end("cleared")
        working = {run.id for run in self.runs.of(uri) if is_working(run)}
        self.findings.retain(uri, {LIVE, *working})
        self.refresh(uri)

    def opened(self, document: Document) -> None:
        """A document was opened; results that waited for it wait on."""
        self._trust_may_have_changed()
        self._take_up(document)
        for feature in self._on_text:
            feature(document)

    def renamed(self, old: str, new: str) -> None:
        """A file or folder has another name; its document may be opened under that already."""
        for document in self._closed_results.renamed(old, new):
            self._take_up(document)

    def _take_up(self, document: Document) -> None:
        if self._closed_results.opened(document):
            self.runs.document_opened(document.uri, document.text)
            self.refresh(document.uri)

    def changed(self, document: Document, edits: Sequence[Edit]) -> None:
        """Everything that stands on words follows them."""
        if self.findings.has(document.uri):
            # The text of a large document is put together only where somebody needs it.
            self.findings.edited(document.uri, edits, document.text)
        followed = self.runs.document_changed(document.uri, edits, document)
        reviewed = [run for run in followed if isinstance(run, Waiting | Landed)]
        for run in reviewed:
            self.review_notes.follow(run, document.text)
        if reviewed:
            # What was typed, undone or redone moves changes, and may answer them.
            self.runs_changed(document.uri)
        self.edit_sender.changed(document, edits)
        self.publisher.edited(document.uri)
        for feature in self._on_text:
            feature(document)

    def closed(self, document: Document) -> None:
        """Its runs end, its findings go; a result that waits is there when it is opened again."""
        uri = document.uri
        for run_session in self.runs.sessions(uri):
            if is_working(run_session.run):
                self.runs.cancel(run_session.run.id, "the document was closed")
            else:
                self._closed_results.closed(run_session, document, quiet=self.has_views)
        self.runs.document_closed(uri)
        self.edit_sender.closed(uri)
        self.findings.clear(uri)
        self.publisher.soon(uri)
        for hear in self._on_close:
            hear(uri)

    async def close(self) -> None:
        """End everything: the server shuts down."""
        self.publisher.close()
        self.criteria_cache.close()
        self.check_process.close()
        self.runs.stop_all()
        await self.tasks.shut_down()
        await self.worker_loop.close()
        self.pages.close()

    async def trace(self, run_id: str) -> str:
        """The trace of a run as a page."""
        from self_refine.editor.pages.trace_page import trace_page  # noqa: PLC0415 - rarely asked for
        from self_refine.runs.trace import read_trace  # noqa: PLC0415 - as above

        def read() -> str:
            return trace_page(read_trace(state_path(), run_id))

        return self.page(f"trace-{run_id}", await asyncio.to_thread(read))

    def start(self, run_session: RunSession, work: Work) -> None:
        """Let a run begin, and follow its document from now on."""
        document = self.documents.get(run_session.run.uri)
        self.runs.start(run_session, "" if document is None else document.text, work)

    def retire(self, run: Run) -> None:
        """A run has judged its words anew: earlier ones say nothing of them any more."""
        for other in self.runs.sessions(run.uri):
            if other.run.id != run.id and other.run.region.overlaps(run.region):
                self.review_notes.retire(other.run.id)
                other.retire(run.region)

    def follow_notes(self, run_session: RunSession, text: str, *, revive: bool) -> None:
        """Show the notes of the words that stand now; `revive`: the user has taken changes back."""
        run = run_session.run
        if isinstance(run, Waiting | Landed):
            if revive:
                self.review_notes.revive(run)
            self.review_notes.follow(run, text)

    def _criteria_read(self, snapshot: Snapshot) -> None:
        """Criteria files were read: show what is wrong in them, and judge open texts by the new."""
        if not self._is_wanted(snapshot.root):
            return
        by_uri: dict[str, tuple[Problem, ...]] = {}
        for problem in snapshot.team.problems:
            uri = to_lsp.uri_of(problem.path)
            by_uri[uri] = (*by_uri.get(uri, ()), problem)
        self.publisher.broken(snapshot.root, by_uri)
        if snapshot.root is not None:
            self.publisher.dismissed(snapshot.root, snapshot.dismissed)
        identity = tuple((file.label, file.digest) for file in snapshot.team.files)
        if self._known.get(snapshot.root) != identity:
            self._known[snapshot.root] = identity
            self.tell_all()

    def _read_folder(
        self, root: Path | None, last: Folder | None, texts: frozenset[Path]
    ) -> Folder:
        """Read a workspace folder; of one that is not trusted, nothing: blocks."""
        if not self.trusted:
            from self_refine.criteria.criteria_file import Library  # noqa: PLC0415 - see the top

            return Folder(team=Library((), ()))
        return read_folder(root, self.check_process.team, last, texts)

    def _trust_may_have_changed(self) -> None:
        if self.trusted != self._was_trusted:
            self._was_trusted = self.trusted
            self.criteria_cache.invalidate()
            if not self.trusted:
                self.client.log(messages.UNTRUSTED_CHECKS, "info")

    def _folders_changed(self) -> None:
        """Judge open texts by the folders of now, and say nothing of those that are gone."""
        for root in [root for root in self._known if not self._is_wanted(root)]:
            del self._known[root]
            self.publisher.broken(root, {})
            self.publisher.dismissed(root, frozenset())
        self.tell_all()

    def _is_wanted(self, root: Path | None) -> bool:
        """Whether a folder is one of the workspace, or holds a document that is open."""
        paths = (document.path for document in self.documents.open())
        holding = {self.criteria_cache.peek_root(path) for path in paths if path is not None}
        return root is None or root in self._server.folders() or root in holding

    def _run_ended(self, run: Run, error: BaseException | None) -> None:
        """A run is over; a defect of ours leaves the text as it was, and the next run works."""
        if error is not None:
            self.tell(messages.DEFECT, "error", ("tryAgain", "showLog"), uri=run.uri, run=run.id)
        self.refresh(run.uri)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self.tell(messages.DEFECT, "error", ("showLog",))
