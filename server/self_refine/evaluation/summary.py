"""The figures of an evaluation: a row for each arm, and each arm against ours."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from self_refine.evaluation.arms import ALL_ARMS, Arm
from self_refine.evaluation.scores import Score
from self_refine.evaluation.significance import Interval, difference, mcnemar, ratio

GROUPS: Mapping[str, Callable[[int], bool]] = {
    "all": lambda _: True,
    "under 100 words": lambda words: words < 100,
    "100 to 399 words": lambda words: 100 <= words < 400,
    "400 words and more": lambda words: words >= 400,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One arm. Costs are means over its items."""

    arm: Arm
    items: int
    meets_all: int
    criteria: int
    failing: int
    fixed: int
    worse: int
    items_worse: int
    clean: int
    clean_changed: int
    outside: int | None
    """Characters changed outside the faults, in all items together."""
    share: float
    """Mean share of the draft's characters that were changed."""
    facts_lost: int
    calls: float
    calls_clean: float | None
    calls_faulty: float | None
    input_tokens: float
    cached_tokens: float
    output_tokens: float
    seconds: float
    stops: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Against:
    """Ours beside another arm, on the items that both have."""

    arm: Arm
    items: int
    items_p: float
    """McNemar: that both meet all criteria of equally many items."""
    criteria_p: float
    """The same for criteria; those of one item are taken for independent, which they are not."""
    failing: Interval | None
    """Criteria failed by an item: ours minus the other's."""
    ratios: Mapping[str, Interval | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Items of one length."""

    name: str
    rows: tuple[Row, ...]
    against: tuple[Against, ...]


def summarise(scores: Iterable[Score]) -> tuple[Group, ...]:
    """All items, and those of each length where there are several lengths."""
    every = tuple(scores)
    groups = [
        _group(name, [score for score in every if holds(score.words)])
        for name, holds in GROUPS.items()
    ]
    filled = [group for group in groups if group.rows]
    return tuple(filled[:1] if len(filled) == 2 else filled)


def _group(name: str, scores: Sequence[Score]) -> Group:
    by_arm = {arm: {s.item: s for s in scores if s.arm == arm} for arm in ALL_ARMS}
    return Group(
        name=name,
        rows=tuple(_row(arm, tuple(by.values())) for arm, by in by_arm.items() if by),
        against=tuple(
            _against(arm, by_arm["ours"], by)
            for arm, by in by_arm.items()
            if by and by_arm["ours"] and arm not in ("ours", "draft")
        ),
    )


def _row(arm: Arm, scores: Sequence[Score]) -> Row:
    clean = [score for score in scores if score.clean]
    outside = [score.outside for score in scores if score.outside is not None]
    return Row(
        arm=arm,
        items=len(scores),
        meets_all=sum(s.meets_all for s in scores),
        criteria=sum(len(s.decided) for s in scores),
        failing=sum(s.failing for s in scores),
        fixed=sum(s.fixed for s in scores),
        worse=sum(len(s.worse) for s in scores),
        items_worse=sum(bool(s.worse) for s in scores),
        clean=len(clean),
        clean_changed=sum(s.changed for s in clean),
        outside=sum(outside) if outside else None,
        share=_mean([s.share for s in scores]),
        facts_lost=sum(len(s.lost) for s in scores),
        calls=_mean([s.trial.calls for s in scores]),
        calls_clean=_mean([s.trial.calls for s in clean]) if clean else None,
        calls_faulty=_mean([s.trial.calls for s in scores if not s.clean])
        if len(clean) < len(scores)
        else None,
        input_tokens=_mean([s.trial.input_tokens for s in scores]),
        cached_tokens=_mean([s.trial.cached_tokens for s in scores]),
        output_tokens=_mean([s.trial.output_tokens for s in scores]),
        seconds=_mean([s.trial.seconds for s in scores]),
        stops=dict(Counter(s.trial.stop for s in scores).most_common()),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _against(arm: Arm, ours: Mapping[str, Score], theirs: Mapping[str, Score]) -> Against:
    both = [(ours[id_], theirs[id_]) for id_ in ours if id_ in theirs]
    return Against(
        arm=arm,
        items=len(both),
        items_p=mcnemar(
            sum(a.meets_all and not b.meets_all for a, b in both),
            sum(b.meets_all and not a.meets_all for a, b in both),
        ),
        criteria_p=mcnemar(
            sum(len(a.passed - b.passed) for a, b in both),
            sum(len(b.passed - a.passed) for a, b in both),
        ),
        failing=difference([(a.failing, b.failing) for a, b in both]),
        ratios={name: ratio([(of(a), of(b)) for a, b in both]) for name, of in _MEASURES.items()},
    )


_MEASURES: Mapping[str, Callable[[Score], float]] = {
    "calls": lambda score: score.trial.calls,
    "input": lambda score: score.trial.input_tokens,
    "output": lambda score: score.trial.output_tokens,
    "seconds": lambda score: score.trial.seconds,
    "characters": lambda score: score.characters,
}


def as_plain(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """What JSON can hold."""
    return [asdict(group) for group in groups]
