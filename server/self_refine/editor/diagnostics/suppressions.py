"""Owns what users have silenced: `self-refine-disable-…` comments, `.self-refine/dismissed.jsonl`.

Both name full ids; a dismissal holds for one quote, as long as its criterion's text stays the same.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from self_refine.editor.diagnostics.findings import Placed
from self_refine.safe_write import append_file
from self_refine.text.lines import LineTable
from self_refine.text.spans import Span

_DIRECTIVE = re.compile(
    r"self-refine-disable-(?P<scope>next-line|line|file)[ \t]+"
    r"(?P<ids>[a-z0-9][a-z0-9/,-]*(?:,[ \t]*[a-z0-9][a-z0-9/-]*)*)"
)

_COMMENTS = {
    "markdown": ("<!-- ", " -->"),
    "html": ("<!-- ", " -->"),
    "xml": ("<!-- ", " -->"),
    "css": ("/* ", " */"),
    "sql": ("-- ", ""),
    "lua": ("-- ", ""),
    "latex": ("% ", ""),
    "restructuredtext": (".. ", ""),
} | dict.fromkeys(
    ("python", "shellscript", "yaml", "toml", "ruby", "perl", "r", "makefile", "dockerfile"),
    ("# ", ""),
) | dict.fromkeys(
    (
        "c", "cpp", "csharp", "dart", "fsharp", "go", "java", "javascript", "javascriptreact",
        "jsonc", "kotlin", "php", "rust", "scala", "swift", "typescript", "typescriptreact",
    ),
    ("// ", ""),
)  # fmt: skip

_MOST_BYTES = 1_000_000
"""Of the file of dismissals; what is beyond is not read."""

_CONTEXT = 40
"""Characters on each side of a quote that name the place of a dismissal."""


def comment(language: str, words: str) -> str | None:
    """A comment of that language, None for one without comments."""
    around = _COMMENTS.get(language)
    return None if around is None else f"{around[0]}{words}{around[1]}"


@dataclass(frozen=True, slots=True)
class Disabled:
    """What the comments of a text silence."""

    lines: dict[int, frozenset[str]]
    """Ids by line, from 0."""
    whole: frozenset[str]
    """Ids for all of it."""


def disabled(text: str) -> Disabled:
    """Read the comments of a text."""
    lines: dict[int, frozenset[str]] = {}
    whole: frozenset[str] = frozenset()
    table = LineTable(text) if "self-refine-disable-" in text else None
    for found in _DIRECTIVE.finditer(text) if table is not None else ():
        ids = frozenset(name.strip() for name in found["ids"].split(","))
        line = table.position(found.start())[0] if table is not None else 0
        match found["scope"]:
            case "file":
                whole |= ids
            case "line":
                lines[line] = lines.get(line, frozenset()) | ids
            case _:
                lines[line + 1] = lines.get(line + 1, frozenset()) | ids
    return Disabled(lines, whole)


@dataclass(frozen=True, slots=True)
class Dismissal:
    """One finding that somebody has judged to be wrong."""

    criterion: str
    criterion_hash: str
    quote_hash: str
    context_hash: str


def dismissal(placed: Placed, text: str) -> Dismissal:
    """Names this finding at this place."""
    note, span = placed.note, placed.span
    before = text[max(0, span.start - _CONTEXT) : span.start]
    after = text[span.end : span.end + _CONTEXT]
    return Dismissal(
        criterion=note.finding.criterion,
        criterion_hash=note.criterion.digest if note.criterion else "",
        quote_hash=_hash(span.of(text)),
        context_hash=_hash(f"{before}\0{after}"),
    )


def is_dismissed(placed: Placed, text: str, known: frozenset[Dismissal]) -> bool:
    """Whether this criticism of these words was dismissed.

    The words round them must be the same, or the words the only such ones: another "very" is
    another matter, and typing beside a dismissed one is not.
    """
    own = dismissal(placed, text)
    if own in known:
        return True
    quote = placed.span.of(text)
    same = any(
        (d.criterion, d.criterion_hash, d.quote_hash)
        == (own.criterion, own.criterion_hash, own.quote_hash)
        for d in known
    )
    return same and text.count(quote) == 1


def shown(placed: Iterable[Placed], text: str, known: frozenset[Dismissal]) -> tuple[Placed, ...]:
    """The findings that nobody has silenced; resolved ones are no complaint and stay."""
    placed = tuple(placed)
    if not placed:
        return ()
    off = disabled(text)
    table = LineTable(text) if off.lines else None
    return tuple(
        each
        for each in placed
        if each.note.state == "resolved"
        or not (_is_off(each, off, table) or (known and is_dismissed(each, text, known)))
    )


def _is_off(placed: Placed, off: Disabled, table: LineTable | None) -> bool:
    criterion = placed.note.finding.criterion
    if criterion in off.whole:
        return True
    if table is None:
        return False
    first, last = (table.position(at)[0] for at in (placed.span.start, placed.span.end))
    return any(criterion in off.lines.get(line, ()) for line in range(first, last + 1))


def dismissals_path(root: Path) -> Path:
    """Where a workspace keeps its dismissals."""
    return root / ".self-refine" / "dismissed.jsonl"


def read_dismissals(root: Path) -> frozenset[Dismissal]:
    """The dismissals of a workspace; lines that are none are left out."""
    path = dismissals_path(root)
    try:
        if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
            return frozenset()
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
    except OSError:
        return frozenset()
    lines = data.decode("utf-8", "replace").split("\n")
    return frozenset(found for line in lines if (found := _read_line(line)) is not None)


def _read_line(line: str) -> Dismissal | None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    names = ("criterion", "criterion_hash", "quote_hash", "context_hash")
    if not isinstance(values, dict) or not all(isinstance(values.get(n), str) for n in names):
        return None
    return Dismissal(*(values[name] for name in names))


def write_dismissal(root: Path, dismissed: Dismissal, reason: str, who: str) -> Path:
    """Append one line.

    Raises:
        OSError: the file cannot be written, or lies outside the workspace by a link.
    """
    path = dismissals_path(root)
    values: dict[str, Any] = {
        "criterion": dismissed.criterion,
        "criterion_hash": dismissed.criterion_hash,
        "quote_hash": dismissed.quote_hash,
        "context_hash": dismissed.context_hash,
        "reason": reason,
        "who": who,
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    line = json.dumps(values, ensure_ascii=False) + "\n"
    append_file(path, line.encode("utf-8", "surrogatepass"), mode=0o666, root=root)
    return path


def user_name() -> str:
    """Who dismisses, as the environment says."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or ""


def next_line_comment(
    text: str, span: Span, criterion: str, language: str
) -> tuple[int, str] | None:
    """Where to insert which line so that `criterion` is silent on the line of `span`.

    None where the language has no comments.
    """
    words = comment(language, f"self-refine-disable-next-line {criterion} -- ")
    if words is None:
        return None
    table = LineTable(text)
    line = table.span(table.position(span.start)[0])
    content = line.of(text)
    indent = content[: len(content) - len(content.lstrip())]
    eol = "\r\n" if "\r\n" in text else "\n"
    return line.start, f"{indent}{words}{eol}"


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
