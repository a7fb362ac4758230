"""The changes of an outcome, each with what it answers, as a person reviews them."""

from self_refine.editor.review.change import Change, Part, change_of, forward
from self_refine.editor.review.change_units import grouped
from self_refine.loop.reporting.resolved_findings import hunk_answers
from self_refine.loop.types import Outcome
from self_refine.text.spans import Span, apply_edits


def changes(outcome: Outcome, language: str) -> tuple[Change, ...]:
    """What a run changed, in the order of the text; `language` is an editor's language id."""
    original, result = outcome.original.text, outcome.text
    if original == result:
        return ()
    parts = [
        Part(
            old=answer.old,
            new=answer.new,
            before=answer.old.of(original),
            after=answer.new.of(result),
            answers=answer.findings,
            # Fixes of checks are made before the first rewrite: in pass 1, as progress says.
            pass_=None if answer.pass_ is None else max(1, answer.pass_),
        )
        for answer in hunk_answers(outcome)
    ]
    found = grouped(parts, original, result, language)
    if gives(original, found) != result:  # pragma: no cover - holds by the loop's own tests
        return (_whole(original, result),)
    return found


def gives(original: str, found: tuple[Change, ...]) -> str:
    """The original with these changes made."""
    edits = [edit for change in found for edit in forward(change, change.old.start)]
    return apply_edits(original, edits)


def _whole(original: str, result: str) -> Change:
    old, new = Span(0, len(original)), Span(0, len(result))
    part = Part(old=old, new=new, before=original, after=result)
    return change_of(0, (part,), original, result)
