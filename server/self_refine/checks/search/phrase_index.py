"""An index of a long list of phrases by their first words, for lists that no expression holds.

One pass over the words of a text, one look into a table for each: 100,000 phrases cost what ten do.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from self_refine.checks.search.scripts import UNSPACED, is_unspaced
from self_refine.text.spans import Span

_LETTER = rf"[^\W_{UNSPACED}]"
_TOKEN = re.compile(rf"{_LETTER}++(?:['-]{_LETTER}++)*+|[{UNSPACED}]++")
_GAP = re.compile(r"[ \t\xa0\u202f]++(?:\r?\n[ \t\xa0\u202f]*+)?|\r?\n[ \t\xa0\u202f]*+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase, taken apart at its first word."""

    before: str
    """What stands directly before that word, such as the dot of ".NET"."""
    rest: tuple[str, ...]
    """What follows it: first what is attached to it, then the words behind blanks."""


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases by their first word, and those of scripts without blanks by their first letters."""

    heads: dict[str, tuple[Entry, ...]]
    """For each first word the phrases that begin with it, the longest first."""
    runs: dict[str, tuple[str, ...]]
    """For each first two characters of an unspaced script the phrases, the longest first."""
    match_case: bool

    def found_in(self, text: str) -> Iterator[Span]:
        """Each place of a phrase, leftmost and longest first."""
        folded = _folded(text, match_case=self.match_case)
        end = 0
        for token in _TOKEN.finditer(folded):
            if token.start() < end:
                continue
            word = token[0]
            if self.runs and not word.isascii() and is_unspaced(word[0]):
                for span in self._in_run(folded, *token.span()):
                    end = span.end
                    yield span
            elif entries := self.heads.get(word):
                fits = _first_that_fits(entries, folded, *token.span())
                if fits is not None:
                    end = fits.end
                    yield fits

    def _in_run(self, text: str, at: int, last: int) -> Iterator[Span]:
        while at < last:
            for phrase in (*self.runs.get(text[at : at + 2], ()), *self.runs.get(text[at], ())):
                if text.startswith(phrase, at):
                    yield Span(at, at + len(phrase))
                    at += len(phrase)
                    break
            else:
                at += 1


def _first_that_fits(entries: tuple[Entry, ...], text: str, start: int, end: int) -> Span | None:
    for entry in entries:
        first = start - len(entry.before)
        if first < 0 or not text.startswith(entry.before, first):
            continue
        stop = _end_of(entry.rest, text, end)
        if stop and not _goes_on(text, stop) and _begins(text, first):
            return Span(first, stop)
    return None


def _end_of(rest: tuple[str, ...], text: str, at: int) -> int:
    """Where the rest of a phrase ends if the text goes on with it; 0 where it does not."""
    for number, word in enumerate(rest):
        if number:
            gap = _GAP.match(text, at)
            if gap is None:
                return 0
            at = gap.end()
        if not text.startswith(word, at):
            return 0
        at += len(word)
    return at


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on at `at`, over one apostrophe or hyphen too: two are a dash."""
    if text[at : at + 1] in ("'", "-"):
        at += 1
    return _is_letter(text[at : at + 1])


def _begins(text: str, at: int) -> bool:
    """Whether no word goes on up to `at`."""
    if text[at - 1 : at] in ("'", "-"):
        at -= 1
    return not _is_letter(text[at - 1 : at] if at else "")


def _is_letter(character: str) -> bool:
    return (character.isalnum() or character == "_") and not is_unspaced(character)


@lru_cache(maxsize=8)
def phrase_index(phrases: tuple[str, ...], *, match_case: bool = False) -> PhraseIndex:
    """The index of a list."""
    heads: defaultdict[str, list[Entry]] = defaultdict(list)
    runs: defaultdict[str, list[str]] = defaultdict(list)
    for phrase in phrases:
        folded = _folded(" ".join(phrase.split()), match_case=match_case)
        token = _TOKEN.search(folded)
        if token is not None and is_unspaced(folded[0]):
            runs[folded[:2]].append(folded)
        elif token is not None:
            rest = folded[token.end() :].split(" ")
            heads[token[0]].append(Entry(folded[: token.start()], tuple(rest)))
    return PhraseIndex(
        {head: tuple(sorted(found, key=_length, reverse=True)) for head, found in heads.items()},
        {head: tuple(sorted(found, key=len, reverse=True)) for head, found in runs.items()},
        match_case,
    )


def _length(entry: Entry) -> int:
    return len(entry.before) + sum(map(len, entry.rest)) + len(entry.rest)


def _folded(text: str, *, match_case: bool) -> str:
    """The text in small letters, as long as before; either apostrophe is one."""
    text = text.replace("\u2019", "'")
    if match_case:
        return text
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c if len(low := c.lower()) != 1 else low for c in text)
