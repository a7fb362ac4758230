"""Quotations that do not stand in the source."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from self_refine.text.spans import Span

_QUOTED = re.compile(
    r"“([^“”\n]{1,600})”|„([^„“”\n]{1,600})[“”]|«\s?([^«»\n]{1,600})»|»([^«»\n]{1,600})«"
    r"|(?<![\w\"])\"([^\"\n]{1,600})\"(?!\w)|「([^」「\n]{1,600})」"
)
_LEAST = 3
"""Words: shorter quotations are irony, or names."""
_UNSPACED = re.compile(r"[\u3040-\u9fff]{4}")
_CUT = re.compile(r"\[[^\]\n]{0,200}\]|…|\.\.\.")
_SINGLE = re.compile("[\u2018\u2019\u201a`]")
_DOUBLE = re.compile("[“”„«»]")
_DASH = re.compile("[\u2010\u2011\u2013\u2014]")
_MOST_COMPARED = 20
"""Quotations for which the nearest passage is looked for."""
_LONGEST_SOURCE = 200_000
_NEAR = 70.0


@dataclass(frozen=True, slots=True)
class Misquoted:
    """A quotation, and the passage of the source that is nearest to it; "" where none is near."""

    span: Span
    nearest: str


def missing_quotations(text: str, source: str) -> Iterator[Misquoted]:
    """The quotations of `text` that `source` does not have, each without its marks."""
    known = _fold(source)
    compared = 0
    for found in _QUOTED.finditer(text):
        group = found.lastindex or 0
        words = found[group]
        if len(words.split()) < _LEAST and not _UNSPACED.search(words):
            continue
        if not _stands(words, known):
            compared += 1
            near = _nearest(words, source) if compared <= _MOST_COMPARED else ""
            yield Misquoted(Span(*found.span(group)), near)


def _stands(words: str, known: str) -> bool:
    """Whether the pieces between marks of omission follow one another in the source."""
    at = 0
    for piece in _CUT.split(words):
        folded = _fold(piece).strip(" ,.;:!?")
        if len(folded) < 2:
            continue
        found = known.find(folded, at)
        if found < 0:
            return False
        at = found + len(folded)
    return True


def _nearest(words: str, source: str) -> str:
    from rapidfuzz.fuzz import partial_ratio_alignment  # noqa: PLC0415 - where a quotation is wrong

    within = source[:_LONGEST_SOURCE]
    found = partial_ratio_alignment(words.lower(), within.lower(), score_cutoff=_NEAR)
    same = len(within.lower()) == len(within)
    if found is None or not same:
        return ""
    start, end = found.dest_start, found.dest_end
    while start > 0 and within[start - 1].isalnum():
        start -= 1
    while end < len(within) and within[end].isalnum():
        end += 1
    return within[start:end].strip()


@lru_cache(maxsize=64)
def _fold(words: str) -> str:
    """Without case, accents, and differences of white space, marks and dashes."""
    plain = words
    if not words.isascii():
        apart = unicodedata.normalize("NFKD", words)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
    plain = _DOUBLE.sub('"', _SINGLE.sub("'", _DASH.sub("-", plain.casefold())))
    return " ".join(plain.split())
