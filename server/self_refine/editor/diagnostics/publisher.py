"""Owns what the Problems list shows: findings, live checks, broken criteria files together."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from self_refine.criteria.silenced import Dismissal
from self_refine.editor.diagnostics.findings import LIVE, Findings, Note, Placed
from self_refine.editor.diagnostics.suppressions import shown
from self_refine.editor.diagnostics.to_lsp import diagnostic, more_diagnostic, problem_diagnostic
from self_refine.editor.documents.documents import Document, Documents
from self_refine.editor.rpc.serialize import as_json
from self_refine.text.spans import Span

if TYPE_CHECKING:
    from self_refine.criteria.problems import Problem

_AT_ONCE = 4
"""Diagnostics that are made in one turn of the loop: a fifth of a millisecond's work."""
MOST_SHOWN = 1_000
"""Diagnostics of one document: with more, one of them says how many are left out."""
_SECONDS = 0.05
"""Publications that follow each other faster are one: Helix drops those of a version gone by."""


class Publisher:
    """Publishes per document, a moment after something has changed."""

    def __init__(
        self,
        documents: Documents,
        findings: Findings,
        send: Callable[[str], None],
        *,
        related: Callable[[], bool],
    ) -> None:
        """Publish what `findings` has on `documents`.

        Args:
            documents: those that are open.
            findings: what is to be said of them.
            send: takes the params of a publication, written as JSON.
            related: whether the client shows related information.
        """
        self._documents, self._findings, self._send = documents, findings, send
        self._related = related
        self._problems: dict[Path | None, Mapping[str, tuple[Problem, ...]]] = {}
        self._drafts: dict[str, tuple[Problem, ...]] = {}
        self._by_folder: dict[Path | None, frozenset[Dismissal]] = {}
        self._dismissed: frozenset[Dismissal] = frozenset()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._published: dict[str, tuple[int | None, list[str]]] = {}
        self._known: dict[str, tuple[Document, dict[tuple[str, Span], tuple[Note, str]]]] = {}
        """The diagnostics of the version of each document that was published last, as JSON: to
        write hundreds of them in one go takes milliseconds in which nothing else is answered."""
        self._making: dict[str, asyncio.Handle] = {}
        self._shown: dict[str, tuple[Document, object, tuple[Placed, ...]]] = {}
        """What was shown last of each document: code actions ask for it at every move."""

    def soon(self, uri: str) -> None:
        """Publish what stands in a document, a moment from now."""
        if uri not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[uri] = loop.call_later(_SECONDS, self._publish, uri)

    def everything_soon(self) -> None:
        """Publish every document that has something to say, or had."""
        for uri in {*self._findings.uris(), *self._published}:
            self.soon(uri)

    def edited(self, uri: str) -> None:
        """A document has a new version: what was published belongs to an old one."""
        if uri in self._published:
            self.soon(uri)

    def dismissed(self, root: Path | None, known: frozenset[Dismissal]) -> None:
        """What the users of a workspace folder have dismissed, all of it."""
        self._by_folder[root] = known
        now = frozenset[Dismissal]().union(*self._by_folder.values())
        if now != self._dismissed:
            self._dismissed = now
            self.everything_soon()

    def dismiss(self, root: Path | None, one: Dismissal) -> None:
        """One finding more is dismissed; under None, until the server ends."""
        self.dismissed(root, self._by_folder.get(root, frozenset()) | {one})

    def broken(self, root: Path | None, problems: Mapping[str, tuple["Problem", ...]]) -> None:
        """What is wrong in the criteria files of a workspace folder, by their URIs."""
        before = self._problems.get(root, {})
        self._problems[root] = problems
        for uri in {*before, *problems}:
            if before.get(uri) != problems.get(uri):
                self.soon(uri)

    def draft(self, uri: str, problems: tuple["Problem", ...] | None) -> None:
        """What is wrong in a criteria file as it stands in the editor; None once it is closed."""
        if problems is None:
            self._drafts.pop(uri, None)
        else:
            self._drafts[uri] = problems
        self.soon(uri)

    def shown(self, document: Document) -> tuple[Placed, ...]:
        """The findings of a document that nobody has silenced and nothing repeats."""
        state = (self._findings.state, self._dismissed)
        known = self._shown.get(document.uri)
        if known is not None and known[0] is document and known[1] == state:
            return known[2]
        placed = shown(self._findings.visible(document.uri), document.text, self._dismissed)
        found = tuple(_without_repeats(placed))
        self._shown[document.uri] = (document, state, found)
        return found

    def close(self) -> None:
        """Publish nothing more."""
        for planned in (*self._timers.values(), *self._making.values()):
            planned.cancel()
        self._timers.clear()
        self._making.clear()

    def _publish(self, uri: str) -> None:
        self._timers.pop(uri, None)
        if (earlier := self._making.pop(uri, None)) is not None:
            earlier.cancel()
        document = self._documents.get(uri)
        if document is None:
            self._shown.pop(uri, None)
            self._known.pop(uri, None)
        placed = () if document is None else self.shown(document)
        self._make(uri, document, placed[:MOST_SHOWN], [])

    def _make(
        self, uri: str, document: Document | None, placed: tuple[Placed, ...], made: list[str]
    ) -> None:
        """Make the diagnostics a few at a time: requests are answered in between."""
        self._making.pop(uri, None)
        if document is not None:
            few = placed[len(made) : len(made) + _AT_ONCE]
            made += (self._diagnostic(document, each) for each in few)
        if len(made) == len(placed):
            self._finish(uri, document, made)
        elif self._documents.get(uri) is document:
            loop = asyncio.get_running_loop()
            self._making[uri] = loop.call_soon(self._make, uri, document, placed, made)
        else:
            # Their places are those of a version gone by.
            self.soon(uri)

    def _diagnostic(self, document: Document, placed: Placed) -> str:
        """A finding as it is sent, written once for each version."""
        known_of, known = self._known.get(document.uri, (None, {}))
        if known_of is not document:
            known = {}
            self._known[document.uri] = (document, known)
        key = (placed.note.key, placed.span)
        note, found = known.get(key, (None, ""))
        if note is not placed.note:
            found = as_json(diagnostic(document, placed, related=self._related()))
            known[key] = (placed.note, found)
        return found

    def _finish(self, uri: str, document: Document | None, diagnostics: list[str]) -> None:
        problems = self._problems_of(uri)
        room = MOST_SHOWN - len(diagnostics)
        diagnostics += (as_json(problem_diagnostic(p, document)) for p in problems[:room])
        there = 0 if document is None else len(self.shown(document))
        if (more := there + len(problems) - len(diagnostics)) > 0:
            diagnostics.append(as_json(more_diagnostic(more)))
        version = None if document is None else document.version
        if not diagnostics and uri not in self._published:
            return
        if self._published.get(uri) == (version, diagnostics):
            return
        if diagnostics:
            self._published[uri] = (version, diagnostics)
        else:
            del self._published[uri]
        at = "" if version is None else f',"version":{version}'
        self._send(f'{{"uri":{as_json(uri)}{at},"diagnostics":[{",".join(diagnostics)}]}}')

    def _problems_of(self, uri: str) -> tuple["Problem", ...]:
        if uri in self._drafts:
            return self._drafts[uri]
        return tuple(p for by_uri in self._problems.values() for p in by_uri.get(uri, ()))


def _without_repeats(placed: Iterable[Placed]) -> Iterable[Placed]:
    """One finding for each criterion and range, whoever found it: a run before live checks.

    Of two runs the later one counts: its notes came later.
    """
    every = tuple(placed)
    by_place: dict[tuple[str, Span, bool], Placed] = {}
    for each in every:
        key = (each.note.finding.criterion, each.span, each.note.state == "resolved")
        known = by_place.get(key)
        if known is None or known.note.group == LIVE or each.note.group != LIVE:
            by_place[key] = each
    kept = {id(each) for each in by_place.values()}
    return (each for each in every if id(each) in kept)
