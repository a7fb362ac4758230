"""The map of reStructuredText, from its syntax tree: paragraphs and titles without their roles."""

from collections.abc import Iterator
from typing import Any

from self_refine.checks.markup.prose_map import Sort
from self_refine.checks.markup.syntax_trees import nodes, parsed

_WORDS = frozenset({"paragraph", "title", "term", "line"})
_NAMES = frozenset({
    "interpreted_text", "literal", "literal_block", "reference", "footnote_reference",
    "citation_reference", "standalone_hyperlink", "substitution_reference", "inline_target", "role",
    "field_name",
})  # fmt: skip

Place = tuple[int, int, Sort]


Title = tuple[int, int, int]
"""Where a title stands, and its level."""


def rst_places(data: bytes) -> tuple[list[tuple[int, int]], list[Place], list[Title]]:
    """Paragraphs, what in them is a name, and the titles; in bytes."""
    root = parsed(data, "restructuredtext")
    paragraphs: list[tuple[int, int]] = []
    names: list[Place] = []
    titles: list[Title] = []
    styles: list[tuple[bytes, bool]] = []
    for node in nodes(root, _WORDS | {"directive"}):
        if node.type == "directive":
            continue
        paragraphs.append((node.start_byte, node.end_byte))
        names.extend(_named(node))
        if node.type == "title" and (style := _style(data, node)):
            if style not in styles:
                styles.append(style)
            titles.append((node.start_byte, node.end_byte, styles.index(style) + 1))
    return paragraphs, names, titles


def _style(data: bytes, title: Any) -> tuple[bytes, bool] | None:
    """The character under a title and whether it stands above, too: equal ones are one level."""
    below, above = title.next_sibling, title.prev_sibling
    if below is None or below.type != "adornment":
        return None
    return data[below.start_byte : below.start_byte + 1], above is not None


def _named(node: Any) -> Iterator[Place]:
    for inner in nodes(node, _NAMES):
        sort = Sort.CODE if inner.type.startswith("literal") else Sort.LINK
        yield inner.start_byte, inner.end_byte, sort
