"""Owns live checks: the checks of the workspace's own criteria, on open and while typing.

No model, nothing asked, and never a pack that ships: nobody has chosen that. Checks run in a
thread; a text that has changed meanwhile is checked again.
"""

import asyncio
from typing import TYPE_CHECKING

from self_refine.editor.diagnostics.findings import LIVE, Placed
from self_refine.editor.documents.criteria_cache import is_criteria_file
from self_refine.editor.documents.documents import Document
from self_refine.editor.documents.selection import is_ours
from self_refine.editor.session import Session
from self_refine.runs.checkers import Checker

if TYPE_CHECKING:  # criteria files are read later than this module is imported
    from self_refine.criteria.choose_criteria import Chosen
    from self_refine.editor.documents.criteria_cache import Snapshot
    from self_refine.loop.types import CheckResult

DEBOUNCE_SECONDS = 0.25
"""Typing that goes on is not checked between two keys."""
_MOST_SHOWN = 200
"""Findings of one check."""
MOST_CHARACTERS = 2_000_000
"""Longer texts are not checked unasked."""


class LiveChecks:
    """The live checks of all open documents: one task for each at most."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._due: dict[str, float] = {}
        """When the checks of a document are to begin, on the loop's clock."""
        self._checking: set[str] = set()
        self._again: set[str] = set()
        """Documents that have changed, or whose criteria have, while they were being checked."""
        self._seen: set[str] = set()

    def text(self, document: Document) -> None:
        """A document was opened or changed, or its criteria or the settings were."""
        uri = document.uri
        if not self._wanted(document):
            self._stop(uri)
            self._session.findings.drop(uri, LIVE)
            self._session.publisher.soon(uri)
            return
        now = asyncio.get_running_loop().time()
        # The first time there is nothing to wait for.
        self._due[uri] = now + (DEBOUNCE_SECONDS if uri in self._seen else 0.0)
        self._seen.add(uri)
        if uri not in self._timers:
            self._wait(uri)

    def _wait(self, uri: str) -> None:
        """Start the checks once nothing is typed any more: one timer, whatever is typed."""
        self._timers.pop(uri, None)
        loop = asyncio.get_running_loop()
        if loop.time() >= self._due[uri]:
            self._start(uri)
        else:
            self._timers[uri] = loop.call_at(self._due[uri], self._wait, uri)

    def closed(self, uri: str) -> None:
        """A document is gone."""
        self._stop(uri)
        self._again.discard(uri)
        self._seen.discard(uri)
        self._due.pop(uri, None)

    def close(self) -> None:
        """Begin nothing more."""
        self._again.clear()
        for uri in list(self._timers):
            self._stop(uri)

    def _wanted(self, document: Document) -> bool:
        return (
            self._session.settings.live_checks
            and self._session.trusted
            and is_ours(document.uri)
            and not is_criteria_file(document.path)
            and document.size <= MOST_CHARACTERS
        )

    def _stop(self, uri: str) -> None:
        if timer := self._timers.pop(uri, None):
            timer.cancel()

    def _start(self, uri: str) -> None:
        if uri in self._checking:
            self._again.add(uri)
            return
        self._checking.add(uri)
        self._session.tasks.start(
            self._check(uri), "The live checks", lambda done: self._ended(uri, done)
        )

    def _ended(self, uri: str, task: asyncio.Task[None]) -> None:
        self._checking.discard(uri)
        if not task.cancelled() and uri in self._again:
            self._again.discard(uri)
            self._start(uri)

    async def _check(self, uri: str) -> None:
        """Check the text as it is; one that changes meanwhile is checked again by its own timer."""
        session = self._session
        document = session.documents.get(uri)
        if document is None or not self._wanted(document):
            return
        text = document.text
        snapshot = await session.criteria_cache.get(document.path)
        checker = self._session.check_process
        placed = await asyncio.to_thread(_judged, checker, snapshot, document, text)
        if session.documents.get(uri) is document and self._wanted(document):
            session.findings.put(uri, text, LIVE, placed)
            session.publisher.soon(uri)


def _judged(
    checker: Checker, snapshot: "Snapshot", document: Document, text: str
) -> tuple[Placed, ...]:
    """What the checks of the team's files find in a text; blocks."""
    from self_refine.criteria.applying import applies  # noqa: PLC0415 - read with criteria

    target = snapshot.target(document.path, document.language, whole=True)
    if not any(applies(file, target) for file in snapshot.team.files):
        return ()
    from self_refine.checks.subject import Subject  # noqa: PLC0415 - imports RE2 and YAML
    from self_refine.criteria.choose_criteria import Refusal, choose_with_inputs  # noqa: PLC0415 - as above
    from self_refine.criteria.criteria_file import Library  # noqa: PLC0415 - as above
    from self_refine.criteria.input_texts import InputPlace  # noqa: PLC0415 - as above
    from self_refine.text.spans import Span  # noqa: PLC0415 - as above

    place = InputPlace(document=text, span=Span(0, len(text)), root=snapshot.root)
    chosen = choose_with_inputs(snapshot.team, Library((), ()), target, (), place, {})
    if isinstance(chosen, Refusal) or not chosen.checks:
        return ()
    relative = snapshot.relative(document.path)
    subject = Subject(
        text=text,
        original=text,
        language=document.language,
        path=relative.as_posix() if relative else "",
        inputs=chosen.inputs,
    )
    return _placed(chosen, checker.run(chosen.checks, subject))


def _placed(chosen: "Chosen", results: "tuple[CheckResult, ...]") -> tuple[Placed, ...]:
    from self_refine.editor.diagnostics.run_notes import note  # noqa: PLC0415 - imports the loop's report

    # All of them are worked on in a run; nobody reads more underlined words of one check.
    found = [finding for result in results for finding in result.findings[:_MOST_SHOWN]]
    return tuple(
        Placed(note(LIVE, number, finding, chosen), finding.span)
        for number, finding in enumerate(found)
    )
