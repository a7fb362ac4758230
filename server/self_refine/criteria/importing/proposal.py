"""A proposed criteria file: its checks and questions, and what could not be taken and why."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from self_refine.criteria.body.bullets import slug
from self_refine.criteria.reading.assemble import MOST_RULES
from self_refine.criteria.reading.reader import read
from self_refine.loop.types import Severity

Value = str | int | bool | tuple[str, ...] | Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedCheck:
    """One entry under `checks`."""

    id: str
    kind: str
    values: Mapping[str, Value]
    severity: str = "warning"
    message: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedQuestion:
    """One bullet below `## Criteria`."""

    id: str
    question: str
    severity: str = ""
    below: tuple[tuple[str, str], ...] = ()
    """Keys and their values."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was not taken, and why."""

    where: str
    """`AGENTS.md:14`, or the name of a rule."""
    what: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """One criteria file to be."""

    id: str
    title: str
    source: str
    """The file that it was made of, as users name it."""
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    checks: tuple[ProposedCheck, ...] = ()
    questions: tuple[ProposedQuestion, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def taken(self) -> int:
        """How many rules became criteria."""
        return len(self.checks) + len(self.questions)


def sound(proposal: Proposal) -> Proposal:
    """The proposal without what this format does not take; that is listed with the reason."""
    checks: list[ProposedCheck] = []
    left: list[Left] = []
    taken: set[str] = set()
    for check in proposal.checks[:MOST_RULES]:
        one = replace(check, id=free(check.id, taken))
        if wrong := _wrong(one):
            left.append(Left(check.id, check.message or check.kind, wrong))
        else:
            taken.add(one.id)
            checks.append(one)
    questions: list[ProposedQuestion] = []
    for question in proposal.questions[: MOST_RULES - len(checks)]:
        questions.append(replace(question, id=free(question.id, taken)))
        taken.add(questions[-1].id)
    beyond = len(proposal.checks) + len(proposal.questions) - len(checks) - len(questions)
    if beyond > len(left):
        why = f"a file holds {MOST_RULES} criteria: split the source"
        left.append(Left(proposal.source, f"{beyond - len(left)} more rules", why))
    return replace(
        proposal,
        checks=tuple(checks),
        questions=tuple(questions),
        left=(*proposal.left, *left),
    )


def free(wanted: str, taken: set[str]) -> str:
    """An id that is still free: the words as an id, with a number where it is taken."""
    own = slug_of(wanted) or "rule"
    return next(name for n in range(1, len(taken) + 2)
                if (name := own if n == 1 else f"{own}-{n}") not in taken)  # fmt: skip


def slug_of(words: str) -> str:
    """An id of a name, all its words kept, such as that of a rule or a file."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower())[:60].strip("-") or slug(words)


def render(proposal: Proposal) -> str:
    """The text of the file."""
    return "\n".join((*_front(proposal), *_body(proposal))) + "\n"


def _wrong(check: ProposedCheck) -> str:
    """Why a check is none in this format; "" where it is one."""
    alone = Proposal(id="x", title="x", source="", checks=(check,))
    reading = read(render(alone), Path("x.criteria.md"), "x")
    errors = (p.message for p in reading.problems if p.severity is Severity.ERROR)
    return next(errors, "")


def _front(proposal: Proposal) -> Iterator[str]:
    yield "---"
    yield "criteria: 1"
    yield f"id: {proposal.id}"
    yield f"title: {quoted(proposal.title)}"
    yield f"description: {quoted(f'Imported from {proposal.source}.')}"
    if proposal.languages or proposal.paths:
        yield "applies:"
        if proposal.languages:
            yield f"  languages: [{', '.join(map(quoted, proposal.languages))}]"
        if proposal.paths:
            yield f"  paths: [{', '.join(map(quoted, proposal.paths))}]"
    if proposal.checks:
        yield "checks:"
        for check in proposal.checks:
            yield from _check(check)
    yield "---"


def _check(check: ProposedCheck) -> Iterator[str]:
    yield f"  - id: {check.id}"
    yield f"    kind: {check.kind}"
    for key, value in check.values.items():
        yield from _pair(key, value)
    yield f"    severity: {check.severity}"
    if check.message:
        yield f"    message: {quoted(check.message)}"
    if check.why:
        yield f"    why: {quoted(check.why)}"


def _pair(key: str, value: Value) -> Iterator[str]:
    match value:
        case bool():
            yield f"    {key}: {str(value).lower()}"
        case int():
            yield f"    {key}: {value}"
        case str():
            yield f"    {key}: {quoted(value)}"
        case tuple():
            yield f"    {key}:"
            yield from (f"      - {quoted(each)}" for each in value)
        case _:
            yield f"    {key}:"
            yield from (f"      {quoted(name)}: {quoted(each)}" for name, each in value.items())


def _body(proposal: Proposal) -> Iterator[str]:
    yield f"# {' '.join(proposal.title.split())}"
    if not proposal.questions:
        return
    yield ""
    yield "## Criteria"
    yield ""
    for question in proposal.questions:
        severity = f" ({question.severity})" if question.severity else ""
        yield f"- **{question.id}**{severity}: {' '.join(question.question.split())}"
        for key, value in question.below:
            yield f"  - {key}: {' '.join(value.split())}"


def quoted(value: str) -> str:
    """A YAML string: in single quotes, where a backslash is one; in double where it must be."""
    if value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    escapes = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    shown = (escapes.get(c) or (c if c.isprintable() else f"\\U{ord(c):08X}") for c in value)
    return '"' + "".join(shown) + '"'
