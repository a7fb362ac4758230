"""Which edits leave everything but the author's words as it was.

An edit may not touch what the map says is no prose. In Markdown the block that it changes is read
before and after, too: links with their targets, code, emphasis, lists, tables and line breaks must
come out the same, with words still in each.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from self_refine.checks.fixes.held_places import held_places, is_in_columns, too_long
from self_refine.checks.markup.markdown.markdown_map import events, source_of
from self_refine.checks.markup.prose_map import ProseMap
from self_refine.checks.markup.units import in_any
from self_refine.text.languages import is_markdown
from self_refine.text.spans import Edit, Span, apply_edits

_LARGE = 20_000
"""Code points of a block whose edits are tried together or not at all."""
_WRAPS = frozenset({"Link", "Image", "Emphasis", "Strong", "Strikethrough"})

Shape = tuple[Any, ...]
_PARAGRAPH: Shape = (("Start", "Paragraph"), ("End", "Paragraph"))


def safe_edits(text: str, known: ProseMap, language: str, edits: Sequence[Edit]) -> frozenset[Edit]:
    """Those of the edits that change prose and nothing else.

    Args:
        text: the text.
        known: its map.
        language: its language id.
        edits: changes proposed, each by itself; they may overlap.
    """
    if not known.fixable:
        return frozenset()
    held = held_places(text, known, language)
    fine = [
        edit
        for edit in edits
        if not in_any(_touched(edit.span), known.off)
        and not in_any(edit.span, held)
        and not is_in_columns(text, edit.span, language)
        and not too_long(edit, known, language)
    ]
    if not is_markdown(language):
        return frozenset(fine)
    by_block: defaultdict[int, list[Edit]] = defaultdict(list)
    starts = [block.start for block in known.blocks]
    for edit in fine:
        number = bisect_right(starts, edit.span.start) - 1
        if number >= 0 and known.blocks[number].contains(edit.span):
            by_block[number].append(edit)
    return frozenset(
        edit
        for number, found in by_block.items()
        for edit in _safe_in(known.blocks[number].of(text), known.blocks[number].start, found)
    )


def _touched(span: Span) -> Span:
    """An insertion touches the characters beside it."""
    return Span(max(0, span.start - 1), span.end + 1) if span.is_empty else span


def _safe_in(block: str, at: int, edits: Sequence[Edit]) -> list[Edit]:
    """The safe ones of the edits in one block that begins at `at`."""
    moved = {Edit(edit.span.moved(-at), edit.text): edit for edit in edits}
    safe = _safe_alone(block, tuple(sorted(moved)))
    return [edit for inner, edit in moved.items() if inner in safe]


@lru_cache(maxsize=1_024)
def _safe_alone(block: str, edits: tuple[Edit, ...]) -> frozenset[Edit]:
    """The same in offsets of the block; most blocks are as they were at the last look."""
    apart = _apart(edits)
    if len(apart) == len(edits) and _is_same(block, apply_edits(block, apart)):
        return frozenset(edits)
    if len(block) > _LARGE:
        return frozenset()
    return frozenset(edit for edit in edits if _is_same(block, apply_edits(block, [edit])))


def _is_same(before: str, after: str) -> bool:
    """Whether two versions of a block differ in words alone, or all words are gone."""
    shape = _shape(before)
    return shape == shape_of(after) or (not after.strip() and shape == _PARAGRAPH)


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    chosen: list[Edit] = []
    for edit in edits:
        if not chosen or edit.span.start >= chosen[-1].span.end:
            chosen.append(edit)
    return chosen


@lru_cache(maxsize=64)
def _shape(block: str) -> Shape:
    return shape_of(block)


def shape_of(block: str, *, words: bool = False) -> Shape:
    """The elements of a block in order, without their words unless those are asked for."""
    shape: list[Any] = []
    filled: list[bool] = []
    for event, _ in events(source_of(block)):
        if event == "SoftBreak" and not words:
            continue
        if isinstance(event, str):
            shape.append(event)
            continue
        ((kind, value),) = event.items()
        if kind == "Text" and not words:
            filled = [bool(value.strip()) or had for had in filled]
            continue
        shape.append((kind, _frozen(value)))
        if kind == "Start":
            filled.append(False)
        elif kind == "End" and filled:
            had = filled.pop()
            if isinstance(value, str) and value in _WRAPS:
                shape.append(had)
        else:
            filled = [True] * len(filled)
    return tuple(shape)


def _frozen(value: Any) -> Any:
    return repr(value) if isinstance(value, dict) else value
