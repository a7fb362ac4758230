"""`Hit`: one place that a rule of the `sql` check is about; `Look`: what each rule is given."""

from dataclasses import dataclass

from self_refine.checks.sql.sql_spans import Places
from self_refine.checks.sql.sql_tables import Tables
from self_refine.text.spans import Span


@dataclass(frozen=True, slots=True)
class Hit:
    """One place."""

    rule: str
    span: Span
    detail: str
    """One sentence for people, without words of the text that are no names."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the rules look at beside a statement."""

    places: Places
    tables: Tables | None
    dialect: str
