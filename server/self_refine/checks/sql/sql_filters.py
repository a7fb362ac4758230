"""What WHERE and ON leave a database to do: conditions that no index serves, and none at all."""

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from self_refine.checks.check import one_line
from self_refine.checks.sql.sql_hit import Hit, Look
from self_refine.checks.sql.sql_joins import is_in_exists
from self_refine.checks.sql.sql_sources import (
    Selected,
    conditions_of,
    conjuncts,
    joins_of,
    within,
)
from self_refine.text.spans import Span

_COMPARED = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like, exp.ILike,
)  # fmt: skip
_PLAIN = (exp.Column, exp.Query, exp.Literal, exp.AggFunc, exp.Case, exp.If, exp.Tuple)
_READS_INSIDE = (
    exp.JSONExtract, exp.JSONExtractScalar, exp.JSONBExtract, exp.JSONBExtractScalar, exp.Bracket,
)  # fmt: skip
"""Parts of a value: what an index may be on, as on a column."""


def filter_hits(statement: exp.Expr, look: Look, tables: dict[str, str]) -> Iterator[Hit]:
    """`function-on-filter-column` and `leading-wildcard-like` of one SELECT, UPDATE or DELETE.

    Args:
        statement: with its own conditions; those of queries inside it are their own.
        look: at what.
        tables: names of base tables by what they are called here.
    """
    for condition in conditions_of(statement):
        for compared in within(condition, *_COMPARED):
            for side in _sides(compared):
                yield from _function(side, look, tables)
            if isinstance(compared, exp.Like | exp.ILike):
                yield from _wildcard(compared.expression, look)


def _sides(compared: exp.Expr) -> Iterator[exp.Expr]:
    yield compared.this
    if isinstance(compared, exp.Binary):
        yield compared.expression


def _function(side: exp.Expr, look: Look, tables: dict[str, str]) -> Iterator[Hit]:
    if not isinstance(side, exp.Func | exp.Binary | exp.Paren):
        return
    inner = side.unnest()
    if isinstance(inner, (*_PLAIN, *_READS_INSIDE)) or any(within(side, exp.AggFunc)):
        return
    columns = [
        column
        for column in within(side, exp.Column)
        if isinstance(column, exp.Column) and column.find_ancestor(*_READS_INSIDE) is None
    ]
    if isinstance(inner, exp.Predicate | exp.Connector) or not columns:
        return
    if not any(_may_be_indexed(column, look, tables) for column in columns):
        return
    span = look.places.expression(side)
    if span is not None:
        name = columns[0].name
        shown = one_line(span.of(look.places.text))
        detail = f"No index on {name} serves {shown}: compare {name} itself."
        yield Hit("function-on-filter-column", span, detail)


def _may_be_indexed(column: exp.Column, look: Look, tables: dict[str, str]) -> bool:
    """Whether an index may be on a column: always, but where the tables are known."""
    if look.tables is None:
        return True
    names = [tables.get(column.table.lower(), "")] if column.table else list(tables.values())
    known = [look.tables.get(name) for name in names]
    name = column.name.lower()
    return any(
        table is None or table.indexed is None or name in table.indexed
        for table in known
        if table is None or name in table.columns
    )


def _wildcard(pattern: exp.Expr, look: Look) -> Iterator[Hit]:
    inner = pattern.unnest()
    if not isinstance(inner, exp.National) and not (
        isinstance(inner, exp.Literal) and inner.is_string
    ):
        return
    span = look.places.extent(inner)
    if span is not None and inner.name[:1] in ("%", "_"):
        detail = "A pattern that begins with a wildcard is compared with every row."
        yield Hit("leading-wildcard-like", span, detail)


def scan_hits(selected: Selected, look: Look) -> Iterator[Hit]:
    """`unfiltered-table`: base tables of a SELECT without WHERE and LIMIT."""
    select = selected.select
    if any(
        select.args.get(key) for key in ("where", "prewhere", "limit", "sample")
    ) or is_in_exists(select):
        return
    restricted = set(_restricted(select))
    for source in selected.tables:
        table = source.table
        if table is None or source.name in restricted or source.node.args.get("sample"):
            continue
        if (span := look.places.table(table)) is not None:
            detail = f"All rows of {table.name} are read: there is no WHERE and no LIMIT."
            yield Hit("unfiltered-table", span, detail)


def _restricted(select: exp.Select) -> Iterator[str]:
    """Names of what a condition of ON restricts by itself."""
    for join in joins_of(select):
        for part in conjuncts(join.args.get("on")):
            names = {column.table.lower() for column in part.find_all(exp.Column)}
            if len(names) == 1 and not isinstance(part, exp.Column):
                yield from names


def change_hits(tree: exp.Expr, look: Look) -> Iterator[Hit]:
    """`missing-where`: UPDATE and DELETE of every row."""
    for change in tree.find_all(exp.Update, exp.Delete):
        if change.find_ancestor(exp.Merge) or change.args.get("limit"):
            continue
        where = change.args.get("where")
        if where is None:
            yield from _all_rows(change, look)
        elif _always(where.this) and (span := _condition(where.this, look)) is not None:
            detail = "The condition holds for every row, so every row is changed."
            yield Hit("missing-where", span, detail)


def _all_rows(change: exp.Expr, look: Look) -> Iterator[Hit]:
    target = change.this if isinstance(change.this, exp.Expr) else None
    tables = change.args.get("tables") or ()
    first = tables[0] if tables else target
    place = look.places.table(first) if isinstance(first, exp.Table) else None
    if place is None or place.of(look.places.text).upper() == "TOP":
        return  # DELETE TOP (10) is read as if TOP were a table
    is_delete = isinstance(change, exp.Delete)
    span = look.places.statement(TokenType.DELETE if is_delete else TokenType.UPDATE, place)
    joined = any(change.args.get(key) for key in ("from_", "using", "joins")) or (
        target is not None and target.args.get("joins")
    )
    what = "every row that the join gives" if joined else "every row"
    word = "DELETE removes" if is_delete else "UPDATE changes"
    yield Hit("missing-where", span, f"{word} {what}: there is no WHERE.")


def _condition(condition: exp.Expr, look: Look) -> Span | None:
    """Where a condition stands; TRUE has no place of its own, so it is looked for by its words."""
    return look.places.expression(condition) or look.places.after_where(condition)


def _always(condition: exp.Expr) -> bool:
    """Whether a condition holds whatever the rows hold."""
    inner = condition.unnest()
    match inner:
        case exp.Boolean():
            return bool(inner.this)
        case exp.And():
            return all(_always(part) for part in inner.flatten())
        case exp.Or():
            return any(_always(part) for part in inner.flatten())
        case exp.EQ() | exp.GTE() | exp.LTE():
            return isinstance(inner.left, exp.Literal) and inner.left == inner.right
        case exp.NEQ():
            both = isinstance(inner.left, exp.Literal) and isinstance(inner.right, exp.Literal)
            return both and inner.left != inner.right
        case exp.Not():
            return isinstance(inner.this.unnest(), exp.Boolean) and not inner.this.unnest().this
        case exp.Literal():
            return not inner.is_string and inner.name.strip("0.") != ""
    return False
