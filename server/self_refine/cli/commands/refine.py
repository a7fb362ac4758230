"""Owns `self-refine refine`: one text, judged and rewritten, shown, written or printed as JSON."""

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from rich.console import Console

from self_refine.cli.commands.write_result import finish
from self_refine.cli.output.report import Report
from self_refine.cli.output.terminal import console
from self_refine.cli.output.terminal_progress import Progress
from self_refine.cli.send_question import send_question
from self_refine.cli.target import FileTarget, read_target
from self_refine.criteria import applying
from self_refine.criteria import choose_criteria as choosing
from self_refine.criteria.finding.discover import shipped
from self_refine.criteria.finding.locations import workspace_root
from self_refine.criteria.input_texts import GivenText, InputPlace, declared_inputs
from self_refine.criteria.problems import Problem
from self_refine.errors import UsageError
from self_refine.loop.types import Outcome, Severity
from self_refine.models.base import Model
from self_refine.runs import run_models
from self_refine.runs.check_process import CheckProcess
from self_refine.runs.commands.allow_commands import allowed_commands, workplace
from self_refine.runs.driver import Job, Stop, drive
from self_refine.runs.grow_selection import grown, lacking
from self_refine.runs.model_memory import ModelMemory
from self_refine.runs.outgoing.clearance import NotSent
from self_refine.runs.outgoing.job_parts import Destination, clear
from self_refine.runs.outgoing.send_gate import Ask
from self_refine.runs.prepare import RunOptions, Selection, TooLong, prepare
from self_refine.runs.trace import NoTrace, open_trace
from self_refine.runs.verdict_cache import open_cache
from self_refine.settings import Settings, state_path
from self_refine.sources import Origin, load, overlay
from self_refine.text.invisible import escape
from self_refine.text.languages import canonical
from self_refine.text.spans import Span
from self_refine.tools.command_runs import Workplace


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """The command line of `refine`."""

    criteria: tuple[str, ...]
    instruction: str
    brief: str
    """What the text is for."""
    language: str | None
    output: str
    """`report`, `diff`, `write` or `json`."""
    send_anyway: bool
    """Send also what the gate would ask about."""
    inputs: tuple[str, ...] = ()
    """`NAME=FILE`, each."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings that the command line gives, keys in camel case."""


def generate(arguments: Arguments) -> int:
    """Write the text that the brief describes, refine it, and print it; the exit code.

    Raises:
        UsageError: the brief is empty, or the criteria or a setting is not to be had.
    """
    if not arguments.brief.strip():
        raise UsageError("The brief is empty. Say with --brief what the text is to be.")
    target = FileTarget(
        path=None,
        label="the draft",
        bom="",
        text="",
        span=Span(0, 0),
        language=canonical(arguments.language or "markdown"),
    )
    return run_on(target, arguments)


def run_on(target: FileTarget, arguments: Arguments) -> int:
    """Refine a target, show, and return the exit code; `generate` says what it raises."""
    notes = console(stderr=True)
    settings = _settings(arguments, notes)
    with closing(CheckProcess()) as process:
        target, chosen = _choose(arguments, target, notes, process)
        report = asyncio.run(_refine(arguments, target, chosen, settings, notes, process))
    return finish(report, arguments.output, notes)


def _settings(arguments: Arguments, notes: Console) -> Settings:
    loaded = load(environ=os.environ)
    further = overlay(loaded.settings, arguments.settings, Origin("the command line", "user"))
    for problem in loaded.problems:
        notes.print(f"note: {problem}", soft_wrap=True)
    if further.problems:
        raise UsageError(f"{further.problems[0]}.")
    return further.settings


def _choose(
    arguments: Arguments, target: FileTarget, notes: Console, process: CheckProcess
) -> tuple[FileTarget, choosing.Chosen]:
    """The criteria, and the target grown to what they are about."""
    root = workspace_root(target.path or _here())
    library = process.team(root, (target.path.resolve().parent,) if target.path else ())
    for problem in library.problems:
        # Hints are for those who write the file, in their editor; here they would bury the report.
        if problem.severity is not Severity.HINT:
            _print_problem(problem, notes)
    where = applying.Target(
        language=target.language,
        path=_relative(target.path, root),
        covers_document=target.span.start == 0 and target.span.end == len(target.text),
    )
    first = choosing.choose(library, shipped(), where, arguments.criteria)
    if isinstance(first, choosing.Chosen):
        span = grown(target.text, target.span, first.files)
        target = replace(target, span=span)
        where = lacking(where, target.text, span, target.language, first.files)
        whole = span == Span(0, len(target.text))
        where = replace(where, covers_document=where.covers_document or whole)
    place = InputPlace(document=target.text, span=target.span, root=root)
    given = dict(map(_given_input, arguments.inputs))
    match choosing.choose_with_inputs(library, shipped(), where, arguments.criteria, place, given):
        case choosing.Refusal(message) if arguments.instruction.strip() and not arguments.criteria:
            notes.print(f"{message} Until then only the instruction is judged.", soft_wrap=True)
            return target, choosing.NOTHING
        case choosing.Refusal() if not target.text and not arguments.criteria:
            notes.print("No criteria apply: the draft is written, and not judged.", soft_wrap=True)
            return target, choosing.NOTHING
        case choosing.Refusal(message):
            broken = any(p.severity == "error" for p in library.problems)
            left_out = " Files with the errors above were left out." if broken else ""
            raise UsageError(message + left_out)
        case chosen:
            _must_be_declared(given, chosen)
            return target, chosen


def _given_input(argument: str) -> tuple[str, GivenText]:
    """The input that `NAME=FILE` gives.

    Raises:
        UsageError: it is not of this form, or the file is not to be had.
    """
    name, equals, file = argument.partition("=")
    if not equals or not name.strip() or not file.strip():
        raise UsageError(f"--input {argument}: write NAME=FILE, such as source=notes.md.")
    return name.strip(), GivenText(read_target(file, None).text, Path(file))


def _must_be_declared(given: Mapping[str, GivenText], chosen: choosing.Chosen) -> None:
    known = [name for name, _ in declared_inputs(chosen.files)]
    for name in given:
        if name not in known:
            listed = f"They want {', '.join(known)}." if known else "They want no input."
            raise UsageError(f"--input {name}: the criteria declare no such input. {listed}")


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise UsageError("The current folder is gone. Change to one that exists.") from None


def _print_problem(problem: Problem, notes: Console) -> None:
    # A stranger's file name must not write on the user's screen.
    place = f"{escape(str(problem.path))}:{problem.line}:{problem.column}"
    notes.print(f"{place}: {problem.severity} {problem.code}: {problem.message}", soft_wrap=True)


def _relative(path: Path | None, root: Path) -> PurePosixPath | None:
    if path is None:
        return None
    resolved = path.resolve()
    inside = resolved.is_relative_to(root)
    return PurePosixPath(resolved.relative_to(root).as_posix() if inside else resolved.as_posix())


async def _refine(  # noqa: PLR0913, PLR0917 - the parts of a run, each named by its caller
    arguments: Arguments,
    target: FileTarget,
    chosen: choosing.Chosen,
    settings: Settings,
    notes: Console,
    process: CheckProcess,
) -> Report:
    async with run_models.connected(
        settings, on_note=lambda s: notes.print(s, soft_wrap=True)
    ) as pair:
        if pair.writer is None and not chosen.criteria:
            raise UsageError(
                "An instruction without criteria needs a model. Set OPENAI_API_KEY and "
                "OPENAI_MODEL, or OPENAI_BASE_URL."
            )
        selection = Selection(
            document=target.text,
            span=target.span,
            language=target.language,
            path=target.path.as_posix() if target.path else "",
        )
        wish = RunOptions(instruction=arguments.instruction, brief=arguments.brief)
        job = prepare(
            selection,
            chosen,
            settings,
            wish,
            has_model=pair.writer is not None,
            checker=process,
        )
        if isinstance(job, TooLong):
            raise UsageError(job.message)
        commands = await allowed_commands(chosen, _workplace(target, selection), state_path())
        job = replace(job, commands=commands)
        if pair.writer is not None:
            job = await _cleared(job, target, pair.writer, settings, _question(arguments, notes))
        memory = ModelMemory(state_path() / "models.json")
        if pair.writer is not None:
            job = replace(job, task=memory.known(pair.writer).on(job.task, time.time()))
        trace = open_trace(state_path(), job.task.seed) if settings.trace else NoTrace()
        progress = Progress(notes)
        stop = Stop()
        # Not before: until here an interrupt simply cancels, since there is no text to save.
        _stop_on_interrupt(stop)
        try:
            outcome = await drive(
                job,
                pair.writer,
                critic=pair.critic,
                on_event=progress,
                stop=stop,
                trace=trace,
                verdicts=open_cache(settings),
            )
        finally:
            # A check that still runs is waited for by nobody.
            process.close()
            if commands is not None:
                await asyncio.to_thread(commands.close)
            progress.close()
            trace.close()
        if pair.writer is not None:
            memory.learn(pair.writer, outcome.observed, time.time())
    report = _report(target, outcome, chosen, pair.writer)
    return replace(report, brief=job.task.brief, estimate=progress.estimate)


def _workplace(target: FileTarget, selection: Selection) -> Workplace | None:
    """Where commands find the text; None where it has no file."""
    if target.path is None:
        return None
    root, path = workspace_root(target.path).resolve(), target.path.resolve()
    return workplace(selection, root, path, byte_order_mark=bool(target.bom))


def _question(arguments: Arguments, notes: Console) -> Ask:
    return send_question(notes, send_anyway=arguments.send_anyway)


async def _cleared(
    job: Job, target: FileTarget, writer: Model, settings: Settings, ask: Ask
) -> Job:
    """The job that may be sent.

    Raises:
        UsageError: it is not to be sent.
    """
    path = target.path.resolve() if target.path else None
    root = workspace_root(path) if path else None
    match await clear(job, Destination(path=path, root=root, host=writer.host), settings, ask):
        case NotSent(message):
            raise UsageError(message)
        case cleared:
            return cleared


def _report(
    target: FileTarget, outcome: Outcome, chosen: choosing.Chosen, model: Model | None
) -> Report:
    return Report(
        target=target,
        outcome=outcome,
        files=chosen.files,
        model=model.name if model else None,
        host=model.host if model else None,
    )


def _stop_on_interrupt(stop: Stop) -> None:
    """Ctrl-C ends the run with its best text; where a loop takes no handlers, between two steps."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, stop.cancel)
    except NotImplementedError:  # Windows
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(stop.cancel))
