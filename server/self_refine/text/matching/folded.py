"""Owns folded texts: white space, quotation marks, dashes, case and hidden characters made alike.

Every folded character knows where it came from, so that what is found there is shown in the text's
own words.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from self_refine.text.spans import Span

_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00ad\u034f\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff", ""),
}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made alike, and the way back."""

    text: str
    origin: "array[int]"
    """For each folded character, the offset of the one that it stands for; then the length."""
    ends: "array[int]"
    """For each folded character, the offset after the one that it stands for."""

    def source(self, span: Span) -> Span:
        """Where a stretch of the folded text, not an empty one, stands in the text itself."""
        return Span(self.origin[span.start], self.ends[span.end - 1])

    def region(self, span: Span) -> Span:
        """The folded characters that stand for a stretch of the text."""
        return Span(bisect_left(self.origin, span.start), bisect_left(self.origin, span.end))


# Findings of one critique are looked for in one text, hundreds of times.
@lru_cache(maxsize=4)
def folded(text: str) -> Folded:
    """The folded text; a text of any kind, its white space folded to single blanks."""
    known: dict[str, str] = {}
    parts: list[str] = []
    origin, ends = array("q"), array("q")
    for at, char in enumerate(text):
        alike = known.get(char)
        if alike is None:
            alike = known[char] = _alike(char)
        if alike == " " and parts and parts[-1] == " ":
            ends[-1] = at + 1
            continue
        for each in alike:
            parts.append(each)
            origin.append(at)
            ends.append(at + 1)
    origin.append(len(text))
    return Folded("".join(parts), origin, ends)


def fold(words: str) -> str:
    """The same for words that are looked for, without white space around them."""
    return folded(words).text.strip()


def _alike(char: str) -> str:
    if char.isspace():
        return " "
    known = _ALIKE.get(char)
    return normalize("NFKD", char).casefold() if known is None else known
