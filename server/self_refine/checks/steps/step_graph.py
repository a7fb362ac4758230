"""Finds what is wrong with the order of steps: needs that lead nowhere, back, or round."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from self_refine.text.spans import Span

Rule = Literal["unknown-node", "duplicate-node", "cycle", "later-node", "orphan-node", "gap"]
RULES: tuple[Rule, ...] = get_args(Rule)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name as it is written, and where."""

    name: str
    span: Span

    @property
    def key(self) -> str:
        """What makes two names the same."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True)
class Need:
    """What one step says that it needs, and where it says so."""

    step: Step
    name: str
    span: Span

    @property
    def key(self) -> str:
        """What makes two names the same."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True)
class Knot:
    """One thing that is wrong."""

    rule: Rule
    span: Span
    node: str
    target: str
    detail: str
    """A sentence."""


def knots(
    steps: Sequence[Step], needs: Sequence[Need], rules: Collection[Rule] = RULES
) -> Iterator[Knot]:
    """All that is wrong with a plan, rule by rule.

    Args:
        steps: in the order of the text.
        needs: of these steps.
        rules: that are asked for; what goes round is not said to come later, too.
    """
    return (knot for knot in _knots(steps, needs, "cycle" in rules) if knot.rule in rules)


def _knots(
    steps: Sequence[Step],
    needs: Sequence[Need],
    cycles: bool,  # noqa: FBT001 - whether they are said
) -> Iterator[Knot]:
    order: dict[str, int] = {}
    first: dict[str, Step] = {}
    for step in steps:
        if step.key in order:
            words = f"Step {step.name} stands here twice."
            yield Knot("duplicate-node", step.span, step.name, step.name, words)
        else:
            order[step.key], first[step.key] = len(order), step
    known = [need for need in needs if need.key in order]
    for need in needs:
        if need.key not in order:
            words = f"Step {need.step.name} needs {need.name}, which is no step."
            yield Knot("unknown-node", need.span, need.step.name, need.name, words)
    rings = _rings(order, known)
    yield from _cycles(rings, first, order, known)
    within = {key: number for number, ring in enumerate(rings) for key in ring}
    for need in known:
        own, other = need.step.key, need.key
        round_about = cycles and own in within and within[own] == within.get(other)
        if order[other] > order[own] and not round_about:
            words = f"Step {need.step.name} needs {need.name}, which comes later."
            yield Knot("later-node", need.span, need.step.name, need.name, words)
    yield from _orphans(first, known)
    yield from _gaps(list(first.values()))


def _orphans(first: Mapping[str, Step], needs: Sequence[Need]) -> Iterator[Knot]:
    tied = {need.step.key for need in needs} | {need.key for need in needs}
    for key, step in first.items():
        if key not in tied and len(first) > 1:
            words = f"Nothing needs step {step.name}, and it needs nothing."
            yield Knot("orphan-node", step.span, step.name, "", words)


def _gaps(steps: Sequence[Step]) -> Iterator[Knot]:
    """Numbers that do not follow one another; names of other sorts have no order."""
    numbered = [step for step in steps if step.name.isascii() and step.name.isdecimal()]
    for before, step in pairwise(numbered):
        # Nobody counts so far, and Python reads no longer ones.
        if len(step.name) < 10 and len(before.name) < 10 and int(step.name) != int(before.name) + 1:
            words = f"After step {before.name} comes {step.name}."
            yield Knot("gap", step.span, step.name, before.name, words)


def _cycles(
    rings: Sequence[frozenset[str]],
    first: Mapping[str, Step],
    order: Mapping[str, int],
    needs: Sequence[Need],
) -> Iterator[Knot]:
    """One for each ring, on the need that begins the shortest way round from its earliest step."""
    below: dict[str, list[Need]] = {key: [] for key in order}
    for need in needs:
        below[need.step.key].append(need)
    for ring in rings:
        start = min(ring, key=order.__getitem__)
        way = _way_round(start, ring, below)
        names = [first[start].name, *(first[need.key].name for need in way)]
        shown = " → ".join(names if len(names) < _LONGEST else [*names[:_LONGEST], "…", names[-1]])
        words = f"Step {names[0]} needs itself: {shown}."
        yield Knot("cycle", way[0].span, names[0], shown, words)


_LONGEST = 20
"""Steps of a cycle that are named."""


def _way_round(start: str, ring: frozenset[str], below: Mapping[str, list[Need]]) -> list[Need]:
    came: dict[str, Need] = {}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for need in below[at]:
            if need.key == start:
                way = [need]
                while way[-1].step.key != start:
                    way.append(came[way[-1].step.key])
                return way[::-1]
            if need.key in ring and need.key not in came:
                came[need.key] = need
                waiting.append(need.key)
    raise AssertionError(start)  # a ring is a set of steps that each reach all others


def _rings(order: Mapping[str, int], needs: Sequence[Need]) -> list[frozenset[str]]:
    """The strongly connected parts that have a way round, in the order of their first steps."""
    below: dict[str, list[str]] = {key: [] for key in order}
    loops = {need.key for need in needs if need.key == need.step.key}
    for need in needs:
        below[need.step.key].append(need.key)
    found = [part for part in _Parts(below).found if len(part) > 1 or part & loops]
    return sorted(found, key=lambda part: min(map(order.__getitem__, part)))


class _Parts:
    """Tarjan's algorithm, without recursion: a plan may be a chain of thousands."""

    def __init__(self, below: Mapping[str, Sequence[str]]) -> None:
        self._below = below
        self._index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._stack: dict[str, None] = {}
        self.found: list[frozenset[str]] = []
        for key in below:
            if key not in self._index:
                self._from(key)

    def _open(self, key: str) -> tuple[str, Iterator[str]]:
        self._index[key] = self._low[key] = len(self._index)
        self._stack[key] = None
        return key, iter(self._below[key])

    def _from(self, root: str) -> None:
        work = [self._open(root)]
        while work:
            at, targets = work[-1]
            new = next((t for t in targets if self._is_new(at, t)), None)
            if new is not None:
                work.append(self._open(new))
                continue
            work.pop()
            if work:
                above = work[-1][0]
                self._low[above] = min(self._low[above], self._low[at])
            if self._low[at] == self._index[at]:
                self._close(at)

    def _is_new(self, at: str, target: str) -> bool:
        if target not in self._index:
            return True
        if target in self._stack:
            self._low[at] = min(self._low[at], self._index[target])
        return False

    def _close(self, key: str) -> None:
        part = []
        while True:
            last, _ = self._stack.popitem()
            part.append(last)
            if last == key:
                self.found.append(frozenset(part))
                return
