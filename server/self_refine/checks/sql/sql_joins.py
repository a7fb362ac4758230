"""Tables that nothing connects, and `*`."""

from collections.abc import Iterable, Iterator

from sqlglot import exp

from self_refine.checks.sql.sql_hit import Hit, Look
from self_refine.checks.sql.sql_sources import Selected, Source, conditions_of, conjuncts, joins_of


def star_hits(selected: Selected, look: Look) -> Iterator[Hit]:
    """`select-star`: every column of a base table."""
    if is_in_exists(selected.select):
        return
    tables = {source.name for source in selected.tables}
    for shown in selected.select.expressions:
        named = isinstance(shown, exp.Column) and isinstance(shown.this, exp.Star)
        if not named and not isinstance(shown, exp.Star):
            continue
        of = shown.table.lower() if isinstance(shown, exp.Column) else ""
        span = look.places.star(shown)
        if span is not None and (of in tables if of else tables):
            listed = of or ", ".join(sorted(tables))
            detail = f"* takes every column of {listed}, those added later, too: name the columns."
            yield Hit("select-star", span, detail)


def is_in_exists(select: exp.Select) -> bool:
    """Whether only the existence of rows is asked."""
    around = select.parent
    while isinstance(around, exp.Subquery | exp.Paren):
        around = around.parent
    return isinstance(around, exp.Exists)


def join_hits(selected: Selected, look: Look) -> Iterator[Hit]:
    """`cross-join`: tables of which each row meets each row of the others."""
    several = [source for source in selected.parts if not _is_one_row(source)]
    if len(several) < 2 or _is_unsure(selected):
        return
    groups = _Groups(source.name for source in selected.sources)
    for condition in conditions_of(selected.select):
        for part in conjuncts(condition):
            groups.join(column.table.lower() for column in part.find_all(exp.Column))
    names = [source.name for source in selected.sources]
    for join in joins_of(selected.select):
        if join.args.get("using") or join.method.upper() in ("NATURAL", "ASOF", "POSITIONAL"):
            groups.join([names[0], join.alias_or_name.lower()])
    for source in selected.sources:
        if source.is_function:
            groups.join(_told_by(source, names))
    seen = {groups.of(several[0].name)}
    for source in several[1:]:
        group = groups.of(source.name)
        span = look.places.extent(source.node) if group not in seen else None
        if source.table is not None and span is not None:
            span = look.places.table(source.table) or span
        seen.add(group)
        if span is not None:
            detail = f"Nothing connects {source.name} with {several[0].name}: each row meets each."
            yield Hit("cross-join", span, detail)


def _is_unsure(selected: Selected) -> bool:
    """Whether a condition names a column whose table nobody knows here."""
    return any(
        not column.table
        for condition in conditions_of(selected.select)
        for column in condition.find_all(exp.Column)
        if column.find_ancestor(exp.Select) is selected.select
    )


def _is_one_row(source: Source) -> bool:
    """Whether a subquery gives one row at most, as far as its words say."""
    query = source.scope.expression if source.scope is not None else None
    if not isinstance(query, exp.Select) or query.args.get("group"):
        return isinstance(query, exp.Values)
    limit = query.args.get("limit")
    count = limit.expression if isinstance(limit, exp.Limit) else None
    if query.args.get("from_") is None or (count is not None and count.name == "1"):
        return True
    return bool(query.expressions) and all(
        shown.find(exp.AggFunc) is not None and shown.find(exp.Window) is None
        for shown in query.expressions
    )


def _told_by(source: Source, names: list[str]) -> Iterator[str]:
    """A function and the tables whose columns it is given."""
    yield source.name
    yield from (
        c.table.lower() for c in source.node.find_all(exp.Column) if c.table.lower() in names
    )


class _Groups:
    """Names that conditions have connected."""

    def __init__(self, names: Iterable[str]) -> None:
        self._above = {name: name for name in names}

    def of(self, name: str) -> str:
        """What stands for the group of a name."""
        while self._above[name] != name:
            name = self._above[name]
        return name

    def join(self, names: Iterable[str]) -> None:
        """These belong together."""
        known = [self.of(name) for name in names if name in self._above]
        for name in known[1:]:
            self._above[self.of(name)] = self.of(known[0])
