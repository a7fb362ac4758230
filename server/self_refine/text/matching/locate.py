"""Owns where a quoted passage stands in a text. Knows nothing of editors or models.

A critic quotes with straight quotation marks, other white space, a word left out. A quote is looked
for as it is, then folded, then by likeness; each time in the place that was named, then in the
whole; each time only if it stands there once. What likeness costs grows with the square of the
length, so a long quote is looked for by its two ends and compared once.
"""

from dataclasses import dataclass
from typing import Literal

from self_refine.text.matching.folded import Folded, fold, folded
from self_refine.text.matching.near_match import is_like, nearest, splits_word
from self_refine.text.spans import Span

How = Literal["verbatim", "folded", "near"]

_MOST = 8
"""Places that an ambiguous quote is reported with."""
_LONG, _END = 2_000, 300
"""Quotes of more code points that do not stand there exactly are looked for by their ends."""
_LONGEST = 20_000
"""Of longer ones nothing but the very words will do."""


@dataclass(frozen=True, slots=True)
class Located:
    """The one place; `span.of(text)` is what the quote meant, in the text's own words."""

    span: Span
    how: How


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several places, none better than the others."""

    spans: tuple[Span, ...]
    """The first few."""


@dataclass(frozen=True, slots=True)
class Absent:
    """No such place."""


Location = Located | Ambiguous | Absent


def locate(quote: str, text: str, within: Span | None = None) -> Location:
    """Find the one place in `text` that `quote` quotes.

    Args:
        quote: what a critic says that it read; white space around it does not count.
        text: the candidate.
        within: where to look first.
    """
    words = quote.strip()
    if not words:
        return Absent()
    whole = Span(0, len(text))
    places = (whole,) if within is None or within == whole else (within, whole)
    for place in places:
        if spans := _occurrences(words, text, place):
            return _one(spans, "verbatim")
    page, alike = folded(text), fold(words)
    if not alike:
        return Absent()
    for place in places:
        if found := _occurrences(alike, page.text, page.region(place)):
            return _one(tuple(page.source(span) for span in found), "folded")
    if len(words) > _LONG:
        return _between_its_ends(words, text, within)
    for place in places:
        if spans := _near(alike, page, page.region(place)):
            return _one(spans, "near")
    return Absent()


def _one(spans: tuple[Span, ...], how: How) -> Location:
    return Located(spans[0], how) if len(spans) == 1 else Ambiguous(spans)


def _between_its_ends(words: str, text: str, within: Span | None) -> Location:
    """Where a long quote stands that is not found exactly: all between its ends must be like it."""
    if len(words) > min(_LONGEST, 2 * len(text)):
        return Absent()
    head, tail = (locate(end, text, within) for end in (words[:_END], words[-_END:]))
    if not (isinstance(head, Located) and isinstance(tail, Located)):
        return Absent()
    span = Span(head.span.start, max(head.span.start, tail.span.end))
    return Located(span, "near") if is_like(words, span.of(text)) else Absent()


def _near(alike: str, page: Folded, place: Span) -> tuple[Span, ...]:
    return tuple(page.source(span) for span in nearest(alike, page.text, place))


def _occurrences(words: str, text: str, place: Span) -> tuple[Span, ...]:
    """The first few places that neither begin nor end inside a word, else the first few of all.

    Places may overlap: a text that repeats itself is no clear place.
    """
    whole: list[int] = []
    parts: list[int] = []
    at = text.find(words, place.start, place.end)
    while at >= 0 and len(whole) < _MOST:
        if splits_word(text, at) or splits_word(text, at + len(words)):
            parts.append(at)
        else:
            whole.append(at)
        at = text.find(words, at + 1, place.end)
    return tuple(Span(at, at + len(words)) for at in (whole or parts)[:_MOST])
