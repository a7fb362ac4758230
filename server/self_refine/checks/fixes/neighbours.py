"""Words beside which a phrase means something else than a list takes it for."""

from collections.abc import Iterable
from dataclasses import dataclass

from self_refine.checks.search.word_beside import last_word, next_word
from self_refine.text.spans import Span


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
        return cls(frozenset(map(str.casefold, before)), frozenset(map(str.casefold, after)))

    def forbid(self, text: str, span: Span) -> bool:
        """Whether one of the words stands directly beside `span`."""
        return (bool(self.before) and next_word(text, span.end) in self.before) or (
            bool(self.after) and last_word(text, span.start) in self.after
        )
