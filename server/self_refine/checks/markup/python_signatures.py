"""Owns reading the public signatures of Python code."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from self_refine.text.spans import Span

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Signature:
    """What a caller sees of one function or class."""

    shape: str
    """Its head as Python writes it, free of layout."""
    name: str
    line: int
    """Of the definition, from 1."""


def signatures(code: str) -> Mapping[str, Signature] | None:
    """The public functions and classes by dotted name; None where the code does not parse."""
    try:
        with warnings.catch_warnings():
            # Python warns about doubtful string escapes while it parses; nobody asked for that.
            warnings.simplefilter("ignore")
            tree = ast.parse(textwrap.dedent(code))
            return dict(_public(tree, ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def place_of(signature: Signature, code: str) -> Span:
    """Where the name stands in the code that the signature was read from."""
    lines = code.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    start = sum(len(line) + 1 for line in lines[: signature.line - 1])
    line = lines[signature.line - 1]
    found = re.search(rf"\b(?:def|class)\s+({re.escape(signature.name)})", line)
    # Python takes names in another normal form than the one that they may be written in.
    return Span(*found.span(1)).moved(start) if found else Span(start, start + len(line.rstrip()))


def _public(parent: ast.AST, prefix: str) -> Iterator[tuple[str, Signature]]:
    for node in _definitions(parent):
        if not node.name.startswith("_") or node.name == "__init__":
            name = f"{prefix}{node.name}"
            yield name, Signature(_shape(node), node.name, node.lineno)
            if isinstance(node, ast.ClassDef):
                yield from _public(node, f"{name}.")


def _definitions(parent: ast.AST) -> Iterator[_Definition]:
    """Definitions in a body, those under `if` and `try` too; not those inside functions."""
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, _Definition):
            yield node
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _definitions(node)


def _shape(node: _Definition) -> str:
    decorators = "".join(f"@{ast.unparse(d)} " for d in node.decorator_list)
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in (*node.bases, *node.keywords))
        return f"{decorators}class ({bases})"
    start = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{decorators}{start} ({ast.unparse(node.args)}){returns}"
