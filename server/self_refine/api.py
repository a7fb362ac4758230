"""The public API: judge and refine one text from Python, as the prompt and the editor do.

`self_refine` exports these names and imports this module when one of them is first used, so that
the language server does not wait for it.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from self_refine.criteria import choose_criteria
from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import Chosen, Refusal
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.finding.discover import discover, read_file, shipped
from self_refine.criteria.finding.locations import workspace_root
from self_refine.criteria.problems import Problem
from self_refine.errors import ModelError, UsageError
from self_refine.loop.types import Candidate, Cost, Finding, Judged, Outcome, Severity, StopReason
from self_refine.models.base import Model
from self_refine.runs import run_models
from self_refine.runs.driver import Job, drive
from self_refine.runs.events import Event
from self_refine.runs.outgoing.clearance import NotSent
from self_refine.runs.outgoing.job_parts import Destination, clear
from self_refine.runs.outgoing.send_gate import Question
from self_refine.runs.prepare import RunOptions, Selection, TooLong, prepare
from self_refine.settings import Settings
from self_refine.sources import load
from self_refine.text.spans import Span

__all__ = [
    "Candidate",
    "Cost",
    "Finding",
    "Judged",
    "ModelError",
    "Options",
    "Outcome",
    "Settings",
    "Severity",
    "StopReason",
    "UsageError",
    "refine",
    "refine_async",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What a caller may say beyond the text and the criteria."""

    language: str = "markdown"
    """What the text is written in, by the ids that editors use: `markdown`, `python`, `sql` …"""
    path: Path | None = None
    """Where the text comes from; criteria files are found from there. None: the current folder."""
    instruction: str = ""
    """What the caller wants, in words."""
    settings: Settings | None = None
    """None: those of the user's `config.toml` and environment."""
    send_anyway: bool = False
    """Send also what seems to hold secrets; otherwise that is a `UsageError`."""
    on_event: Callable[[Event], None] = lambda _: None
    """Hears what happens, on the event loop of the run; must not block."""


_DEFAULTS = Options()


def refine(text: str, criteria: Sequence[str | Path] = (), options: Options = _DEFAULTS) -> Outcome:
    """Judge and refine `text`; the same as `refine_async`, from code that has no event loop.

    Raises:
        ModelError: as `refine_async`.
        RuntimeError: an event loop runs in this thread; use `refine_async` there.
        UsageError: as `refine_async`.
    """
    return asyncio.run(refine_async(text, criteria, options))


async def refine_async(
    text: str, criteria: Sequence[str | Path] = (), options: Options = _DEFAULTS
) -> Outcome:
    """Judge `text` against `criteria` and rewrite it until nothing is left to fix.

    Args:
        text: what to refine; nothing is written anywhere.
        criteria: a `Path` names a criteria file; a `str` the id of a criteria file, a pack or one
            criterion (`email`, `email/too-formal`). Empty: the files of the workspace that apply.
        options: everything else.

    Returns:
        The outcome: `text` is the best version, `stop` says why the run ended, `chosen.findings`
        what is left, `candidates` every version. Offsets are code points of the version judged.
        Without a model the checks run alone, and `stop` is `checks only`.

    Raises:
        ModelError: the configured server does not say which models it has.
        UsageError: texts that seem to hold secrets, criteria that do not exist or cannot be read,
            a wrong setting, a text over `max_selection_tokens`.
    """
    chosen = await asyncio.to_thread(_chosen, criteria, options)
    given = options.settings
    settings = given if given is not None else await asyncio.to_thread(_user_settings)
    async with run_models.connected(settings, on_note=lambda _: None) as pair:
        job = _job(text, chosen, settings, options, pair.writer)
        if pair.writer is not None:
            job = await _cleared(job, settings, options, pair.writer.host)
        return await drive(job, pair.writer, critic=pair.critic, on_event=options.on_event)


def _user_settings() -> Settings:
    return load(environ=os.environ).settings


def _job(
    text: str, chosen: Chosen, settings: Settings, options: Options, writer: Model | None
) -> Job:
    path = "" if options.path is None else options.path.as_posix()
    selection = Selection(
        document=text, span=Span(0, len(text)), language=options.language, path=path
    )
    wanted = RunOptions(instruction=options.instruction)
    job = prepare(selection, chosen, settings, wanted, has_model=writer is not None)
    if isinstance(job, TooLong):
        raise UsageError(job.message)
    return job


async def _cleared(job: Job, settings: Settings, options: Options, host: str) -> Job:
    path = options.path.resolve() if options.path is not None else None
    to = Destination(path=path, root=workspace_root(path) if path else None, host=host)

    async def ask(_: Question) -> bool:
        return options.send_anyway

    match await clear(job, to, settings, ask):
        case NotSent(message):
            raise UsageError(message)
        case cleared:
            return cleared


def _chosen(criteria: Sequence[str | Path], options: Options) -> Chosen:
    named = [read_file(each) for each in criteria if isinstance(each, Path)]
    _must_be_whole([problem for library in named for problem in library.problems])
    files = tuple(file for library in named for file in library.files)
    ids = [each for each in criteria if isinstance(each, str)]
    library = _workspace(options) if ids or not files else Library((), ())
    known = {file.id for file in files}
    merged = Library(
        (*files, *(file for file in library.files if file.id not in known)), library.problems
    )
    wanted = (*(file.id for file in files), *ids)
    match choose_criteria.choose(merged, shipped(), _target(options), wanted):
        case Refusal(message):
            raise UsageError(message)
        case chosen:
            return chosen


def _workspace(options: Options) -> Library:
    path = options.path.resolve() if options.path else None
    return discover(workspace_root(path or Path.cwd()), (path.parent,) if path else ())


def _target(options: Options) -> Target:
    path = None if options.path is None else PurePosixPath(options.path.as_posix())
    return Target(language=options.language, path=path, covers_document=True)


def _must_be_whole(problems: Sequence[Problem]) -> None:
    for problem in problems:
        if problem.severity is Severity.ERROR:
            raise UsageError(f"{problem.path}:{problem.line}:{problem.column}: {problem.message}")
