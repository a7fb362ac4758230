"""Owns the end of `refine`: what goes where, on which exit code, and that nothing of it is lost."""

import sys
from collections.abc import Iterator

from rich.console import Console

from self_refine.cli.output.json_report import as_json
from self_refine.cli.output.report import (
    Report,
    diff,
    missing_model,
    printing,
    remarks,
    show,
    show_diff,
    stopped,
)
from self_refine.cli.output.terminal import console
from self_refine.cli.target import write_target
from self_refine.errors import UsageError
from self_refine.loop.types import Outcome, Severity, StopReason, Verdict
from self_refine.text.invisible import escape

CLEAN, FINDINGS, MODEL, CANCELLED = 0, 1, 3, 130
"""Exit codes."""

_AID = {
    StopReason.CRITIC_UNRELIABLE: "The critic's replies could not be used. Try again, or use a "
    "stronger model.",
    StopReason.REFINE_FAILED: "No reply of the writer could be used. Try again, select less, or "
    "use a stronger model.",
}
"""What to do next where a reply was none."""


def finish(report: Report, output: str, notes: Console) -> int:
    """Print or write a run as `output` says (`report`, `diff`, `write`, `json`); the exit code.

    Raises:
        UsageError: the result cannot be written or printed.
    """
    code = _exit_code(report.outcome)
    for line in _asides(output, report):
        notes.print(line, soft_wrap=True)
    out = console()
    if output == "write":
        _write(report, code, notes, out)
    else:
        with printing():
            _print(output, report, out)
    return code


def _print(output: str, report: Report, out: Console) -> None:
    match output:
        case "json":
            sys.stdout.write(as_json(report) + "\n")
        case "text":
            # The text alone, so that it can be sent on; what is to be said of it goes elsewhere.
            words = escape(report.text) if sys.stdout.isatty() else report.text
            sys.stdout.write(words + ("" if not words or words.endswith("\n") else "\n"))
        case "diff":
            if diff(report):
                show_diff(report, out)
        case _:
            show(report, out)


def _asides(output: str, report: Report) -> Iterator[str]:
    """What the report holds and the other outputs have no place for."""
    outcome = report.outcome
    if output != "report":
        yield from filter(None, (missing_model(report), *remarks(outcome)))
    if aid := _AID.get(outcome.stop):
        yield aid
    if outcome.stop is StopReason.MODEL_FAILED and output in {"json", "report"}:
        yield f"The model failed: {outcome.detail}"
    elif output in {"diff", "text"} or (output == "json" and outcome.detail):
        yield stopped(outcome)


def _write(report: Report, code: int, notes: Console, out: Console) -> None:
    label, outcome = escape(report.target.label), report.outcome
    unchanged = outcome.text == outcome.original.text
    if code in (MODEL, CANCELLED):
        # Nobody has judged to its end what would be written.
        notes.print(f"{label} is as it was. {stopped(outcome)}", soft_wrap=True)
        if not unchanged:
            _print_instead(report, notes, out)
    elif unchanged:
        notes.print(f"{label}: no change. {stopped(outcome)}", soft_wrap=True)
    else:
        try:
            _must_not_wait(label, outcome)
            write_target(report.target, report.text)
        except UsageError:
            _print_instead(report, notes, out)
            raise
        notes.print(f"{label}: refined. {stopped(outcome)}", soft_wrap=True)


def _print_instead(report: Report, notes: Console, out: Console) -> None:
    """The run took time and tokens: what came of it must not be lost."""
    notes.print("The result is printed as a diff instead.", soft_wrap=True)
    with printing():
        show_diff(report, out)


def _must_not_wait(label: str, outcome: Outcome) -> None:
    """Refuse to write by itself what a person should see first, such as a link that is new."""
    if outcome.held:
        raise UsageError(
            f"{label} is as it was: look at the diff first, for the reasons above. "
            "Then `patch` takes it."
        )


def _exit_code(outcome: Outcome) -> int:
    match outcome.stop:
        case StopReason.CANCELLED:
            return CANCELLED
        case StopReason.MODEL_FAILED:
            return MODEL
        case StopReason.NOT_CHECKED:
            return MODEL
    left = outcome.chosen.findings
    if any(f.severity is Severity.ERROR and not f.disputed for f in left):
        return FINDINGS
    # Nobody may take a text for clean that was not judged to its end.
    cut_short = outcome.stop in (
        StopReason.BUDGET,
        StopReason.CRITIC_UNRELIABLE,
    )
    return MODEL if cut_short and _undecided(outcome) else CLEAN


def _undecided(outcome: Outcome) -> bool:
    """Whether a criterion that stands in the way of approval was not decided."""
    verdicts = outcome.chosen.verdicts
    return any(
        c.severity.gates and c.id in verdicts and verdicts[c.id].verdict is Verdict.UNKNOWN
        for c in outcome.criteria
    )
