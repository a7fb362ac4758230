"""Names that stand in a text and not in its source."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from self_refine.text.spans import Span

_TOKEN = re.compile(r"[^\W\d_][\w'\u2019.&-]*\w|[^\W\d_]|\d[\w.]*|[.!?:;\n\r]|[^\w\s]")
_STARTS = frozenset(
    '.!?:;\n\r([{"\u201c\u201e\u00ab\u00bb\u2018\u201a\u300c*-\u2013\u2014\u2022|>#\x1f'
)
"""Behind these, a capital says nothing."""
_POSSESSIVE = re.compile(r"['\u2019]s$")
_WORD = re.compile(r"\w+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def _fold(words: str) -> str:
    """Without case and accents."""
    if words.isascii():
        return words.casefold()
    apart = unicodedata.normalize("NFKD", words)
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()


_LISTED = """
    i the a an in on at of and or for to we he she it they you mr mrs ms dr
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    januar februar märz mai juni juli oktober dezember
    english german french spanish italian deutsch englisch
"""
_UNNAMED = frozenset(map(_fold, _LISTED.split()))
"""What has a capital and is no name."""
_JOINING = "of the and for de la du des del und der die das für et y e di"
_SMALL = frozenset(_JOINING.split())


@dataclass(frozen=True, slots=True)
class Known:
    """What a source has."""

    folded: str
    words: frozenset[str]
    initials: str
    """First letters of its words side by side, the small words left out."""


def missing_names(text: str, source: str, *, nouns: bool) -> Iterator[Span]:
    """The names of `text` that `source` does not have.

    Args:
        text: what is not to be asked about is blank in it.
        source: all of it.
        nouns: whether its language writes every noun with a capital; then one such word is none.
    """
    known = _known(source)
    for run in _runs(text):
        words = [span.of(text) for span in run]
        if nouns and len(run) < 2 and not _has_inner_capital(words[0]):
            continue
        end = run[-1].end - (2 if _POSSESSIVE.search(words[-1]) else 0)
        span = Span(run[0].start, end)
        if not _occurs(span.of(text), words, known):
            yield span


def has_capitals(text: str) -> bool:
    """Whether a text is in a script that tells capitals from small letters."""
    return any(char.isupper() or char.islower() for char in text)


@lru_cache(maxsize=16)
def _known(source: str) -> Known:
    folded = _fold(source)
    words = _WORD.findall(folded)
    spelled_out = _WORD.findall(_fold(source.translate(_UMLAUTS)))
    initials = "".join(word[0] for word in words if word not in _SMALL)
    return Known(folded, frozenset([*words, *spelled_out]), initials)


def _runs(text: str) -> Iterator[list[Span]]:
    """Words with capitals side by side, where a capital means something."""
    starts = True
    run: list[Span] = []
    for found in _TOKEN.finditer(text):
        word = found[0]
        if not (word[0].isalnum()):
            if run:
                yield run
            run = []
            starts = starts or word in _STARTS
            continue
        inner = _has_inner_capital(word)
        named = (word[0].isupper() and not starts) or inner
        if named and _fold(word) not in _UNNAMED:
            run.append(Span(*found.span()))
        elif run:
            yield run
            run = []
        starts = False
    if run:
        yield run


def _has_inner_capital(word: str) -> bool:
    """`GitHub`, and words of capitals alone; `A` is none."""
    if not word[0].isalpha():
        return False
    capitals = sum(map(str.isupper, word[1:]))
    return capitals > 0


def _occurs(name: str, words: list[str], known: Known) -> bool:
    folded = _fold(name)
    if folded in known.folded:
        return True
    parts = [part for word in words for part in _WORD.findall(_POSSESSIVE.sub("", _fold(word)))]
    if all(_is_known(part, known) for part in parts):
        return True
    return len(words) == 1 and name.isupper() and folded in known.initials


def _is_known(part: str, known: Known) -> bool:
    """A word of the source, in another number or with another ending."""
    return not {part, part.removesuffix("s"), f"{part}s", part.removesuffix("n")}.isdisjoint(
        known.words
    )
