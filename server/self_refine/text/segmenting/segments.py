"""Owns segments: the numbered parts of a text that a critic points at and a writer replaces.

In prose that is a sentence, a heading, a row of a table, a line of a fenced block (so that one line
of code can be replaced alone), a rule; in code, a line. The marker of a list item belongs to the
segment that it begins, its indentation does not.
"""

from collections.abc import Iterator

from self_refine.text.languages import is_prose
from self_refine.text.lines import LineTable
from self_refine.text.segmenting.blocks import Block, blocks
from self_refine.text.segmenting.sentences import split_sentences
from self_refine.text.spans import Span

__all__ = ["is_prose", "segments", "sentences"]


def segments(text: str, language: str) -> tuple[Span, ...]:
    """The numbered segments, in order and disjoint; what stands between them is white space.

    Args:
        text: a candidate.
        language: an editor's language id.
    """
    return tuple(_of_prose(text)) if is_prose(language) else _of_code(text)


def sentences(text: str, span: Span | None = None) -> tuple[Span, ...]:
    """The sentences of paragraphs and list items, without the items' markers.

    Args:
        text: prose; Markdown's headings, tables, rules and fenced blocks are no sentences.
        span: look at this part only; None for the whole.
    """
    part, at = (text, 0) if span is None else (span.of(text), span.start)
    return tuple(
        found.moved(at)
        for block in blocks(part)
        if block.kind in ("paragraph", "item")
        for found in split_sentences(part, block.content)
    )


def _of_prose(text: str) -> Iterator[Span]:
    for block in blocks(text):
        match block:
            case Block("paragraph"):
                yield from split_sentences(text, block.content)
            case Block("item"):
                yield from _of_item(text, block)
            case _:
                yield block.whole


def _of_item(text: str, block: Block) -> Iterator[Span]:
    """The sentences of an item; the first has the marker."""
    found = split_sentences(text, block.content) or (block.whole,)
    yield Span(block.whole.start, found[0].end)
    yield from found[1:]


def _of_code(text: str) -> tuple[Span, ...]:
    table = LineTable(text)
    lines = (table.span(number) for number in range(table.count))
    return tuple(line for line in lines if line.of(text).strip())
