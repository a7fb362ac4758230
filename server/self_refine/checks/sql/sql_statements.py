"""From an SQL text to its statements, as trees of sqlglot, and what of it cannot be read.

A text may hold statements that sqlglot does not read; the others are looked at all the same.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from self_refine.checks.sql.sql_tokens import Unread, tokenize
from self_refine.text.spans import Span

logging.getLogger("sqlglot").disabled = True  # what it says holds words of the text

_MOST_ERRORS = 20
_LONGEST_WORD = 20
_QUERIES = ("select", "with", "insert", "update", "delete", "merge", "values")
_Run = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """What was read of a text."""

    text: str
    tokens: _Run = ()
    trees: tuple[exp.Expr, ...] = ()
    unread: tuple[Unread, ...] = ()


def read_statements(text: str, dialect: str) -> Statements:
    """Read a text.

    Args:
        text: to be read.
        dialect: one of `sql_dialects.DIALECTS`, "" for plain SQL.
    """
    language = Dialect.get_or_raise(dialect)
    got = tokenize(text, language)
    if isinstance(got, Unread):
        return Statements(text, unread=(got,))
    trees: list[exp.Expr] = []
    unread = list(got.unread)
    for part in _parts(text, language, got.all):
        if isinstance(part, Unread):
            unread.append(part)
        else:
            trees.append(part)
    return Statements(text, got.all, tuple(trees), tuple(unread))


def _parts(text: str, dialect: Dialect, tokens: _Run) -> Iterator[exp.Expr | Unread]:
    """Each statement; one that breaks the grammar is left out, and the rest read once more."""
    runs = [tokens]
    for _ in range(_MOST_ERRORS):
        if not runs:
            return
        run = runs.pop(0)
        try:
            trees = dialect.parser(error_level=ErrorLevel.IMMEDIATE).parse(list(run), text)
        except ParseError as error:
            before, wrong, after = _divided(run, error)
            yield wrong
            runs[:0] = [part for part in (before, after) if part]
        except (SqlglotError, RecursionError):
            yield Unread("it is nested too deep", _span_of(run))
        else:
            yield from _judged(trees, _chunks(run))
    for run in runs:
        yield Unread("too much of it cannot be read", _span_of(run))


def _divided(run: _Run, error: ParseError) -> tuple[_Run, Unread, _Run]:
    """What stands before the statement with an error, where the error is, and what comes after."""
    told = error.errors[0] if error.errors else {}
    told_at = (told.get("line"), told.get("col"))
    at = next((n for n, token in enumerate(run) if (token.line, token.col) == told_at), None)
    what = "it cannot be read here"
    if at is None:
        return (), Unread(what, _span_of(run), is_syntax=True), ()
    ends = [n for n, token in enumerate(run) if token.token_type is TokenType.SEMICOLON]
    begin = max((n + 1 for n in ends if n < at), default=0)
    end = min((n for n in ends if n >= at), default=len(run))
    place = Span(run[at].start, run[at].end + 1)
    wrong = Unread(what, place, is_syntax=True)
    if not _is_query(run[begin]):
        first = run[begin].text.upper()
        name = first if first.isalpha() and len(first) < _LONGEST_WORD else "a statement"
        wrong = Unread(f"{name} is not read here", place)
    return run[:begin], wrong, run[end + 1 :]


def _is_query(first: Token) -> bool:
    """Whether a statement begins as one that sqlglot reads in full, or as a slip of such a word.

    What else there is (blocks of procedures, settings, grants) differs so much that an error in it
    says nothing.
    """
    word = first.text.lower()
    return word == "(" or bool(get_close_matches(word, _QUERIES, n=1, cutoff=0.75))


def _span_of(run: _Run) -> Span:
    return Span(run[0].start, run[-1].end + 1) if run else Span(0, 0)


def _judged(
    trees: Sequence[exp.Expr | None], chunks: Sequence[_Run]
) -> Iterator[exp.Expr | Unread]:
    """The statements, but for those of which a tree says nothing."""
    known = len(trees) == len(chunks)
    for number, tree in enumerate(trees):
        if tree is not None:
            yield _why_not(tree, _span_of(chunks[number]) if known else Span(0, 0)) or tree


def _chunks(run: _Run) -> list[_Run]:
    """The tokens of each statement, as the parser divides them."""
    chunks: list[list[Token]] = [[]]
    for number, token in enumerate(run):
        if token.token_type is not TokenType.SEMICOLON:
            chunks[-1].append(token)
            continue
        if token.comments:
            chunks.append([token])
        if number < len(run) - 1:
            chunks.append([])
    return [tuple(chunk) for chunk in chunks]


def _why_not(tree: exp.Expr, span: Span) -> Unread | None:
    """Why a tree says nothing of its statement; None where it does."""
    if isinstance(tree, exp.Command):
        name = tree.name.split(" ")[0].upper()
        return Unread(f"{name if name.isalpha() else 'a command'} is not read", span)
    is_words = isinstance(tree, exp.Alias | exp.Condition) and not isinstance(tree, exp.Query)
    return Unread("it is no statement", span) if is_words else None
