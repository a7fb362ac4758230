"""Owns where a quoted passage stands in a text. Knows nothing of editors or models.

A critic quotes with straight quotation marks, other white space, a word left out. A quote is looked
for as it is, then folded, then by likeness; each time in the place that was named, then in the
whole; each time only if it stands there once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from self_refine.text.folded import Folded, fold, folded
from self_refine.text.near import nearest, splits_word
from self_refine.text.spans import Span

How = Literal["verbatim", "folded", "near"]

_MOST = 8
"""Places that an ambiguous quote is reported with."""


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
        if spans := _whole_words(text, _occurrences(words, text, place)):
            return _one(spans, "verbatim")
    page, alike = folded(text), fold(words)
    if not alike:
        return Absent()
    for place in places:
        found = _whole_words(page.text, _occurrences(alike, page.text, page.region(place)))
        if found:
            return _one(tuple(page.source(span) for span in found), "folded")
    for place in places:
        if spans := _near(alike, page, page.region(place)):
            return _one(spans, "near")
    return Absent()


def _one(spans: tuple[Span, ...], how: How) -> Location:
    return Located(spans[0], how) if len(spans) == 1 else Ambiguous(spans[:_MOST])


def _near(alike: str, page: Folded, place: Span) -> tuple[Span, ...]:
    return tuple(page.source(span) for span in nearest(alike, page.text, place))


def _occurrences(words: str, text: str, place: Span) -> tuple[Span, ...]:
    """Every place, also those that overlap; more than `_MOST` only if a whole word may be among."""
    return tuple(_each(words, text, place))


def _each(words: str, text: str, place: Span) -> Iterator[Span]:
    at = text.find(words, place.start, place.end)
    while at >= 0:
        yield Span(at, at + len(words))
        at = text.find(words, at + 1, place.end)


def _whole_words(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Those that neither begin nor end inside a word, if there are any."""
    if len(spans) <= 1:
        return spans
    whole = tuple(
        span for span in spans if not (splits_word(text, span.start) or splits_word(text, span.end))
    )
    return whole or spans
