"""Owns what a person reads at the prompt after a run: findings, diff, verdicts, why it stopped."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

from self_refine.cli.output.code_frames import COLOURS, Page, frame
from self_refine.cli.output.terminal_diff import coloured
from self_refine.cli.target import FileTarget
from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.errors import UsageError
from self_refine.loop.estimate import Estimate
from self_refine.loop.reporting.pass_report import passes
from self_refine.loop.types import Judged, Outcome, PassView, Severity, Verdict
from self_refine.runs.events import plural, tokens
from self_refine.text.diffing.edits import unified

_VERDICTS = {
    Verdict.PASS: ("pass", "green"),
    Verdict.FAIL: ("FAIL", "red"),
    Verdict.NOT_APPLICABLE: ("does not apply", "dim"),
    Verdict.UNKNOWN: ("unknown", "yellow"),
    Verdict.NOT_CHECKED: ("not checked", "dim"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One ended run and what it ran on."""

    target: FileTarget
    outcome: Outcome
    files: tuple[CriteriaFile, ...]
    model: str | None
    host: str | None
    brief: str = ""
    """What the text was said to be for."""
    estimate: Estimate = field(default_factory=Estimate)
    """About what it was expected to take."""

    @property
    def text(self) -> str:
        """The whole new document, without its byte order mark."""
        return self.document(self.outcome.text)

    def document(self, candidate: str) -> str:
        """The document with `candidate` in the place of the selection."""
        span = self.target.span
        return self.target.text[: span.start] + candidate + self.target.text[span.end :]


def diff(report: Report) -> str:
    """A unified diff that `patch` takes; "" where nothing has changed."""
    bom, target = report.target.bom, report.target
    return unified(bom + target.text, bom + report.text, _diff_label(target))


def _diff_label(target: FileTarget) -> str:
    """The file as `patch -p0` can find it from here; outside this folder as the user named it.

    `patch` refuses absolute names and those with `..`: there it wants the file named beside.
    """
    if target.path is None:
        return target.label
    try:
        here = Path.cwd().resolve()
        real = target.path.parent.resolve() / target.path.name
    except (OSError, RuntimeError):  # the folder is gone, or a link leads to itself
        return target.label
    return real.relative_to(here).as_posix() if real.is_relative_to(here) else target.label


def show(report: Report, console: Console) -> None:
    """Print the whole report."""
    if line := missing_model(report):
        console.print(Text(line, "yellow"), soft_wrap=True)
    views = passes(report.outcome)
    for number, view in enumerate(views):
        for text in _pass(report, number, view, console.width):
            console.print(text, soft_wrap=True)
    show_diff(report, console)
    if report.outcome.criteria:
        console.print()
    for text in _verdicts(views, report.outcome):
        console.print(text, soft_wrap=True)
    for text in _ending(report):
        console.print(text, soft_wrap=True)


def show_diff(report: Report, console: Console) -> None:
    """Print the diff: coloured on a terminal, byte for byte where it is piped."""
    text = diff(report)
    if not text:
        console.print("No change.")
    elif console.is_terminal:
        for line in coloured(text):
            console.print(line, soft_wrap=True)
    else:
        # A terminal library would drop the \r of line ends, and `patch` would refuse the rest.
        console.file.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
        sys.stdout.buffer.flush()


def missing_model(report: Report) -> str:
    """Such as "no model configured: 4 judged criteria not checked"; "" with a model."""
    judged = sum(c.check is None for c in report.outcome.criteria)
    if report.model is not None or not judged:
        return ""
    noun = "criterion" if judged == 1 else "criteria"
    return f"no model configured: {judged} judged {noun} not checked"


def stopped(outcome: Outcome) -> str:
    """Such as "Stopped: budget (20 calls)"."""
    return f"Stopped: {outcome.stop.value}" + (f" ({outcome.detail})" if outcome.detail else "")


def remarks(outcome: Outcome) -> tuple[str, ...]:
    """What is to be said of a run, a sentence each."""
    return (*outcome.notes, *(f"Look before you keep it: {why}" for why in outcome.held))


def losses(outcome: Outcome) -> str:
    """Such as `Lost: the number "42"`; "Nothing lost." where all facts are still there."""
    if outcome.text == outcome.original.text:
        return ""
    return f"Lost: {', '.join(outcome.lost)}" if outcome.lost else "Nothing lost."


@contextmanager
def printing(advice: str = "Send it elsewhere, or use --write.") -> Iterator[None]:
    """Print inside this block; what cannot be printed is said, with this advice.

    Raises:
        UsageError: standard output takes no more; a reader that left is a `BrokenPipeError`.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would try once more at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"The result cannot be printed: {error.strerror}. {advice}") from error


def _pass(report: Report, number: int, view: PassView, width: int) -> Iterator[Text]:
    candidate = view.candidate
    name = {
        "original": "as given",
        "fixes": "after the fixes of checks",
        "generated": "the first draft",
    }.get(candidate.origin, "rewritten")
    findings = [(f, fixed) for f, fixed in zip(candidate.findings, view.fixed_in, strict=True)]
    yield Text(f"Pass {number} · {name} · {_tally(view)}", "bold underline")
    yield Text("")
    page = Page(report.target.label, report.document(candidate.text), report.target.span.start)
    for finding, fixed in sorted(findings, key=lambda pair: pair[0].span):
        if fixed is not None:
            status = f"fixed in pass {fixed}"
        else:
            status = "disputed" if finding.disputed else ""
        yield from frame(page, finding, status, width)


def _tally(view: PassView) -> str:
    """Such as "1 error, 3 infos"; "nothing found"."""
    findings = view.candidate.findings
    counts = [(s, sum(f.severity is s for f in findings)) for s in Severity]
    return ", ".join(plural(n, s.value) for s, n in counts if n) or "nothing found"


def _verdicts(views: tuple[PassView, ...], outcome: Outcome) -> Iterator[Text]:
    """The verdict table, a line for each criterion; nothing is folded or cut."""
    if not outcome.criteria:
        return
    first, last = views[0].candidate, outcome.chosen
    rows = [
        (
            Text(criterion.id),
            Text(criterion.severity.value, COLOURS[criterion.severity]),
            _verdict(first.verdicts.get(criterion.id), reason=False),
            _verdict(last.verdicts.get(criterion.id), reason=True),
        )
        for criterion in outcome.criteria
    ]
    head = tuple(Text(name, "bold") for name in ("Criterion", "Severity", "As given", "Result"))
    widths = [max(row[i].cell_len for row in (head, *rows)) for i in range(3)]
    for row in (head, *rows):
        gaps = [" " * (w - cell.cell_len + 3) for w, cell in zip(widths, row, strict=False)]
        yield Text.assemble(row[0], gaps[0], row[1], gaps[1], row[2], gaps[2], row[3])


def _verdict(judged: Judged | None, *, reason: bool) -> Text:
    judged = judged or Judged(Verdict.UNKNOWN)
    word, colour = _VERDICTS[judged.verdict]
    why = f": {judged.reason}" if reason and judged.reason else ""
    return Text.assemble((word, colour), (why, "dim"))


def _ending(report: Report) -> Iterator[Text]:
    outcome = report.outcome
    yield Text("")
    for file in report.files:
        yield Text(f"Criteria: {file.label} ({file.title}, sha256 {file.digest[:12]})", "dim")
    for note in remarks(outcome):
        yield Text(note, "yellow")
    if lost := losses(outcome):
        yield Text(lost, "red" if outcome.lost else "dim")
    if report.brief:
        yield Text(f"Brief: {report.brief}", "dim")
    yield Text(stopped(outcome), "bold")
    yield Text(_cost(report))


def _cost(report: Report) -> str:
    cost = report.outcome.cost
    if report.model is None:
        return "Cost: no calls to a model"
    about = "~" if cost.estimated else ""
    return (
        f"Cost: {plural(cost.calls, 'call')} to {report.model} at {report.host}, "
        f"{tokens(cost)} tokens ({about}{cost.input_tokens:,} in, {cost.cached_tokens:,} of them "
        f"cached, {about}{cost.output_tokens:,} out), {cost.seconds:.1f} s"
    )
