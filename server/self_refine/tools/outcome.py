"""What came of one command on one text: what it reported, or why that says nothing."""

from dataclasses import dataclass
from typing import assert_never

from self_refine.checks.kinds.command import CommandCheck
from self_refine.text.invisible import escape
from self_refine.tools.results.junit_report import ran_tests, read_junit
from self_refine.tools.results.printed_output import read_output
from self_refine.tools.results.rdjson_report import read_json, read_rdjson, read_rdjsonl
from self_refine.tools.results.reported import Report, Reported, Unreadable
from self_refine.tools.results.sarif_report import read_sarif
from self_refine.tools.running.run_command import MEMORY, PROCESSES, Ran

MOST_LINES = 40
_LONGEST_LINE = 300
_CANNOT_START = 126
"""Exit codes from here on are the shell's: not found, no program, ended by a signal."""


@dataclass(frozen=True, slots=True)
class Told:
    """The command did its work; nothing reported is a pass."""

    reported: tuple[Reported, ...]
    output: str = ""
    """What it printed, cut."""
    ran_nothing: bool = False
    """Whether it is a test suite that found no test."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing can be said; the reason is a clause for people."""

    reason: str
    output: str = ""


Outcome = Told | Silent


def outcome_of(ran: Ran, check: CommandCheck) -> Outcome:
    """Read what a command has left."""
    output = cut(f"{ran.stdout}\n{ran.stderr}")
    if ran.ending != "exit":
        return Silent(_ended(ran, check), output)
    if ran.code < 0 or ran.code >= _CANNOT_START:
        return Silent(f"it ended with {_code(ran.code)}{_last(ran)}", output)
    report = _report(ran, check)
    if isinstance(report, Unreadable):
        return Silent(f"it exited with {ran.code}, and {report.reason}{_last(ran)}", output)
    if report:
        return Told(report, output)
    if check.parse == "junit" and not ran_tests(ran.report or ran.stdout.encode()):
        return Told((), output, ran_nothing=True)
    if ran.code:
        return Silent(f"it exited with {ran.code} and reported nothing{_last(ran)}", output)
    return Told((), output)


def cut(text: str, most: int = MOST_LINES) -> str:
    """Output as people and models see it: no control characters, `most` lines."""
    lines = [escape(line.rstrip())[:_LONGEST_LINE] for line in text.strip("\n").splitlines()]
    if len(lines) <= most:
        return "\n".join(lines)
    head, tail = most // 4, most - most // 4 - 1
    gap = f"[{len(lines) - head - tail:,} lines left out]"
    return "\n".join((*lines[:head], gap, *lines[-tail:]))


def _report(ran: Ran, check: CommandCheck) -> Report:
    printed = ran.report.decode("utf-8", "replace") if ran.report else ran.stdout
    match check.parse:
        case "sarif":
            return read_sarif(printed)
        case "rdjson":
            return read_rdjson(printed)
        case "rdjsonl":
            return read_rdjsonl(printed)
        case "json":
            return read_json(printed)
        case "junit":
            return read_junit(ran.report or ran.stdout.encode())
        case "exit":
            return read_output(f"{ran.stdout}\n{ran.stderr}", check.pattern, ran.code)
        case _:
            assert_never(check.parse)


def _ended(ran: Ran, check: CommandCheck) -> str:
    match ran.ending:
        case "time":
            return f"it took longer than {check.seconds:g} s"
        case "memory":
            return f"it used more memory than it may ({MEMORY // 1024**3} GB at the most)"
        case "processes":
            return f"it started more than {PROCESSES:,} processes"
        case "stopped":
            return "it was stopped"
        case "refused":
            return f"the system does not let it run: {ran.reason}"
        case _:
            return "it broke off"


def _code(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"


def _last(ran: Ran) -> str:
    """The last line that it printed, as the end of a clause."""
    lines = [line for line in f"{ran.stdout}\n{ran.stderr}".splitlines() if line.strip()]
    return f": {escape(lines[-1].strip())[:200]}" if lines else ""
