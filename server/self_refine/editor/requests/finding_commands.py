"""Owns the commands about one finding: mend, dismiss, silence it, open or teach its criterion.

Whatever is written is written because the user said so here, and the file is named.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from self_refine.editor import messages
from self_refine.editor.diagnostics import suppressions, to_lsp
from self_refine.editor.diagnostics.findings import Placed
from self_refine.editor.documents.documents import Document
from self_refine.editor.requests import arguments
from self_refine.editor.requests.arguments import BadArguments, OneFinding
from self_refine.editor.runs.edit_sender import EditLanded, EditStayed, EditUnconfirmed
from self_refine.editor.session import Session
from self_refine.text.spans import Edit

_GONE = "This finding is no longer there: its words were changed."

REASONS = ("It is right as it is", "The criterion is wrong", "Not worth changing")
"""Offered where a client can ask; "" is written where it cannot."""


async def apply_fix(session: Session, given: Any) -> None:
    """Mend a finding as its check says, or as the reading that found it proposed."""
    found = _found(session, given)
    if found is None:
        return
    document, placed = found

    def plan(text: str) -> Sequence[Edit] | None:
        now = session.findings.find(document.uri, placed.note.key)
        if now is None:
            return None
        edit = fix_now(now, text)
        return proposal_now(now, text) if edit is None else [edit]

    _land(session, document.uri, f"Fix {placed.note.finding.criterion}", plan)


def fix_now(placed: Placed, text: str) -> Edit | None:
    """The fix of a check where its words stand now; None where it would touch others.

    A fix may reach beyond the quoted words by white space alone: a word that is removed takes a
    space with it.
    """
    finding, at = placed.note.finding, placed.span
    if finding.fix is None or finding.span.is_empty:
        return None
    span = finding.fix.span.moved(at.start - finding.span.start)
    if span.start < 0 or span.end > len(text) or at.of(text) != finding.quote:
        return None
    outside = text[span.start : at.start] + text[at.end : max(at.end, span.end)]
    return None if outside.strip() else Edit(span, finding.fix.text)


def proposal_now(placed: Placed, text: str) -> list[Edit] | None:
    """What a reading proposed, where its words stand now; None where one of them is another."""
    finding = placed.note.finding
    by = placed.span.start - finding.span.start
    place = finding.proposal_place.moved(by)
    fits = place.start >= 0 and place.of(text) == finding.proposal_words
    if not finding.proposal or not fits:
        return None
    return [Edit(edit.span.moved(by), edit.text) for edit in finding.proposal]


async def disable(session: Session, given: Any) -> None:
    """Silence a criterion on the line of a finding, by a comment above it."""
    found = _found(session, given)
    if found is None:
        return
    document, placed = found
    criterion = placed.note.finding.criterion
    here = document.text, placed.span, criterion, document.language
    if suppressions.next_line_comment(*here) is None:
        session.client.show("No comment may stand above this line: dismiss the finding.", "warning")
        return

    def plan(text: str) -> Sequence[Edit] | None:
        now = session.findings.find(document.uri, placed.note.key)
        if now is None:
            return None
        criterion = now.note.finding.criterion
        line = suppressions.next_line_comment(text, now.span, criterion, document.language)
        return None if line is None else [line]

    _land(session, document.uri, f"Disable {placed.note.finding.criterion} here", plan)


def _land(session: Session, uri: str, label: str, plan: Any) -> None:
    def settle(answer: EditLanded | EditStayed | EditUnconfirmed) -> None:
        match answer:
            case EditLanded() | EditUnconfirmed():
                session.refresh(uri)
            case EditStayed(reason):
                session.client.show(messages.not_changed(reason), "warning")

    async def work() -> None:
        settle(await session.edit_sender.send(uri, label, plan, settle))

    session.own(work(), label)


async def dismiss(session: Session, given: Any) -> None:
    """Say that a finding is none; it is not shown again while its criterion stays the same."""
    asked = arguments.one_finding(given)
    found = _find(session, asked)
    if found is None:
        return
    document, placed = found
    if placed.note.criterion is None:
        # What another instruction says of the same words is another matter: nothing is kept.
        session.findings.discard(document.uri, placed.note.key)
        session.refresh(document.uri)
        return

    async def work() -> None:
        reason = asked.reason or await session.client.choose(
            f"Why is this no case of {placed.note.finding.criterion}?", REASONS
        )
        await _dismissed(session, document, placed, reason or "")

    session.own(work(), "dismiss")


async def _dismissed(session: Session, document: Document, placed: Placed, reason: str) -> None:
    now = session.documents.get(document.uri)
    at = session.findings.find(document.uri, placed.note.key)
    if now is None or at is None:
        session.client.show(_GONE, "warning")
        return
    dismissed = suppressions.dismissal(at, now.text)
    root = session.criteria_cache.peek_root(document.path) if document.path else None
    where = "until the server ends: the document lies in no workspace folder"
    if root is not None:
        who = suppressions.user_name()
        try:
            path = await asyncio.to_thread(
                suppressions.write_dismissal, root, dismissed, reason, who
            )
        except OSError as error:
            session.client.show(f"The dismissal cannot be written: {error.strerror}.", "error")
            return
        where = f"in {path.relative_to(root).as_posix()}"
        # What is being read just now may be the file without it.
        session.criteria_cache.invalidate()
    session.publisher.dismiss(root, dismissed)
    session.client.show(f"Dismissed {placed.note.finding.criterion} {where}.", "info")


async def add_example(session: Session, given: Any) -> None:
    """Add the words round a finding to its criteria file, as an example that may not be faulted."""
    found = _found(session, given)
    if found is None:
        return
    document, placed = found
    note = placed.note
    if note.criterion is None or not note.path or note.shipped:
        raise BadArguments("the criterion of this finding stands in no file of the workspace")
    if note.criterion.check is not None:
        raise BadArguments("a check decides this criterion: it faults the same words everywhere")
    session.own(_add(session, document, placed), "add an example")


async def _add(session: Session, document: Document, placed: Placed) -> None:
    from self_refine.editor.requests import add_example  # noqa: PLC0415 - reads criteria files

    note, language = placed.note, document.language
    path = Path(note.path)
    sample = await asyncio.to_thread(add_example.passage, document.text, placed.span, language)
    opened = session.documents.get(to_lsp.uri_of(path))
    root = session.criteria_cache.peek_root(path)
    if root is None:
        problem = "its workspace folder is not known"
    elif opened is not None:
        problem = await _add_in_editor(session, opened, root, sample, language)
    else:
        added = await asyncio.to_thread(add_example.append_example, path, root, sample, language)
        problem = "" if added is True else added
    if problem:
        session.client.show(
            f"No example was added to {note.label}: {problem.rstrip('.')}.", "error"
        )
        return
    session.criteria_cache.invalidate()
    _silence(session, document.uri, note.key)
    saved = "" if opened is None else " Save it."
    session.client.show(f"The passage is now a good example in {note.label}.{saved}", "info")


async def _add_in_editor(
    session: Session, opened: Document, root: Path, sample: str, language: str
) -> str:
    """Add the example to a criteria file that is open; what is in the way, "" for nothing."""
    from self_refine.editor.requests import add_example  # noqa: PLC0415 - as above

    def plan(text: str) -> Sequence[Edit]:
        return [add_example.good_example(text, sample, language)]

    def late(_: EditLanded | EditStayed) -> None:
        return None

    source, path = opened.text, opened.path
    if path is not None and (
        check := await asyncio.to_thread(add_example.faulting, source, path, root, sample, language)
    ):
        return add_example.faulted(check)
    landing = await session.edit_sender.send(opened.uri, "Add a good example", plan, late)
    return landing.reason if isinstance(landing, EditStayed) else ""


def _silence(session: Session, uri: str, key: str) -> None:
    """Show a finding no more while this server runs: its words are good now."""
    document, at = session.documents.get(uri), session.findings.find(uri, key)
    if document is not None and at is not None:
        session.publisher.dismiss(None, suppressions.dismissal(at, document.text))


async def open_criterion(session: Session, given: Any) -> dict[str, Any] | None:
    """Show the line that asked for a finding; answers with its place for clients that cannot."""
    found = _found(session, given)
    if found is None:
        return None
    place = to_lsp.criterion_place(found[1].note)
    if place is None:
        session.client.show("The criterion of this finding stands in no file.", "warning")
        return None

    async def work() -> None:
        await session.client.show_document(place.uri, place.range)

    session.own(work(), "open the criterion")
    return {"uri": place.uri, "range": to_lsp.plain_range(place.range)}


def _found(session: Session, given: Any) -> tuple[Document, Placed] | None:
    return _find(session, arguments.one_finding(given))


def _find(session: Session, asked: OneFinding) -> tuple[Document, Placed] | None:
    """The finding, None (and a word to the user) where its words have changed meanwhile."""
    document = session.documents.get(asked.uri)
    if document is None:
        raise BadArguments("'uri' names no open document")
    placed = session.findings.find(asked.uri, asked.key)
    if placed is None:
        session.client.show(_GONE, "warning")
        return None
    return document, placed
