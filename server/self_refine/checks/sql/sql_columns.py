"""Columns without a table before them: of which table are they, and is there any that has them?"""

from collections.abc import Iterator, Mapping

from sqlglot import exp

from self_refine.checks.sql.sql_hit import Hit, Look
from self_refine.checks.sql.sql_sources import (
    Selected,
    Source,
    columns_of,
    joins_of,
    owners,
    sources_of,
)
from self_refine.checks.sql.sql_tables import Tables

_PSEUDO = frozenset({
    "rowid", "rownum", "connect_by_isleaf", "connect_by_iscycle", "ora_rowscn", "sysdate",
    "systimestamp", "user", "uid", "ctid", "xmin", "xmax", "cmin", "cmax", "oid", "tableoid",
    "_rowid_", "current_date", "current_time", "current_timestamp", "current_user",
    "session_user", "localtime", "localtimestamp", "_partitiontime", "_partitiondate",
    "_table_suffix", "_file_name", "metadata$filename", "metadata$file_row_number",
    "metadata$action", "metadata$isupdate", "metadata$row_id", "sqlcode", "sqlerrm", "nextval",
    "currval",
})  # fmt: skip
_DATE_PARTS = frozenset({
    "year", "yyyy", "yy", "years", "quarter", "qq", "q", "month", "mm", "mon", "months",
    "dayofyear", "dy", "y", "day", "dd", "d", "days", "week", "wk", "ww", "weeks", "isoweek",
    "isoyear", "weekday", "dw", "dayofweek", "hour", "hh", "hours", "minute", "mi", "n",
    "minutes", "second", "ss", "s", "seconds", "millisecond", "ms", "microsecond", "mcs", "us",
    "nanosecond", "ns", "epoch", "century", "decade",
})  # fmt: skip
_LATER = (exp.Order, exp.Group, exp.Having, exp.Qualify, exp.Distinct, exp.Cluster, exp.Sort)
Known = Mapping[str, frozenset[str] | None]


def column_hits(selected: Selected, look: Look) -> Iterator[Hit]:
    """`unqualified-column`, `ambiguous-column` and `unknown-column` of one SELECT."""
    if selected.scope.pivots:
        return  # names come out of the rows
    bare = [column for column in _own_columns(selected) if not column.table]
    if look.tables is None:
        if len(selected.parts) > 1:
            yield from _unqualified(bare, selected, look)
        return
    known = {source.name: columns_of(source, look.tables) for source in selected.sources}
    for column in bare:
        yield from _judged(column, selected, known, look)
    yield from _strangers(selected, known, look)


def _own_columns(selected: Selected) -> Iterator[exp.Column]:
    """The columns that this SELECT itself names, without what only looks like one."""
    shared = set(_shared(selected))
    aliases = {each.alias.lower() for each in selected.select.expressions if each.alias}
    names = {source.name for source in selected.sources}
    for column in selected.scope.columns:
        name = column.name.lower()
        if column.find_ancestor(exp.Select) is not selected.select:
            continue
        if not isinstance(column.this, exp.Identifier) or "start" not in column.this.meta:
            continue
        if not column.table and (name in shared or name in names or _is_no_column(column)):
            continue
        if not column.table and name in aliases and _is_behind(column, selected.select):
            continue
        yield column


def _shared(selected: Selected) -> Iterator[str]:
    """Columns that USING or NATURAL makes one of."""
    for join in joins_of(selected.select):
        yield from (name.name.lower() for name in join.args.get("using") or ())


def _is_behind(column: exp.Column, select: exp.Select) -> bool:
    """Whether it stands where names of the output count: in ORDER BY, GROUP BY and the like."""
    place = column.find_ancestor(*_LATER, exp.Window, exp.Select)
    return place is not None and place is not select and not isinstance(place, exp.Window)


def _is_no_column(column: exp.Column) -> bool:
    name = column.name.lower()
    if name in _PSEUDO or name.startswith(("@", "$")):
        return True
    if name in _DATE_PARTS and _is_of_dates(column.parent):
        return True
    # In other dialects than the one that is read, a string may stand in these marks.
    compared = isinstance(column.parent, exp.Predicate | exp.In | exp.Tuple)
    return bool(column.this.args.get("quoted")) and compared and column.arg_key != "this"


def _is_of_dates(node: exp.Expr | None) -> bool:
    """Whether it is a function such as DATEDIFF, whose first argument may be a unit."""
    if not isinstance(node, exp.Func):
        return False
    name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
    return any(part in name.upper() for part in ("DATE", "TIME", "TRUNC", "EXTRACT", "LAST_DAY"))


def _unqualified(bare: list[exp.Column], selected: Selected, look: Look) -> Iterator[Hit]:
    if any(join.method.upper() == "NATURAL" for join in joins_of(selected.select)):
        return
    known = {source.name: columns_of(source, Tables()) for source in selected.sources}
    for column in bare:
        # Subqueries that list their columns say whose it is.
        sure = None not in known.values() and len(owners(column, selected.sources, known)) == 1
        if not sure and (hit := _unqualified_hit(column, selected.parts, look)) is not None:
            yield hit


def _unqualified_hit(column: exp.Column, sources: tuple[Source, ...], look: Look) -> Hit | None:
    span = look.places.extent(column.this)
    if span is None:
        return None
    listed = ", ".join(source.name for source in sources[:4])
    detail = f"{column.name} has no table before it, and {len(sources)} are read here: {listed}."
    return Hit("unqualified-column", span, detail)


def _judged(column: exp.Column, selected: Selected, known: Known, look: Look) -> Iterator[Hit]:
    """What is to be said of a bare column where tables are known."""
    span = look.places.extent(column.this)
    natural = any(join.method.upper() == "NATURAL" for join in joins_of(selected.select))
    if span is None or natural:
        return
    found = owners(column, selected.sources, known)
    if len(found) > 1:
        yield Hit("ambiguous-column", span, f"{column.name} is in {' and in '.join(found)}.")
    elif not found and None in known.values():
        hit = _unqualified_hit(column, selected.parts, look)
        if hit is not None and len(selected.parts) > 1:
            yield hit
    elif not found and known and not _is_outside(column, selected, look):
        listed = ", ".join(known)
        yield Hit("unknown-column", span, f"No column {column.name} is in {listed}.")


def _is_outside(column: exp.Column, selected: Selected, look: Look) -> bool:
    """Whether a query around this one may have it."""
    scope = selected.scope.parent
    name = column.name.lower()
    aliases = {each.alias.lower() for each in selected.select.expressions if each.alias}
    if name in aliases:
        return True  # some dialects let an alias stand anywhere behind it
    tables = look.tables
    while scope is not None and tables is not None:
        if not isinstance(scope.expression, exp.Select):
            return True
        for source in sources_of(scope):
            columns = columns_of(source, tables)
            if columns is None or name in columns:
                return True
        scope = scope.parent
    return False


def _strangers(selected: Selected, known: Known, look: Look) -> Iterator[Hit]:
    """Columns with a table before them that does not have them."""
    for column in _own_columns(selected):
        columns = known.get(column.table.lower()) if column.table else None
        if columns is None or column.name.lower() in columns or column.name.lower() in _PSEUDO:
            continue
        if isinstance(column.parent, exp.Dot):
            continue
        if (span := look.places.extent(column.this)) is not None:
            detail = f"{column.table} has no column {column.name}."
            yield Hit("unknown-column", span, detail)
