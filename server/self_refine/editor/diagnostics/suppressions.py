"""Silences findings in the editor: writes comments and dismissals, and leaves out the silenced."""

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from self_refine.criteria.silenced import (
    Disabled,
    Dismissal,
    disabled,
    dismissal_of,
    dismissals_path,
    is_disabled,
    is_dismissed,
)
from self_refine.editor.diagnostics.findings import Placed
from self_refine.safe_write import append_file
from self_refine.text.lines import LineTable
from self_refine.text.spans import Edit, Span


def dismissal(placed: Placed, text: str) -> Dismissal:
    """Names this finding at this place."""
    note = placed.note
    digest = note.criterion.digest if note.criterion else ""
    return dismissal_of(note.finding.criterion, digest, placed.span, text)


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
        or not (_is_off(each, off, table) or (known and _is_known(each, text, known)))
    )


def _is_off(placed: Placed, off: Disabled, table: LineTable | None) -> bool:
    return is_disabled(placed.note.finding.criterion, placed.span, off, table)


def _is_known(placed: Placed, text: str, known: frozenset[Dismissal]) -> bool:
    return is_dismissed(dismissal(placed, text), placed.span.of(text), text, known)


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


def next_line_comment(text: str, span: Span, criterion: str, language: str) -> Edit | None:
    """The line that silences `criterion` on the line of `span`; None where none may stand."""
    from self_refine.checks.fixes.comment_place import comment_above  # noqa: PLC0415 - see below

    # Imported where a finding is: a server that shows none reads no syntax.
    return comment_above(text, span, language, f"self-refine-disable-next-line {criterion} -- ")
