"""Syntax trees of programs, by the tree-sitter grammars that ship as wheels."""

import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

_PIECE = 1 << 16

_GRAMMARS = {
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "css": ("tree_sitter_css", "language"),
    "go": ("tree_sitter_go", "language"),
    "html": ("tree_sitter_html", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "javascriptreact": ("tree_sitter_javascript", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "python": ("tree_sitter_python", "language"),
    "restructuredtext": ("tree_sitter_rst", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "shellscript": ("tree_sitter_bash", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "typescriptreact": ("tree_sitter_typescript", "language_tsx"),
}


def has_grammar(language: str) -> bool:
    """Whether a language (by its id) can be parsed here."""
    return language in _GRAMMARS


class TooSlow(Exception):  # noqa: N818 - caught by each who asks for a tree
    """A text that its grammar cannot read in the time that ordinary texts take many times over."""


_SECONDS, _SECONDS_A_BYTE = 0.25, 5e-6
"""Most time of a thread for one text; a program of 1 MB takes 0.2 s.

Grammars recover from errors, and look ahead, in quadratic time: 8 kB of "<!--" are 6 s in Python's.
"""


@lru_cache(maxsize=1)
def parsed(data: bytes, language: str) -> Any:
    """The root node of a text in UTF-8; the language has a grammar.

    The last one is kept: the comments of a program and its names are asked for one after the other.

    Take words from `data` by a node's place: `Node.text` asks the function below again once it is
    gone, and the process ends (tree-sitter 0.26.1, a segmentation fault).

    Raises:
        TooSlow: the text is made to take for ever, or happens to.
    """
    parser = _parser(language)
    end = time.thread_time() + _SECONDS + len(data) * _SECONDS_A_BYTE
    try:
        tree = parser.parse(
            lambda at, _: data[at : at + _PIECE],
            progress_callback=lambda _at, _error: time.thread_time() > end,
        )
    except ValueError:
        parser.reset()
        raise TooSlow from None
    return tree.root_node


@lru_cache(maxsize=8)
def _parser(language: str) -> Any:
    from tree_sitter import Language, Parser  # noqa: PLC0415 - a server without checks needs none

    module, name = _GRAMMARS[language]
    return Parser(Language(getattr(import_module(module), name)()))


def leaves(root: Any) -> Iterator[Any]:
    """The nodes without children, in order."""
    return walked(root, lambda _: True)


def nodes(root: Any, wanted: frozenset[str]) -> Iterator[Any]:
    """The nodes of these types, in order, those inside one another left out."""
    found = walked(root, lambda node: node.type not in wanted)
    return (node for node in found if node.type in wanted)


def walked(root: Any, is_entered: Callable[[Any], bool]) -> Iterator[Any]:
    """The nodes that are not entered or have no children, in order."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if is_entered(node) and cursor.goto_first_child():
            continue
        yield node
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
