"""Owns edits between two versions of a text: few characters, and hunks that a person can review.

Lines first, by what stands on them; then words inside the lines that differ. Alignment goes through
rapidfuzz: difflib takes minutes on a table whose every number has changed.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from self_refine.text.align import common_blocks, gaps
from self_refine.text.line_blocks import line_blocks
from self_refine.text.lines import split_lines
from self_refine.text.spans import Edit, Span
from self_refine.text.tokens import tokens
from self_refine.text.unified import unified

__all__ = ["minimal_edits", "unified"]

_SHORT = 2
"""Visible characters between two changes that a person reads as one."""


def minimal_edits(old: str, new: str) -> tuple[Edit, ...]:
    """What turns `old` into `new`, in the order of the text, none overlapping.

    `apply_edits(old, minimal_edits(old, new)) == new`, character by character. Words are replaced
    whole; changes with only white space or a mark between them are one edit.
    """
    if old == new:
        return ()
    a, b = split_lines(old), split_lines(new)
    edits = (edit for part in _differing(a, b) for edit in _between(old, new, *part))
    return tuple(_readable(old, edits))


def _differing(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[Span, Span]]:
    """Stretches of whole lines, in code points, outside of which both texts are the same."""
    old_at = [0, *accumulate(map(len, a))]
    new_at = [0, *accumulate(map(len, b))]
    for old, new in gaps(line_blocks(a, b), len(a), len(b)):
        yield (
            Span(old_at[old.start], old_at[old.end]),
            Span(new_at[new.start], new_at[new.end]),
        )


def _between(old: str, new: str, at: Span, by: Span) -> Iterator[Edit]:
    """The edits inside stretches that differ, token by token."""
    if at.is_empty or by.is_empty:
        yield Edit(at, by.of(new))
        return
    a, b = tokens(at.of(old)), tokens(by.of(new))
    old_at = list(accumulate(map(len, a), initial=at.start))
    for i, j in gaps(common_blocks(a, b), len(a), len(b)):
        yield Edit(Span(old_at[i.start], old_at[i.end]), "".join(b[j.start : j.end]))


def _readable(old: str, edits: Iterator[Edit]) -> Iterator[Edit]:
    """Edits that are read as one, made one."""
    last: Edit | None = None
    for edit in edits:
        if last is None:
            last = edit
        elif _are_one(between := old[last.span.end : edit.span.start]):
            last = Edit(Span(last.span.start, edit.span.end), last.text + between + edit.text)
        else:
            yield last
            last = edit
    if last is not None:
        yield last


def _are_one(between: str) -> bool:
    """Whether what stands between two changes does not part them: no line end, hardly a word."""
    return (
        len(between) <= _SHORT + 2
        and len(between.strip()) <= _SHORT
        and not ("\n" in between or "\r" in between)
    )
