"""Owns the hover on a finding: its criterion, the quoted words, what they were before."""

from collections.abc import Iterator

from lsprotocol import types

from self_refine.editor.diagnostics.findings import Note, Placed
from self_refine.editor.session import Session
from self_refine.text import to_markdown
from self_refine.text.invisible import plain
from self_refine.text.spans import Span

_MOST = 5
"""Findings on one word that are shown."""
_MOST_BLOCK = 1_000


def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """What is known of the words at a place, None where nothing is."""
    document = session.documents.get(params.text_document.uri)
    if document is None:
        return None
    at = document.span(types.Range(start=params.position, end=params.position)).start
    here = [p for p in session.publisher.shown(document) if p.span.touches(Span(at, at))]
    if not here:
        return None
    as_markdown = session.capabilities.markdown
    parts = [_page(p, document.text, as_markdown=as_markdown) for p in here[:_MOST]]
    kind = types.MarkupKind.Markdown if as_markdown else types.MarkupKind.PlainText
    value = ("\n\n---\n\n" if as_markdown else "\n\n").join(parts)
    return types.Hover(
        contents=types.MarkupContent(kind=kind, value=value),
        range=document.range(here[0].span),
    )


def _page(placed: Placed, text: str, *, as_markdown: bool) -> str:
    lines = _in_markdown(placed, text) if as_markdown else _in_words(placed, text)
    return ("\n\n" if as_markdown else "\n").join(lines)


def _in_markdown(placed: Placed, text: str) -> Iterator[str]:
    note = placed.note
    yield f"**{to_markdown.words(note.label_of_criterion)}** · {_standing(note)}"
    if question := _question(note):
        yield f"*{to_markdown.words(question)}*"
    yield to_markdown.words(note.finding.problem)
    if note.state == "resolved":
        yield f"Before:\n\n{to_markdown.block(note.before, most=_MOST_BLOCK)}"
        yield f"After:\n\n{to_markdown.block(placed.span.of(text), most=_MOST_BLOCK)}"
        return
    if note.finding.quote:
        yield f"Quoted: {to_markdown.code(note.finding.quote)}"
    if note.finding.fix is not None:
        fix = note.finding.fix.text
        yield f"Fix: {to_markdown.code(fix) if fix else 'remove'}"
    if note.criterion is not None and note.criterion.why:
        yield f"Why: {to_markdown.words(note.criterion.why)}"
    if note.label:
        yield f"Asked for by {to_markdown.words(_place(note))}"


def _in_words(placed: Placed, text: str) -> Iterator[str]:
    note = placed.note
    yield f"{note.label_of_criterion} ({_standing(note)})"
    if question := _question(note):
        yield plain(question, 500)
    yield plain(note.finding.problem, 500)
    if note.state == "resolved":
        yield f"Before: {plain(note.before, _MOST_BLOCK)}"
        yield f"After: {plain(placed.span.of(text), _MOST_BLOCK)}"
    elif note.finding.quote:
        yield f"Quoted: {plain(note.finding.quote, 200)}"
    if note.label:
        yield f"Asked for by {plain(_place(note), 200)}"


def _question(note: Note) -> str:
    """What was asked; a check asks nothing that its finding does not say better."""
    criterion = note.criterion
    return "" if criterion is None or criterion.check is not None else criterion.question


def _standing(note: Note) -> str:
    if note.state == "resolved":
        by = "" if note.resolved_in is None else f" in pass {note.resolved_in}"
        return f"resolved{by}"
    if note.state == "seen":
        return f"{note.finding.severity.value}, still being judged"
    return f"{note.finding.severity.value}{', disputed' if note.finding.disputed else ''}"


def _place(note: Note) -> str:
    source = note.criterion.source if note.criterion else None
    return f"{note.label}:{source.line}" if source else note.label
