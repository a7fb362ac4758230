"""Owns what one critique says about the words of another version, and what becomes of it.

A critic contradicts itself, so a finding counts for as much as its words have to do with a change:

- *disputed*: the criterion had passed, and the words have not changed since. Shown, not counted.
- *overlooked*: it was disputed, and came back when it was asked for once more. Open from the next
  pass on; the version in which it was first seen is not blamed for it.
- *late*: the criterion had failed elsewhere, and the words have not changed. To be mended, but it
  says nothing about the change, so it is no reason to prefer the version before.
- *learnt*: a refused version's critique saw it in words that the best version has too. It is added
  to what is known of the best version: the pass was not for nothing.
- what came late may still stand in words that an earlier pass brought in: `Versions.settle` goes
  back, at the end, to an earlier version for which all that is known by then speaks.
"""

from collections.abc import Iterable
from dataclasses import replace

from self_refine.loop.critic.questions import Critique
from self_refine.loop.critic.version_changes import followed, hunks
from self_refine.loop.ranking import gating, verdict_of
from self_refine.loop.run_context import RunContext
from self_refine.loop.types import Candidate, Finding, Judged, Severity, Verdict
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.spans import Span


def ratcheted(
    critique: Critique, text: str, parent: Candidate | None, *, disputes: bool = True
) -> Critique:
    """Tell what the change is to blame for from what the critic had not mentioned before.

    Of words that have not changed, what fails under a criterion that had passed is disputed where
    a second look can settle that; else it is late, as under a criterion that had failed.

    Args:
        critique: of the new version.
        text: the new version's.
        parent: the version before; None for the first.
        disputes: whether findings are asked for once more.
    """
    if parent is None:
        return critique
    changed = [new for _, new in hunks(parent.text, text)]
    back = minimal_edits(text, parent.text)
    findings = tuple(
        f
        if any(f.span.touches(span) for span in changed)
        else _unchanged(f, parent, followed(f.span, back), disputes=disputes)
        for f in critique.findings
    )
    return with_findings(critique, findings, "disputed: its words had passed and have not changed")


def _unchanged(finding: Finding, parent: Candidate, at: Span, *, disputes: bool) -> Finding:
    """A finding in words that stood at `at` in the version before."""
    if verdict_of(parent, finding.criterion) is Verdict.PASS:
        return replace(finding, disputed=True) if disputes else replace(finding, late=True)
    said = (f for f in parent.findings if f.criterion == finding.criterion)
    known = any(f.span.overlaps(at) or f.span == at for f in said)
    return finding if known else replace(finding, late=True)


def overlooked(context: RunContext, candidate: Candidate) -> Candidate:
    """The version with its disputed findings open where a second look confirmed them."""
    findings = tuple(
        replace(f, disputed=False) if context.has_confirmed(f) else f for f in candidate.findings
    )
    open_ = {f.criterion for f in gating(findings)}
    verdicts = {
        id_: Judged(Verdict.FAIL) if id_ in open_ else judged
        for id_, judged in candidate.verdicts.items()
    }
    return replace(candidate, findings=findings, verdicts=verdicts)


def learnt(best: Candidate, refused: Candidate) -> Candidate:
    """The best version with what the critique of a refused one found in words that both have.

    The critic has looked at those words once more; what it sees only now is as true of the best
    version. What a change touched stays with the refused one.
    """
    changed = [new for _, new in hunks(best.text, refused.text)]
    back = minimal_edits(refused.text, best.text)
    known = {(f.criterion, f.span) for f in best.findings}
    found: list[Finding] = []
    for finding in gating(refused.findings):
        at = followed(finding.span, back)
        own = any(finding.span.touches(span) for span in changed) or finding.checked
        if not own and at.of(best.text) == finding.quote and (finding.criterion, at) not in known:
            found.append(replace(finding, span=at, late=False, proposal=()))
    failed = {f.criterion: Judged(Verdict.FAIL) for f in found}
    return replace(best, findings=(*best.findings, *found), verdicts=best.verdicts | failed)


def with_findings(critique: Critique, findings: tuple[Finding, ...], why: str) -> Critique:
    """The critique with these findings; a criterion passes that none of them speaks against."""
    was = _spoken_against(critique.findings)
    cleared = was - _spoken_against(findings)
    verdicts = {
        id_: Judged(Verdict.PASS, why)
        if judged.verdict is Verdict.FAIL and id_ in cleared
        else judged
        for id_, judged in critique.verdicts.items()
    }
    return replace(critique, findings=findings, verdicts=verdicts)


def _spoken_against(findings: Iterable[Finding]) -> set[str]:
    return {f.criterion for f in findings if not f.disputed and f.severity is not Severity.HINT}
