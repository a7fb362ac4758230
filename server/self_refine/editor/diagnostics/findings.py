"""Owns the findings that a document shows: each stands on its words, follows them, goes with them.

Knows no protocol: the texts and edits of the mirror come in, notes with their places go out.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from self_refine.editor.diagnostics.tracked_range import TrackedRange, moved, tracked
from self_refine.text.spans import Edit, Span

if TYPE_CHECKING:  # the loop's values are imported with the first check
    from self_refine.loop.types import Criterion, Finding

LIVE = "live"
"""Name of the group that live checks fill; runs fill one of their own id each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """One criticism as a document shows it."""

    group: str
    """Id of the run that found it, or `LIVE`."""
    number: int
    """In its group."""
    finding: "Finding"
    criterion: "Criterion | None"
    """None only where a run named one that its files no longer have."""
    label: str = ""
    """The criteria file as users name it."""
    path: str = ""
    """Of the criteria file on disk, "" where it has none."""
    shipped: bool = False
    state: Literal["seen", "open", "resolved"] = "open"
    """`seen`: the critique is still streaming; `resolved`: the run has answered it."""
    resolved_in: int | None = None
    """The pass that did it."""
    before: str = ""
    """Words that a resolved finding was about, with what stood round them."""

    @property
    def key(self) -> str:
        """Names the note among all that a document shows."""
        return f"{self.group}:{self.number}"

    @property
    def label_of_criterion(self) -> str:
        """What asked for it, as people read it."""
        from self_refine.loop.types import label_of  # noqa: PLC0415 - as above

        return label_of(self.finding.criterion)


@dataclass(frozen=True, slots=True)
class Placed:
    """A note and where its words stand now."""

    note: Note
    span: Span


@dataclass(slots=True)
class _Kept:
    note: Note
    anchor: TrackedRange
    hidden_by: str = ""
    """Id of the run that judges these words anew; "" for none."""


_VERSIONS = 100
"""Texts of one document whose places are remembered: undo brings the very same text back."""


@dataclass(slots=True)
class _Page:
    text: str
    kept: list[_Kept] = field(default_factory=list)
    places: dict[int, dict[str, Span]] = field(default_factory=dict)
    """Where each note stood, by the hash of the text."""

    def forget_places(self, group: str) -> None:
        """Its notes are others now."""
        for places in self.places.values():
            for key in [key for key in places if key.startswith(f"{group}:")]:
                del places[key]

    def leave(self) -> None:
        """Note where everything stands in this text, which is about to be another."""
        now = {k.note.key: k.anchor.span for k in self.kept if k.anchor.span is not None}
        self.places.pop(hash(self.text), None)
        self.places[hash(self.text)] = now
        if len(self.places) > _VERSIONS:
            del self.places[next(iter(self.places))]

    def arrive(self) -> None:
        """Put everything where it stood when the text was this one, if it ever was."""
        if not (known := self.places.get(hash(self.text))):
            return
        for kept in self.kept:
            span = known.get(kept.note.key)
            if span is not None and span.of(self.text) == kept.anchor.words:
                kept.anchor = TrackedRange(words=kept.anchor.words, region=span)


class Findings:
    """All notes of all open documents."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}
        self.state = 0
        """A number that is another one whenever anything has changed."""

    def put(self, uri: str, text: str, group: str, placed: Iterable[Placed]) -> None:
        """Let `group` consist of these notes, whose places are in `text`, the document's own."""
        self.state += 1
        page = self._pages.setdefault(uri, _Page(text))
        page.text = text
        page.kept = [kept for kept in page.kept if kept.note.group != group]
        page.forget_places(group)
        page.kept += (_Kept(each.note, _on_words(text, each.span)) for each in placed)
        self._forget_if_empty(uri)

    def swap(
        self,
        uri: str,
        text: str,
        group: str,
        gone: Container[int],
        placed: Iterable[Placed],
    ) -> None:
        """Show no longer the notes of a group with these numbers, and show some others of it."""
        self.state += 1
        page = self._pages.setdefault(uri, _Page(text))
        page.text = text
        page.kept = [k for k in page.kept if k.note.group != group or k.note.number not in gone]
        page.kept += (_Kept(each.note, _on_words(text, each.span)) for each in placed)
        self._forget_if_empty(uri)

    def add(self, uri: str, text: str, placed: Placed) -> None:
        """Show one note more."""
        self.state += 1
        page = self._pages.setdefault(uri, _Page(text))
        page.text = text
        page.kept.append(_Kept(placed.note, _on_words(text, placed.span)))

    def drop(self, uri: str, group: str) -> None:
        """Show the notes of a group no longer."""
        self._keep(uri, lambda kept: kept.note.group != group)

    def drop_seen(self, uri: str, group: str) -> bool:
        """Show no longer what a group has only seen so far; whether it still shows anything."""
        self._keep(uri, lambda kept: kept.note.group != group or kept.note.state != "seen")
        return any(kept.note.group == group for kept in self._of(uri))

    def discard(self, uri: str, key: str) -> None:
        """Show one note no longer."""
        self._keep(uri, lambda kept: kept.note.key != key)

    def retain(self, uri: str, groups: Container[str]) -> None:
        """Show the notes of these groups alone."""
        self._keep(uri, lambda kept: kept.note.group in groups)

    def has(self, uri: str) -> bool:
        """Whether a document has notes, visible or not."""
        return uri in self._pages

    def clear(self, uri: str) -> None:
        """Forget a document: it was closed, or the user wants no notes of it."""
        self.state += 1
        self._pages.pop(uri, None)

    def edited(self, uri: str, edits: Iterable[Edit], text: str) -> bool:
        """Follow edits, each in offsets of the text before; False where nothing is to follow.

        Args:
            uri: of the document.
            edits: what was done, in order.
            text: what the document is now.
        """
        self.state += 1
        page = self._pages.get(uri)
        if page is None:
            return False
        page.leave()
        for edit in edits:
            for kept in page.kept:
                kept.anchor = moved(kept.anchor, edit, page.text)
            span = edit.span
            page.text = page.text[: span.start] + edit.text + page.text[span.end :]
        page.text = text
        page.arrive()
        return True

    def hide(self, uri: str, span: Span, by: str) -> None:
        """Show what earlier runs said of `span` no longer, until `by` gives it back or drops it."""
        for kept in self._of(uri):
            if kept.note.group in (LIVE, by) or kept.hidden_by:
                continue
            if kept.anchor.region.touches(span):
                kept.hidden_by = by
                self.state += 1

    def give_back(self, uri: str, by: str) -> None:
        """Show again what `by` has hidden: it was cancelled."""
        for kept in self._of(uri):
            if kept.hidden_by == by:
                kept.hidden_by = ""
                self.state += 1

    def drop_hidden(self, uri: str, by: str) -> None:
        """Forget what `by` has hidden: it has judged those words anew."""
        self._keep(uri, lambda kept: kept.hidden_by != by)

    def visible(self, uri: str) -> tuple[Placed, ...]:
        """What stands in the document now, in the order of its places."""
        placed = [
            Placed(kept.note, span)
            for kept in self._of(uri)
            if not kept.hidden_by and (span := kept.anchor.span) is not None
        ]
        return tuple(sorted(placed, key=_order))

    def find(self, uri: str, key: str) -> Placed | None:
        """One note, None where its words are gone."""
        for kept in self._of(uri):
            if kept.hidden_by or kept.note.key != key:
                continue
            if (span := kept.anchor.span) is not None:
                return Placed(kept.note, span)
        return None

    def uris(self) -> tuple[str, ...]:
        """Documents that have notes, visible or not."""
        return tuple(self._pages)

    def _of(self, uri: str) -> Iterator[_Kept]:
        page = self._pages.get(uri)
        yield from page.kept if page else ()

    def _keep(self, uri: str, wanted: Callable[[_Kept], bool]) -> None:
        page = self._pages.get(uri)
        if page is None:
            return
        kept = [each for each in page.kept if wanted(each)]
        if len(kept) < len(page.kept):
            self.state += 1
            page.kept = kept
            self._forget_if_empty(uri)

    def _forget_if_empty(self, uri: str) -> None:
        if not self._pages[uri].kept:
            del self._pages[uri]


def _order(placed: Placed) -> tuple[int, int, str, int]:
    """By place; comparing numbers and words is ten times faster than comparing spans."""
    span, note = placed.span, placed.note
    return span.start, span.end, note.group, note.number


def _on_words(text: str, span: Span) -> TrackedRange:
    return tracked(text, widened(text, span))


def widened(text: str, span: Span) -> Span:
    """A place, widened to the word before it, else the one after: a mark needs a word to be on."""
    if not span.is_empty or not text:
        return span
    end = span.start
    while end > 0 and text[end - 1].isspace():
        end -= 1
    start = end
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    if start < end:
        return Span(start, end)
    start = span.start
    while start < len(text) and text[start].isspace():
        start += 1
    end = start
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, end)
