"""Owns criteria files as they stand in the editor: what is wrong in them, as they are written."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from self_refine.editor.documents.criteria_cache import is_criteria_file
from self_refine.editor.documents.documents import Document
from self_refine.editor.session import Session
from self_refine.runs.check_process import CheckProcess, Overrun, overrun_problem

if TYPE_CHECKING:  # reading criteria needs YAML and Markdown: not before there is a file
    from self_refine.criteria.problems import Problem

DEBOUNCE_SECONDS = 0.15
MOST_CHARACTERS = 200_000
"""Far above what a criteria file may hold: a longer one is refused by its size alone."""


class CriteriaFiles:
    """The open criteria files; each is read in a thread, a moment after it has changed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def text(self, document: Document) -> None:
        """A document was opened or changed."""
        uri = document.uri
        if not is_criteria_file(document.path):
            return
        if timer := self._timers.pop(uri, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[uri] = loop.call_later(DEBOUNCE_SECONDS, self._start, uri)

    def saved(self, uri: str) -> None:
        """A document was saved: what is on the disk is what runs judge by."""
        document = self._session.documents.get(uri)
        if document is not None and is_criteria_file(document.path):
            self._session.criteria_cache.invalidate()

    def closed(self, uri: str) -> None:
        """What is on the disk counts again."""
        if timer := self._timers.pop(uri, None):
            timer.cancel()
        self._session.publisher.draft(uri, None)

    def close(self) -> None:
        """Begin nothing more."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _start(self, uri: str) -> None:
        self._timers.pop(uri, None)
        self._session.tasks.start(self._read(uri), "Reading a criteria file")

    async def _read(self, uri: str) -> None:
        document = self._session.documents.get(uri)
        if document is None or document.path is None:
            return
        root = self._session.criteria_cache.peek_root(document.path)
        if not self._session.trusted:
            return
        problems = await asyncio.to_thread(
            _problems,
            self._session.check_process,
            document.text[:MOST_CHARACTERS],
            document.path,
            root,
        )
        if self._session.documents.get(uri) is document:
            self._session.publisher.draft(uri, problems)


def _problems(
    process: CheckProcess, text: str, path: Path, root: Path | None
) -> "tuple[Problem, ...]":
    inside = root is not None and path.is_relative_to(root)
    label = path.relative_to(root).as_posix() if inside and root is not None else path.name
    match process.draft(text, path, label, root if inside else None):
        case Overrun() as overrun:
            return (overrun_problem(path, label, overrun),)
        case problems:
            return problems
