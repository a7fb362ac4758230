"""The formulas of readability, and what they count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from self_refine.checks.readability.syllables import syllables

Metric = Literal["flesch", "grade", "fog", "lix", "ari", "gulpease", "wiener"]
METRICS: tuple[Metric, ...] = get_args(Metric)
LANGUAGES: dict[Metric, tuple[str, ...]] = {
    "flesch": ("en", "de", "es", "fr"),
    "grade": ("en",),
    "fog": ("en",),
    "lix": (),
    "ari": ("en",),
    "gulpease": ("it",),
    "wiener": ("de",),
}
"""Languages that each was fitted on; () for any with an alphabet."""
EASIER_IS_MORE = frozenset({"flesch", "gulpease"})
"""Metrics that rise where a text is easier; the others fall."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_LONG = 6
_MANY = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas are made of."""

    words: int
    sentences: int
    syllables: int
    letters: int
    long: int
    """Words of more than six letters."""
    many: int
    """Words of three syllables or more."""
    single: int
    """Words of one syllable."""


def words_of(text: str) -> list[str]:
    """The words of a text; figures are none."""
    return _WORD.findall(text)


def counted(words: Sequence[str], sentences: int, language: str) -> Counts:
    """Count what the formulas want."""
    each = [syllables(word, language) for word in words]
    letters = [sum(map(str.isalpha, word)) for word in words]
    return Counts(
        words=len(words),
        sentences=max(1, sentences),
        syllables=sum(each),
        letters=sum(letters),
        long=sum(count > _LONG for count in letters),
        many=sum(count >= _MANY for count in each),
        single=sum(count == 1 for count in each),
    )


def score(metric: Metric, of: Counts, language: str) -> float:
    """The score of a text that has a word."""
    length = of.words / of.sentences
    load = of.syllables / of.words
    match metric:
        case "flesch":
            return _flesch(length, load, language)
        case "grade":
            return 0.39 * length + 11.8 * load - 15.59
        case "fog":
            return 0.4 * (length + 100 * of.many / of.words)
        case "lix":
            return length + 100 * of.long / of.words
        case "ari":
            return 4.71 * of.letters / of.words + 0.5 * length - 21.43
        case "gulpease":
            return 89 + (300 * of.sentences - 10 * of.letters) / of.words
        case "wiener":
            share = 100 / of.words
            many, long, single = of.many * share, of.long * share, of.single * share
            return 0.1935 * many + 0.1672 * length + 0.1297 * long - 0.0327 * single - 0.875


def _flesch(length: float, load: float, language: str) -> float:
    match language:
        case "de":
            return 180 - length - 58.5 * load
        case "es":
            return 206.84 - 1.02 * length - 60 * load
        case "fr":
            return 207 - 1.015 * length - 73.6 * load
        case _:
            return 206.835 - 1.015 * length - 84.6 * load
