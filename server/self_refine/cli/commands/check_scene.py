"""What a check is about before anything is judged: the files, the change, the criteria."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from self_refine.ci.base_criteria import criteria_at
from self_refine.ci.changed_lines import Changes, changes_since
from self_refine.ci.git import GitProblem, top_level
from self_refine.ci.line_filter import Filter
from self_refine.ci.select_files import Selected, select_files
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.finding.discover import discover, shipped
from self_refine.criteria.finding.locations import workspace_root
from self_refine.errors import UsageError
from self_refine.loop.types import Severity
from self_refine.text.invisible import escape


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckArguments:
    """The command line of `check`."""

    paths: tuple[str, ...]
    diff_base: str | None = None
    filter: Filter | None = None
    criteria: tuple[str, ...] = ()
    criteria_from: str | None = None
    deterministic: bool = False
    formats: tuple[str, ...] = ()
    """Each `NAME` or `NAME=FILE`."""
    baseline: Path | None = None
    strict_baseline: bool = False
    fail_level: str = "error"
    on_incomplete: str = "fail"
    plan: bool = False
    max_tokens: int | None = None
    jobs: int = 4
    send_anyway: bool = False
    no_cache: bool = False
    """Ask again what earlier runs decided of the same text."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a check is about, before anything is judged."""

    root: Path
    selected: Sequence[Selected]
    library: Library
    packs: Library
    changes: Changes | None


def scene_of(arguments: CheckArguments, notes: Console, stack: ExitStack) -> Scene:
    """Find the files, the change and the criteria.

    Args:
        arguments: the command line.
        notes: where remarks go.
        stack: keeps the criteria of another commit until it is closed.

    Raises:
        UsageError: a path, a ref or a criteria file cannot be used.
    """
    here = Path.cwd()
    top = top_level(here)
    root = top if top is not None else workspace_root(here)
    selected = select_files(root, here, arguments.paths)
    if isinstance(selected, str):
        raise UsageError(selected)
    changes = _changes(arguments, root, top)
    if changes is not None and arguments.filter != "all":
        selected = [each for each in selected if each.path in changes]
    library = _library(arguments, root, stack)
    for problem in library.problems:
        if problem.severity is Severity.ERROR:
            place = f"{escape(str(problem.path))}:{problem.line}:{problem.column}"
            raise UsageError(f"{place}: {problem.message}")
    if not library.files and not arguments.criteria:
        notes.print(
            "No criteria files were found: nothing is judged. Make one with "
            "`self-refine criteria new`, or name a pack with --criteria.",
            soft_wrap=True,
        )
    return Scene(root, selected, library, shipped(), changes)


def _changes(arguments: CheckArguments, root: Path, top: Path | None) -> Changes | None:
    if arguments.diff_base is None:
        return None
    if top is None:
        raise UsageError("--diff-base needs a git work tree; this folder is in none.")
    changes = changes_since(root, arguments.diff_base)
    if isinstance(changes, GitProblem):
        raise UsageError(changes.message)
    return changes


def _library(arguments: CheckArguments, root: Path, stack: ExitStack) -> Library:
    if arguments.criteria_from is None:
        return discover(root)
    folder = stack.enter_context(criteria_at(root, arguments.criteria_from))
    if isinstance(folder, GitProblem):
        raise UsageError(folder.message)
    return discover(folder)
