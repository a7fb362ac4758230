"""What one criteria file came to: each bullet and check, and what the critic will read of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from self_refine.criteria.body.fates import ASKED, KEY, LEFT_OUT, PART, Fate
from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.inheritance import trace
from self_refine.criteria.reading.reader import Reading
from self_refine.criteria.showing.scope import scope_of
from self_refine.loop.prompt.prompt import prompt_of
from self_refine.loop.task import Task
from self_refine.loop.types import Criterion


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One bullet, check, table or paragraph."""

    line: int
    last: int
    became: str
    """"check", or what `body.fates` names: "asked", "part", "key", "left out"."""
    criterion: str = ""
    severity: str = ""
    what: str = ""
    """The kind of a check, the key of a sub-bullet, or what it is that is left out."""
    words: str = ""
    """As the file has it."""
    reads: str = ""
    """What the critic is told of a question, as lines; a check's message."""


def entries(reading: Reading) -> tuple[Entry, ...]:
    """Everything in the file, in its order; a file with an error gives what was read of it."""
    criteria = reading.file.criteria if reading.file else ()
    known = {criterion.id: criterion for criterion in criteria}
    own = reading.file.label if reading.file else ""
    checks = [_check(c) for c in criteria if c.check and c.source and c.source.path == own]
    return tuple(sorted((*checks, *_bullets(reading.fates, known)), key=lambda e: e.line))


def told(criterion: Criterion) -> str:
    """What the critic reads of one criterion, as lines."""
    task = Task(text="", criteria=(criterion,), has_model=True, seed="")
    return prompt_of(task).criteria


def as_json(reading: Reading, label: str) -> dict[str, Any]:
    """The same as plain values."""
    file = reading.file
    return {
        "file": label,
        "id": file.id if file else None,
        "title": file.title if file else None,
        "applies": scope_of(file.applies) if file else None,
        "extends": list(file.replaces) if file else [],
        "entries": [asdict(entry) for entry in entries(reading)],
        "keys": _keys(file) if file and file.replaces else {},
        "problems": [problem_as_json(problem) for problem in reading.problems],
    }


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """One problem as plain values."""
    return {
        "file": problem.label or str(problem.path),
        "line": problem.line,
        "column": problem.column,
        "end_line": problem.end_line,
        "end_column": problem.end_column,
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
    }


def lines(reading: Reading, label: str, at: int | None = None) -> Iterator[str]:
    """The report as lines for people; of the bullet at line `at` alone where it is given."""
    file = reading.file
    shown = [e for e in entries(reading) if at is None or _holds(e, at, reading)]
    if at is None:
        yield from _heading(file, label, shown)
    elif not shown:
        yield f"{label}:{at}: nothing here is read or left out: it is a heading or blank."
    for entry in shown:
        yield from _entry(entry)
    if file and file.replaces and at is None:
        yield from _traced(file)


def _keys(file: CriteriaFile) -> dict[str, dict[str, str]]:
    """Where each key of each criterion stands: `file:line`."""
    known = trace(file.layer, file.id) if file.layer else {}
    return {
        name: {key: f"{source.path}:{source.line}" for key, source in keys.items()}
        for name, keys in known.items()
    }


def _traced(file: CriteriaFile) -> Iterator[str]:
    """All that applies, and where each key of it comes from."""
    keys = _keys(file)
    yield ""
    yield f"With what it extends ({', '.join(file.replaces)}):"
    for criterion in file.criteria:
        kind = f", {criterion.check}" if criterion.check else ""
        yield f"  {criterion.id} ({criterion.severity}{kind})"
        for key, place in keys.get(criterion.id, {}).items():
            yield f"      {key}: {place}"


def _heading(file: CriteriaFile | None, label: str, shown: list[Entry]) -> Iterator[str]:
    if file is None:
        yield f"{label}: not used, because of the errors in it"
    else:
        yield f"{label}: {file.title} ({file.id})"
        yield f"For {scope_of(file.applies)}."
    count = {kind: sum(e.became == kind for e in shown) for kind in ("check", ASKED, LEFT_OUT)}
    yield f"{count[ASKED]} asked, {count['check']} checked, {count[LEFT_OUT]} left out"
    yield ""


def _entry(entry: Entry) -> Iterator[str]:
    number = f"{entry.line}" if entry.line == entry.last else f"{entry.line}-{entry.last}"
    match entry.became:
        case "check":
            yield f"{number:>7}  check    {entry.criterion} ({entry.severity}, {entry.what})"
            yield f"{'':9}{entry.reads}"
        case str() as kind if kind == ASKED:
            yield f"{number:>7}  asked    {entry.criterion} ({entry.severity})"
            yield from (f"{'':9}{line}" for line in entry.reads.splitlines())
        case str() as kind if kind == KEY:
            yield f"{number:>7}  key      {entry.words}"
        case str() as kind if kind == PART:
            yield f"{number:>7}  part     {entry.words}"
        case _:
            yield f"{number:>7}  left out {entry.what}: {entry.words}"


def _holds(entry: Entry, at: int, reading: Reading) -> bool:
    """Whether a line is in an entry, or in the criterion that the entry belongs to."""
    here = {f.criterion for f in reading.fates if f.line == at and f.criterion}
    return entry.line <= at <= entry.last or entry.criterion in here


def _check(criterion: Criterion) -> Entry:
    line = criterion.source.line if criterion.source else 1
    return Entry(
        line=line,
        last=line,
        became="check",
        criterion=criterion.id,
        severity=criterion.severity.value,
        what=criterion.check or "",
        reads=criterion.not_checked or criterion.question,
    )


def _bullets(fates: tuple[Fate, ...], known: Mapping[str, Criterion]) -> Iterator[Entry]:
    for fate in fates:
        criterion = known.get(fate.criterion)
        asked = criterion is not None and fate.became == ASKED
        yield Entry(
            line=fate.line,
            last=fate.last,
            became=fate.became,
            criterion=fate.criterion,
            severity=criterion.severity.value if criterion and asked else "",
            what=fate.what,
            words=fate.words,
            reads=told(criterion) if criterion and asked else "",
        )
