"""What a user does with a result: keep or revert changes, accept or discard what waits."""

from collections.abc import Callable, Iterable, Sequence

from self_refine.editor import messages
from self_refine.editor.review.tracked_change import TrackedChange, making, undoing
from self_refine.editor.runs.edit_sender import EditLanded, EditStayed, EditUnconfirmed
from self_refine.editor.runs.land_result import land
from self_refine.editor.runs.run import Run, Waiting, changes_of, pending, states
from self_refine.editor.runs.run_session import RunSession
from self_refine.editor.session import Session
from self_refine.text.spans import Edit

Make = Callable[[Iterable[TrackedChange]], tuple[Edit, ...]]
"""`making` or `undoing`."""


async def accept(session: Session, run_session: RunSession, number: int | None) -> str:
    """Accept a waiting result, or keep what landed; all of it or one change.

    Gives "" or what is wrong, as a sentence.
    """
    run = run_session.run
    landed = _asked(run, number, new=True)
    if isinstance(run, Waiting) and (number is None or not landed):
        return await _accept_waiting(session, run_session, run, number)
    run_session.keep(_numbers(landed))
    session.refresh(run.uri)
    return ""


async def revert(session: Session, run_session: RunSession, number: int | None) -> str:
    """Discard a waiting result, or put back what a landed one has replaced.

    Gives "" or what is wrong, as a sentence.
    """
    run = run_session.run
    waiting = _asked(run, number, new=False) if isinstance(run, Waiting) else []
    if isinstance(run, Waiting) and (waiting or number is None):
        run_session.discard(_numbers(waiting))
        if number is None and isinstance(run_session.run, Waiting):
            run_session.end("discarded")
        session.refresh(run.uri)
        return ""
    asked = _landed(run, number)
    if not asked:
        return messages.NOTHING_TO_REVERT
    label = "Revert self-refine" if number is None else f"Revert change {number + 1}"
    edited = states(run).count("edited")
    problem = await _change(session, run_session, label, asked, undoing)
    return problem or (messages.not_reverted(edited) if number is None and edited else "")


async def _accept_waiting(
    session: Session, run_session: RunSession, run: Waiting, number: int | None
) -> str:
    asked = _asked(run, number, new=False)
    if not asked:
        return messages.NOTHING_TO_ACCEPT
    whole = number is None and len(asked) == len(run.result.changes)
    if whole and run.start is not None:
        await land(session, run_session, run.result, review_first=run.review_first)
        return ""
    return await _change(session, run_session, "Self-refine", asked, making)


def _asked(run: Run, number: int | None, *, new: bool) -> list[TrackedChange]:
    """The changes to be decided that are meant, on one side."""
    return [
        each for each in pending(run) if each.is_new is new and number in (None, each.change.number)
    ]


def _landed(run: Run, number: int | None) -> list[TrackedChange]:
    """The changes whose new words stand, whether they were kept or not."""
    both = zip(changes_of(run), states(run), strict=True)
    standing = (each for each, state in both if state in ("landed", "kept"))
    return [each for each in standing if number in (None, each.change.number)]


def _numbers(changes: Iterable[TrackedChange]) -> frozenset[int]:
    return frozenset(each.change.number for each in changes)


async def _change(
    session: Session,
    run_session: RunSession,
    label: str,
    asked: Sequence[TrackedChange],
    make: Make,
) -> str:
    """Make or take back some changes, each as its own edits of one step."""
    numbers, uri = _numbers(asked), run_session.run.uri
    side = make is undoing

    def plan(_: str) -> Sequence[Edit] | None:
        now = [each for each in changes_of(run_session.run) if each.change.number in numbers]
        whole = all(each.span is not None and each.is_new is side for each in now)
        return make(now) if whole else None

    def late(answer: EditLanded | EditStayed) -> None:
        match answer:
            case EditLanded():
                arrived(answer)
            case EditStayed(reason):
                session.client.show(messages.not_changed(reason), "warning")

    def arrived(landing: EditLanded) -> None:
        document = session.documents.get(uri)
        if document is not None:
            run_session.arrived([each.change for each in asked], landing.edits, landing.at,
                                document.text)  # fmt: skip
            session.follow_notes(run_session, document.text, revive=side)
            session.refresh(uri)

    match await session.edit_sender.send(uri, label, plan, late):
        case EditLanded() as landing:
            arrived(landing)
            return ""
        case EditUnconfirmed():
            return ""
        case EditStayed(reason):
            return messages.not_changed(reason)
