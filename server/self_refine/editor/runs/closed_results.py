"""Results whose document is not open: closed, renamed, moved or deleted.

None of them is lost: each is there again where its document is opened, under whatever name.
"""

from collections.abc import Callable

from self_refine.editor import messages
from self_refine.editor.documents.documents import Document, Documents
from self_refine.editor.documents.selection import digest_of
from self_refine.editor.runs.run import Waiting
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.runs.run_table import RunTable


class ClosedResults:
    """Follows the results of all documents that are not open."""

    def __init__(self, runs: RunTable, documents: Documents, tell: Callable[[str], None]) -> None:
        """Keep the results of `runs`; `tell` shows the user a sentence."""
        self._runs, self._documents, self._tell = runs, documents, tell

    def closed(self, session: RunSession, document: Document, *, quiet: bool) -> None:
        """A document was closed: remember what it said, to know it again under another name."""
        session.document_closed(document.text)
        run = session.run
        if isinstance(run, Waiting) and not quiet:
            self._tell(messages.waits_closed(run.uri, len(run.result.changes)))

    def opened(self, document: Document) -> bool:
        """Have again what belongs to a document that is open now; whether anything does."""
        meant = self._meant(document)
        for session in meant:
            run = session.run
            if run.uri != document.uri:
                if isinstance(run, Waiting):
                    self._tell(messages.waits_elsewhere(run.uri, document.uri))
                session.document_renamed(document.uri)
            session.document_opened(document.text)
        return bool(meant)

    def _meant(self, document: Document) -> list[RunSession]:
        """The results that belong to a document: its own, and those of a renamed one.

        An editor that renames a file closes one document and opens another with the same text.
        """
        closed = self._runs.closed()
        own = [each for each in closed if each.run.uri == document.uri]
        astray = [each for each in closed if self._documents.get(each.run.uri) is None]
        if not astray:
            return own
        digest = digest_of(document.text)
        return [*own, *(each for each in astray if each.left == digest)]

    def renamed(self, old: str, new: str) -> list[Document]:
        """A file, or a folder with all that is in it, has another name.

        Gives the documents which are open under such a name, and have results.
        """
        names = set()
        for session in self._runs.closed():
            uri = session.run.uri
            if uri == old or uri.startswith(f"{old.rstrip('/')}/"):
                session.document_renamed(f"{new}{uri[len(old) :]}")
                names.add(session.run.uri)
        return [document for document in map(self._documents.get, names) if document is not None]
