"""Owns the Markdown of a criteria file: its headings, bullets, fences, and their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.text.spans import Span

_LISTS = ("bullet_list", "ordered_list")
_BLANKS = re.compile(r"\s+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TICK = re.compile(r"\[[ xX]\][ \t]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One bullet: its words in one line, and what is nested below it."""

    text: str
    span: Span
    """Its first line, from its first word on."""
    below: "tuple[Item, ...]"


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block."""

    info: str
    text: str
    span: Span
    """Its opening line."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading."""

    level: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph."""

    text: str
    span: Span
    """Its first line."""


Block = Item | Fence | Heading | Words


def blocks(text: str, start: int, notes: ProblemCollector) -> Iterator[Block]:
    """What stands at the top level of the Markdown from `start` on, in order."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a server without criteria does not pay
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    # Inline Markdown is not needed, and some of it takes time that grows with the square.
    parser = MarkdownIt("commonmark").disable("inline")
    blank = "".join(c if c in "\r\n" else " " for c in text[:start])
    for node in SyntaxTreeNode(parser.parse(blank + text[start:])).children:
        if node.type == "heading":
            level = int(node.tag[1])
            yield Heading(level, _content(node), notes.line(_first_line(node)))
        elif node.type == "fence":
            opening = notes.line(_first_line(node))
            yield Fence(node.info.strip(), node.content, opening)
        elif node.type == "paragraph":
            yield Words(_content(node), notes.line(_first_line(node)))
        elif node.type in _LISTS:
            yield from _items(node, notes)


def comments(text: str, start: int) -> Iterator[Span]:
    """The HTML comments from `start` on."""
    for found in _COMMENT.finditer(text, start):
        yield Span(*found.span())


def _items(node: Any, notes: ProblemCollector) -> Iterator[Item]:
    for item in node.children:
        paragraphs = [child for child in item.children if child.type == "paragraph"]
        nested = [child for child in item.children if child.type in _LISTS]
        raw = "\n".join(_content(paragraph) for paragraph in paragraphs)
        first = raw.split("\n", 1)[0].strip()
        line = notes.line(_first_line(paragraphs[0] if paragraphs else item))
        at = max(line.of(notes.text).find(first), 0)
        for child in item.children:
            if child.type not in ("paragraph", "html_block", *_LISTS):
                line = notes.line(_first_line(child))
                blanks = len(line.of(notes.text)) - len(line.of(notes.text).lstrip())
                notes.warning(Span(line.start + blanks, line.end), "CR215", _NO_WORDS)
        below = tuple(sub for child in nested for sub in _items(child, notes))
        yield Item(_plain(raw), Span(line.start + at, line.end), below)


_NO_WORDS = (
    "This is not read: a question has words and sub-bullets. Examples stand below the heading "
    "`## Examples`, not indented."
)


def _plain(raw: str) -> str:
    """One line, without comments that readers do not see and the box of a task list."""
    words = _COMMENT.sub(" ", raw)
    words = _BLANKS.sub(" ", words).strip()
    box = _TICK.match(words)
    return words[box.end() :] if box else words


def _content(node: Any) -> str:
    return "\n".join(child.content for child in node.children if child.type == "inline")


def _first_line(node: Any) -> int:
    line: int = node.map[0]
    return line
