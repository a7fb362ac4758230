"""Runs the rules of the `sql` check over the statements of a text."""

from collections.abc import Collection, Iterator

from sqlglot import exp

from self_refine.checks.sql.sql_columns import column_hits
from self_refine.checks.sql.sql_filters import change_hits, filter_hits, scan_hits
from self_refine.checks.sql.sql_hit import Hit, Look
from self_refine.checks.sql.sql_joins import join_hits, star_hits
from self_refine.checks.sql.sql_sources import selects
from self_refine.checks.sql.sql_spans import Places
from self_refine.checks.sql.sql_statements import read_statements
from self_refine.checks.sql.sql_tables import Tables
from self_refine.checks.sql.sql_tokens import Unread

SYNTAX = "syntax"


def judge(
    text: str, dialect: str, tables: Tables | None, rules: Collection[str]
) -> tuple[tuple[Hit, ...], tuple[Unread, ...]]:
    """What the rules find, in the order of the text, and what of it nobody looked at."""
    statements = read_statements(text, dialect)
    look = Look(Places(text, statements.tokens), tables, dialect)
    hits = {
        (hit.span, hit.rule): hit
        for tree in statements.trees
        for hit in _hits(tree, look)
        if hit.rule in rules
    }
    return tuple(hits[key] for key in sorted(hits)), statements.unread


def _hits(tree: exp.Expr, look: Look) -> Iterator[Hit]:
    yield from change_hits(tree, look)
    for change in tree.find_all(exp.Update, exp.Delete):
        yield from filter_hits(change, look, _names(change))
    for selected in selects(tree):
        yield from star_hits(selected, look)
        yield from column_hits(selected, look)
        yield from join_hits(selected, look)
        named = {s.name: s.table.name for s in selected.tables if s.table is not None}
        yield from filter_hits(selected.select, look, named)
        yield from scan_hits(selected, look)


def _names(change: exp.Expr) -> dict[str, str]:
    """The tables of an UPDATE or DELETE by what they are called in it."""
    return {
        table.alias_or_name.lower(): table.name
        for table in change.find_all(exp.Table)
        if table.find_ancestor(exp.Query) is None
    }
