"""What users have silenced: `self-refine-disable-…` comments, `.self-refine/dismissed.jsonl`.

Both name full ids; a dismissal holds for one quote, as long as its criterion's text stays the same.
The editor and `check` read them alike; only the editor writes them.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from self_refine.criteria.finding.foreign_owner import is_own
from self_refine.text.lines import LineTable
from self_refine.text.spans import Span

_DIRECTIVE = re.compile(
    r"self-refine-disable-(?P<scope>next-line|line|file)[ \t]+"
    r"(?P<ids>[a-z0-9][a-z0-9/,-]*(?:,[ \t]*[a-z0-9][a-z0-9/-]*)*)"
)

_MOST_BYTES = 1_000_000
"""Of the file of dismissals; what is beyond is not read."""

_CONTEXT = 40
"""Characters on each side of a quote that name the place of a dismissal."""


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


def dismissal_of(criterion: str, criterion_hash: str, span: Span, text: str) -> Dismissal:
    """Names the finding of a criterion on the words at `span`."""
    before = text[max(0, span.start - _CONTEXT) : span.start]
    after = text[span.end : span.end + _CONTEXT]
    return Dismissal(
        criterion=criterion,
        criterion_hash=criterion_hash,
        quote_hash=_hash(span.of(text)),
        context_hash=_hash(f"{before}\0{after}"),
    )


def is_dismissed(own: Dismissal, quote: str, text: str, known: frozenset[Dismissal]) -> bool:
    """Whether this criticism of these words was dismissed.

    The words round them must be the same, or the words the only such ones: another "very" is
    another matter, and typing beside a dismissed one is not.
    """
    if own in known:
        return True
    same = any(
        (d.criterion, d.criterion_hash, d.quote_hash)
        == (own.criterion, own.criterion_hash, own.quote_hash)
        for d in known
    )
    return same and text.count(quote) == 1


def is_disabled(criterion: str, span: Span, off: Disabled, table: LineTable | None) -> bool:
    """Whether a comment of the text silences a criterion on the lines of `span`.

    Args:
        criterion: its full id.
        span: where the finding stands.
        off: what the comments silence.
        table: the lines of the text; None where no comment names a line.
    """
    if criterion in off.whole:
        return True
    if table is None:
        return False
    first, last = (table.position(at)[0] for at in (span.start, span.end))
    return any(criterion in off.lines.get(line, ()) for line in range(first, last + 1))


def dismissals_path(root: Path) -> Path:
    """Where a workspace keeps its dismissals."""
    return root / ".self-refine" / "dismissed.jsonl"


def read_dismissals(root: Path) -> frozenset[Dismissal]:
    """The dismissals of a workspace; lines that are none are left out.

    What another user of the machine has dismissed hides nothing.
    """
    path = dismissals_path(root)
    if not is_own(path.parent):
        return frozenset()
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


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
