"""Owns explanations as pages: which criteria judge a document, what a run changed, and why."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from self_refine.editor import messages
from self_refine.editor.documents.criteria_cache import Snapshot, is_criteria_file
from self_refine.editor.documents.documents import Document
from self_refine.editor.pages.criteria_table import Row, rows, verdict
from self_refine.editor.review.change import Change
from self_refine.editor.runs.run import Result, Run, Waiting, result_of
from self_refine.loop.types import Criterion, Finding, label_of
from self_refine.text import to_markdown

if TYPE_CHECKING:  # reading criteria needs YAML and Markdown
    from self_refine.criteria.applying import Target
    from self_refine.criteria.criteria_file import CriteriaFile

_MOST_DIFFERENCE = 60_000
"""Code points of one difference that are shown."""


def criteria_page(document: Document, snapshot: Snapshot) -> str:
    """Which criteria files judge a document, and what each of them asks.

    Of a criteria file: what each of its bullets became.
    """
    from self_refine.criteria.applying import applies, in_reach  # noqa: PLC0415 - see the top

    if is_criteria_file(document.path):
        return _own_page(document, snapshot)
    target = snapshot.target(document.path, document.language, whole=True)
    relative = snapshot.relative(document.path)
    name = relative.as_posix() if relative else "this text"
    team = [file for file in in_reach(snapshot.team.files, target) if applies(file, target)]
    others = [file for file in snapshot.team.files if file not in team]
    parts = [
        f"# The criteria for {to_markdown.words(name, 200)}",
        f"Its language is {to_markdown.code(document.language)}.",
    ]
    if team:
        parts += [part for file in team for part in _file(file)]
    else:
        parts.append("No criteria file of the workspace is for it.")
        packs = snapshot.offered(document.path, document.language, whole=True)
        parts += [f"- {to_markdown.words(offer.label)}" for offer in packs]
    if others:
        parts.append("## Not for this text")
        parts.append("\n".join(_reason(file, target) for file in others))
    if broken := _broken(snapshot):
        parts += ["## Files that cannot be used", "\n".join(broken)]
    return "\n\n".join(parts) + "\n"


def _own_page(document: Document, snapshot: Snapshot) -> str:
    """What the bullets, tables and paragraphs of a criteria file became, as it stands now."""
    from self_refine.criteria.finding.discover import read_in_place  # noqa: PLC0415 - see the top
    from self_refine.criteria.reading.reader import read  # noqa: PLC0415 - see the top
    from self_refine.criteria.showing import file_report  # noqa: PLC0415 - see the top

    path, root = document.path or Path(), snapshot.root
    if root is not None and path.is_relative_to(root):
        label = path.relative_to(root).as_posix()
        reading = read_in_place(path, root, document.text)
    else:
        label = path.name
        reading = read(document.text, path, label)
    lines = to_markdown.block("\n".join(file_report.lines(reading, label)), "", _MOST_DIFFERENCE)
    return f"# What {to_markdown.words(label, 200)} came to\n\n{lines}\n"


def _file(file: "CriteriaFile") -> Iterator[str]:
    yield f"## {to_markdown.words(file.title)}"
    yield f"{to_markdown.words(file.label)}, {to_markdown.code(file.digest[:8])}"
    yield "\n".join(_line(criterion) for criterion in file.criteria)


def _line(criterion: Criterion) -> str:
    by = "judged" if criterion.check is None else f"check {to_markdown.code(criterion.check)}"
    if criterion.not_checked:
        by = f"not checked: {to_markdown.words(criterion.not_checked)}"
    return (
        f"- {to_markdown.code(criterion.id)} ({criterion.severity.value}, {by}): "
        f"{to_markdown.words(messages.asks(criterion))}"
    )


def _reason(file: "CriteriaFile", target: "Target") -> str:
    """Why a file does not judge a text, as an item of a list."""
    from self_refine.criteria.showing.scope import why  # noqa: PLC0415 - see the top

    used, reason = why(file, target)
    told = "a file nearer to the text extends it" if used else reason
    return f"- {to_markdown.words(file.label)}: {to_markdown.words(told)}"


def why_not(file: "CriteriaFile") -> str:
    """Which texts a file is for, as a clause."""
    rules = file.applies
    wanted = []
    if rules.languages:
        wanted.append(f"languages {', '.join(map(to_markdown.code, rules.languages))}")
    if rules.paths:
        wanted.append(f"paths {', '.join(map(to_markdown.code, rules.paths))}")
    return f"it is for {' and '.join(wanted)}"


def _broken(snapshot: Snapshot) -> list[str]:
    return [
        f"- {to_markdown.words(p.label)}:{p.line}:{p.column}: {to_markdown.words(p.message)}"
        for p in snapshot.team.problems
        if p.severity.value == "error"
    ]


def run_page(run: Run) -> str:
    """What a run came to: verdict, the criteria as a checklist, the difference, each change."""
    title, result = f"# {to_markdown.words(run.order.title)}", result_of(run)
    said = to_markdown.words(verdict(run).sentence)
    if result is None:
        return f"{title}\n\n{said}\n"
    parts = [title, f"**{said}**"]
    if result.model:
        parts.append(f"Judged and written by {to_markdown.words(result.model)}.")
    if isinstance(run, Waiting):
        parts.append(f"The refined text waits: {to_markdown.words(run.reason)}.")
    parts += _checklist(rows(run))
    parts.append("## Difference")
    parts += _difference(result.outcome.original.text, result.outcome.text)
    parts += [part for change in result.changes for part in _change(result, change)]
    return "\n\n".join(parts) + "\n"


_MARKS = {
    "pass": "pass",
    "fail": "**fail**",
    "notApplicable": "does not apply",
    "notChecked": "not checked",
    "pending": "not judged yet",
}


def _checklist(table: Sequence[Row]) -> Iterator[str]:
    """What fails first, then what nobody checked, then what passes."""
    if not table:
        return
    order = list(_MARKS)
    order.insert(0, order.pop(order.index("fail")))
    order.append(order.pop(order.index("pass")))
    lines = ["| criterion | verdict | reason |", "|---|---|---|"]
    for row in sorted(table, key=lambda row: order.index(row.state)):
        reason = row.reason or (f"{row.findings} left" if row.findings else "")
        lines.append(
            f"| {to_markdown.cell(row.criterion.id)} | {_MARKS[row.state]} | "
            f"{to_markdown.words(reason, 200)} |"
        )
    yield "## Criteria"
    yield "\n".join(lines)


def change_page(run: Run, hunk: int) -> str:
    """Why one change was made."""
    title, result = f"# {to_markdown.words(run.order.title)}", result_of(run)
    if result is None or hunk >= len(result.changes):
        return f"{title}\n\nThe run has no change {hunk + 1}.\n"
    return "\n\n".join([title, *_change(result, result.changes[hunk])]) + "\n"


def _change(result: Result, change: Change) -> Iterator[str]:
    by = "" if change.pass_ is None else f", made in pass {change.pass_}"
    yield f"## Change {change.number + 1} of {len(result.changes)}{by}"
    yield f"Before:\n\n{to_markdown.block(change.before)}"
    yield f"After:\n\n{to_markdown.block(change.after)}"
    if change.answers:
        yield "\n".join(_answer(result, finding) for finding in change.answers)
    else:
        yield "No single finding asked for it: it comes with the changes beside it."


def _answer(result: Result, finding: Finding) -> str:
    asked = next((c for c in result.outcome.criteria if c.id == finding.criterion), None)
    question = f" {to_markdown.words(messages.asks(asked))}" if asked else ""
    quote = f" on {to_markdown.code(finding.quote)}" if finding.quote else ""
    return (
        f"- {to_markdown.code(label_of(finding.criterion))}:{question}\n  Found{quote}: "
        f"{to_markdown.words(finding.problem)}"
    )


def _difference(before: str, after: str) -> Iterator[str]:
    if before == after:
        yield "The text is as it was."
        return
    lines = list(
        difflib.unified_diff(_lines(before), _lines(after), "before", "after", lineterm="")
    )
    yield to_markdown.block("\n".join(lines), "diff", _MOST_DIFFERENCE)


def _lines(text: str) -> Sequence[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
