"""Owns `self-refine doctor`: says which model would answer and why, and asks it one question."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from self_refine import __version__
from self_refine.cli.criteria.check_criteria import counted
from self_refine.cli.criteria.show_criteria import plural, whole_tree
from self_refine.cli.output.report import printing
from self_refine.cli.output.terminal import write_line
from self_refine.criteria.finding.locations import workspace_root
from self_refine.runs.probe import examine
from self_refine.settings import Settings, config_path, state_path
from self_refine.sources import load

_CODES = {"fine": 0, "none": 0, "failed": 3}


def run() -> int:
    """Print what there is; return 0, or 3 for a model that fails.

    Raises:
        UsageError: a setting cannot be meant so, or standard output takes no more.
        ModelError: the model does not answer.
    """
    loaded = load(environ=os.environ)
    for line in _about(loaded.settings):
        _say(line)
    for problem in loaded.problems:
        _say(f"problem: {problem}")
    _say(_criteria(Path.cwd()))
    return _CODES[asyncio.run(examine(loaded.settings, _say))]


def _about(settings: Settings) -> Iterator[str]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield f"self-refine {__version__}, Python {python} on {sys.platform}"
    there = "" if config_path().exists() else " (not there: defaults)"
    yield f"settings: {config_path()}{there}"
    yield f"traces: {state_path() / 'runs'}" if settings.trace else "traces: off"


def _criteria(folder: Path) -> str:
    """How many criteria files the workspace has, and what is wrong with them."""
    library = whole_tree(workspace_root(folder))
    questions = sum(1 for file in library.files for c in file.criteria if not c.check)
    checks = sum(len(file.checks) for file in library.files)
    counts = ((len(library.files), "file"), (questions, "question"), (checks, "check"))
    found = ", ".join(plural(count, noun) for count, noun in counts)
    aid = " (self-refine criteria check)" if library.problems else ""
    return f"criteria: {found}; {counted(library.problems)}{aid}"


def _say(line: str) -> None:
    with printing("Send it elsewhere."):
        write_line(line)
