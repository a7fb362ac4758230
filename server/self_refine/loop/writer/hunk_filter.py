"""Owns the hunk filter: which changes of a rewrite stay, judged by where they stand.

A rewrite is compared with its candidate segment by segment, and the gaps between segments each for
itself. Taking a hunk back puts the candidate's own bytes there.
"""

import re
from collections import Counter
from collections.abc import Sequence

from self_refine.loop.types import Finding
from self_refine.loop.writer.merge_hunks import Choice, rebuilt
from self_refine.loop.writer.segment_hunks import Hunk, Side, cut, segment_hunks
from self_refine.text.segmenting.segments import is_prose
from self_refine.text.spans import Span

_WORD = re.compile(r"\w+")


def filtered(old: str, new: str, todo: Sequence[Finding], language: str) -> str:
    """`new` with the changes that touch a finding, or the segment beside it, and no others.

    What a failed test wants may stand anywhere: then all changes stay.
    In code a change stays too if it shares a changed name with one that stays: a renamed variable
    is renamed wherever it is used, and what a new line needs is imported.
    """
    if any(finding.anywhere for finding in todo):
        return new
    before, after = cut(old, language), cut(new, language)
    hunks = segment_hunks(before, after)
    near = {n + step for f in todo for n in _segments_at(before, f.span) for step in (-1, 0, 1)}
    kept = [h for h in hunks if _touches(h, near)]
    if not is_prose(language):
        kept = _with_what_they_need(before, after, hunks, kept)
    choice = Choice(set(kept).__contains__, lambda gap, _: {gap - 1, gap} <= near)
    return rebuilt(before, after, hunks, choice)


def without_hunks(old: str, new: str, broken: Sequence[Span], language: str = "plaintext") -> str:
    """`new` without the changes that touch the broken spans.

    Args:
        old: the candidate.
        new: what was made of it.
        broken: spans of `new`.
        language: the editor's language id.
    """
    before, after = cut(old, language), cut(new, language)
    hunks = segment_hunks(before, after)

    def stands(span: Span) -> bool:
        return not any(span.overlaps(b) or _meets(span, b) for b in broken)

    choice = Choice(
        lambda hunk: stands(after.stretch(hunk.new)), lambda _, gap: stands(after.gap(gap))
    )
    return rebuilt(before, after, hunks, choice)


def strays(old: str, new: str, todo: Sequence[Finding], language: str) -> bool:
    """Whether `new` changes something that no finding is near to."""
    return filtered(old, new, todo, language) != new


def _meets(span: Span, other: Span) -> bool:
    """Whether the two meet and one of them is a place."""
    return (span.is_empty or other.is_empty) and span.touches(other)


def _segments_at(side: Side, span: Span) -> list[int]:
    """The segments that a finding is about; for a place, the one before it."""
    hit = [n for n, s in enumerate(side.spans) if s.overlaps(span)]
    if hit:
        return hit
    before = [n for n, s in enumerate(side.spans) if s.start <= span.start]
    return before[-1:] or [0]


def _touches(hunk: Hunk, near: set[int]) -> bool:
    """Whether a hunk changes a segment of `near`, or adds words beside one."""
    if hunk.old.is_empty:
        return hunk.old.start in near or hunk.old.start - 1 in near
    return any(n in near for n in range(hunk.old.start, hunk.old.end))


def _with_what_they_need(
    before: Side, after: Side, hunks: Sequence[Hunk], kept: Sequence[Hunk]
) -> list[Hunk]:
    """`kept` and every hunk that shares a changed name with them, directly or through others."""
    names = {hunk: _changed_names(before, after, hunk) for hunk in hunks}
    stays = dict.fromkeys(kept)
    wanted = {name for hunk in stays for name in names[hunk]}
    while found := [h for h in hunks if h not in stays and names[h] & wanted]:
        stays |= dict.fromkeys(found)
        wanted.update(*(names[h] for h in found))
    return list(stays)


def _changed_names(before: Side, after: Side, hunk: Hunk) -> set[str]:
    old = Counter(_WORD.findall(before.stretch(hunk.old).of(before.text)))
    new = Counter(_WORD.findall(after.stretch(hunk.new).of(after.text)))
    return {name for name in (old - new) + (new - old) if not name.isdigit()}
