"""Owns the quick fixes of a finding: mend it, dismiss it, silence it, open what asked for it.

All of them are commands that name the finding: the text may have moved when one is chosen, and
the finding has moved with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from self_refine.editor.diagnostics import suppressions, to_lsp
from self_refine.editor.diagnostics.findings import Note, Placed
from self_refine.editor.documents.documents import Document
from self_refine.editor.documents.selection import around, digest_of
from self_refine.editor.requests.finding_commands import proposal_now
from self_refine.editor.session import Session
from self_refine.text.foreign import inert
from self_refine.text.invisible import plain
from self_refine.text.spans import Span

if TYPE_CHECKING:  # the loop's values are imported with the first run
    from self_refine.loop.types import Finding

QUICK_FIX = types.CodeActionKind.QuickFix.value

_MOST = 4
"""Findings at one place that get fixes of their own: a menu is read, not scrolled through."""
_MOST_TITLE = 60


def quick_fixes(
    session: Session,
    document: Document,
    span: Span,
    diagnostics: Sequence[types.Diagnostic],
    *,
    most: int,
) -> list[types.CodeAction]:
    """What can be done about the findings at a place.

    Args:
        session: the state of the features.
        document: where the findings stand.
        span: the range that was asked about.
        diagnostics: those that the client has there; ours are known by their `data`.
        most: how many there may be.
    """
    found = _asked(session.publisher.shown(document), span, _keys(diagnostics))
    by_key = {key: d for d in diagnostics if (key := _key(d)) is not None}
    actions: list[types.CodeAction] = []
    # Of several findings each is mended or dismissed here; the rest is for one alone.
    each_has = most if len(found) == 1 else max(1, most // max(1, min(len(found), _MOST)))
    for placed in found[:_MOST]:
        of_note = list(_of_note(session, document, placed))[:each_has]
        for action in of_note:
            shown = by_key.get(placed.note.key)
            action.diagnostics = [shown] if shown is not None else None
        actions += of_note
    return actions[: max(0, most)]


def _asked(shown: Iterable[Placed], span: Span, keys: frozenset[str]) -> list[Placed]:
    """Of findings in their order, those that the client names, else those at the place."""
    near = takewhile(lambda p: p.span.start <= span.end, shown)
    here = [p for p in near if p.note.state == "open" and p.span.touches(span)]
    named = [placed for placed in here if placed.note.key in keys]
    return named or here


def _keys(diagnostics: Iterable[types.Diagnostic]) -> frozenset[str]:
    return frozenset(key for d in diagnostics if (key := _key(d)) is not None)


def _key(diagnostic: types.Diagnostic) -> str | None:
    data: Any = diagnostic.data
    if diagnostic.source != to_lsp.SOURCE:
        return None
    key = data.get("key") if isinstance(data, dict) else getattr(data, "key", None)
    return key if isinstance(key, str) else None


def _of_note(session: Session, document: Document, placed: Placed) -> Iterator[types.CodeAction]:
    note = placed.note
    about = {"uri": document.uri, "key": note.key}
    words = plain(placed.span.of(document.text), _MOST_TITLE)
    if (fix := note.finding.fix) is not None:
        yield _action(_fix_title(document, placed, fix.text), "applyFix", about, preferred=True)
    elif note.finding.proposal and proposal_now(placed, document.text):
        yield _action(_proposal_title(note.finding), "applyFix", about, preferred=True)
    if _a_model_can(session, document, note):
        where = around(document.text, placed.span)
        yield _action(
            f"Fix '{words}' with the model ({note.finding.criterion})",
            "refine",
            _run(document, where, note.finding.criterion),
        )
    if note.criterion is None:
        yield _action(f"Dismiss what is said of '{words}'", "dismiss", about)
        return
    yield _action(f"Dismiss: '{words}' is no case of {note.finding.criterion}", "dismiss", about)
    here = document.text, placed.span, note.finding.criterion, document.language
    if suppressions.next_line_comment(*here) is not None:
        title = f"Disable {note.finding.criterion} on this line, by a comment above it"
        yield _action(title, "disable", about)
    if to_lsp.criterion_place(note) is not None:
        yield _action(f"Open the criterion {note.finding.criterion}", "openCriterion", about)
        if note.criterion.check is None and not note.shipped:
            title = f"{note.finding.criterion} is wrong here: add as a good example"
            yield _action(title, "addExample", about)


def _fix_title(document: Document, placed: Placed, text: str) -> str:
    fix = placed.note.finding.fix
    size = fix.span.end - fix.span.start if fix else 0
    old = plain(placed.span.of(document.text), _MOST_TITLE)
    new = plain(text.strip(), _MOST_TITLE)
    if not new:
        return f"Remove '{old}'" if size else "Apply the fix of the check"
    return f"Replace '{old}' with '{new}'"


def _proposal_title(finding: "Finding") -> str:
    """What a reading proposed, in short: the words that come, of several changes the first."""
    first, *more = finding.proposal
    place = finding.proposal_place
    old = plain(first.span.moved(-place.start).of(finding.proposal_words).strip(), _MOST_TITLE)
    new = plain(first.text.strip(), _MOST_TITLE)
    if not new:
        words = f"remove '{old}'"
    else:
        words = f"replace '{old}' with '{new}'" if old else f"add '{new}'"
    return f"Apply fix: {words}" + (f", and {len(more)} more" if more else "")


def _a_model_can(session: Session, document: Document, note: Note) -> bool:
    """Whether a run on this finding alone makes sense: nothing runs beside another run."""
    gates = note.finding.severity.gates
    place = session.findings.find(document.uri, note.key)
    busy = place is not None and session.runs.running_on(document.uri, place.span) is not None
    return gates and session.trusted and note.criterion is not None and not busy


def _run(document: Document, span: Span, criterion: str) -> dict[str, Any]:
    range_ = document.range(span)
    return {
        "uri": document.uri,
        "range": to_lsp.plain_range(range_),
        "textHash": digest_of(span.of(document.text)),
        "criteria": [criterion],
    }


def _action(
    title: str, command: str, arguments: dict[str, Any], *, preferred: bool = False
) -> types.CodeAction:
    title = inert(title)
    return types.CodeAction(
        title=title,
        kind=types.CodeActionKind.QuickFix,
        command=types.Command(title=title, command=f"selfRefine.{command}", arguments=[arguments]),
        is_preferred=True if preferred else None,
        tags=[types.CodeActionTag.LlmGenerated] if command == "refine" else None,
    )
