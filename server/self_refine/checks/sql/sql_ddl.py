"""Tables and their columns from CREATE TABLE and CREATE INDEX."""

from collections.abc import Iterator

from sqlglot import exp

from self_refine.checks.sql.sql_statements import read_statements
from self_refine.checks.sql.sql_tables import Table, Tables


def created_tables(text: str, dialect: str) -> Tables | str:
    """The tables that statements create, or why there are none."""
    statements = read_statements(text, dialect)
    columns: dict[str, frozenset[str]] = {}
    indexed: dict[str, set[str]] = {}
    for tree in statements.trees:
        if isinstance(tree, exp.Create) and tree.kind in ("TABLE", "VIEW", "FOREIGN TABLE"):
            name = _table_name(tree)
            columns[name] = frozenset(_columns(tree))
            indexed.setdefault(name, set()).update(_keys(tree))
        elif isinstance(tree, exp.Create | exp.Alter):
            for name, column in _indexed_later(tree):
                indexed.setdefault(name, set()).add(column)
    found = {name: held for name, held in columns.items() if name and held}
    if not found:
        wrong = next(iter(statements.unread), None)
        line = text.count("\n", 0, wrong.span.start) + 1 if wrong else 0
        return f"No CREATE TABLE is read there{f' (line {line}: {wrong.reason})' if wrong else ''}."
    return Tables({name: Table(held, frozenset(indexed[name])) for name, held in found.items()})


def _table_name(tree: exp.Expr) -> str:
    table = tree.find(exp.Table)
    return table.name.lower() if table is not None else ""


def _columns(tree: exp.Create) -> Iterator[str]:
    yield from (column.name.lower() for column in tree.find_all(exp.ColumnDef))
    query = tree.expression
    if isinstance(query, exp.Query) and not query.is_star:
        yield from (name.lower() for name in query.named_selects if name)


def _keys(tree: exp.Create) -> Iterator[str]:
    """Columns that a key of the table itself begins with."""
    for column in tree.find_all(exp.ColumnDef):
        kinds = (constraint.args.get("kind") for constraint in column.args.get("constraints") or ())
        if any(
            isinstance(kind, exp.PrimaryKeyColumnConstraint | exp.UniqueColumnConstraint)
            for kind in kinds
        ):
            yield column.name.lower()
    for key in tree.find_all(exp.PrimaryKey, exp.UniqueColumnConstraint, exp.IndexColumnConstraint):
        if key.find_ancestor(exp.ColumnDef) is None:
            yield from _first(key)


def _indexed_later(tree: exp.Create | exp.Alter) -> Iterator[tuple[str, str]]:
    name = _table_name(tree)
    if isinstance(tree, exp.Create):
        index = tree.find(exp.Index)
        if tree.kind == "INDEX" and index is not None:
            params = index.args.get("params") or index
            yield from ((name, column) for column in _first(params))
        return
    for key in tree.find_all(exp.PrimaryKey, exp.UniqueColumnConstraint):
        yield from ((name, column) for column in _first(key))


def _first(node: exp.Expr) -> Iterator[str]:
    """The column that a list of columns begins with."""
    skipped = (exp.Table, exp.TableAlias)
    for found in node.walk(prune=lambda each: isinstance(each, skipped)):
        if isinstance(found, exp.Identifier) and not isinstance(found.parent, skipped):
            yield found.name.lower()
            return
