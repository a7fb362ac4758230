"""Owns code frames: `file:line:column`, what was found, and its words marked in their lines.

The marks are characters as well as colours, so that a frame reads the same in a log.
"""

from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from self_refine.loop.types import Finding, Severity, label_of
from self_refine.text.invisible import escape
from self_refine.text.lines import LineTable
from self_refine.text.spans import Span

COLOURS = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.INFO: "cyan",
    Severity.HINT: "dim",
}

_MOST_LINES = 3
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Page:
    """The document as one pass judged it."""

    label: str
    text: str
    offset: int
    """Where the candidate begins in it."""

    def place(self, span: Span) -> tuple[int, int, int, int]:
        """Line, column, end line and end column of a candidate's span, from 1, end exclusive."""
        table = LineTable(self.text)
        line, column = table.position(span.start + self.offset)
        end_line, end_column = table.position(span.end + self.offset)
        return line + 1, column + 1, end_line + 1, end_column + 1


def frame(page: Page, finding: Finding, status: str, width: int) -> list[Text]:
    """The lines that show one finding.

    Args:
        page: what the finding's span belongs to.
        finding: the criticism.
        status: what became of it, such as "fixed in pass 1"; "" for nothing to say.
        width: columns of the terminal.
    """
    line, column, end_line, _ = page.place(finding.span)
    head = Text()
    # A stranger's file name must not write on the user's screen.
    head.append(f"{escape(page.label)}:{line}:{column} ", "bold")
    head.append(finding.severity.value, COLOURS[finding.severity])
    head.append(f" {label_of(finding.criterion)} ", "dim")
    head.append(escape(finding.problem))
    if status:
        head.append(f"  ({status})", "green" if status.startswith("fixed") else "dim")
    return [head, *_source(page, finding, (line, end_line), width), Text("")]


def _source(page: Page, finding: Finding, lines: tuple[int, int], width: int) -> list[Text]:
    table = LineTable(page.text)
    span = finding.span.moved(page.offset)
    first, last = lines
    shown = range(first, min(last, first + _MOST_LINES - 1) + 1)
    gutter = len(str(shown[-1]))
    result = []
    for number in shown:
        whole = table.span(number - 1)
        marked = Span(
            min(max(span.start, whole.start), whole.end), max(min(span.end, whole.end), whole.start)
        )
        if marked.is_empty and number > first:
            continue
        colour = COLOURS[finding.severity]
        before, words, after = _window(page.text, whole, marked, width - gutter - 5)
        blank = " " * cell_len(before)
        marks = "^" * max(1, cell_len(words))
        edge, no_number = f"  {number:>{gutter}} | ", f"  {'':>{gutter}} | "
        result += [
            Text.assemble((edge, "dim"), before, (words, colour), after),
            Text.assemble((no_number, "dim"), blank, (marks, colour)),
        ]
    if last > shown[-1]:
        result.append(Text(f"  {'':>{gutter}} | … to line {last}", "dim"))
    return result


def _window(text: str, line: Span, marked: Span, width: int) -> tuple[str, str, str]:
    """The part of a long line around the marked words: before, the words, after."""
    start, end = line.start, line.end
    if end - start > width:
        room = max(0, width - (marked.end - marked.start) - 2)
        start = max(line.start, marked.start - room // 2)
        end = min(line.end, start + width - 2)
        start = max(line.start, end - width + 2)
    before = ("…" if start > line.start else "") + _visible(text[start : marked.start])
    words = _visible(text[marked.start : min(marked.end, end)])
    after = _visible(text[min(marked.end, end) : end]) + ("…" if end < line.end else "")
    return before, words, after


def _visible(text: str) -> str:
    return escape(text.replace("\t", _TAB))
