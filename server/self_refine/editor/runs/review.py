"""Owns what a user does with a result: take it or parts of it, keep, revert, discard."""

from collections.abc import Callable, Sequence

from self_refine.editor import messages
from self_refine.editor.runs.edit_sender import Landed, Stayed
from self_refine.editor.runs.review_changes import ReviewHunk, State, backward, forward, stand
from self_refine.editor.runs.run_table import Run
from self_refine.editor.session import Session
from self_refine.text.spans import Edit

Make = Callable[[Sequence[ReviewHunk]], tuple[Edit, ...]]
"""`forward` or `backward`."""


async def accept(session: Session, run: Run, hunk: int | None) -> str:
    """Take a waiting result, or keep a landed one; all of it or one change. "" or what is wrong."""
    if run.state == "waiting":
        return await _take(session, run, hunk)
    for standing in _asked(run, hunk, "landed"):
        standing.state = "kept"
    _finish_review(session, run)
    return ""


async def revert(session: Session, run: Run, hunk: int | None) -> str:
    """Discard a waiting result, or put back what a landed one replaced. "" or what is wrong."""
    if run.state == "waiting" and (hunk is None or _asked(run, hunk, "waiting")):
        for standing in run.standing:
            if standing.state == "waiting" and hunk in (None, standing.change.number):
                standing.state = "reverted"
        _finish_review(session, run)
        return ""
    asked = _asked(run, hunk, "landed")
    if not asked:
        return "There is nothing to revert: the changed words were edited since."
    label = "Revert self-refine" if hunk is None else f"Revert change {hunk + 1}"
    edited = sum(s.state == "landed" and s.span is None for s in run.standing)
    problem = await _change(session, run, label, asked, backward)
    return problem or (messages.not_reverted(edited) if hunk is None and edited else "")


async def _take(session: Session, run: Run, hunk: int | None) -> str:
    asked = _asked(run, hunk, "waiting")
    if not asked:
        return "There is nothing to take: the words that it changes were edited since."
    whole = hunk is None and len(asked) == len(run.found) and run.anchor.span is not None
    if whole:
        from self_refine.editor.runs.result import (  # noqa: PLC0415 - not before there is a result
            land_result,
        )

        await land_result(session, run, run.found)
        return ""
    return await _change(session, run, "Self-refine", asked, forward)


def _asked(run: Run, hunk: int | None, state: State) -> list[ReviewHunk]:
    at_hand = (s for s in run.at_hand() if s.state == state)
    return [s for s in at_hand if hunk is None or s.change.number == hunk]


async def _change(
    session: Session, run: Run, label: str, asked: Sequence[ReviewHunk], make: Make
) -> str:
    """Make or undo some changes, each as its own edit of one step."""

    def plan(_: str) -> Sequence[Edit] | None:
        whole = all(standing.span is not None for standing in asked)
        return make(asked) if whole else None

    state: State = "landed" if make is forward else "reverted"

    def arrived(landing: Landed) -> None:
        document = session.documents.get(run.uri)
        if document is not None:
            stand(asked, state, document.text, landing.at, landing.edits)
            _finish_review(session, run)

    match await session.edit_sender.send(run.uri, label, plan, arrived):
        case Landed() as landing:
            arrived(landing)
            return ""
        case Stayed(reason):
            return f"The text is as it was: {reason}. Try again."


def _finish_review(session: Session, run: Run) -> None:
    """Close the review once nothing is left to decide."""
    left = {standing.state for standing in run.standing}
    if run.state == "waiting" and "waiting" not in left:
        run.state = "landed" if "landed" in left else "ended"
    if run.state == "landed" and "landed" not in left:
        run.state = "ended"
    session.refresh(run.uri)
