"""Owns document synchronisation: what the client says of documents, read leniently into the mirror.

Reads plain JSON values: one change is a few microseconds here, and hundreds through the protocol's
types. What cannot be understood of a change makes the mirror wrong for good, so the document is
let go: no feature may then touch it until it is opened again.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types

from self_refine.editor.documents.documents import Change, Documents, Point, path_of

_log = logging.getLogger(__name__)


class _Unreadable(Exception):  # noqa: N818 - never leaves this module
    pass


class Sync:
    """Keeps `documents` as the client has them."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def handlers(self) -> Mapping[str, Callable[[Any], None]]:
        """The notifications that it understands, by method."""
        return {
            types.TEXT_DOCUMENT_DID_OPEN: self._open,
            types.TEXT_DOCUMENT_DID_CHANGE: self._change,
            types.TEXT_DOCUMENT_DID_CLOSE: self._close,
            types.NOTEBOOK_DOCUMENT_DID_OPEN: self._open_notebook,
            types.NOTEBOOK_DOCUMENT_DID_CHANGE: self._change_notebook,
            types.NOTEBOOK_DOCUMENT_DID_CLOSE: self._close_notebook,
        }

    def _open(self, params: Any) -> None:
        try:
            self._open_document(params["textDocument"])
        except (KeyError, TypeError, _Unreadable):
            _log.warning("A document was opened in a way that cannot be read; it is ignored")

    def _open_document(self, item: Any, path: Path | None = None) -> None:
        version = item.get("version")
        self._documents.opened(
            _text(item["uri"]),
            _text(item.get("languageId", "")),
            version if isinstance(version, int) else 0,
            _text(item["text"]),
            path,
        )

    def _change(self, params: Any) -> None:
        try:
            document = params["textDocument"]
            uri = _text(document["uri"])
        except (KeyError, TypeError, _Unreadable):
            _log.warning("A change names no document; it is ignored")
            return
        self._change_document(uri, document.get("version"), params.get("contentChanges"))

    def _change_document(self, uri: str, version: Any, changes: Any) -> None:
        try:
            read = [_change(change) for change in changes]
        except (KeyError, TypeError, AttributeError, _Unreadable):
            _log.error("A change of a document cannot be read; open the document anew")
            self._documents.closed(uri)
            return
        self._documents.changed(uri, version if isinstance(version, int) else None, read)

    def _close(self, params: Any) -> None:
        try:
            self._documents.closed(_text(params["textDocument"]["uri"]))
        except (KeyError, TypeError, _Unreadable):
            _log.warning("A document was closed in a way that cannot be read; it is ignored")

    def _open_notebook(self, params: Any) -> None:
        try:
            path = path_of(_text(params["notebookDocument"]["uri"]))
            for cell in params["cellTextDocuments"]:
                self._open_document(cell, path)
        except (KeyError, TypeError, AttributeError, _Unreadable):
            _log.warning("A notebook was opened in a way that cannot be read")

    def _change_notebook(self, params: Any) -> None:
        try:
            path = path_of(_text(params["notebookDocument"]["uri"]))
            cells = params["change"].get("cells") or {}
            structure = cells.get("structure") or {}
            for cell in structure.get("didClose") or ():
                self._documents.closed(_text(cell["uri"]))
            for cell in structure.get("didOpen") or ():
                self._open_document(cell, path)
            for content in cells.get("textContent") or ():
                document = content["document"]
                uri = _text(document["uri"])
                self._change_document(uri, document.get("version"), content.get("changes"))
        except (KeyError, TypeError, AttributeError, _Unreadable):
            _log.error("A change of a notebook cannot be read; open the notebook anew")

    def _close_notebook(self, params: Any) -> None:
        try:
            for cell in params["cellTextDocuments"]:
                self._documents.closed(_text(cell["uri"]))
        except (KeyError, TypeError, _Unreadable):
            _log.warning("A notebook was closed in a way that cannot be read")


def _change(given: Any) -> Change:
    range_, text = given.get("range"), _text(given["text"])
    if range_ is None:
        return Change(None, text)
    return Change((_point(range_["start"]), _point(range_["end"])), text)


def _point(given: Any) -> Point:
    line, character = given["line"], given["character"]
    if type(line) is not int or type(character) is not int:
        raise _Unreadable
    return Point(line, character)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unreadable
    return value
