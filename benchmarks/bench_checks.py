"""Owns P13: all checks of the six packs that the design names, on a text of 2,000 lines.

The map of the text is at hand, as it is where several checks look at one text; making it is a row
of its own, for a text never seen and for one that is typed, of which the changed blocks are read.
"""

import random
import re
import textwrap
from collections.abc import Iterable, Iterator

from prose import sentence
from rows import CPU_CLOCK, Row, at_most, percentile
from self_refine.checks.kinds.command import CommandCheck
from self_refine.checks.kinds.schema import SchemaCheck
from self_refine.checks.kinds.sql import SqlCheck
from self_refine.checks.markup.read_map import read_map
from self_refine.checks.registry import Check, run_checks
from self_refine.checks.subject import Subject
from self_refine.criteria.finding.discover import shipped

LINES = 2_000
GOAL_MS = 20.0
MAP_GOAL_MS = 60.0
RUNS = 40
_DOUBLED = re.compile(r"\b(\w+)(?: \1\b)+", re.IGNORECASE)
BEHIND = (CommandCheck, SchemaCheck, SqlCheck)
"""Kinds that may take longer: they read a query or a record whole, or start a program."""
SIX = ("email", "plan", "python", "record", "sql", "summary")


def rows() -> list[Row]:
    """The 95th percentile of forty runs: while one text is typed, and on texts never seen."""
    packs = shipped().files
    every = [check for file in packs for check in file.checks if not isinstance(check, BEHIND)]
    six = [check for check in every if check.criterion_id.split("/")[0] in SIX]
    return [
        _row("P13", six, typed(), "six packs while a text is typed", owed=True),
        _row("P13 first look", six, map(text, range(RUNS)), "six packs, new texts", owed=False),
        _row("P13 all packs", every, typed(), "all packs while a text is typed", owed=True),
        _mapping("P13 map", map(text, range(RUNS)), "texts never seen"),
        _mapping("P13 map typed", typed(), "while a text is typed"),
    ]


def _mapping(id_: str, texts: Iterable[str], what: str) -> Row:
    read_map(text(0), "markdown")
    times = sorted(_mapped(each) for each in texts)
    return _measured(id_, MAP_GOAL_MS, times, f"the map of a text, {what}", owed=True)


def _mapped(words: str) -> float:
    start = CPU_CLOCK()
    read_map(words, "markdown")
    return (CPU_CLOCK() - start) * 1000


def _row(id_: str, checks: list[Check], texts: Iterable[str], what: str, *, owed: bool) -> Row:
    _once(checks, text(0))
    times = sorted(_once(checks, each) for each in texts)
    return _measured(id_, GOAL_MS, times, what, owed=owed)


def _measured(id_: str, goal: float, times: list[float], what: str, *, owed: bool) -> Row:
    return at_most(
        id_,
        f"{goal:g} ms",
        percentile(times, 0.95),
        goal,
        1.0,
        note=f"{what}: p95 on {LINES:,} lines of Markdown; median {times[len(times) // 2]:.1f} ms",
        owed=owed,
    )


def _once(checks: list[Check], words: str) -> float:
    """Milliseconds of processor time of one run, with all that it derives from text and map."""
    subject = Subject(text=words, original="", language="markdown")
    assert subject.map.blocks
    start = CPU_CLOCK()
    run_checks(checks, subject)
    return (CPU_CLOCK() - start) * 1000


def typed() -> Iterator[str]:
    """One text after each of some edits, in another place each time; the first look is left out."""
    lines = text(0).split("\n")
    for number in range(RUNS):
        at = number * 47 % len(lines)
        lines[at] = f"{lines[at]} more words {number}."
        yield "\n".join(lines)


def text(seed: int) -> str:
    """Markdown as people keep it: sections, paragraphs, lists, code, now and then a fault."""
    chance = random.Random(seed)
    lines: list[str] = []
    while len(lines) < LINES:
        match chance.randrange(8):
            case 0:
                lines += ["## " + sentence(chance)[:40].rstrip(), ""]
            case 1:
                lines += [f"- {sentence(chance)}" for _ in range(chance.randint(3, 7))] + [""]
            case 2:
                lines += ["```python", "for x in xs:", "    print(x)", "```", ""]
            case _:
                # Words drawn by their frequency double some in every fourth line, people do not.
                said = [_DOUBLED.sub(r"\1", sentence(chance)) for _ in range(chance.randint(3, 8))]
                if chance.random() < 0.05:
                    said.append("Kindly utilize it in order to TODO the {{thing}}.")
                lines += [*textwrap.wrap(" ".join(said), 78), ""]
    return "\n".join(lines[:LINES]) + "\n"
