"""Owns the near match: the stretch of a text that is most like some words, if only one is.

rapidfuzz's best partial alignment gives a window as long as the words; its ends then move to those
edges of words that make it most alike.
"""

from collections.abc import Callable

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio_alignment

from self_refine.text.spans import Span

_ALIKE = 0.78
"""At least so alike; the Indel similarity of words and stretch, 1 for the same."""
_SURE = 48
"""Words of fewer code points have to be more alike, for each missing one by `_STRICTER`."""
_STRICTER = 1 / 300
_WINDOW = 66.0
"""The same for the unrefined window, in per cent."""
_GAIN = 12
"""So many per cent a window may gain when its ends move to the edges of words."""
_MARGIN = 0.06
"""A second place so much less alike does not make the first one doubtful."""
_SHORTEST = 8
"""Shorter words are alike too easily."""
_LONG = 240
"""Longer words are looked for by `_PIECE` code points at either end: the time for a window grows
with the square of its length."""
_PIECE = 120
_UNSPACED = "\u2e80"
"""From here on stand the scripts of East Asia, which write words without blanks."""


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
    cutoff = max(_WINDOW, 100 * (score - _MARGIN) - _GAIN)
    others = [
        other
        for rest in (Span(place.start, span.start), Span(span.end, place.end))
        if (other := _best(words, text, rest, cutoff)) and other[1] > score - _MARGIN
    ]
    return (span, *(other[0] for other in others))


def _best(words: str, text: str, place: Span, cutoff: float = _WINDOW) -> tuple[Span, float] | None:
    """The most alike stretch, and how alike it is; None where nothing is alike enough."""
    part = place.of(text)
    if 2 * len(part) < len(words):
        return None
    window = _window(words, part, cutoff)
    if window is None:
        return None
    found = _refined(words, part, window)
    score = _alike(words, found.of(part))
    return (found.moved(place.start), score) if score >= _needed(words) else None


def _window(words: str, part: str, cutoff: float) -> Span | None:
    """Roughly where the words stand."""
    if len(part) <= len(words):
        return Span(0, len(part))
    if len(words) <= _LONG:
        return _aligned(words, part, cutoff)
    head = _aligned(words[:_PIECE], part, cutoff)
    if head is None:
        return None
    rest = part[head.start : head.start + len(words) * 3 // 2]
    tail = _aligned(words[-_PIECE:], rest, cutoff)
    return Span(head.start, head.start + tail.end) if tail and not tail.is_empty else None


def _aligned(words: str, part: str, cutoff: float) -> Span | None:
    found = partial_ratio_alignment(words, part, score_cutoff=cutoff)
    return Span(found.dest_start, found.dest_end) if found else None


def _needed(words: str) -> float:
    return _ALIKE + _STRICTER * max(0, _SURE - len(words))


def _refined(words: str, part: str, window: Span) -> Span:
    """The window with each end at the edge of a word that makes it most alike."""
    room = 12 + min(len(words), _LONG) // 4
    starts = _edges(part, Span(window.start - room, window.start + room))
    ends = _edges(part, Span(window.end - room, window.end + room))
    start, end = window.start, window.end
    for _ in range(2):
        start = max((at for at in starts if at < end), key=_from(words, part, end), default=start)
        end = max((at for at in ends if at > start), key=_up_to(words, part, start), default=end)
    found = part[start:end]
    return Span(start + len(found) - len(found.lstrip()), start + len(found.rstrip()))


def _from(words: str, part: str, end: int) -> Callable[[int], float]:
    return lambda start: _alike(words, part[start:end])


def _up_to(words: str, part: str, start: int) -> Callable[[int], float]:
    return lambda end: _alike(words, part[start:end])


def is_like(words: str, stretch: str) -> bool:
    """Whether a stretch of a text may be what some long words quote; compared once."""
    return _alike(words, stretch) >= _needed(words)


def _alike(words: str, other: str) -> float:
    return Indel.normalized_similarity(words, other)


def _edges(part: str, around: Span) -> list[int]:
    """Where words begin or end; in scripts without blanks, between any two characters."""
    inside = range(max(0, around.start), min(len(part), around.end) + 1)
    return [at for at in inside if not splits_word(part, at)]


def splits_word(text: str, at: int) -> bool:
    """Whether a cut at `at` would part the letters of one word."""
    return (
        0 < at < len(text)
        and text[at - 1].isalnum()
        and text[at].isalnum()
        and not (text[at - 1] >= _UNSPACED or text[at] >= _UNSPACED)
    )
