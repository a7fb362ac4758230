"""Owns the state machine of Self-Refine: judge, fix, rewrite, pass the gate, keep the best, stop.

`refine` is a generator without any I/O: it yields what it needs and is sent what came back. The
algorithm is that of Madaan et al. 2023 (arXiv 2303.17651), with what was measured since: checks
before opinion, the best version and never the last, and a gate that nothing worse passes.
"""

from dataclasses import replace

from self_refine.loop.budget import Doing, End, report
from self_refine.loop.check_fix_pass import fix
from self_refine.loop.critic.judge import waits_for_fixes
from self_refine.loop.critic.questions import INSTRUCTION
from self_refine.loop.guards.needs_review import held
from self_refine.loop.requests import Loop
from self_refine.loop.rewrite_pass import writer_pass
from self_refine.loop.run_state import RunState
from self_refine.loop.stopping import after_critique, must_go_on
from self_refine.loop.task import Task
from self_refine.loop.types import Candidate, Outcome, StopReason
from self_refine.loop.versions import each_once


def refine(task: Task) -> Loop:
    """Refine one text.

    Yields steps, is sent a tuple of replies for each, and returns the outcome, however it ends.
    """
    state = RunState(task)
    try:
        yield from _to_its_end(state)
    except End as end:
        return _outcome(state, end)
    raise AssertionError("a run ends by `End`")  # pragma: no cover


def _to_its_end(state: RunState) -> Doing[None]:
    """Judge, then improve until something ends the run."""
    task = state.task
    if not task.critique_only and (task.draft or not task.text.strip()):
        yield from _draft(state)
    else:
        yield from _start_from(state, state.best)
    if task.critique_only:
        raise after_critique(state)
    while True:
        fixable = state.context.tried.untried(state.best.findings, state.best.text)
        if fixable:
            yield from fix(state, fixable)
        elif waits_for_fixes(state.best):
            yield from _judge_again(state)
        else:
            must_go_on(state)
            yield from writer_pass(state)


def _start_from(state: RunState, first: Candidate) -> Doing[None]:
    state.versions.start_from(first)
    judged = yield from state.judged(first, None)
    state.versions.start_from(judged)
    yield from report(judged)


def _draft(state: RunState) -> Doing[None]:
    """Write the text first; the selection was the task, not a version of it, and cannot win."""
    task, budget = state.task, state.context.budget
    if not any(words.strip() for words in (task.text, task.instruction, task.brief)):
        raise End(StopReason.NO_CHANGE, "there is no text, and no instruction to write one")
    if not task.has_model:
        raise End(StopReason.CHECKS_ONLY, "to generate a text needs a model")
    mark = budget.spent
    written = yield from state.writer.generate()
    made = state.versions.made(written.text, "generated", 0)
    made = replace(made, notes=written.notes, held=written.held, cost=budget.since(mark))
    yield from _start_from(state, made)


def _judge_again(state: RunState) -> Doing[None]:
    """Ask the critic after all, where the fixes that were to come first have come to nothing."""
    best = state.best
    parent = None if best.parent is None else state.versions.all[best.parent]
    judged = yield from state.judged(best, parent if best.origin != "generated" else None)
    yield from report(judged)


def _outcome(state: RunState, end: End) -> Outcome:
    """What the run returns."""
    state.versions.settle()
    best, line = state.best, state.versions.line()
    return Outcome(
        text=best.text,
        stop=end.stop,
        detail=end.detail,
        best=best.number,
        candidates=state.versions.all,
        criteria=state.task.criteria,
        cost=state.context.budget.spent,
        held=each_once((*_why_look(best.text, state.task), *(w for c in line for w in c.held))),
        lost=each_once(what for candidate in line for what in candidate.lost),
        observed=state.context.observed,
        notes=each_once(
            (
                *_remarks(state),
                *state.context.tried.reasons.values(),
                *(n for c in line for n in c.notes),
            )
        ),
    )


def _why_look(text: str, task: Task) -> tuple[str, ...]:
    """Why a person should look first: a fix that a criteria file gives is a stranger's, too."""
    return (
        held(text, (task.text, task.instruction, task.brief), task.language)
        if text != task.text
        else ()
    )


def _remarks(state: RunState) -> tuple[str, ...]:
    """What is to be said of the user's own words."""
    task = state.task
    if not task.instruction or task.draft or not task.text.strip():
        return ()
    if not task.has_model:
        return ("The instruction was not followed: no model.",)
    heard = any(f.criterion == INSTRUCTION for c in state.versions.all for f in c.findings)
    vague = () if heard else ("Nothing could be quoted that the instruction is about.",)
    return ("1 vague request; 0 criteria checked", *vague) if not task.criteria else vague
