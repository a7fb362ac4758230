"""What a trial is worth: criteria that pass, facts that were lost, words changed for nothing."""

from dataclasses import dataclass

from self_refine.checks.subject import Subject
from self_refine.evaluation.arms import Arm
from self_refine.evaluation.items import Item
from self_refine.evaluation.trials import Trial
from self_refine.text.diffing.edits import minimal_edits


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """One trial beside its draft."""

    item: str
    arm: Arm
    words: int
    """Of the draft."""
    passed_before: frozenset[str]
    """Ids of the criteria whose verifiers all pass on the draft."""
    passed: frozenset[str]
    """The same of the result."""
    decided: frozenset[str]
    """Criteria that can be decided on both texts; only they count."""
    clean: bool
    """Whether the draft had no fault."""
    changed: bool
    characters: int
    """Removed and added."""
    outside: int | None
    """The part of them that touches no planted fault; None where nobody knows the faults."""
    share: float
    """Of the draft's characters."""
    lost: tuple[str, ...]
    """What must be kept and is gone."""
    trial: Trial

    @property
    def meets_all(self) -> bool:
        """Whether every criterion passes."""
        return self.passed == self.decided

    @property
    def fixed(self) -> int:
        """Criteria that failed and pass now."""
        return len(self.passed - self.passed_before)

    @property
    def worse(self) -> frozenset[str]:
        """Criteria that passed and fail now."""
        return self.passed_before - self.passed

    @property
    def failing(self) -> int:
        """Criteria that fail."""
        return len(self.decided - self.passed)


def score(item: Item, trial: Trial) -> Score:
    """Judge a trial by the verifiers of its item."""
    before, after = _verdicts(item, item.draft), _verdicts(item, trial.text)
    decided = frozenset(before.keys() & after.keys())
    edits = minimal_edits(item.draft, trial.text)
    sizes = [edit.span.end - edit.span.start + len(edit.text) for edit in edits]
    outside = None
    if item.faults is not None:
        faults = item.faults
        pairs = zip(edits, sizes, strict=True)
        outside = sum(n for e, n in pairs if not any(e.span.touches(f) for f in faults))
    passed_before = frozenset(id_ for id_ in decided if before[id_])
    return Score(
        item=item.id,
        arm=trial.arm,
        words=item.words,
        passed_before=passed_before,
        passed=frozenset(id_ for id_ in decided if after[id_]),
        decided=decided,
        clean=not item.faults if item.faults is not None else passed_before == decided,
        changed=trial.text != item.draft,
        characters=sum(sizes),
        outside=outside,
        share=sum(sizes) / max(1, len(item.draft)),
        lost=tuple(words for words in item.must_keep if words not in trial.text),
        trial=trial,
    )


def _verdicts(item: Item, text: str) -> dict[str, bool]:
    """By criterion: whether all of its verifiers pass; without those that cannot be decided."""
    subject = Subject(text=text, original=item.draft, language=item.language)
    decided: dict[str, bool | None] = {}
    for verifier in item.verifiers:
        passes = verifier.passes(subject)
        known = decided.get(verifier.criterion, True)
        decided[verifier.criterion] = None if passes is None or known is None else known and passes
    return {id_: passes for id_, passes in decided.items() if passes is not None}
