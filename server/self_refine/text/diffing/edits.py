"""Owns edits between two versions of a text: few characters, and hunks that a person can review.

Lines first, by what stands on them; then words inside the lines that differ. Alignment goes through
rapidfuzz: difflib takes minutes on a table whose every number has changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from self_refine.text.diffing.align import Block, common_blocks, gaps
from self_refine.text.diffing.line_blocks import line_blocks
from self_refine.text.diffing.tokens import BLANKS, bare, tokens
from self_refine.text.diffing.unified_diff import unified
from self_refine.text.lines import split_lines
from self_refine.text.spans import Edit, Span

__all__ = ["minimal_edits", "unified"]

_SHORT = 1
"""Visible characters between two changes, of any size, that a person reads as one."""
_LARGER = 3
"""Two changes so many times larger than what stays between them are read as one."""


_Raw = tuple[int, int, str]
"""An edit before it is built: start, end, text."""


def minimal_edits(old: str, new: str) -> tuple[Edit, ...]:
    """What turns `old` into `new`, in the order of the text, none overlapping.

    `apply_edits(old, minimal_edits(old, new)) == new`, character by character. Words are replaced
    whole; changes with only white space or a mark between them are one edit.
    """
    if old == new:
        return ()
    a, b = split_lines(old), split_lines(new)
    edits = (edit for part in _differing(a, b) for edit in _between(old, new, *part))
    return tuple(_whole_lines(old, _readable(old, edits)))


def _differing(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[Span, Span]]:
    """Stretches of whole lines, in code points, outside of which both texts are the same."""
    old_at = [0, *accumulate(map(len, a))]
    new_at = [0, *accumulate(map(len, b))]
    for old, new in gaps(line_blocks(a, b), len(a), len(b)):
        yield (
            Span(old_at[old.start], old_at[old.end]),
            Span(new_at[new.start], new_at[new.end]),
        )


def _between(old: str, new: str, at: Span, by: Span) -> Iterator[_Raw]:
    """The edits inside stretches that differ, token by token."""
    a, b = tokens(at.of(old)), tokens(by.of(new))
    places = list(accumulate(map(len, a), initial=at.start))
    i = j = 0
    for block in [*common_blocks(a, b, bare), Block(len(a), len(b), 0)]:
        if block.old > i or block.new > j:
            gone, come = "".join(a[i : block.old]), "".join(b[j : block.new])
            same = _same_blanks(gone, come)
            yield places[i], places[block.old] - same, come[: len(come) - same]
        i, j = block.old + block.size, block.new + block.size
        if a[block.old : i] != b[block.new : j]:
            yield from _blanks(a, b, block, places)


def _same_blanks(gone: str, come: str) -> int:
    """How many blanks both end with."""
    same, most = 0, min(len(gone), len(come))
    while same < most and gone[-1 - same] == come[-1 - same] and gone[-1 - same] in BLANKS:
        same += 1
    return same


def _blanks(
    a: Sequence[str], b: Sequence[str], block: Block, places: Sequence[int]
) -> Iterator[_Raw]:
    """The edits of blanks after words that are the same."""
    for k in range(block.size):
        before, after = a[block.old + k], b[block.new + k]
        if before != after:
            end = places[block.old + k + 1]
            size = len(bare(before))
            yield end - len(before) + size, end, after[size:]


def _readable(old: str, raw: Iterable[_Raw]) -> Iterator[Edit]:
    """Edits that are read as one, made one."""
    start, end, text = next(iter(raw := iter(raw)))
    for next_start, next_end, next_text in raw:
        smaller = min(max(end - start, len(text)), max(next_end - next_start, len(next_text)))
        if _are_one(between := old[end:next_start], smaller):
            end, text = next_end, text + between + next_text
        else:
            yield Edit(Span(start, end), text)
            start, end, text = next_start, next_end, next_text
    yield Edit(Span(start, end), text)


def _are_one(between: str, smaller: int) -> bool:
    """Whether what stands between two changes does not part them.

    Args:
        between: the words that stay.
        smaller: code points of the smaller change, of its longer side.
    """
    if len(between) > _SHORT + 2 + smaller // _LARGER or "\n" in between or "\r" in between:
        return False
    size = len(between.strip())
    return size <= _SHORT or _LARGER * size <= smaller


def _whole_lines(old: str, edits: Iterable[Edit]) -> Iterator[Edit]:
    """The same edits, those that add or drop lines moved to where a line begins."""
    last = 0
    for edit in edits:
        moved = _at_line_start(old, edit, last)
        yield moved
        last = moved.span.end


def _at_line_start(old: str, edit: Edit, last: int) -> Edit:
    """`- a` LF before `- b` rather than `a` LF `- ` after the marker; `last` may not be passed."""
    start, end = edit.span.start, edit.span.end
    words = edit.text or old[start:end]
    if (edit.text and start < end) or not ("\n" in words or "\r" in words):
        return edit
    back = start - 1 - max(old.rfind("\n", last, start), old.rfind("\r", last, start))
    whole = words[len(words) - back :] + words[: len(words) - back]
    if not 0 < back <= min(len(words), start - last) or not whole.endswith(("\n", "\r")):
        return edit
    if old[start - back : start] != words[len(words) - back :]:
        return edit
    return Edit(Span(start - back, end - back), whole if edit.text else "")
