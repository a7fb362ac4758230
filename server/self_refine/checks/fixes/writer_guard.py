"""What a rewrite may not break: code that parsed parses, marks beside the words stay.

Pure functions of two texts; the loop asks for them through its driver, which knows the document
round the selection.
"""

import ast
import json
import tomllib
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from self_refine.checks.markup.syntax_trees import TooSlow, has_grammar, nodes, parsed
from self_refine.checks.search.line_endings import encoded
from self_refine.loop.requests import Guarded
from self_refine.text.languages import canonical, is_prose
from self_refine.text.line_marks import with_line_marks, with_straight_quotes

_LONGEST = 2_000_000
"""Code points of a document that is parsed; a longer one is looked at by nobody here."""
_CALLED = {
    "bash": "shell", "c": "C", "cpp": "C++", "css": "CSS", "go": "Go", "html": "HTML",
    "java": "Java", "javascript": "JavaScript", "javascriptreact": "JavaScript", "json": "JSON",
    "php": "PHP", "python": "Python", "ruby": "Ruby", "rust": "Rust", "shellscript": "shell",
    "sql": "SQL", "toml": "TOML", "typescript": "TypeScript", "typescriptreact": "TypeScript",
    "yaml": "YAML",
}  # fmt: skip
_NO_CODE = frozenset({"restructuredtext", "html", "css"})
"""Languages in which a parser takes everything, or much that is meant is an error to it."""


@dataclass(frozen=True, slots=True)
class Around:
    """The document round a selection, which is parsed with it."""

    before: str = ""
    after: str = ""


def guarded(before: str, after: str, language: str, around: Around) -> Guarded:
    """Look at what a writer made of a text.

    Args:
        before: the text that it was given.
        after: what it made of it.
        language: the editor's language id.
        around: the rest of the document.
    """
    language = canonical(language)
    text = with_line_marks(before, after)
    if is_prose(language) or text == before:
        return Guarded(text)
    fault = _new_fault(before, text, language, around)
    if fault:
        straight = with_straight_quotes(before, text)
        if straight != text and not _new_fault(before, straight, language, around):
            return Guarded(straight)
        return Guarded(
            text, (f"it no longer parses as {_CALLED.get(language, language)}: {fault}",)
        )
    return Guarded(text)


def _new_fault(before: str, after: str, language: str, around: Around) -> str:
    """The fault of a document that had none before; "" for none, or where nobody can tell."""
    size = len(around.before) + len(around.after) + max(len(before), len(after))
    fault_of = _parser(language)
    if fault_of is None or size > _LONGEST:
        return ""
    if fault_of(f"{around.before}{before}{around.after}"):
        return ""
    return fault_of(f"{around.before}{after}{around.after}")


def _parser(language: str) -> Callable[[str], str] | None:
    known = _PARSERS.get(language)
    if known is not None:
        return known
    if has_grammar(language) and language not in _NO_CODE:
        return lambda text: _tree_fault(text, language)
    return None


def _python_fault(text: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError):
        return ""
    return ""


def _json_fault(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError):
        return ""
    return ""


def _toml_fault(text: str) -> str:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)
    except RecursionError:
        return ""
    return ""


def _yaml_fault(text: str) -> str:
    import yaml  # noqa: PLC0415 - as where criteria are read

    try:
        for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return f"line {line}: {error.problem}"
    except (yaml.YAMLError, ValueError, RecursionError):
        return ""
    return ""


def _sql_fault(text: str) -> str:
    try:
        import sqlglot  # noqa: PLC0415 - half a second, for SQL alone
    except ImportError:
        return ""
    try:
        sqlglot.parse(text)
    except (sqlglot.errors.ParseError, sqlglot.errors.TokenError) as error:
        return str(error).split("\n", 1)[0]
    except RecursionError:
        return ""
    return ""


def _tree_fault(text: str, language: str) -> str:
    try:
        root = parsed(encoded(text), language)
    except TooSlow:
        return ""
    if not root.has_error:
        return ""
    first = next(nodes(root, frozenset({"ERROR"})), None)
    return f"line {first.start_point[0] + 1}" if first is not None else "something is missing"


_PARSERS: dict[str, Callable[[str], str]] = {
    "json": _json_fault,
    "python": _python_fault,
    "sql": _sql_fault,
    "toml": _toml_fault,
    "yaml": _yaml_fault,
}
