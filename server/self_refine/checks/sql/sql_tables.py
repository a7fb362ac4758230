"""Which columns the tables of a database have, as a criteria file says. Needs no sqlglot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MOST_COLUMNS = 20_000
"""Of all tables together."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table; names in small letters."""

    columns: frozenset[str]
    indexed: frozenset[str] | None = None
    """Columns that an index begins with; None where nothing is said of indexes."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables by their names in small letters, without a schema."""

    by_name: Mapping[str, Table] = field(default_factory=dict)

    def get(self, name: str) -> Table | None:
        """The table of a name, if it is known."""
        return self.by_name.get(name.lower())


def tables_of(given: Mapping[str, Iterable[str]]) -> Tables:
    """Tables with their columns, from plain lists."""
    return Tables(
        {
            name.lower().rpartition(".")[2]: Table(frozenset(column.lower() for column in columns))
            for name, columns in given.items()
        }
    )


def listed_tables(value: object) -> Tables | str:
    """Tables from a value such as `{orders: [id, total]}`, or what is wrong with it."""
    if not isinstance(value, Mapping) or not value:
        return "Tables are lines such as `orders: [id, total]`."
    count = 0
    for name, columns in value.items():
        named = isinstance(name, str) and isinstance(columns, list) and columns
        if not named or not all(isinstance(column, str) for column in columns):
            shown = str(name)[:40]
            return f"The columns of {shown!r} are a list of names: `{shown}: [id, total]`."
        count += len(columns)
    if count > MOST_COLUMNS:
        return f"More than {MOST_COLUMNS:,} columns are not read."
    return tables_of(value)
