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


def rst_places(data: bytes) -> tuple[list[tuple[int, int]], list[Place]]:
    """Paragraphs, and what in them is a name; in bytes."""
    root = parsed(data, "restructuredtext")
    paragraphs: list[tuple[int, int]] = []
    names: list[Place] = []
    for node in nodes(root, _WORDS | {"directive"}):
        if node.type == "directive":
            continue
        paragraphs.append((node.start_byte, node.end_byte))
        names.extend(_named(node))
    return paragraphs, names


def _named(node: Any) -> Iterator[Place]:
    for inner in nodes(node, _NAMES):
        sort = Sort.CODE if inner.type.startswith("literal") else Sort.LINK
        yield inner.start_byte, inner.end_byte, sort
