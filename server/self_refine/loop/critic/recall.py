"""Verdicts that are known already: asked for before the critique, told after it.

The loop keeps none itself. Whoever drives it may have a cache of what was once said of the same
text under the same criteria; what comes back is believed, so that an unchanged text is judged as
it was and costs nothing.
"""

from collections.abc import Iterable
from dataclasses import replace

from self_refine.loop.budget import Doing, End
from self_refine.loop.critic.validate import Critique
from self_refine.loop.requests import Halted, Recall, Recalled, Remember
from self_refine.loop.run_context import RunContext
from self_refine.loop.types import INSTRUCTION, Criterion, Known, Verdict

_DECIDED = {Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE}


def recall(context: RunContext, text: str, asked: Iterable[Criterion]) -> Doing[Critique]:
    """What is known of a text: a critique of some of the criteria, or of none.

    Raises:
        End: the run is to end now.
    """
    ids = tuple(c.id for c in asked if c.id != INSTRUCTION)
    if not context.task.remembers or not ids:
        return Critique()
    (reply,) = yield (Recall(text, ids),)
    match reply:
        case Recalled(known):
            return _critique([each for each in known if each.criterion in ids])
        case Halted(reason, detail):
            raise End(reason, detail)
        case _:
            return Critique()


def _critique(known: list[Known]) -> Critique:
    count = len(known)
    findings = (finding for each in known for finding in each.findings)
    return Critique(
        verdicts={each.criterion: each.judged for each in known},
        findings=tuple(sorted(findings, key=lambda f: f.span)),
        notes=(f"{count} verdict{'s' * (count != 1)} from cache",) if known else (),
    )


def remember(context: RunContext, text: str, critique: Critique) -> Doing[None]:
    """Tell what was decided of a text; what is disputed or unknown is asked again next time."""
    disputed = {finding.criterion for finding in critique.findings if finding.disputed}
    known = tuple(
        Known(
            criterion=id_,
            judged=judged,
            # How a finding relates to the version before is no part of the verdict.
            findings=tuple(replace(f, late=False) for f in critique.findings if f.criterion == id_),
        )
        for id_, judged in critique.verdicts.items()
        if judged.verdict in _DECIDED and id_ != INSTRUCTION and id_ not in disputed
    )
    if context.task.remembers and known:
        # A run that is to end now hears so at its next question: the critique must not be lost.
        yield (Remember(text, known),)
