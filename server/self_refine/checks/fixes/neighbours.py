"""Words beside which a phrase means something else than a list takes it for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from self_refine.text.spans import Span

_WINDOW = 80
"""Code points looked at on each side."""
_NEXT = re.compile(r"[\s*_~]+([^\W\d_]+(?:['\u2019-][^\W\d_]+)*)")
_LAST = re.compile(r"([^\W\d_]+(?:['\u2019-][^\W\d_]+)*)[\s*_~]+\Z")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Words, in small letters, next to which nothing is written."""

    before: frozenset[str] = frozenset()
    """A phrase stands before one of these."""
    after: frozenset[str] = frozenset()
    """A phrase stands behind one of these."""

    @classmethod
    def of(cls, before: Iterable[str], after: Iterable[str]) -> "Neighbours":
        """From the two lists of a file."""
        return cls(frozenset(map(_folded, before)), frozenset(map(_folded, after)))

    def forbid(self, text: str, span: Span) -> bool:
        """Whether one of the words stands directly beside `span`."""
        return (bool(self.before) and next_word(text, span.end) in self.before) or (
            bool(self.after) and last_word(text, span.start) in self.after
        )


def next_word(text: str, at: int) -> str:
    """The word behind a place, in small letters; "" where a mark or nothing comes first."""
    found = _NEXT.match(text, at, at + _WINDOW)
    return _folded(found[1]) if found else ""


def last_word(text: str, at: int) -> str:
    """The word before a place, in small letters; "" where a mark or nothing stands between."""
    found = _LAST.search(text[max(0, at - _WINDOW) : at])
    return _folded(found[1]) if found else ""


def _folded(word: str) -> str:
    return word.strip().replace("\u2019", "'").casefold()
