"""Owns putting a criteria file together: full ids, references between its parts, digests."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from self_refine.checks.check import fill
from self_refine.checks.registry import NotRun
from self_refine.criteria.body.bullets import Bullet
from self_refine.criteria.criteria_file import Bad, CriteriaFile, Fixture, Given
from self_refine.criteria.reading.check_items import ReadCheck
from self_refine.criteria.reading.front_matter import Front
from self_refine.criteria.reading.inheritance import Layer
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.loop.prompt.prompt import said
from self_refine.loop.types import Criterion, When
from self_refine.text.spans import Span

_NAMES_ALONE = re.compile(r"(?:\{\w+\}|\W)*")
"""A message that says nothing before it has found anything."""
MOST_RULES = 200
"""Checks and judged criteria of one file together."""


MOST_QUESTIONS = 12
"""Judged criteria of one file beyond which a hint says that they are many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What was read of one file."""

    id: str
    front: Front
    heading: str
    prose: tuple[str, ...]
    """Paragraphs below the title."""
    path: Path
    digest: str
    shipped: bool
    checks: tuple[ReadCheck, ...]
    named: frozenset[str]
    """Last parts of the ids of all checks, those too that could not be read."""
    bullets: tuple[Bullet, ...]
    fixtures: tuple[Fixture, ...]
    layer: Layer


def assemble(parts: Parts, notes: ProblemCollector) -> CriteriaFile:
    """Put the file together; references that lead nowhere are noted."""
    named = tuple(_named(parts, notes))
    checks = tuple(_of_check(check) for check in parts.checks)
    judged = tuple(_judged(parts, name, bullet, notes) for name, bullet in named)
    criteria = (*checks, *judged)
    _check_count(len(criteria), len(judged), notes)
    if parts.front.sound:
        _check_fixtures(parts, criteria, notes)
    front = parts.front
    return CriteriaFile(
        id=parts.id,
        title=front.title or parts.heading or parts.id,
        description=front.description,
        brief=_brief(parts),
        path=parts.path,
        label=notes.label,
        digest=parts.digest,
        shipped=parts.shipped,
        applies=front.applies,
        criteria=criteria,
        checks=tuple(check.check for check in parts.checks),
        protect=front.protect,
        passes=front.passes,
        inputs=front.inputs,
        needs=_needs(parts, named, notes),
        options=front.options,
        fixtures=parts.fixtures,
        replaces=parts.layer.labels[1:],
        layer=parts.layer,
    )


def _brief(parts: Parts) -> str:
    """What the texts are for, a paragraph a line: of the front matter, then below the title."""
    return "\n".join(filter(None, map(said, (parts.front.brief, *parts.prose))))


def _named(parts: Parts, notes: ProblemCollector) -> Iterator[tuple[str, Bullet]]:
    """Each bullet with its full id: given ones once only, derived ones made different."""
    taken = {check.common.id for check in parts.checks}
    pinned = {f"{parts.id}/{bullet.id}" for bullet in parts.bullets if bullet.pinned}
    for number, bullet in enumerate(parts.bullets, 1):
        name = f"{parts.id}/{bullet.id or f'criterion-{number}'}"
        if bullet.pinned and name in taken:
            message = f"The id {bullet.id!r} is taken by a criterion or check above."
            notes.error(bullet.span, "CR203", message)
        if not bullet.pinned:
            name = _free(name, taken | pinned)
            own = name.rsplit("/", 1)[1]
        if not (bullet.pinned or bullet.titled):
            notes.hint(
                bullet.span,
                "CR216",
                f"It is called {own!r} after its first words. Write `**{own}**: ` before it, and "
                "it keeps that name when the words change.",
            )
        taken.add(name)
        yield name, bullet


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name}-{n}" for n in range(2, len(taken) + 3) if f"{name}-{n}" not in taken)


def _told(read: ReadCheck) -> str:
    """The message of a check before it has found anything: with the figures that are known."""
    known = {k: str(v) for k, v in read.values.items() if isinstance(v, int | float | str)}
    limit = known.get("max", known.get("min"))
    told = fill(read.common.message, known if limit is None else known | {"limit": limit})
    return "" if _NAMES_ALONE.fullmatch(told) else told


def _what_it_says(read: ReadCheck) -> str:
    """What a check looks for, where its file gives no message."""
    if read.kind == "command":
        return f"what `{' '.join(read.values['run'])}` reports"
    return f"what the {read.kind} check says"


def _of_check(read: ReadCheck) -> Criterion:
    common = read.common
    return Criterion(
        id=common.id,
        question=_told(read) or _what_it_says(read),
        severity=common.severity,
        check=read.kind,
        slow=read.kind == "command",
        why=common.why,
        when=common.when,
        not_checked=read.check.reason if isinstance(read.check, NotRun) else "",
        source=read.source,
        digest=_digest(read.kind, dict(read.values)),
    )


def _judged(parts: Parts, name: str, bullet: Bullet, notes: ProblemCollector) -> Criterion:
    below = bullet.below
    return Criterion(
        id=name,
        question=bullet.question,
        severity=bullet.severity or parts.front.severity,
        fix=_one(below, "fix"),
        evidence=_one(below, "evidence"),
        exceptions=(*below.get("not", ()), *_outside(parts)),
        why=_one(below, "why"),
        absence=bullet.absence,
        when=_when(parts, bullet, notes),
        compare_original="compare" in below,
        source=bullet.source or notes.source(bullet.span),
        digest=_digest(bullet.question, {key: list(lines) for key, lines in below.items()}),
    )


def _outside(parts: Parts) -> tuple[str, ...]:
    """What no question of the file is about."""
    is_narrow = parts.front.applies.within == "comments"
    return ("whatever stands outside comments and docstrings",) if is_narrow else ()


def _one(below: Mapping[str, tuple[str, ...]], key: str) -> str:
    return next(iter(below.get(key, ())), "")


def _when(parts: Parts, bullet: Bullet, notes: ProblemCollector) -> When | None:
    if bullet.when is None:
        return None
    name, fired, span = bullet.when
    own = name.removeprefix(f"{parts.id}/")
    if own not in parts.named:
        notes.error(span, "CR209", f"`when` names {name!r}, and this file has no such check.")
    return When(f"{parts.id}/{own}", fired)


def _needs(
    parts: Parts, named: tuple[tuple[str, Bullet], ...], notes: ProblemCollector
) -> dict[str, tuple[str, ...]]:
    """The inputs that each criterion needs; one that is not declared is noted."""
    wanted = [(name, bullet.below.get("uses", ()), bullet.span) for name, bullet in named]
    wanted += [(read.common.id, _of_inputs(read), read.span) for read in parts.checks]
    for _, inputs, span in wanted:
        for given in inputs:
            if parts.front.sound and given not in parts.front.inputs:
                message = f"There is no input {given!r}: declare it under `inputs`."
                notes.error(span, "CR209", message)
    return {name: inputs for name, inputs, _ in wanted if inputs}


def _of_inputs(read: ReadCheck) -> tuple[str, ...]:
    if read.kind == "subset":
        return (read.values["of"],)
    ratio = read.values.get("max_ratio") if read.kind == "length" else None
    return (ratio["of"],) if ratio else ()


def _check_count(count: int, judged: int, notes: ProblemCollector) -> None:
    if count == 0 and not notes.broken:
        notes.error(Span(0, 0), "CR213", "There are no criteria here: no bullet and no check.")
    if judged > MOST_QUESTIONS and count <= MOST_RULES:
        message = (
            f"{judged} questions stand in this file: a critic heeds each less, the more it is "
            f"asked at once. Keep {MOST_QUESTIONS}, split the file by kind of text, or make checks "
            "of what a program can decide."
        )
        notes.info(Span(0, 0), "CR109", message)
    if count > MOST_RULES:
        message = f"There are more than {MOST_RULES} criteria in this file. Split it."
        notes.error(Span(0, 0), "CR211", message)


def _check_fixtures(parts: Parts, criteria: tuple[Criterion, ...], notes: ProblemCollector) -> None:
    own = parts.named | {criterion.id.removeprefix(f"{parts.id}/") for criterion in criteria}
    for fixture in parts.fixtures:
        place = notes.line(fixture.line - 1)
        match fixture.announces:
            case Bad(ids):
                for name in ids:
                    if name not in own:
                        notes.error(place, "CR209", f"This file has no criterion {name!r}.")
            case Given(name):
                if name not in parts.front.inputs:
                    notes.error(place, "CR209", f"There is no input {name!r} under `inputs`.")


def _digest(*parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
