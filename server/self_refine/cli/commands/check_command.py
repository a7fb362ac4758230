"""`self-refine check` and `self-refine baseline`: the same criteria over many files, for CI."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from self_refine.ci.baseline import Entry, compare, entries_of, pruned, read_baseline, written
from self_refine.ci.check_run import NO_MODEL, NOT_ASKED, CheckOptions, Judge, check
from self_refine.ci.formats.output_formats import FORMATS
from self_refine.ci.judge_file import TextFile
from self_refine.ci.plan import plan_text, planned
from self_refine.ci.read_file import read_text_file
from self_refine.ci.results import CheckReport
from self_refine.cli.commands.check_scene import CheckArguments, Scene, scene_of
from self_refine.cli.commands.file_judge import FileJudge
from self_refine.cli.commands.write_result import CLEAN, FINDINGS, MODEL
from self_refine.cli.output.check_progress import shown_progress
from self_refine.cli.output.terminal import console
from self_refine.cli.send_question import send_question
from self_refine.criteria.silenced import read_dismissals
from self_refine.errors import UsageError
from self_refine.runs import run_models
from self_refine.runs.verdict_cache import open_cache
from self_refine.safe_write import write_file
from self_refine.sources import load


def run(arguments: CheckArguments) -> int:
    """Check the files and return the exit code.

    Raises:
        UsageError: a path, a ref, criteria, a format or the baseline cannot be used.
    """
    outputs = _outputs(arguments.formats)
    notes = console(stderr=True)
    with ExitStack() as stack:
        scene = scene_of(arguments, notes, stack)
        if arguments.plan:
            return _plan(arguments, scene)
        report = asyncio.run(_checked(arguments, scene, notes))
    if arguments.baseline is not None:
        known = _read(arguments.baseline)
        report = compare(report, known, scene.changes).report
    for name, path in outputs:
        _write(FORMATS[name](report), path)
    return _exit_code(arguments, report)


def run_baseline(action: str, file: Path, arguments: CheckArguments, *, accept_new: bool) -> int:
    """Write or prune a baseline of what a check finds now.

    Raises:
        UsageError: as `run`; or there are new findings and nobody said `--accept-new`.
    """
    notes = console(stderr=True)
    with ExitStack() as stack:
        scene = scene_of(arguments, notes, stack)
        report = asyncio.run(_checked(arguments, scene, notes))
    known = _read(file) if file.exists() else ()
    compared = compare(report, known, scene.changes)
    new = len(compared.unknown)
    if action == "prune":
        entries: tuple[Entry, ...] = pruned(known, report)
        if new:
            notes.print(f"{new:,} findings are new; they were not added.", soft_wrap=True)
    elif new and not accept_new and file.exists():
        raise UsageError(
            f"{new:,} findings are not in {file}. Mend them, or add them with --accept-new."
        )
    else:
        entries = entries_of(report)
    write_file(file.absolute(), written(entries).encode("utf-8", "surrogatepass"))
    count = sum(each.count for each in entries)
    notes.print(f"{file}: {count:,} findings are known.", soft_wrap=True)
    return CLEAN


def _outputs(formats: Sequence[str]) -> list[tuple[str, Path | None]]:
    outputs: list[tuple[str, Path | None]] = []
    for each in formats or ("text",):
        name, _, path = each.partition("=")
        if name not in FORMATS:
            raise UsageError(f"There is no format {name!r}. There are {', '.join(FORMATS)}.")
        outputs.append((name, Path(path) if path else None))
    if sum(path is None for _, path in outputs) > 1:
        raise UsageError(
            "Only one format can go to standard output; give the others a file: sarif=out.sarif."
        )
    return outputs


def _plan(arguments: CheckArguments, scene: Scene) -> int:
    read = [
        read_text_file(scene.root, each, scene.library, scene.packs, arguments.criteria)
        for each in scene.selected
    ]
    files = [each for each in read if isinstance(each, TextFile)]
    _write(plan_text(planned(files), len(read) - len(files)), None)
    return CLEAN


async def _checked(arguments: CheckArguments, scene: Scene, notes: Console) -> CheckReport:
    settings = load(environ=os.environ).settings
    options = CheckOptions(
        criteria=arguments.criteria,
        filter=arguments.filter or ("added" if scene.changes is not None else "all"),
        changes=scene.changes,
        dismissed=read_dismissals(scene.root),
        jobs=arguments.jobs,
        max_tokens=arguments.max_tokens,
        why_not=NOT_ASKED if arguments.deterministic else NO_MODEL,
    )
    with shown_progress(notes) as on_progress:

        async def with_judge(judge: Judge | None, model: str) -> CheckReport:
            return await check(
                scene.root,
                scene.selected,
                scene.library,
                scene.packs,
                options,
                judge=judge,
                model=model,
                on_progress=on_progress,
            )

        if arguments.deterministic:
            return await with_judge(None, "")
        async with run_models.connected(settings, on_note=lambda _: None) as pair:
            critic = pair.critic or pair.writer
            if critic is None:
                return await with_judge(None, "")
            ask = send_question(notes, send_anyway=arguments.send_anyway)
            known = None if arguments.no_cache else open_cache(settings)
            asker = FileJudge(critic, settings, scene.root, ask, known)
            return await with_judge(asker.judge, f"{critic.name} at {critic.host}")


def _read(path: Path) -> tuple[Entry, ...]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"The baseline {path} cannot be read: {reason}.") from None
    entries = read_baseline(text)
    if isinstance(entries, str):
        raise UsageError(f"{path}: {entries}")
    return entries


def _write(text: str, path: Path | None) -> None:
    if path is None:
        console().file.write(text)
        return
    try:
        write_file(path.absolute(), text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


_RANKS: Mapping[str, int] = {"error": 0, "warning": 1, "info": 2, "never": -1}


def _exit_code(arguments: CheckArguments, report: CheckReport) -> int:
    """2: a file could not be read; 1: a finding that counts; 3: not all was judged; else 0."""
    if report.errors:
        return 2
    worst = _RANKS[arguments.fail_level]
    if any(each.finding.severity.rank <= worst for _, each in report.new):
        return FINDINGS
    if arguments.strict_baseline and report.stale:
        return FINDINGS
    incomplete = report.model and any(file.stopped for file in report.files)
    return MODEL if incomplete and arguments.on_incomplete == "fail" else CLEAN
