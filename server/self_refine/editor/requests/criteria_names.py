"""Names in criteria files: where an id is used, renaming it, and what can be folded. No model."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from self_refine.editor.diagnostics.to_lsp import uri_of
from self_refine.editor.documents.criteria_cache import is_criteria_file
from self_refine.editor.documents.documents import Document
from self_refine.editor.requests.arguments import BadArguments
from self_refine.editor.session import Session
from self_refine.text.spans import Span

_MOST = 200_000
"""Characters of a file that is looked at: a longer one is refused by its size alone."""
_ID = r"[a-z0-9][a-z0-9-]*"
_NAME = re.compile(_ID)
_FILE_ID = re.compile(
    rf"^(?:id: *(?P<id>{_ID})|extends: *(?P<extends>{_ID}))[ \t\r]*$", re.MULTILINE
)
_OWN = re.compile(
    rf"^(?:[-*+] \*\*(?P<bullet>{_ID})\*\*|[ \t]+(?:- )?(?:\{{ ?)?id: ?(?P<check>{_ID}))",
    re.MULTILINE,
)
_USES = re.compile(
    rf"^(?:[ \t]+[-*+] when: (?P<when>{_ID})|(?:```|~~~)[\w-]* +bad=(?P<bad>[a-z0-9,-]+))",
    re.MULTILINE,
)
_LISTS = re.compile(r"^(?P<key>off|locked): *\[(?P<ids>[a-z0-9, -]*)\]", re.MULTILINE)
_PATH = re.compile(rf"(?<![\w/.-])(?P<file>{_ID})/(?P<name>{_ID})(?![\w/.-])")
_HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~)", re.MULTILINE)


def names(text: str, own: str = "") -> Iterator[tuple[str, Span]]:
    """Every place where a text names an id, with its full name: `FILE` or `FILE/NAME`.

    Args:
        text: a criteria file.
        own: the id of the file; taken from its front matter where it says one.
    """
    given = next((found for found in _FILE_ID.finditer(text) if found["id"]), None)
    own = given["id"] if given else own
    above = next((found["extends"] for found in _FILE_ID.finditer(text) if found["extends"]), own)
    for found in _FILE_ID.finditer(text):
        group = "id" if found["id"] else "extends"
        yield found[group], Span(*found.span(group))
    for found in _OWN.finditer(text):
        group = "bullet" if found["bullet"] else "check"
        line = text[found.end() : text.find("\n", found.end())]
        yield f"{above if 'override' in line else own}/{found[group]}", Span(*found.span(group))
    for found in _LISTS.finditer(text):
        for name in _NAME.finditer(text, *found.span("ids")):
            yield f"{above if found['key'] == 'off' else own}/{name[0]}", Span(*name.span())
    for found in _USES.finditer(text):
        group = "when" if found["when"] else "bad"
        for name in _NAME.finditer(text, *found.span(group)):
            yield f"{own}/{name[0]}", Span(*name.span())
    for found in _PATH.finditer(text):
        yield found["file"], Span(*found.span("file"))
        yield f"{found['file']}/{found['name']}", Span(*found.span("name"))


async def references(
    session: Session, params: types.ReferenceParams
) -> list[types.Location] | None:
    """Where the id under the cursor is given and used, in all criteria files of the workspace."""
    document = _document(session, params.text_document.uri)
    if document is None:
        return None
    named = named_at(document, params.position)
    if named is None:
        return None
    places = await _places(session, document, named[0])
    return [types.Location(uri, range_) for uri, range_ in places]


def prepare_rename(session: Session, params: types.PrepareRenameParams) -> types.Range | None:
    """The id under the cursor; None where there is none that could have another name."""
    document = _document(session, params.text_document.uri)
    named = None if document is None else named_at(document, params.position)
    return None if document is None or named is None else document.range(named[1])


async def renamed(session: Session, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Give the id under the cursor another name, wherever it is named."""
    document = _document(session, params.text_document.uri)
    named = None if document is None else named_at(document, params.position)
    if document is None or named is None:
        return None
    if not _NAME.fullmatch(params.new_name):
        raise BadArguments("an id has small letters, digits and dashes, such as too-long")
    new = f"{named[0].rpartition('/')[0]}/{params.new_name}".lstrip("/")
    if any(name == new for name, _ in names(document.text, _stem(document.path))):
        raise BadArguments(f"{params.new_name} is in this file already. Choose another name")
    changes: dict[str, list[types.TextEdit]] = {}
    for uri, range_ in await _places(session, document, named[0]):
        changes.setdefault(uri, []).append(types.TextEdit(range_, params.new_name))
    return types.WorkspaceEdit(changes=dict(changes))


def folding(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """The front matter, each section, each fenced example."""
    document = _document(session, params.text_document.uri)
    if document is None:
        return None
    lines = document.text.split("\n")
    return [types.FoldingRange(first, last) for first, last in sorted(_folds(lines))]


def _folds(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of what can be folded, from 0."""
    end = len(lines) - 1
    while end > 0 and not lines[end].strip():
        end -= 1
    body = 0
    if lines[0].rstrip() == "---":
        body = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
        if body:
            yield 0, body
    fence: int | None = None
    sections: list[tuple[int, int]] = []
    for number in range(body, end + 1):
        line = lines[number]
        if _FENCE.match(line):
            if fence is not None:
                yield fence, number
            fence = number if fence is None else None
        elif fence is None and (heading := _HEADING.match(line)):
            yield from _closed(sections, len(heading[1]), number - 1, lines)
            sections.append((len(heading[1]), number))
    yield from _closed(sections, 0, end, lines)


def _closed(
    sections: list[tuple[int, int]], level: int, last: int, lines: list[str]
) -> Iterator[tuple[int, int]]:
    """The sections that end at a line, since one of this level begins after it."""
    while last > 0 and not lines[last].strip():
        last -= 1
    while sections and sections[-1][0] >= level:
        first = sections.pop()[1]
        if first < last:
            yield first, last


def named_at(document: Document, position: types.Position) -> tuple[str, Span] | None:
    """The id at a place of a criteria file, with its full name; None where there is none."""
    at = document.span(types.Range(start=position, end=position)).start
    found = names(document.text, _stem(document.path))
    return next(((name, span) for name, span in found if span.start <= at <= span.end), None)


async def _places(session: Session, document: Document, name: str) -> list[tuple[str, types.Range]]:
    """Where the name stands: in this file, then in the others of the workspace."""
    found = [
        (document.uri, document.range(span))
        for each, span in names(document.text, _stem(document.path))
        if each == name
    ]
    snapshot = await session.criteria_cache.get(document.path)
    files = snapshot.team.files
    others = [file.path for file in files if file.path != document.path]
    opened = {other.path: other for other in session.documents.open()}
    for path in others:
        other = opened.get(path)
        text = await asyncio.to_thread(_read, path) if other is None else other.text
        shown = other or Document(uri_of(path), "markdown", 0, text, document.encoding)
        spans = [span for each, span in names(text, _stem(path)) if each == name]
        found += [(shown.uri, shown.range(span)) for span in spans]
    return found


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read(_MOST)
    except (OSError, ValueError):
        return ""


def _stem(path: Path | None) -> str:
    """The id of a file that gives none."""
    return "" if path is None else path.name.partition(".")[0]


def _document(session: Session, uri: str) -> Document | None:
    document = session.documents.get(uri)
    if document is None or not is_criteria_file(document.path) or len(document.text) > _MOST:
        return None
    return document
