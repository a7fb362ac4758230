"""Whether a text is Python, JSON or SQL at all."""

import ast
import json
import sqlite3
import warnings
from collections.abc import Callable, Mapping
from contextlib import closing


def is_python(text: str) -> bool:
    """Whether the running version of Python can parse it."""
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def is_json(text: str) -> bool:
    """Whether it is one JSON value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_sql(text: str) -> bool:
    """Whether SQLite can parse every statement; tables and columns need not exist."""
    if "\0" in text or not _is_encodable(text):
        return False
    with closing(sqlite3.connect(":memory:")) as database:
        for statement in _statements(text):
            try:
                database.execute(f"EXPLAIN {statement}")
            except sqlite3.Error as error:
                if _is_syntax(str(error)):
                    return False
    return True


def _statements(text: str) -> list[str]:
    """The statements of a script; a semicolon inside a text or a comment ends none."""
    found, rest = [], ""
    for piece in text.split(";"):
        rest += piece + ";"
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return [each for each in (*found, rest) if each.strip("; \n\t\r")]


def _is_encodable(text: str) -> bool:
    """Without halves of surrogate pairs, which a model's JSON may hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_syntax(message: str) -> bool:
    return any(sign in message for sign in ("syntax error", "unrecognized token", "incomplete"))


PARSERS: Mapping[str, Callable[[str], bool | None]] = {
    "python": is_python,
    "json": is_json,
    "sql": is_sql,
}
