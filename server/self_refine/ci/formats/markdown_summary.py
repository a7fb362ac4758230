"""A summary for a pull request, in Markdown that GitHub and GitLab show: a table, then repairs."""

from collections.abc import Iterator

from self_refine.ci.formats.columns import message, rule
from self_refine.ci.results import CheckReport, FileResult, State
from self_refine.text import to_markdown
from self_refine.text.diffing.unified_diff import unified
from self_refine.text.spans import Edit, apply_edits

MOST_ROWS = 50
_LONGEST = 2_000
_MOST_DIFF = 30_000
"""Code points: GitHub takes comments of 65,536."""


def markdown(report: CheckReport) -> str:
    """The page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: CheckReport) -> Iterator[str]:
    new = report.new
    yield "## self-refine"
    yield ""
    yield _verdict(report)
    if new:
        yield ""
        yield "| | where | criterion | what |"
        yield "|---|---|---|---|"
    for file, each in new[:MOST_ROWS]:
        where = f"{file.path.as_posix()}:{each.place.line}"
        cells = (each.finding.severity.value, to_markdown.cell(where), to_markdown.cell(rule(each)))
        yield f"| {' | '.join(cells)} | {_cell(message(each))} |"
    if len(new) > MOST_ROWS:
        yield ""
        yield f"{len(new) - MOST_ROWS:,} more findings are in the log."
    yield from _repairs(report)
    yield from _not_checked(report)


def _verdict(report: CheckReport) -> str:
    counts = [f"{len(report.new):,} new"]
    counts += [
        f"{count:,} {state.value}"
        for state in (State.BASELINED, State.DISMISSED, State.FILTERED)
        if (count := report.count(state))
    ]
    files = f"{len(report.files):,} files" if len(report.files) != 1 else "1 file"
    return f"Findings in {files}: {', '.join(counts)}."


def _repairs(report: CheckReport) -> Iterator[str]:
    """The diff that takes the safe repairs; a long one is left out whole."""
    diff = "".join(_diff(file) for file in report.files)
    if not diff or len(diff) > _MOST_DIFF:
        return
    yield ""
    yield "<details><summary>Repairs that a check suggests</summary>"
    yield ""
    yield to_markdown.block(diff, "diff", _MOST_DIFF)
    yield ""
    yield "</details>"


def _diff(file: FileResult) -> str:
    edits: list[Edit] = []
    for each in file.found:
        fix = each.finding.fix
        if each.state is not State.NEW or fix is None:
            continue
        if not edits or edits[-1].span.end <= fix.span.start:
            edits.append(fix)
    name = file.path.as_posix()
    return unified(file.text, apply_edits(file.text, edits), name) if edits else ""


def _not_checked(report: CheckReport) -> Iterator[str]:
    reasons: dict[str, int] = {}
    for _, each in report.unchecked:
        reasons[each.reason] = reasons.get(each.reason, 0) + 1
    if reasons:
        yield ""
        listed = "; ".join(f"{_cell(reason)} ({count:,})" for reason, count in reasons.items())
        yield f"Not checked: {listed}."
    for error in report.errors:
        yield ""
        yield f"**Error**: {_cell(f'{error.path}: {error.message}')}"


def _cell(words: str) -> str:
    """Words as words: nothing in them is Markdown, HTML, an address or a mention."""
    # A mention is found after the Markdown is read, where an escaped sign is a plain one.
    return to_markdown.words(words, _LONGEST).replace("\\@", "@&#8288;")
