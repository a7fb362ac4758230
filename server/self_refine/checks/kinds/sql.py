"""The `sql` check: what a database would do with a query, as far as its words say."""

from dataclasses import dataclass
from itertools import islice

from self_refine.checks.check import MOST_SHOWN, Base, Check, Common, one_line
from self_refine.checks.key_schema import Anything, Text, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values, WordList
from self_refine.checks.sql.sql_dialects import dialect_of, known_dialect, unknown_dialect
from self_refine.checks.sql.sql_tables import Tables, listed_tables
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Verdict
from self_refine.text.spans import Span

RULES = (
    "select-star",
    "missing-where",
    "unqualified-column",
    "ambiguous-column",
    "unknown-column",
    "cross-join",
    "function-on-filter-column",
    "leading-wildcard-like",
    "unfiltered-table",
)
_WANT_TABLES = ("ambiguous-column", "unknown-column")


@dataclass(frozen=True, kw_only=True, slots=True)
class SqlCheck(Base):
    """Judges by the tree of each statement."""

    dialect: str
    """One of `sql_dialects.DIALECTS`, "" where the file names none."""
    tables: Tables | None
    forbid: tuple[str, ...]

    def run(self, subject: Subject) -> CheckResult:
        """Report what the rules find; where a statement cannot be read, nothing is decided."""
        from self_refine.checks.sql.sql_judge import judge  # noqa: PLC0415 - imports sqlglot

        dialect = self.dialect or dialect_of(subject.language)
        hits, unread = judge(subject.text, dialect, self.tables, self.forbid)
        findings = [self._report(subject, hit.span, hit.rule, hit.detail) for hit in hits]
        left = None
        for part in unread:
            if part.is_syntax and dialect:
                detail = f"As {dialect} this is an error: {part.reason}."
                findings.append(self._report(subject, part.span, "syntax", detail))
            else:
                left = left or part
        if left is None:
            return self.result(tuple(islice(sorted(findings, key=_place), MOST_SHOWN)))
        line = subject.text.count("\n", 0, left.span.start) + 1
        aid = "; name its dialect in the criteria file" if left.is_syntax else ""
        reason = f"line {line}: {left.reason}{aid}"
        if not findings:
            return self.not_checked(reason)
        found = tuple(islice(sorted(findings, key=_place), MOST_SHOWN))
        return CheckResult(
            criterion=self.common.id, verdict=Verdict.FAIL, findings=found, reason=reason
        )

    def _report(self, subject: Subject, span: Span, rule: str, detail: str) -> Finding:
        names = {"rule": rule, "match": one_line(span.of(subject.text)), "detail": detail}
        return self.finding(subject, span, names)


def _place(finding: Finding) -> Span:
    return finding.span


def _build(common: Common, values: Values, read: Reader) -> Check | Fault:
    written = values.get("dialect", "ansi")
    dialect = known_dialect(written)
    if dialect is None:
        return Fault("dialect", unknown_dialect(written))
    forbid = tuple(dict.fromkeys(values["forbid"]))
    given = values.get("tables")
    if given is None:
        lost = [rule for rule in forbid if rule in _WANT_TABLES]
        if lost:
            message = f"{lost[0]} needs `tables`: a file with CREATE TABLE, or `orders: [id]`."
            return Fault("forbid", message, "CR207")
        return SqlCheck(common=common, dialect=dialect, tables=None, forbid=forbid)
    tables = _tables(given, dialect, read)
    if isinstance(tables, str):
        return Fault("tables", tables)
    return SqlCheck(common=common, dialect=dialect, tables=tables, forbid=forbid)


def _tables(given: object, dialect: str, read: Reader) -> Tables | str:
    """The tables that `tables` lists, or those of the file that it names, or what is wrong."""
    if not isinstance(given, str):
        return listed_tables(given)
    got = read(given)
    if not isinstance(got, WordList):
        return got
    if given.lower().endswith((".yaml", ".yml", ".json")):
        return listed_tables(_yaml(got.text))
    from self_refine.checks.sql.sql_ddl import created_tables  # noqa: PLC0415 - imports sqlglot

    return created_tables(got.text, dialect)


def _yaml(text: str) -> object:
    import yaml  # noqa: PLC0415 - few files have such a list

    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


SPEC = KindSpec(
    keys={"dialect": Text(), "tables": Anything(), "forbid": Texts(one_of=RULES)},
    required=("forbid",),
    names=frozenset({"rule", "match", "detail"}),
    message="{detail}",
    build=_build,
)
