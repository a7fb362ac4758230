"""One pass: fixes of the reading or the writer's, the gate, and what a refused rewrite teaches."""

from dataclasses import replace

from self_refine.loop.budget import Doing, End, guard, report
from self_refine.loop.check_fix_pass import broad_if_needed, with_fixes
from self_refine.loop.critic.attribution import learnt, overlooked
from self_refine.loop.critic.critique_run import is_sure
from self_refine.loop.critic.version_changes import followed
from self_refine.loop.guards.fact_loss import lost
from self_refine.loop.ranking import broken, fixed_and_new, todo
from self_refine.loop.run_state import RunState, names
from self_refine.loop.types import INSTRUCTION, Candidate, Finding, StopReason
from self_refine.loop.versions import normalised
from self_refine.loop.writer.hunk_filter import without_hunks
from self_refine.loop.writer.local_fixes import Applied, applied
from self_refine.loop.writer.rewrite_calls import Order, uninstructed
from self_refine.loop.writer.writer import Rewrite, review_reasons
from self_refine.text.diffing.edits import minimal_edits

_REFUSALS = 2
"""How often the writer is told what it broke before the run ends."""


def writer_pass(state: RunState) -> Doing[None]:
    """Have the best version rewritten and judged; it is replaced where the rewrite is better.

    Raises:
        End: the run is over.
    """
    state.passes += 1
    base, items, mark = state.best, _items(state), state.context.budget.spent
    written, items = yield from _improved(state, base, items)
    safe = yield from guard(base.text, written.text, len(state.versions.all))
    text = yield from with_fixes(state, safe.text)
    _must_be_new(state, text)
    made = state.versions.made(text, "rewrite", state.passes)
    made = replace(
        made,
        addressed=items,
        notes=written.notes,
        held=(*written.held, *safe.held),
        lost=written.lost,
        cost=state.context.budget.since(mark),
    )
    judged = yield from state.judged(made, base)
    yield from _decide(state, judged, base)


def _items(state: RunState) -> tuple[Finding, ...]:
    """What the writer is told: open findings, and once what the user's own words ask for."""
    items = (*todo(state.best), *state.wishes)
    state.wish_told |= any(f.criterion == INSTRUCTION for f in items)
    return uninstructed(items) if state.broke else items


def _improved(
    state: RunState, base: Candidate, items: tuple[Finding, ...]
) -> Doing[tuple[Rewrite, tuple[Finding, ...]]]:
    """A better text, and the findings that it set out to fix.

    What the reading proposed is applied without a call; the writer is asked for what needs more
    than its place, or where nothing was proposed that can be used.
    """
    local = Applied(text=base.text) if state.broke else applied(base.text, items, state.task)
    if not local.used or state.versions.was_seen(local.text):
        written = yield from _written(state, Order(candidate=base, todo=items, broke=state.broke))
        return written, items
    held = review_reasons(local.text, base.text, state.task)
    own = Rewrite(text=local.text, held=held)
    if not (more := tuple(f for f in local.left if _is_for_the_writer(f))):
        return own, local.used
    try:
        order = Order(candidate=replace(base, text=local.text), todo=_moved(more, local, base))
        written = yield from _written(state, order)
    except End as end:
        if end.stop is StopReason.CANCELLED:
            raise
        return replace(own, notes=(f"the writer was of no use: {end.detail}",)), local.used
    written = replace(written, held=(*held, *written.held))
    return written, (*local.used, *more)


def _is_for_the_writer(finding: Finding) -> bool:
    """Whether it cannot wait for the next reading: more than its place, or the user's own words."""
    return finding.needs == "rewrite" or finding.criterion == INSTRUCTION


def _moved(findings: tuple[Finding, ...], local: Applied, base: Candidate) -> tuple[Finding, ...]:
    """Findings at their places in the text that the fixes made."""
    edits = minimal_edits(base.text, local.text)
    spans = [followed(finding.span, edits) for finding in findings]
    return tuple(
        replace(finding, span=span, quote=span.of(local.text))
        for finding, span in zip(findings, spans, strict=True)
    )


def _written(state: RunState, order: Order) -> Doing[Rewrite]:
    """A rewrite that is another text; one hotter retry where it is the same.

    Not where the critic alone, once, has objected: the writer that leaves such words is believed.
    """
    for attempt in (order, replace(order, todo=uninstructed(order.todo), hotter=True)):
        written = yield from state.writer.write(attempt)
        written = yield from broad_if_needed(state, written)
        if not _is_same(written.text, attempt):
            return written
        if not is_sure(state.context, order.todo):
            raise End(StopReason.NO_CHANGE, "the writer kept words that were criticised only once")
    raise End(StopReason.NO_CHANGE, "the rewrite is the same text")


def _is_same(text: str, order: Order) -> bool:
    """Whether nothing has changed; white space counts only where a check asked for the change."""
    if any(finding.checked for finding in order.todo):
        return text == order.candidate.text
    return normalised(text) == normalised(order.candidate.text)


def _must_be_new(state: RunState, text: str) -> None:
    best = state.best.text
    if text == best:
        raise End(StopReason.NO_CHANGE, "the fixes of checks undid the rewrite")
    if state.versions.was_seen(text) and normalised(text) != normalised(best):
        raise End(StopReason.OSCILLATION, "the rewrite is an earlier version")


def _decide(state: RunState, judged: Candidate, base: Candidate) -> Doing[None]:
    """Take a judged rewrite, or a part of it, or refuse it."""
    versions, criteria = state.versions, state.task.criteria
    gone_and_new = fixed_and_new(judged, base)
    broke = broken(judged, base, criteria)
    if broke:
        yield from report(versions.reject(judged, "broke " + names(broke)))
        yield from _take_part(state, judged, base, broke)
    else:
        yield from report(versions.take(judged, "no improvement"))
    _end_on_conflict(state, *gone_and_new)
    if state.best is base:
        _refused(state, judged, broke)
    else:
        state.broke, state.refusals = (), 0
        versions.keep(overlooked(state.context, state.best))


def _refused(state: RunState, judged: Candidate, broke: tuple[Finding, ...]) -> None:
    """Keep what a refused rewrite taught; end the run where another would not come out better."""
    base = state.best
    state.versions.keep(learnt(base, overlooked(state.context, judged)))
    if not broke:
        if len(state.best.findings) == len(base.findings):
            raise End(StopReason.NO_PROGRESS, f"pass {state.passes} improved nothing")
    elif state.refusals >= _REFUSALS:
        raise End(StopReason.NO_PROGRESS, f"every rewrite broke {names(broke)}")
    else:
        state.broke, state.refusals = broke, state.refusals + 1


def _take_part(
    state: RunState, judged: Candidate, base: Candidate, broke: tuple[Finding, ...]
) -> Doing[None]:
    """Try the rewrite without the changes that broke something."""
    versions, task = state.versions, state.task
    spans = tuple(f.span for f in broke)
    text = without_hunks(base.text, judged.text, spans, task.language)
    if text == base.text or versions.was_seen(text):
        return
    made = replace(
        versions.made(text, "partial", state.passes),
        addressed=judged.addressed,
        notes=judged.notes,
        held=judged.held,
        lost=lost(base.text, text, task.language, judged.addressed),
    )
    part = yield from state.judged(made, base)
    if still := broken(part, base, task.criteria):
        part = versions.reject(part, "broke " + names(still))
    else:
        part = versions.take(part, "without what it broke it improves nothing")
    yield from report(part)


def _end_on_conflict(state: RunState, gone: frozenset[str], new: frozenset[str]) -> None:
    """End where two criteria undo each other in consecutive passes."""
    if state.history:
        was_gone, was_new = state.history[-1]
        for left, right in ((gone & was_new, new & was_gone), (gone & was_gone, new & was_new)):
            if left and right:
                pair = f"{min(left)} and {min(right)} undo each other"
                raise End(StopReason.CONFLICT, pair)
    state.history.append((gone, new))
