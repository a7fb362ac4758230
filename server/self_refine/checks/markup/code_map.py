"""The map of a program: its comments and docstrings are prose, and nothing else is."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from self_refine.checks.markup.prose_map import Mark, Sort, joined, without
from self_refine.checks.markup.syntax_trees import TooSlow, has_grammar, leaves, nodes, parsed
from self_refine.text.spans import Span

_COMMENTS = frozenset({"comment", "line_comment", "block_comment", "doc_comment", "html_comment"})
_PYTHON = frozenset({"comment", "expression_statement"})
_STARTERS = {
    "#": "makefile dockerfile yaml toml ini r perl julia elixir terraform graphql nix just cmake "
    "fish powershell properties dotenv ignore matlab",
    "//": "kotlin swift scala dart zig csharp groovy proto jsonc solidity fsharp verilog less scss "
    "objective-c cuda-cpp",
    "--": "sql lua haskell elm",
    ";": "clojure lisp scheme",
    "%": "erlang bibtex",
    '"': "vim",
}
_STARTER = {name: mark for mark, names in _STARTERS.items() for name in names.split()}
_EDGE = re.compile(
    r"[ \t]*+(?:/\*+!?|\*+/|\*(?!\*)|//[/!]?|#+:?|--+|;+|%+|<!--|-->|\"\"\"|''')?[ \t]*+"
)
_CLOSERS = ("*/", "-->", '"""', "'''")
_PREFIX = re.compile(r"(?i:[rub]{0,2})(?:\"\"\"|'''|\"|')")
_DIRECTIVE = re.compile(
    r"[ \t]*+(?:#!|!|(?:[#/*;%<-]|//)*+[ \t]*+(?:noqa|type:|pylint|eslint|tslint|jshint|ts-|@ts-"
    r"|go:|\+build|nolint|fmt:|isort|mypy|ruff|flake8|pragma|coding[:=]|-\*-|vim:|clang-|NOLINT"
    r"|prettier-|istanbul|c8 |v8 |region|endregion|shellcheck|rubocop|frozen_string_literal"
    r"|cspell|spell-?check|self-refine-|SPDX-|Copyright|sourceMapping|webpack|global |globals "
    r"|<reference|phpcs|phpstan|psalm|swiftlint|ktlint|checkstyle|NOSONAR|language=))"
)
_TAG = re.compile(
    r"[@\\](?:param|arg|argument|property|prop|typedef|template|throws|exception|raises|returns?"
    r"|type|var|see|link|tparam)\b(?:[ \t]*+\{[^{}\n]*+\})?(?:[ \t]++[$\w.\[\]]++)?"
    r"(?:[ \t]++\[[\w:<>, |]{1,80}+\])?"
    r"|[@\\]code\b(?:(?![@\\]endcode)[^*]|\*(?!/)){0,2000}+[@\\]endcode"
    r"|\]\([^()\n]{1,200}+\)|^[^\w\n]*+[Uu]sage: [^\n]*+"
    r"|:[a-z]+(?:[ \t]++[\w*.,\[\] ]{1,60}?)?:(?=[ \t\n`])"
    r"|:[\w:+-]{1,40}:`[^`\n]*+`",
    re.MULTILINE,
)
_NAMED = frozenset({
    "class_name", "command_name", "constant", "id_name", "name", "property_name", "tag_name",
    "word",
})  # fmt: skip
"""Leaves of a syntax tree that name something, beside those called an identifier of some sort."""
_TICKS = re.compile(r"``[^`]++``|`[^`\n]++`")
_DOCTEST = re.compile(r"^[ \t]*>>> [^\n]*(?:\n[ \t]*\S[^\n]*)*", re.MULTILINE)
_NUMPY_FIELD = re.compile(r"^[ \t]*[\w*, ]{1,60} ?:(?= )|^[ \t]*-{3,}[ \t]*$", re.MULTILINE)
_STATEMENT = re.compile(
    r"[^\n]*[;{}]\s*\Z|\s*(?:return|import|from \S+ import|def|class|if .*:|for .*:|elif|raise"
    r"|[\w.\[\]]+ ?[-+*/]?= ?\S)[^\n]*\Z"
)


def comments_of(text: str, data: bytes, language: str) -> tuple[Span, ...] | None:
    """The comments and docstrings of a program; None where nobody here can find them.

    Args:
        text: a program.
        data: it in UTF-8.
        language: its id.
    """
    if has_grammar(language):
        try:
            return _in_code_points(data, _by_tree(data, language))
        except TooSlow:
            return None
    if language in _STARTER:
        return tuple(_whole_lines(text, _STARTER[language]))
    return None


def identifiers(data: bytes, language: str) -> frozenset[str]:
    """All that a program names; empty where nobody here can parse it."""
    if not has_grammar(language):
        return frozenset()
    names: set[bytes] = set()
    try:
        root = parsed(data, language)
    except TooSlow:
        return frozenset()
    for node in leaves(root):
        if "identifier" in node.type or node.type in _NAMED:
            names.add(data[node.start_byte : node.end_byte])
    return frozenset(name.decode("utf-8", "replace") for name in names)


def code_marks(text: str, comments: Iterable[Span]) -> Iterator[Mark]:
    """All of a program but the words of its comments."""
    words = joined(part for span in comments for part in _words(text, span))
    for span in without(Span(0, len(text)), words):
        yield Mark(span, Sort.CODE)
    for comment in comments:
        yield from _names(text, comment)


def _by_tree(data: bytes, language: str) -> Iterator[tuple[int, int]]:
    root = parsed(data, language)
    wanted = _PYTHON if language == "python" else _COMMENTS
    for node in nodes(root, wanted):
        if node.type != "expression_statement" or _is_docstring(node):
            yield node.start_byte, node.end_byte


def _is_docstring(node: Any) -> bool:
    """Whether a statement is a string that stands first in its body."""
    if node.child_count != 1 or node.child(0).type != "string":
        return False
    before = node.prev_named_sibling
    while before is not None and before.type == "comment":
        before = before.prev_named_sibling
    return before is None


def _in_code_points(data: bytes, places: Iterator[tuple[int, int]]) -> tuple[Span, ...]:
    if data.isascii():
        return tuple(Span(start, end) for start, end in places)
    found: list[Span] = []
    at = count = 0
    for start, end in places:
        first = count + len(data[at:start].decode("utf-8", "replace"))
        count = first + len(data[start:end].decode("utf-8", "replace"))
        at = end
        found.append(Span(first, count))
    return tuple(found)


def _whole_lines(text: str, starter: str) -> Iterator[Span]:
    """Lines that are a comment and nothing else, where no grammar says what a string is."""
    at = 0
    for line in text.split("\n"):
        if line.lstrip(" \t").startswith(starter):
            yield Span(at, at + len(line))
        at += len(line) + 1


def _words(text: str, comment: Span) -> Iterator[Span]:
    """The words of each line of a comment, without what marks it as one."""
    at, first = comment.start, True
    for line in comment.of(text).split("\n"):
        prefix = _PREFIX.match(line) if first else None
        start = prefix.end() if prefix else (found.end() if (found := _EDGE.match(line)) else 0)
        end = max(start, _end_of(line[start:]) + start)
        if first and prefix and len(prefix[0].lstrip("rRuUbB")) == 1:
            end = min(end, len(line) - 1)
        first = False
        words = line[start:end]
        if words.strip() and not _DIRECTIVE.match(line) and not _STATEMENT.match(words):
            yield Span(at + start, at + end)
        at += len(line) + 1


def _names(text: str, comment: Span) -> Iterator[Mark]:
    words = comment.of(text)
    for pattern in (_TAG, _TICKS, _DOCTEST, _NUMPY_FIELD):
        for found in pattern.finditer(words):
            yield Mark(Span(*found.span()).moved(comment.start), Sort.NAME)


def _end_of(line: str) -> int:
    """Where the words of a comment's line end, before what closes the comment."""
    words = line.rstrip(" \t")
    closer = next((closer for closer in _CLOSERS if words.endswith(closer)), "")
    words = words.removesuffix(closer)
    return len((words.rstrip("*") if closer == "*/" else words).rstrip(" \t"))
