"""GitHub's workflow commands: an annotation on each finding, gravest first.

GitHub shows 10 errors and 10 warnings of a step (GitHub, "Workflow commands", read in 2026); what
is beyond is counted in the last line, which every log shows.
"""

from collections.abc import Iterator

from self_refine.ci.formats.columns import message, rule
from self_refine.ci.results import CheckReport, FileResult, Found
from self_refine.loop.types import Severity
from self_refine.text.invisible import plain

SHOWN = 10
_LONGEST = 1_000
_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def github(report: CheckReport) -> str:
    """The commands, each on its line."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: CheckReport) -> Iterator[str]:
    counts: dict[str, int] = {}
    for error in report.errors:
        path, words = plain(str(error.path), _LONGEST), plain(error.message, _LONGEST)
        yield f"::error file={_property(path)}::{_data(words)}"
    for file, each in report.new:
        command = _COMMAND.get(each.finding.severity, "notice")
        counts[command] = counts.get(command, 0) + 1
        yield _annotation(command, file, each)
    over = {name: n - SHOWN for name, n in counts.items() if n > SHOWN}
    if over:
        left = ", ".join(f"{n} of level {name}" for name, n in over.items())
        yield f"GitHub shows {SHOWN} annotations of a level in a step; in this log alone: {left}."


def _annotation(command: str, file: FileResult, found: Found) -> str:
    place = found.place
    properties = {
        "file": plain(file.path.as_posix(), _LONGEST),
        "line": str(place.line),
        "endLine": str(place.end_line),
    }
    if place.line == place.end_line:
        properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
    properties["title"] = rule(found)
    joined = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {joined}::{_data(message(found))}"


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")
