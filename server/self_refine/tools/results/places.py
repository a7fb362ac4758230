"""From the place that a tool names to a stretch of the selection."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from self_refine.text.lines import line_bounds
from self_refine.text.spans import Span
from self_refine.tools.results.reported import At, Columns, Reported

_PLACE = re.compile(
    r'(?<![\w./\\+@ -])(?:File ")?([\w./\\+@ -]*[\w+-]\.\w++)(?:", line |:)(\d{1,7})'
)
"""As tracebacks and compilers write it: `src/shop.py:12`, `File "shop.py", line 12`.

A path is read from its first character on, never from within: each is looked at once.
"""
_DEFINITION = re.compile(
    r"^[ \t]*(?:(?:pub(?:\([^)\n]{0,80}\))?|export|default|async|static|public|private|protected|"
    r"final|abstract|const|unsafe|extern)[ \t]+)*(?:def|class|func|fn|function|struct|enum|trait|"
    r"impl|interface|type|const|let|var)[ \t]+(?:\([^)\n]{0,200}\)[ \t]*)?(?P<name>[A-Za-z_]\w*)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Document:
    """The candidate in its document."""

    before: str
    text: str
    """What was selected, as it would stand."""
    after: str
    path: str
    """Relative to the workspace."""

    @property
    def whole(self) -> str:
        """The document with the candidate in its place."""
        return self.before + self.text + self.after

    @property
    def selected(self) -> Span:
        """Where the candidate stands."""
        return Span(len(self.before), len(self.before) + len(self.text))


def place_of(reported: Reported, document: Document, roots: tuple[Path, ...]) -> Span | None:
    """Where the selection is to blame, in its own offsets; None where it is not known.

    A test that failed: the innermost line of the selection that its traceback names, else the
    definition that its name or its words name.
    """
    at = reported.at
    if at.line and is_candidate(at.path, document, roots):
        return _inside(_stretch(at, document.whole), document)
    if not reported.test:
        return None
    for path, line in reversed(_named(reported.detail)):
        if is_candidate(path, document, roots):
            found = _inside(_stretch(At(path, line), document.whole), document)
            if found is not None:
                return found
    return _definition(reported, document.text)


def is_candidate(path: str, document: Document, roots: tuple[Path, ...]) -> bool:
    """Whether a tool means the document of the candidate.

    Args:
        path: as the tool wrote it; "" and "-" are standard input.
        document: the candidate's.
        roots: the workspace, and where a copy of it stands.
    """
    if path in {"", "-", "stdin", "<stdin>"}:
        return True
    plain = unquote(urlsplit(path).path) if path.startswith("file:") else unquote(path)
    own = PurePosixPath(document.path)
    given = PurePosixPath(plain.replace("\\", "/"))
    if given.is_absolute():
        return any(given == PurePosixPath(root.as_posix()) / own for root in roots)
    # A tool that runs in a folder of the workspace names its files from there.
    return own == given or (len(given.parts) > 1 and own.parts[-len(given.parts) :] == given.parts)


def names_in(text: str) -> tuple[str, ...]:
    """The functions, classes and the like that a text defines."""
    return tuple(dict.fromkeys(found["name"] for found in _DEFINITION.finditer(text)))


def is_about(reported: Reported, text: str) -> bool:
    """Whether a failure names what a text defines."""
    said = f"{reported.test}\n{reported.message}\n{reported.detail}"
    return any(_stands_in(name, said) for name in names_in(text))


def _stands_in(name: str, words: str) -> bool:
    """Whether a name is spoken of: `add` in `add(1)` and in `test_add`, not in `address`."""
    return re.search(rf"(?<![A-Za-z0-9]){name}(?![A-Za-z0-9])", words) is not None


def first_line(text: str) -> Span:
    """The first line that says something."""
    for start, end in line_bounds(text):
        if text[start:end].strip():
            return _stripped(Span(start, end), text)
    return Span(0, 0)


def _named(detail: str) -> list[tuple[str, int]]:
    return [(found[1].strip(), int(found[2])) for found in _PLACE.finditer(detail)]


def _definition(reported: Reported, text: str) -> Span | None:
    said = f"{reported.test}\n{reported.detail}"
    for found in _DEFINITION.finditer(text):
        if _stands_in(found["name"], said):
            end = text.find("\n", found.start())
            return _stripped(Span(found.start(), len(text) if end < 0 else end), text)
    return None


def _inside(span: Span | None, document: Document) -> Span | None:
    """A stretch of the document in offsets of the selection; None where it lies outside."""
    if span is None or not document.selected.contains(span):
        return None
    return span.moved(-len(document.before))


def _stretch(at: At, text: str) -> Span | None:
    """A place as a stretch: to its end, else the word there, else the line."""
    bounds = list(line_bounds(text))
    if not 1 <= at.line <= len(bounds):
        return None
    line = Span(*bounds[at.line - 1])
    start = _offset(line.of(text), at.column, at.counts)
    if start is None:
        return _stripped(line, text)
    end = _end(at, text, bounds)
    begin = line.start + start
    return Span(begin, end) if end > begin else _stripped(Span(begin, line.end), text)


def _end(at: At, text: str, bounds: list[tuple[int, int]]) -> int:
    if not 1 <= (at.end_line or at.line) <= len(bounds):
        return -1
    line = Span(*bounds[(at.end_line or at.line) - 1])
    offset = _offset(line.of(text), at.end_column, at.counts)
    return -1 if offset is None else line.start + offset


def _offset(line: str, column: int, counts: Columns) -> int | None:
    """Code points before a column; None where it is not given, or lies in no place of the line."""
    if column < 1:
        return None
    wanted, at = column - 1, 0
    for offset, character in enumerate(line):
        if at >= wanted:
            return offset if at == wanted else None
        at += _width(character, counts)
    return len(line) if at == wanted else None


def _width(character: str, counts: Columns) -> int:
    match counts:
        case "utf-16":
            return 1 + (ord(character) > 0xFFFF)
        case "utf-8":
            return len(character.encode("utf-8", "surrogatepass"))
        case "code points":
            return 1


def _stripped(span: Span, text: str) -> Span:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))
