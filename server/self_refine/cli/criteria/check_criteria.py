"""`self-refine criteria check`: what is wrong with criteria files, and nothing else."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from self_refine.cli.criteria.show_criteria import print_json, print_lines, whole_tree
from self_refine.criteria.finding.discover import read_in_place
from self_refine.criteria.finding.locations import SUFFIX, workspace_root
from self_refine.criteria.problems import Problem
from self_refine.criteria.showing.file_report import problem_as_json
from self_refine.criteria.showing.wording import wording
from self_refine.errors import UsageError
from self_refine.loop.types import Severity

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.HINT)
_NAMES = {Severity.INFO: "note"}


def run(paths: Sequence[str], *, hints: bool, as_json: bool) -> int:
    """Print the problems; return 1 where one is an error, else 0.

    Raises:
        UsageError: a path leads nowhere, or is no criteria file.
    """
    problems = problems_of(tuple(map(Path, paths)) or (Path.cwd(),))
    shown = [p for p in problems if hints or p.severity is not Severity.HINT]
    if as_json:
        print_json({"problems": [problem_as_json(problem) for problem in shown]})
    else:
        print_lines((*map(_line, shown), *_total(problems, hints=hints)))
    return int(any(problem.severity is Severity.ERROR for problem in problems))


def problems_of(paths: Sequence[Path]) -> tuple[Problem, ...]:
    """What is wrong with these criteria files, and with those in the workspaces of folders."""
    found: dict[Problem, None] = {}
    for path in paths:
        found |= dict.fromkeys(_of_path(path))
    return tuple(found)


def counted(problems: Sequence[Problem]) -> str:
    """Such as "1 error, 2 warnings"; "no problems"."""
    count = Counter(problem.severity for problem in problems)
    named = ((count[s], _NAMES.get(s, s.value)) for s in _ORDER if count[s])
    return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in named) or "no problems"


def _of_path(path: Path) -> tuple[Problem, ...]:
    if path.is_dir():
        real = path.resolve()
        root = workspace_root(real)
        problems = whole_tree(root).problems
        return tuple(p for p in problems if real == root or p.path.resolve().is_relative_to(real))
    if not path.is_file():
        raise UsageError(f"There is no file or folder {path}.")
    if not path.name.lower().endswith(SUFFIX):
        raise UsageError(f"{path} is no criteria file: its name does not end in {SUFFIX}.")
    real = path.resolve()
    reading = read_in_place(real, workspace_root(real))
    return (*reading.problems, *wording(reading))


def _line(problem: Problem) -> str:
    place = f"{problem.label or problem.path}:{problem.line}:{problem.column}"
    return f"{place}: {problem.severity} {problem.code}: {problem.message}"


def _total(problems: Sequence[Problem], *, hints: bool) -> Iterator[str]:
    hidden = not hints and any(p.severity is Severity.HINT for p in problems)
    yield f"{counted(problems)}{'; --hints prints the hints' if hidden else ''}"
