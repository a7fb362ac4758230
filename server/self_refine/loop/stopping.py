"""Owns whether a run goes on: approved, nothing to do, nobody there to do it, or one pass more."""

from self_refine.loop.budget import End
from self_refine.loop.ranking import (
    approved,
    gating,
    not_checked,
    todo,
    unchecked_errors,
    verdict_of,
)
from self_refine.loop.run_state import RunState
from self_refine.loop.types import StopReason, Verdict


def must_go_on(state: RunState) -> None:
    """Return where another pass of the writer is wanted and to be had.

    Raises:
        End: it is not.
    """
    task, best = state.task, state.best
    if _is_approved(state) and not state.wishes:
        raise _approved(state)
    if not task.has_model:
        commands = any(c.slow for c in unchecked_errors(best, task.criteria))
        raise _unchecked(state) if commands else End(StopReason.CHECKS_ONLY)
    if not todo(best) and not state.wishes:
        raise _nothing_to_do(state)
    if state.passes >= task.limits.passes:
        raise End(StopReason.LIMIT, _passes(task.limits.passes))


def _nothing_to_do(state: RunState) -> End:
    """Why a text is not approved in which nothing is left that a model could fix."""
    best = state.best
    if count := len(gating(best.findings)):
        facts = "1 finding needs a fact" if count == 1 else f"{count} findings need facts"
        return End(StopReason.NEEDS_AUTHOR, f"{facts} that only you have")
    unknown = sum(j.verdict is Verdict.UNKNOWN for j in best.verdicts.values())
    if unknown:
        return End(StopReason.CRITIC_UNRELIABLE, f"{unknown} not decided")
    return _unchecked(state)


def _unchecked(state: RunState) -> End:
    left = unchecked_errors(state.best, state.task.criteria)
    reasons = {state.best.verdicts[c.id].reason for c in left} - {""}
    count = "1 criterion" if len(left) == 1 else f"{len(left)} criteria"
    why = f": {'; '.join(sorted(reasons))}" if reasons else ""
    return End(StopReason.NOT_CHECKED, f"{count} at error level not checked{why}")


def after_critique(state: RunState) -> End:
    """The end of a run that is to judge and no more."""
    if _is_approved(state):
        return _approved(state)
    stop = StopReason.LIMIT if state.task.has_model else StopReason.CHECKS_ONLY
    return End(stop, "a critique changes nothing")


def _is_approved(state: RunState) -> bool:
    return approved(state.best, state.task.criteria) and not _waits_for_a_model(state)


def _approved(state: RunState) -> End:
    left = not_checked(state.best)
    return End(StopReason.APPROVED, f"{left} not checked" if left else "")


def _waits_for_a_model(state: RunState) -> bool:
    """Whether criteria are left to a model that is not there."""
    return not state.task.has_model and any(
        c.check is None
        and not c.not_checked
        and verdict_of(state.best, c.id) is Verdict.NOT_CHECKED
        for c in state.task.criteria
    )


def _passes(count: int) -> str:
    return "1 pass" if count == 1 else f"{count} passes"
