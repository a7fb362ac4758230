"""Owns the near match: the stretch of a text that is most like some words, if only one is.

rapidfuzz's best partial alignment gives a window; the edit script between the words and a wider
window gives its true ends, which are then moved to the edges of words.
"""

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio_alignment

from self_refine.text.spans import Span

LIKENESS = 0.8
"""At least so alike; the Indel similarity of words and stretch, 1 for the same."""
_WINDOW = 72.0
"""The same for the unrefined window, in per cent."""
_MARGIN = 0.06
"""A second place so much less alike does not make the first one doubtful."""
_SHORTEST = 8
"""Shorter words are alike too easily."""


def nearest(words: str, text: str, place: Span) -> tuple[Span, ...]:
    """The stretch of `text` most like `words`, or two where nobody could tell which is meant.

    Args:
        words: folded, not empty.
        text: folded.
        place: look here only.
    """
    if len(words) < _SHORTEST:
        return ()
    first = _best(words, text, place)
    if first is None:
        return ()
    span, score = first
    others = [
        other
        for rest in (Span(place.start, span.start), Span(span.end, place.end))
        if (other := _best(words, text, rest)) and other[1] > score - _MARGIN
    ]
    return (span, *(other[0] for other in others))


def _best(words: str, text: str, place: Span) -> tuple[Span, float] | None:
    """The most alike stretch, and how alike it is; None where nothing is alike enough."""
    part = place.of(text)
    if 2 * len(part) < len(words):
        return None
    if len(part) <= len(words):
        start, end = 0, len(part)
    else:
        window = partial_ratio_alignment(words, part, score_cutoff=_WINDOW)
        if window is None:
            return None
        start, end = window.dest_start, window.dest_end
    room = 8 + len(words) // 4
    found = _refined(words, part, Span(max(0, start - room), min(len(part), end + room)))
    if found.is_empty:
        return None
    score = Indel.normalized_similarity(words, found.of(part), score_cutoff=LIKENESS)
    return (found.moved(place.start), score) if score else None


def _refined(words: str, part: str, window: Span) -> Span:
    """The window without what the words lack at its ends, then out to the edges of words."""
    blocks = [c for c in Indel.opcodes(words, window.of(part)) if c.tag == "equal"]
    if not blocks:
        return Span(0, 0)
    start, end = blocks[0].dest_start, blocks[-1].dest_end
    return _snapped(part, Span(window.start + start, window.start + end))


def _snapped(part: str, span: Span) -> Span:
    """Whole words: an edge inside a word moves out."""
    start, end = span.start, span.end
    while 0 < start < len(part) and part[start - 1].isalnum() and part[start].isalnum():
        start -= 1
    while 0 < end < len(part) and part[end - 1].isalnum() and part[end].isalnum():
        end += 1
    return Span(start, end)
