"""Owns results that wait while their document is not open: closed, renamed, moved or deleted.

None of them is lost: each is offered again where its document is opened, under whatever name.
"""

from collections.abc import Callable

from self_refine.editor import messages
from self_refine.editor.documents.documents import Document, Documents
from self_refine.editor.documents.selection import digest_of
from self_refine.editor.runs.run_table import Run, RunTable


class Waiting:
    """Follows the results of all documents that are not open."""

    def __init__(self, runs: RunTable, documents: Documents, tell: Callable[[str], None]) -> None:
        """Keep the results of `runs`; `tell` shows the user a sentence."""
        self._runs, self._documents, self._tell = runs, documents, tell

    def left(self, run: Run, document: Document, *, quiet: bool) -> None:
        """A document was closed: remember what it said, to know it again under another name."""
        run.left = digest_of(document.text)
        if not quiet:
            self._tell(messages.waits_closed(run.uri, len(run.found)))

    def opened(self, document: Document) -> bool:
        """Offer again what waits for a document that is open now; whether anything does."""
        meant = self._meant(document)
        for run in meant:
            if run.uri != document.uri:
                self._tell(messages.waits_elsewhere(run.uri, document.uri))
            run.uri, run.left = document.uri, ""
            run.reopened(document.text)
        return bool(meant)

    def _meant(self, document: Document) -> list[Run]:
        """The results that wait for a document: its own, and those of a renamed one.

        An editor that renames a file closes one document and opens another with the same text.
        """
        waiting = self._runs.waiting()
        own = [run for run in waiting if run.uri == document.uri]
        astray = [run for run in waiting if run.left and self._documents.get(run.uri) is None]
        if not astray:
            return own
        digest = digest_of(document.text)
        return [*own, *(run for run in astray if run.left == digest)]

    def renamed(self, old: str, new: str) -> list[Document]:
        """A file, or a folder with all that is in it, has another name.

        Gives the documents which are open under such a name, and have results that wait.
        """
        names = set()
        for run in self._runs.waiting():
            if run.uri == old or run.uri.startswith(f"{old.rstrip('/')}/"):
                run.uri = f"{new}{run.uri[len(old) :]}"
                names.add(run.uri)
        return [document for document in map(self._documents.get, names) if document is not None]
