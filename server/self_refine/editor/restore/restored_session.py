"""The session of a run that was there before the server was."""

from collections.abc import Iterator
from typing import cast

from self_refine.editor.diagnostics.tracked_range import TrackedRange, tracked
from self_refine.editor.documents.documents import Document
from self_refine.editor.restore.saved_runs import SavedRun
from self_refine.editor.review.tracked_change import Decision, TrackedChange
from self_refine.editor.runs.run import Kind, Order, Result
from self_refine.editor.runs.run_session import RunSession
from self_refine.text.spans import Span

_DECISIONS = ("", "kept", "discarded", "retired")


def restored(document: Document, saved: SavedRun, result: Result) -> RunSession | None:
    """A run as it was saved; None where the document does not say what was saved of it."""
    if saved.kind not in ("refine", "critique", "generate"):
        return None
    order = Order(
        id=saved.id,
        uri=document.uri,
        kind=cast("Kind", saved.kind),
        title=saved.title,
        criteria=saved.criteria,
        instruction=saved.instruction,
        began=saved.began,
        restored=True,
    )
    original = _original(document.text, saved, result)
    changes = tuple(_changes(document.text, saved, result, original))
    if original is None or (saved.state != "ended" and len(changes) != len(result.changes)):
        return None
    session = RunSession(order, document.text, original.region)
    session.restore(
        original,
        result,
        changes,
        waiting=(saved.reason, saved.review_first) if saved.state == "waiting" else None,
        ended=saved.state == "ended",
    )
    return session


def _original(text: str, saved: SavedRun, result: Result) -> TrackedRange | None:
    words, region = result.outcome.original.text, Span(*saved.region)
    if not 0 <= region.start <= region.end <= len(text):
        return None
    if not saved.whole:
        return TrackedRange(words=words, region=region, memory=words)
    start = text.find(words, region.start, region.end)
    return None if start < 0 else tracked(text, Span(start, start + len(words)))


def _changes(
    text: str, saved: SavedRun, result: Result, original: TrackedRange | None
) -> Iterator[TrackedChange]:
    """Each change whose words stand where they were saved, or that nobody follows."""
    if original is None:
        return
    for change, each in zip(result.changes, saved.changes, strict=False):
        words = change.after if each.is_new else change.before
        decision = cast("Decision", each.decision if each.decision in _DECISIONS else "")
        if each.start is None:
            place = TrackedRange(words=words, region=original.region, memory="")
        else:
            place = tracked(text, Span(each.start, each.start + len(words)))
            if place.words != words:
                return
        yield TrackedChange(change, place, decision)
