"""The Markdown of a criteria file: its headings, lists, fences and prose, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.text.spans import Span

_LISTS = ("bullet_list", "ordered_list")
_BLANKS = re.compile(r"\s+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TICK = re.compile(r"\[[ xX]?\](?:[ \t]+|\Z)")
_OTHERS = {
    "table": "table",
    "blockquote": "quotation",
    "fence": "code",
    "code_block": "code",
    "html_block": "HTML",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One bullet: its words in one line, and what is nested below it."""

    text: str
    span: Span
    """Its first line, from its first word on."""
    below: "tuple[Item, ...]"
    box: bool = False
    """Whether it is an entry of a task list."""
    others: "tuple[Passage | Fence, ...]" = ()
    """What stands in it and is neither words nor a list."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list at the top level."""

    items: tuple[Item, ...]
    span: Span
    """Its first line."""


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block."""

    info: str
    text: str
    span: Span
    """Its opening line."""
    last: int
    """Its last line, from 1."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading."""

    level: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """What is no list, no heading and no fence: a paragraph, a table, a quotation, HTML."""

    kind: str
    text: str
    """Of a paragraph; "" for the others."""
    span: Span
    """Its first line."""
    last: int
    """Its last line, from 1."""


Block = Listing | Fence | Heading | Passage


def blocks(text: str, start: int, notes: ProblemCollector) -> Iterator[Block]:
    """What stands at the top level of the Markdown from `start` on, in order."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a server without criteria does not pay
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    # Inline Markdown is not needed, and some of it takes time that grows with the square.
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    blank = "".join(c if c in "\r\n" else " " for c in text[:start])
    for node in SyntaxTreeNode(parser.parse(blank + text[start:])).children:
        if node.type == "heading":
            yield Heading(int(node.tag[1]), _content(node), notes.line(_first_line(node)))
        elif node.type in _LISTS:
            yield Listing(tuple(_items(node, notes)), notes.line(_first_line(node)))
        elif other := _other(node, notes):
            yield other


def comments(text: str, start: int) -> Iterator[Span]:
    """The HTML comments from `start` on."""
    for found in _COMMENT.finditer(text, start):
        yield Span(*found.span())


def _other(node: Any, notes: ProblemCollector) -> Passage | Fence | None:
    """A block that is neither a heading nor a list; None for a rule and for comments alone."""
    span = notes.line(_first_line(node))
    if node.type == "fence":
        return Fence(node.info.strip(), node.content, span, node.map[1])
    if node.type == "paragraph":
        words = _content(node)
        return Passage("paragraph", words, span, node.map[1])
    if node.type == "html_block" and not _COMMENT.sub("", node.content).strip():
        return None
    kind = _OTHERS.get(node.type)
    return Passage(kind, "", span, node.map[1]) if kind else None


def _items(node: Any, notes: ProblemCollector) -> Iterator[Item]:
    for item in node.children:
        paragraphs = [child for child in item.children if child.type == "paragraph"]
        nested = [child for child in item.children if child.type in _LISTS]
        raw = "\n".join(_content(paragraph) for paragraph in paragraphs)
        first = raw.split("\n", 1)[0].strip()
        line = notes.line(_first_line(paragraphs[0] if paragraphs else item))
        at = max(line.of(notes.text).find(first), 0)
        words = _one_line(raw)
        box = _TICK.match(words)
        yield Item(
            text=words[box.end() :] if box else words,
            span=Span(line.start + at, line.end),
            below=tuple(sub for child in nested for sub in _items(child, notes)),
            box=box is not None,
            others=tuple(_within(item, notes)),
        )


def _within(item: Any, notes: ProblemCollector) -> Iterator[Passage | Fence]:
    for child in item.children:
        if child.type not in ("paragraph", "html_block", *_LISTS) and (
            other := _other(child, notes)
        ):
            yield other


def _one_line(raw: str) -> str:
    """One line, without comments that readers do not see."""
    return _BLANKS.sub(" ", _COMMENT.sub(" ", raw)).strip()


def _content(node: Any) -> str:
    return "\n".join(child.content for child in node.children if child.type == "inline")


def _first_line(node: Any) -> int:
    line: int = node.map[0]
    return line
