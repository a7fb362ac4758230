"""Owns the mirror: what every open document says, as the client's edits leave it.

A `Document` is one version; it stays what it is while its successors are made, so that what was
computed before an `await` can be compared with what is there after it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from lsprotocol import types
from pygls.uris import to_fs_path

from self_refine.editor.documents.line_store import Lines, Place, content_length, document_lines
from self_refine.editor.documents.positions import DEFAULT, Encoding, to_code_points, to_units
from self_refine.editor.documents.surrogates import is_half, whole, with_whole_pairs
from self_refine.text.spans import Edit, Span

_log = logging.getLogger(__name__)

_CELLS = ("vscode-notebook-cell", "untitled-notebook-cell")


class Point(NamedTuple):
    """A position of the protocol as it came in: any line, any column, in the client's units."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a document, as the client describes it."""

    range: tuple[Point, Point] | None
    """None: the text is the whole new document."""
    text: str


class Document:
    """One version of an open document. Offsets and spans are code points of `text`."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a version is made of
        self,
        uri: str,
        language: str,
        version: int,
        content: str | Lines,
        encoding: Encoding = DEFAULT,
        path: Path | None = None,
    ) -> None:
        self.uri, self.language, self.version = uri, language, version
        self.encoding: Encoding = encoding
        self.path = path if path is not None else path_of(uri)
        """The file, or the notebook that a cell belongs to; None for what is in no file."""
        # Each is made from the other when it is first asked for.
        if isinstance(content, str):
            self.__dict__["text"] = content
        else:
            self.__dict__["lines"] = content

    @cached_property
    def text(self) -> str:
        """The whole text, as the editor has it: line ends and all."""
        return self.lines.text()

    @cached_property
    def lines(self) -> Lines:
        """Its lines."""
        return Lines.of(self.text)

    def offset(self, position: types.Position | Point) -> int:
        """Where a position is; one beyond a line or the text counts as the end of it."""
        place = self._place(position)
        return self.lines.start(place.line) + place.column

    def position(self, offset: int) -> types.Position:
        """The position of an offset; one outside the text counts as its nearest end."""
        line, column = self.lines.place(offset)
        return types.Position(line, to_units(self.lines[line], column, self.encoding))

    def span(self, range_: types.Range) -> Span:
        """The stretch that a range covers; one that ends before it begins is turned round."""
        start, end = self.offset(range_.start), self.offset(range_.end)
        return Span(min(start, end), max(start, end))

    def settled(self, range_: types.Range) -> tuple[Span, Point, Point]:
        """The stretch that a range covers, and its ends as positions inside the text."""
        first, last = sorted((self._place(range_.start), self._place(range_.end)))
        return Span(self._offset(first), self._offset(last)), self._point(first), self._point(last)

    def _offset(self, place: Place) -> int:
        return self.lines.start(place.line) + place.column

    def _point(self, place: Place) -> Point:
        line = self.lines[place.line]
        return Point(place.line, to_units(line, place.column, self.encoding))

    def range(self, span: Span) -> types.Range:
        """The range of a stretch."""
        return types.Range(start=self.position(span.start), end=self.position(span.end))

    def changed(self, change: Change, version: int) -> tuple["Document", Edit]:
        """The next version, and what was done to this one."""
        if change.range is None:
            edit = Edit(Span(0, self.size), whole(change.text))
            return self._next(edit.text, version), edit
        start = end = self._place(change.range[0])
        if change.range[1] != change.range[0]:
            start, end = sorted((start, self._place(change.range[1])))
        lines, text = self.lines, whole(change.text)
        first, last = lines[start.line], lines[end.line]
        before, after = first[: start.column], last[end.column :]
        at = lines.start(start.line)
        span = Span(
            at + start.column,
            (at if start.line == end.line else lines.start(end.line)) + end.column,
        )
        edit = Edit(span, text)
        if is_half(before[-1:]) or is_half(after[:1]) or is_half(text[-1:]):
            edit, before, after = with_whole_pairs(edit, before, after)
        number, joined = start.line, f"{before}{edit.text}{after}"
        if number and joined[:1] == "\n" and not before and lines[number - 1][-1] == "\r":
            # LF after a CR: the two are one line end from now on.
            number -= 1
            joined = lines[number] + joined
        new = document_lines(joined)
        if end.line + 1 < len(lines):
            # The end of `after` is that of its line: what follows is the next one.
            new.pop()
        return self._next(lines.replaced(number, end.line, new), version), edit

    @property
    def size(self) -> int:
        """Code points of the text."""
        text = self.__dict__.get("text")
        return self.lines.size if text is None else len(text)

    def _next(self, content: str | Lines, version: int) -> "Document":
        return Document(self.uri, self.language, version, content, self.encoding, self.path)

    def _place(self, position: types.Position | Point) -> Place:
        lines = self.lines
        number = position.line
        if number < 0:
            return Place(0, 0)
        if number >= len(lines):
            last = len(lines) - 1
            return Place(last, len(lines[last]))
        line = lines[number]
        column = to_code_points(line, position.character, self.encoding)
        return Place(number, min(column, content_length(line)))


def path_of(uri: str) -> Path | None:
    """The file of a document, or of the notebook that a cell lies in; None where there is none."""
    scheme, _, rest = uri.partition(":")
    scheme = scheme.lower()
    if scheme in _CELLS:
        notebook = rest.partition("#")[0]
        return path_of(f"file:{notebook}") if notebook.startswith("/") else None
    if scheme != "file":
        return None
    try:
        path = to_fs_path(uri)
    except ValueError:
        return None
    return Path(path) if path and "\0" not in path else None


class Subscriber(Protocol):
    """Hears what happens to documents, in order."""

    def opened(self, document: Document) -> None:
        """A document was opened."""

    def changed(self, document: Document, edits: Sequence[Edit]) -> None:
        """It has a new version; each edit is in offsets of the text that the one before it left."""

    def closed(self, document: Document) -> None:
        """It was closed; it is not among the open ones any more."""


class Documents:
    """All open documents."""

    def __init__(self, encoding: Encoding = DEFAULT) -> None:
        self.encoding: Encoding = encoding
        """Set once, when the client has said what it counts in."""
        self._open: dict[str, Document] = {}
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        """Tell it of every document from now on."""
        self._subscribers.append(subscriber)

    def get(self, uri: str) -> Document | None:
        """A document as it is now; None where it is not open."""
        return self._open.get(uri)

    def open(self) -> tuple[Document, ...]:
        """Every open document."""
        return tuple(self._open.values())

    def opened(
        self, uri: str, language: str, version: int, text: str, path: Path | None = None
    ) -> None:
        """The client opened a document; one that was open already starts anew."""
        self.closed(uri)
        document = Document(uri, language, version, whole(text), self.encoding, path)
        self._open[uri] = document
        for subscriber in self._subscribers:
            _tell(subscriber.opened, document)

    def changed(self, uri: str, version: int | None, changes: Sequence[Change]) -> None:
        """The client changed a document; each change builds on the one before it."""
        document = self._open.get(uri)
        if document is None:
            _log.info("A change of a document that is not open was ignored")
            return
        now = document.version + 1 if version is None else version
        edits: list[Edit] = []
        for change in changes:
            document, edit = document.changed(change, now)
            edits.append(edit)
        if not changes:
            document = Document(
                uri, document.language, now, document.lines, document.encoding, document.path
            )
        self._open[uri] = document
        for subscriber in self._subscribers:
            _tell(subscriber.changed, document, edits)

    def closed(self, uri: str) -> None:
        """The client closed a document."""
        document = self._open.pop(uri, None)
        if document is not None:
            for subscriber in self._subscribers:
                _tell(subscriber.closed, document)


def _tell(hear: Callable[..., None], *values: object) -> None:
    """A feature that fails must not keep the mirror from following the editor."""
    try:
        hear(*values)
    except Exception:  # noqa: BLE001 - see above
        _log.exception("A feature failed on a change of a document")
