"""Owns what checks mend alone: their fixes, and a broad edit where only that passes them."""

from dataclasses import replace

from self_refine.loop.budget import Doing, report, run_checks
from self_refine.loop.guards.needs_review import BROAD
from self_refine.loop.ranking import broken
from self_refine.loop.run_state import RunState
from self_refine.loop.types import CheckResult, Finding, Verdict
from self_refine.loop.writer.writer import Rewrite


def fix(state: RunState, fixable: tuple[Finding, ...]) -> Doing[None]:
    """Apply fixes to the best version: no model, no token, not counted as a pass."""
    base, versions = state.best, state.versions
    tried = state.context.tried
    text = tried.apply(base.text, fixable, base.findings)
    if versions.had(text):
        tried.refuse(base.text, fixable, ())
        return
    made = replace(versions.made(text, "fixes", state.passes), addressed=fixable)
    judged = yield from state.judged(made, base)
    if broke := broken(judged, base, state.task.criteria):
        tried.refuse(base.text, fixable, broke)
        judged = versions.reject(judged, "a fix broke what had passed")
    else:
        tried.accepted()
        judged = versions.take(judged, "the fixes improve nothing")
    yield from report(judged)


def with_fixes(state: RunState, text: str) -> Doing[str]:
    """The writer's text after the fixes of checks that it fails: cheaper than telling it."""
    tried = state.context.tried
    tried.forget()
    while True:
        results = yield from run_checks(text, len(state.versions.all))
        found = tuple(f for result in results for f in result.findings)
        fixable = tried.untried(found, text)
        fixed = tried.apply(text, fixable, found) if fixable else text
        if fixed == text:
            return text
        text = fixed


def broad_if_needed(state: RunState, written: Rewrite) -> Doing[Rewrite]:
    """The whole rewrite, where a check passes only with what the hunk filter took back."""
    if not written.unfiltered:
        return written
    number = len(state.versions.all)
    narrow = yield from run_checks(written.text, number)
    broad = yield from run_checks(written.unfiltered, number)
    if not any(_fails(n) and b.verdict is Verdict.PASS for n, b in zip(narrow, broad, strict=True)):
        return written
    return replace(written, text=written.unfiltered, held=(BROAD, *written.held), notes=())


def _fails(result: CheckResult) -> bool:
    return result.verdict is Verdict.FAIL and any(f.severity.gates for f in result.findings)
