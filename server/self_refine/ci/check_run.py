"""A whole `check`: every file read and judged, in parallel where a model answers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from self_refine.ci.changed_lines import Changes
from self_refine.ci.judge_file import Judgement, TextFile, by_checks, by_judgement
from self_refine.ci.line_filter import Filter, filtered
from self_refine.ci.read_file import Skipped, read_text_file
from self_refine.ci.results import CheckReport, FileError, FileResult
from self_refine.ci.select_files import Selected
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.silenced import Dismissal
from self_refine.loop.types import Cost, Criterion
from self_refine.runs.prepare import estimate_tokens

NO_MODEL = "no model"
NOT_ASKED = "--deterministic asks no model"

Judge = Callable[[TextFile], Awaitable[Judgement]]
"""Asks the model about one file; raises what the gate of what is sent raises."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckOptions:
    """What a `check` is to do."""

    criteria: tuple[str, ...] = ()
    """Ids that the user named; empty: all team files that apply."""
    filter: Filter = "all"
    changes: Changes | None = None
    """None: no base, so every line counts."""
    dismissed: frozenset[Dismissal] = frozenset()
    jobs: int = 4
    max_tokens: int | None = None
    """Input and output tokens of the whole run; None: no limit."""
    why_not: str = NO_MODEL
    """Why judged criteria are not checked, where `judge` is None."""


@dataclass(slots=True)
class Progress:
    """How far a check is; whoever shows it reads it when told."""

    total: int
    done: int = 0
    findings: int = 0
    cost: Cost = field(default_factory=Cost)


async def check(  # noqa: PLR0913 - the parts of a check, each named by its caller
    root: Path,
    selected: Sequence[Selected],
    library: Library,
    packs: Library,
    options: CheckOptions,
    *,
    judge: Judge | None,
    model: str = "",
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> CheckReport:
    """Judge the files.

    Args:
        root: the workspace; paths of results are relative to it.
        selected: the files, as `select_files` found them.
        library: the team's criteria.
        packs: the criteria that ship.
        options: what is asked for.
        judge: asks the model about one file; None: checks alone.
        model: who answers, for the report.
        on_progress: hears how far it is, after each file.
    """
    run = _Run(selected, options, judge, on_progress)
    files: list[FileResult] = []
    errors: list[FileError] = []
    criteria: dict[str, Criterion] = {}
    skipped = 0
    waiting: list[tuple[int, TextFile]] = []
    for each in selected:
        match read_text_file(root, each, library, packs, options.criteria):
            case FileError() as error:
                errors.append(error)
                run.finished(None)
            case Skipped():
                skipped += 1
                run.finished(None)
            case TextFile() as file:
                criteria |= {c.id: c for c in file.chosen.criteria if c.id not in criteria}
                if judge is not None and _is_judged(file):
                    waiting.append((len(files), file))
                result = by_checks(file, options.dismissed, options.why_not)
                files.append(run.narrowed(result))
                if judge is None or not _is_judged(file):
                    run.finished(result)
    await run.ask(waiting, files)
    return CheckReport(
        files=tuple(files), errors=tuple(errors), criteria=criteria, model=model, skipped=skipped
    )


def _is_judged(file: TextFile) -> bool:
    return any(each.check is None and not each.not_checked for each in file.chosen.criteria)


class _Run:
    """One check between its files: how far it is, and what it has spent."""

    def __init__(
        self,
        selected: Sequence[Selected],
        options: CheckOptions,
        judge: Judge | None,
        tell: Callable[[Progress], None],
    ) -> None:
        self._options, self._judge, self._tell = options, judge, tell
        self._progress = Progress(total=len(selected))
        self._slots = asyncio.Semaphore(max(1, options.jobs))

    def finished(self, result: FileResult | None) -> None:
        """One file more is done."""
        progress = self._progress
        progress.done += 1
        if result is not None:
            progress.findings += len(result.found)
            progress.cost += result.cost
        self._tell(progress)

    def narrowed(self, result: FileResult) -> FileResult:
        """The result with the findings that do not count marked so."""
        options = self._options
        if options.changes is None or not result.found:
            return result
        changed = options.changes.get(result.path)
        return replace(result, found=tuple(filtered(result.found, changed, options.filter)))

    async def ask(self, waiting: Sequence[tuple[int, TextFile]], files: list[FileResult]) -> None:
        """Let the model judge these files, and put its results in place of the checks' own."""
        if self._judge is None:
            return
        async with asyncio.TaskGroup() as group:
            for index, file in waiting:
                group.create_task(self._one(self._judge, index, file, files))

    async def _one(self, judge: Judge, index: int, file: TextFile, files: list[FileResult]) -> None:
        async with self._slots:
            if reason := self._over_budget(file):
                unasked = by_checks(file, self._options.dismissed, reason)
                files[index] = replace(self.narrowed(unasked), stopped=reason)
            else:
                judgement = await judge(file)
                result = by_judgement(file, judgement, self._options.dismissed)
                files[index] = self.narrowed(result)
        self.finished(files[index])

    def _over_budget(self, file: TextFile) -> str:
        limit, spent = self._options.max_tokens, self._progress.cost.tokens
        if limit is None or spent + estimate_tokens(file.text) <= limit:
            return ""
        return f"the budget of {limit:,} tokens is used up"
