"""Reads CSV (RFC 4180, any delimiter): a record a row, by the names of the first line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from self_refine.checks.records.plain_values import MANY, sound
from self_refine.checks.records.record import MOST_VALUES, Broken, Record, Records, Spot, TooMuch
from self_refine.text.spans import Span

_QUOTED = re.compile(r'"((?:[^"]|"")*+)("?)')


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, without its quotation marks, and where it stands with them."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and its number as spreadsheets count: the names of the columns are row 1."""

    number: int
    cells: tuple[Cell, ...]


def read_csv(text: str, delimiter: str = ",") -> Records | TooMuch:
    """The rows of a CSV text; an empty cell is an entry that is missing."""
    rows = _rows(text, delimiter)
    head = next(rows, None)
    if head is None:
        words = "There is no first line with the names of the columns."
        return Records(broken=(Broken(Span(0, 0), words, missing=True),))
    records: list[Record] = []
    broken = list(_named_twice(head))
    count = len(head.cells)
    for row in rows:
        count += len(row.cells)
        if count > MOST_VALUES:
            return MANY
        records.append(_record(head, row))
        broken += _too_many(head, row)
    return Records(records=tuple(records), broken=tuple(broken))


def column_names(text: str, delimiter: str = ",") -> tuple[Cell, ...]:
    """The cells of the first line."""
    head = next(_rows(text, delimiter), None)
    return head.cells if head else ()


def _record(head: Row, row: Row) -> Record:
    pairs = zip(head.cells, row.cells, strict=False)
    value = {sound(name.text.strip()): sound(cell.text) for name, cell in pairs if cell.text}
    return Record(value=value, spots=partial(_spot, head, row), prefix=f"row {row.number}, ")


def _spot(head: Row, row: Row) -> Spot:
    below: dict[str | int, Spot] = {}
    for name, cell in zip(head.cells, row.cells, strict=False):
        below[sound(name.text.strip())] = Spot(cell.span, None, cell.span.end)
    span = Span(row.cells[0].span.start, row.cells[-1].span.end)
    return Spot(span, None, span.end, below)


def _named_twice(head: Row) -> Iterator[Broken]:
    seen: set[str] = set()
    for cell in head.cells:
        name = cell.text.strip()
        if name in seen:
            yield Broken(cell.span, "This column has the name of an earlier one.", "row 1")
        seen.add(name)


def _too_many(head: Row, row: Row) -> Iterator[Broken]:
    extra = row.cells[len(head.cells) :]
    if extra:
        span = Span(extra[0].span.start, extra[-1].span.end)
        words = f"This row has {len(row.cells)} cells; the first line names {len(head.cells)}."
        yield Broken(span, words, f"row {row.number}")


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    bare = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    at, number = (1 if text.startswith("\ufeff") else 0), 0
    while at < len(text):
        cells: list[Cell] = []
        while True:
            cell, at = _cell(text, at, bare)
            cells.append(cell)
            if text[at : at + 1] != delimiter:
                break
            at += 1
        number += 1
        if len(cells) > 1 or not cells[0].span.is_empty:
            yield Row(number, tuple(cells))
        at += 2 if text.startswith("\r\n", at) else 1


def _cell(text: str, start: int, bare: re.Pattern[str]) -> tuple[Cell, int]:
    quoted = _QUOTED.match(text, start)
    at = quoted.end() if quoted else start
    rest = bare.match(text, at)
    end = rest.end() if rest else at
    words = text[at:end]
    if quoted:
        words = quoted[1].replace('""', '"') + words
    return Cell(words, Span(start, end)), end
