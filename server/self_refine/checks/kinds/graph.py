"""The `graph` check: the steps of a plan, and what each of them needs."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from self_refine.checks.check import MOST_SHOWN, Base, Check, Common, one_line
from self_refine.checks.key_schema import Text, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.markup.markdown.markdown_outline import plain_title
from self_refine.checks.markup.units import fences, in_any
from self_refine.checks.search.patterns import BadPattern, Pattern, compile_pattern
from self_refine.checks.steps.step_graph import RULES, Knot, Need, Rule, Step, knots
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Verdict
from self_refine.text.spans import Span

_NAME = re.compile(r"[^\s,;&+]+")
_RANGE = re.compile(r"(\d{1,9})[-\u2013](\d{1,9})")
_JOINING = frozenset({"and", "or", "und", "oder", "et", "y", "e"})
_LONGEST_RANGE = 100
_MOST_NEEDS = 50_000


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphCheck(Base):
    """Judges by the graph of steps."""

    section: str
    node: Pattern
    edge: Pattern
    rules: tuple[Rule, ...]

    def run(self, subject: Subject) -> CheckResult:
        """Report the steps and needs that break a rule."""
        parts = self._parts(subject)
        if not parts:
            return self._none(f"there is no section {self.section!r}")
        fenced = fences(subject.text)
        steps: list[Step] = []
        needs: list[Need] = []
        for part in parts:
            found = list(self._steps(subject.text, part, fenced))
            steps += (step for _, step in found)
            needs += islice(
                self._needs(subject.text, part, found, fenced), _MOST_NEEDS + 1 - len(needs)
            )
        if not steps:
            where = f"in section {self.section!r} " if self.section else ""
            return self._none(f"no step {where}matches `node`")
        if len(needs) > _MOST_NEEDS:
            return self.not_checked(f"its steps name more than {_MOST_NEEDS:,} others")
        if len(steps) > 1 and len({step.key for step in steps}) == 1:
            name = one_line(steps[0].name)
            return self._none(f"each step is called {name}, so none can be named by another")
        found_knots = knots(steps, needs, self.rules)
        return self.result(
            tuple(self._report(subject, knot) for knot in islice(found_knots, MOST_SHOWN))
        )

    def _none(self, reason: str) -> CheckResult:
        return CheckResult(criterion=self.common.id, verdict=Verdict.NOT_APPLICABLE, reason=reason)

    def _report(self, subject: Subject, knot: Knot) -> Any:
        names = {
            "rule": knot.rule,
            "node": one_line(knot.node),
            "target": one_line(knot.target, 200),
            "detail": one_line(knot.detail, 300),
        }
        return self.finding(subject, knot.span, names)

    def _parts(self, subject: Subject) -> list[Span]:
        """The stretches that hold the steps."""
        if not self.section:
            return [Span(0, len(subject.text))]
        name = plain_title(self.section)
        return [each.body for each in subject.outline if plain_title(each.title) == name]

    def _steps(self, text: str, part: Span, fenced: tuple[Span, ...]) -> Iterator[tuple[int, Step]]:
        """Each step, with where it begins."""
        for whole, own in self.node.group_in(part.of(text), "id"):
            span = own.moved(part.start)
            if not in_any(span, fenced):
                yield whole.start + part.start, Step(span.of(text), span)

    def _needs(
        self, text: str, part: Span, steps: list[tuple[int, Step]], fenced: tuple[Span, ...]
    ) -> Iterator[Need]:
        starts = [start for start, _ in steps]
        for whole, own in self.edge.group_in(part.of(text), "ids", "id"):
            at = bisect_right(starts, whole.start + part.start) - 1
            span = own.moved(part.start)
            if at >= 0 and not in_any(span, fenced):
                for name, place in _names(text, span):
                    yield Need(steps[at][1], name, place)


def _names(text: str, span: Span) -> Iterator[tuple[str, Span]]:
    """The names of a list of them; a range of numbers stands for each."""
    for found in _NAME.finditer(text, span.start, span.end):
        name = found[0].rstrip(".:!?")
        place = Span(found.start(), found.start() + len(name))
        between = _RANGE.fullmatch(name)
        if between and 0 < int(between[2]) - int(between[1]) < _LONGEST_RANGE:
            numbers = range(int(between[1]), int(between[2]) + 1)
            yield from ((str(number), place) for number in numbers)
        elif name and name.casefold() not in _JOINING:
            yield name, place


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    patterns: dict[str, Pattern] = {}
    for key, group in (("node", "(?P<id>…)"), ("edge", "(?P<ids>…)")):
        pattern = compile_pattern(values[key], multiline=True)
        if isinstance(pattern, BadPattern):
            return Fault(key, pattern.message, "CR206" if pattern.python_only else "CR205")
        if not pattern.groups:
            what = "the step's id" if key == "node" else "the ids of the steps that it needs"
            return Fault(key, f"`{key}` needs a group that holds {what}: {group}.", "CR205")
        patterns[key] = pattern
    return GraphCheck(
        common=common,
        section=values.get("section", ""),
        node=patterns["node"],
        edge=patterns["edge"],
        rules=tuple(dict.fromkeys(values["forbid"])),
    )


SPEC = KindSpec(
    keys={"section": Text(), "node": Text(), "edge": Text(), "forbid": Texts(one_of=RULES)},
    required=("node", "edge", "forbid"),
    names=frozenset({"rule", "node", "target", "detail"}),
    message="{detail}",
    build=_build,
)
