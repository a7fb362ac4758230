"""What each SELECT reads: its tables, subqueries and functions, and the columns that they have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from self_refine.checks.sql.sql_tables import Tables

_MOST_ONE_ROW = ("dual", "sysibm.sysdummy1", "sysdummy1")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that a SELECT reads."""

    name: str
    """Its alias, or its name, in small letters."""
    node: exp.Expr
    table: exp.Table | None
    """The base table; None for a subquery, a CTE or a function."""
    scope: Scope | None
    """The subquery or CTE."""

    @property
    def is_function(self) -> bool:
        """Whether its rows come from a call, a list of values or another source."""
        if self.table is None and self.scope is None:
            return True
        return self.scope is not None and not isinstance(self.scope.expression, exp.Query)


@dataclass(frozen=True, slots=True)
class Selected:
    """One SELECT with what it reads."""

    select: exp.Select
    scope: Scope
    sources: tuple[Source, ...]

    @property
    def parts(self) -> tuple[Source, ...]:
        """The sources that hold rows of their own."""
        return tuple(source for source in self.sources if not source.is_function)

    @property
    def tables(self) -> tuple[Source, ...]:
        """The base tables."""
        return tuple(source for source in self.sources if source.table is not None)


def selects(tree: exp.Expr) -> Iterator[Selected]:
    """Each SELECT of a statement, the inner ones first."""
    for root in _roots(tree):
        try:
            scopes = traverse_scope(root)
        except SqlglotError:
            continue  # a name twice, say: the database will refuse it
        for scope in scopes:
            if isinstance(scope.expression, exp.Select):
                yield Selected(scope.expression, scope, tuple(sources_of(scope)))


def _roots(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Where queries begin; those in the body of a procedure, too."""
    is_query = isinstance(tree, exp.Query | exp.DML)
    if is_query or (isinstance(tree, exp.DDL) and isinstance(tree.expression, exp.Query)):
        yield tree
        return
    for child in tree.iter_expressions():
        yield from _roots(child)


def sources_of(scope: Scope) -> Iterator[Source]:
    """What the query of a scope reads."""
    try:
        selected = scope.selected_sources
    except SqlglotError:
        selected = {}
    for name, (node, source) in selected.items():
        scoped = source if isinstance(source, Scope) else None
        table = source if isinstance(source, exp.Table) else None
        is_base = table is not None and isinstance(table.this, exp.Identifier)
        if is_base and table is not None and table.name.lower() in _MOST_ONE_ROW:
            is_base = False
        yield Source(name.lower(), node, table if is_base else None, scoped)


def columns_of(source: Source, tables: Tables) -> frozenset[str] | None:
    """The columns of a source in small letters; None where they are not known."""
    if source.table is not None:
        known = tables.get(source.table.name)
        return known.columns if known is not None else None
    query = source.scope.expression if source.scope is not None else None
    if source.scope is None or not isinstance(query, exp.Query):
        return None
    named = source.scope.outer_columns or query.named_selects
    if query.is_star and not source.scope.outer_columns:
        return None
    return frozenset(name.lower() for name in named if name)


def owners(
    column: exp.Column, sources: tuple[Source, ...], known: Mapping[str, frozenset[str] | None]
) -> tuple[str, ...]:
    """The names of the sources that are known to have a column."""
    name = column.name.lower()
    return tuple(s.name for s in sources if name in (known[s.name] or ()))


def within(node: exp.Expr, *kinds: type[exp.Expr]) -> Iterator[exp.Expr]:
    """The nodes of some kinds below one, without those of queries inside it."""
    for found in node.walk(prune=lambda each: isinstance(each, exp.Query) and each is not node):
        if isinstance(found, kinds) and not (isinstance(found, exp.Query) and found is not node):
            yield found


def conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The conditions that all must hold."""
    if condition is None:
        return
    inner = condition.unnest()
    if isinstance(inner, exp.And):
        for part in inner.flatten():
            yield from conjuncts(part)
    else:
        yield inner


def joins_of(select: exp.Expr) -> list[exp.Join]:
    """The joins of a SELECT, with those in brackets behind FROM."""
    found: list[exp.Join] = list(select.args.get("joins") or ())
    first = select.args.get("from_")
    places = [first.this] if first is not None else []
    places += [join.this for join in found]
    while places:
        place = places.pop()
        inner = list(place.args.get("joins") or ())
        found += inner
        places += [join.this for join in inner]
        if isinstance(place, exp.Subquery | exp.Paren) and not isinstance(place.this, exp.Select):
            places.append(place.this)
    return found


def conditions_of(select: exp.Expr) -> list[exp.Expr]:
    """What WHERE and ON ask."""
    where = select.args.get("where")
    asked = [where.this] if where is not None else []
    return asked + [on for join in joins_of(select) if (on := join.args.get("on")) is not None]
