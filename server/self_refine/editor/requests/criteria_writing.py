"""Help with writing criteria files: completion, symbols, definitions, hover."""

import re

from lsprotocol import types

from self_refine.editor.documents.criteria_cache import is_criteria_file
from self_refine.editor.documents.documents import Document
from self_refine.editor.requests.criteria_names import named_at
from self_refine.editor.session import Session
from self_refine.text import to_markdown
from self_refine.text.invisible import plain
from self_refine.text.spans import Span

_KINDS = {
    "key": types.CompletionItemKind.Property,
    "kind of check": types.CompletionItemKind.Class,
    "severity": types.CompletionItemKind.EnumMember,
    "value": types.CompletionItemKind.EnumMember,
    "language": types.CompletionItemKind.Value,
}
TRIGGERS = (" ", ":", "-", "(", "=", ",", "[")
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
_NAMED = re.compile(
    r"^(?:[-*+] \*\*(?P<bullet>[a-z0-9][a-z0-9-]*)\*\*.*"
    r"|[ \t]+- (?:\{ ?)?(?:[a-z_]+: [^,\n]*, )?id: ?(?P<check>[a-z0-9][a-z0-9-]*).*)$",
    re.MULTILINE,
)
_WORD = re.compile(r"[a-z0-9][a-z0-9/-]*")
_MOST = 200_000
_MOST_NAME = 200
_PATIENCE = 2.0
"""Seconds that a hover waits for the criteria to be read the first time."""
_MOST_TOLD = 2_000
"""Characters of what the model reads that a hover shows."""


def completion(session: Session, params: types.CompletionParams) -> types.CompletionList | None:
    """What may stand at the cursor of a criteria file; None elsewhere."""
    document = _document(session, params.text_document.uri)
    if document is None:
        return None
    from self_refine.criteria.showing.completions import (  # noqa: PLC0415 - not before it is asked
        completions,
    )

    at = document.span(types.Range(start=params.position, end=params.position)).start
    snapshot = session.criteria_cache.peek(document.path)
    ids = [file.id for file in snapshot.team.files] if snapshot else []
    items = [
        types.CompletionItem(
            label=found.label,
            kind=_KINDS.get(found.sort, types.CompletionItemKind.Reference),
            detail=found.sort,
            sort_text=f"{number:03}",
            text_edit=types.TextEdit(document.range(Span(at - found.typed, at)), found.insert),
        )
        for number, found in enumerate(completions(document.text, at, ids))
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def symbols(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    """The headings, checks and questions of a criteria file."""
    document = _document(session, params.text_document.uri)
    if document is None:
        return None
    text = document.text
    found = [(m.span(), m[2], types.SymbolKind.String) for m in _HEADING.finditer(text)]
    for named in _NAMED.finditer(text):
        kind = types.SymbolKind.Method if named["check"] else types.SymbolKind.Field
        found.append((named.span(), named["check"] or named["bullet"], kind))
    return [
        types.DocumentSymbol(plain(name, _MOST_NAME) or "…", kind, place, place)
        for at, name, kind in sorted(found, key=lambda each: each[0])
        for place in (document.range(Span(*at)),)
    ]


def definition(session: Session, params: types.DefinitionParams) -> types.Location | None:
    """Where the id under the cursor is given: in this file, or the file that `extends` names."""
    document = _document(session, params.text_document.uri)
    if document is None:
        return None
    text = document.text
    at = document.span(types.Range(start=params.position, end=params.position)).start
    start = text.rfind("\n", 0, at) + 1
    word = next((w for w in _WORD.finditer(text, start) if w.start() <= at <= w.end()), None)
    if word is None:
        return None
    name = word[0].rpartition("/")[2]
    for found in _NAMED.finditer(text):
        if name in (found["check"], found["bullet"]):
            return types.Location(document.uri, document.range(Span(*found.span())))
    if text[start : word.start()].strip() != "extends:":
        return None
    snapshot = session.criteria_cache.peek(document.path)
    files = snapshot.team.files if snapshot else ()
    path = next((f.path for f in files if f.id == word[0] and f.path != document.path), None)
    top = types.Range(types.Position(0, 0), types.Position(0, 0))
    return types.Location(path.as_uri(), top) if path else None


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Of an id in a criteria file: what the critic is told of it, and which texts it is for."""
    document = _document(session, params.text_document.uri)
    named = None if document is None else named_at(document, params.position)
    if document is None or named is None:
        return None
    snapshot = await session.criteria_cache.get_within(document.path, _PATIENCE)
    if snapshot is None:
        return None
    known = {c.id: (c, file) for file in snapshot.team.files for c in file.criteria}
    if named[0] not in known:
        return None
    from self_refine.criteria.showing.file_report import told  # noqa: PLC0415 - not before it is asked
    from self_refine.criteria.showing.scope import scope_of  # noqa: PLC0415 - as above

    criterion, file = known[named[0]]
    by = "a check" if criterion.check else "the model"
    lines = [
        f"{criterion.id}: {criterion.severity.value}, decided by {by}",
        f"For {scope_of(file.applies)}",
    ]
    if criterion.check:
        lines.append(f"Message: {plain(criterion.question, _MOST_TOLD)}")
    else:
        lines += ["The model reads:", plain(told(criterion), _MOST_TOLD)]
    kind = types.MarkupKind.PlainText
    value = "\n".join(lines)
    if session.capabilities.markdown:
        kind = types.MarkupKind.Markdown
        title, scope, *rest = lines
        block = to_markdown.block("\n".join(rest), most=_MOST_TOLD)
        value = f"**{to_markdown.words(title)}**\n\n{to_markdown.words(scope)}\n\n{block}"
    return types.Hover(types.MarkupContent(kind, value), document.range(named[1]))


def _document(session: Session, uri: str) -> Document | None:
    document = session.documents.get(uri)
    if document is None or not is_criteria_file(document.path) or len(document.text) > _MOST:
        return None
    return document
