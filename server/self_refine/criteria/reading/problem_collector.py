"""Owns `ProblemCollector`: collects the problems of one criteria file while it is read."""

from dataclasses import replace
from pathlib import Path

from self_refine.criteria.problems import Problem
from self_refine.loop.types import Severity, Source
from self_refine.text.lines import LineTable
from self_refine.text.spans import Span

MOST_PROBLEMS = 200
"""Of one file: nobody reads more, and a hostile file could make tens of thousands."""


class ProblemCollector:
    """The problems found so far, and the way from offsets to lines."""

    def __init__(self, text: str, path: Path, label: str) -> None:
        self.text = text
        self.label = label
        self._path = path
        self._lines = LineTable(text)
        self._problems: list[Problem] = []
        self._broken = False
        self._more = 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order of the file; past `MOST_PROBLEMS`, one says how many more there are."""
        found = tuple(sorted(self._problems, key=lambda p: (p.line, p.column)))
        if not self._more:
            return found
        last = found[-1]
        message = f"There are {self._more} more problems in this file. Mend those above first."
        return (*found, replace(last, severity=Severity.INFO, code="CR211", message=message))

    @property
    def broken(self) -> bool:
        """Whether an error keeps the file from being used."""
        return self._broken

    def error(self, span: Span, code: str, message: str) -> None:
        """Note what keeps the file from being used."""
        self.problem(span, Severity.ERROR, code, message)

    def warning(self, span: Span, code: str, message: str) -> None:
        """Note what the file says and this version does not do."""
        self.problem(span, Severity.WARNING, code, message)

    def hint(self, span: Span, code: str, message: str) -> None:
        """Note what could be better."""
        self.problem(span, Severity.HINT, code, message)

    def info(self, span: Span, code: str, message: str) -> None:
        """Note what whoever runs the file should know, and what may well be meant so."""
        self.problem(span, Severity.INFO, code, message)

    def source(self, span: Span) -> Source:
        """Where a criterion begins."""
        line, column = self._lines.position(span.start)
        return Source(self.label, line + 1, column + 1)

    def line_of(self, offset: int) -> int:
        """The line, counted from 1."""
        return self._lines.position(offset)[0] + 1

    def line(self, number: int) -> Span:
        """The line of this number, counted from 0, without its end."""
        return self._lines.span(number)

    def problem(self, span: Span, severity: Severity, code: str, message: str) -> None:
        """Note any of them."""
        self._broken |= severity is Severity.ERROR
        if len(self._problems) == MOST_PROBLEMS:
            self._more += 1
            return
        line, column = self._lines.position(span.start)
        end_line, end_column = self._lines.position(span.end)
        self._problems.append(
            Problem(
                path=self._path,
                line=line + 1,
                column=column + 1,
                end_line=end_line + 1,
                end_column=end_column + 1,
                severity=severity,
                code=code,
                message=message,
                label=self.label,
            )
        )
