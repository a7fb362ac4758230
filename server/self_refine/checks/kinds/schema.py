"""The `schema` check: a structured text judged by a JSON Schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from self_refine.checks.check import MOST_SHOWN, Base, Check, Common, one_line
from self_refine.checks.json_schema.cell_types import converted
from self_refine.checks.json_schema.schema_errors import Flaw, flaws_of
from self_refine.checks.json_schema.schema_files import Schema, effort, read_schema, validator
from self_refine.checks.json_schema.slips import slips
from self_refine.checks.key_schema import Json, Text
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.records.csv_record import column_names
from self_refine.checks.records.read_record import FORMATS, Format, read_records
from self_refine.checks.records.record import (
    Broken,
    Path,
    Record,
    Records,
    Spot,
    TooMuch,
    Twice,
    shown,
    spot_at,
)
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Kind
from self_refine.text.spans import Span

_TOO_LONG = "its schema refers to its own parts in so many ways that judging it takes too long"
_RELAXED = ("jsonc", "json5")


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemaCheck(Base):
    """Judges by a schema."""

    form: Format
    schema: Schema
    delimiter: str = ","

    def run(self, subject: Subject) -> CheckResult:
        """Report what the schema does not allow, on the value, its key, or where it would go."""
        relaxed = subject.language in _RELAXED or subject.path.endswith(".jsonc")
        found = read_records(subject.text, self.form, delimiter=self.delimiter, relaxed=relaxed)
        if isinstance(found, TooMuch):
            return self.not_checked(found.reason)
        if any(effort(self.schema).is_too_much(record.value) for record in found.records):
            return self.not_checked(_TOO_LONG)
        return self.result(tuple(islice(self._found(subject, found), MOST_SHOWN)))

    def _found(self, subject: Subject, records: Records) -> Iterator[Finding]:
        for broken in records.broken:
            yield self._broken(subject, broken)
        for twice in records.twice:
            yield self._twice(subject, twice)
        columns: frozenset[str] = frozenset()
        if self.form == "csv":
            names = column_names(subject.text, self.delimiter)
            columns = frozenset(cell.text.strip() for cell in names)
            yield from self._columns_missing(subject, columns, names[-1].span.end if names else 0)
        for record in records.records:
            yield from self._of_record(subject, record, columns)

    def _of_record(
        self, subject: Subject, record: Record, columns: frozenset[str]
    ) -> Iterator[Finding]:
        value = record.value
        if self.form == "csv":
            value = converted(value, self.schema.value)
        spot: Spot | None = None
        for error in validator(self.schema).iter_errors(value):
            for flaw in flaws_of(error, self.schema.value, value):
                if _is_unknown(flaw.path, record.unknown):
                    continue
                if columns and flaw.mark == "missing" and flaw.path[-1] not in columns:
                    continue  # the column is missing, which was said once
                spot = spot or record.spots()
                yield self._flaw(subject, record, flaw, spot)

    def _flaw(self, subject: Subject, record: Record, flaw: Flaw, root: Spot) -> Finding:
        own = spot_at(root, flaw.path)
        detail = flaw.detail
        if own is not None and own.hint and flaw.about_type:
            detail += f". {own.hint.rstrip('.')}"
        path = one_line(f"{record.prefix}{shown(flaw.path) or 'the document'}")
        names = {"path": path, "detail": detail}
        if flaw.mark == "missing":
            parent = spot_at(root, flaw.path[:-1]) or root
            place = own.span.start if own is not None else parent.end
            return self.finding(subject, Span(place, place), names, kind=Kind.MISSING)
        return self.finding(subject, _underlined(subject.text, root, flaw), names)

    def _broken(self, subject: Subject, broken: Broken) -> Finding:
        names = {"path": broken.path, "detail": broken.detail}
        kind = Kind.MISSING if broken.missing else Kind.WRONG
        # A sentence of its own: "the document This is not JSON" would be none.
        own = self.common.message == SPEC.message
        return self.finding(
            subject, broken.span, names, kind=kind, message="{detail}" if own else ""
        )

    def _twice(self, subject: Subject, twice: Twice) -> Finding:
        detail = "stands here twice; most readers take the last, and some refuse the text"
        names = {"path": one_line(twice.key), "detail": detail}
        return self.finding(subject, twice.span, names)

    def _columns_missing(
        self, subject: Subject, columns: frozenset[str], end: int
    ) -> Iterator[Finding]:
        schema = self.schema.value
        required = schema.get("required") if isinstance(schema, dict) else None
        for name in required if isinstance(required, list) and columns else ():
            if name not in columns:
                names = {"path": f"column {one_line(str(name))}", "detail": "is missing"}
                yield self.finding(subject, Span(end, end), names, kind=Kind.MISSING)


def _is_unknown(path: Path, unknown: frozenset[Path]) -> bool:
    return bool(unknown) and any(path[:n] in unknown for n in range(len(path) + 1))


def _underlined(text: str, root: Spot, flaw: Flaw) -> Span:
    """The value exactly; of a long one, or where the key is wrong, the key; else its first line."""
    path = flaw.path
    spot = spot_at(root, path)
    while spot is None:
        path = path[:-1]
        spot = spot_at(root, path)
    words = spot.span.of(text)
    several = bool(spot.below) and ("\n" in words or "\r" in words)
    if spot.key is not None and (flaw.mark == "key" or several):
        return spot.key
    if not several and not (flaw.mark == "key" and spot.below):
        return spot.span
    first = words.splitlines()[0].rstrip() if words else ""
    return Span(spot.span.start, spot.span.start + len(first))


def _build(common: Common, values: Values, read: Reader) -> Check | Fault:
    delimiter = values.get("delimiter", ",")
    if "delimiter" in values and values["format"] != "csv":
        return Fault("delimiter", "Only `format: csv` has a delimiter.")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        return Fault("delimiter", "A delimiter is one character, such as ';' or \"\\t\".")
    schema = read_schema(values["schema"], read)
    if isinstance(schema, Fault):
        return schema
    return SchemaCheck(common=common, form=values["format"], schema=schema, delimiter=delimiter)


def _doubts(values: Values) -> Iterator[Fault]:
    given: Any = values["schema"]
    yield from slips(given)


SPEC = KindSpec(
    keys={"format": Text(one_of=FORMATS), "schema": Json(), "delimiter": Text(blank=True)},
    required=("format", "schema"),
    names=frozenset({"path", "detail"}),
    message="{path} {detail}.",
    build=_build,
    doubts=_doubts,
    whole=True,
)
