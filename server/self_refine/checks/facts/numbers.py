"""Numbers that stand in a text and not in its source.

A written number has one reading or several ("1.000" is 1000 or 1.0); a reading is a set of values
("01.08.2026" is 1, 8 and 2026) which must all occur in the source.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from self_refine.checks.facts.spelled_numbers import spelled
from self_refine.text.spans import Span

_SPACES = "\u00a0\u202f\u2009"
_TIMES = {
    **dict.fromkeys(("k", "thousand", "tsd", "tausend", "mille", "mila"), 1e3),
    **dict.fromkeys(("million", "millions", "millionen", "millones", "millón", "milioni"), 1e6),
    **dict.fromkeys(("mio", "mn", "mln", "m", "mm", "mil"), 1e6),
    **dict.fromkeys(("bn", "b", "billion", "billions", "mrd", "milliarde", "milliarden"), 1e9),
    **dict.fromkeys(("milliard", "milliards", "miliardi"), 1e9),
    "trillion": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
    "万": 1e4,
    "亿": 1e8,
    "千": 1e3,
}
_DOUBTFUL = frozenset({"m", "mm", "mil", "b", "mille"})
"""May be a unit, or a thousand in another language."""
_CUT_SHORT = frozenset({"mio", "mrd", "tsd", "mln"})
"""Abbreviations whose point belongs to them."""
_NUMBER = re.compile(rf"\d(?:\d|[.,'\u2019{_SPACES}](?=\d)| (?=\d{{3}}(?!\d)))*")
_TAIL = re.compile(
    rf"[ {_SPACES}-]?(?:({'|'.join(sorted(filter(str.isascii, _TIMES), key=len, reverse=True))}"
    rf"|millón)\.?(?!\w)|([万亿千]))",
    re.IGNORECASE,
)
_AFTERNOON = re.compile(r"(?::\d\d)?\s{0,2}p\.?m\b", re.IGNORECASE)
_UNIT = re.compile(
    r"(?:st|nd|rd|th|er|re|e|ème|º|ª|s|h|km|kg|g|mg|µg|mm|cm|m|l|ml|kB|MB|GB|TB|kW|MW|kWh|ms|min|am"
    r"|pm|x|px|pt|Hz|kHz|MHz|GHz|V|W|A|J|C|F|K|Uhr)(?!\w)",
)
_SKIPPED = re.compile(r"(?:https?://|www\.)\S+|^[ \t]{0,12}\d+[.)](?=\s)|\[\^?\d+\]", re.MULTILINE)
_SEPARATOR = re.compile(r"[.,\0]")
_WIDE = re.compile(rf"[{_SPACES} '\u2019]")
_PLACES = re.compile(r"(\d{1,20})[.,](\d{1,20})")
_LONGEST_WORD = 60
Reading = frozenset[float]


@dataclass(frozen=True, slots=True)
class Written:
    """One number as it stands in a text."""

    span: Span
    readings: frozenset[Reading]
    """Empty for a word with digits in it, which must occur as it stands."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a source has."""

    values: frozenset[float]
    folded: str


def missing_numbers(text: str, source: str, *, rounded: bool = False) -> Iterator[Span]:
    """The numbers of `text` that `source` does not have.

    Args:
        text: what is not to be asked about is blank in it.
        source: all of it.
        rounded: whether a number may stand for one that rounds to it.
    """
    known = known_numbers(source)
    skipped = [found.span() for found in _SKIPPED.finditer(text)]
    at = 0
    for each in written(text, generous=False):
        while at < len(skipped) and skipped[at][1] <= each.span.start:
            at += 1
        if at < len(skipped) and skipped[at][0] <= each.span.start:
            continue
        if not _occurs(each, text, known, rounded):
            yield each.span


@lru_cache(maxsize=16)
def known_numbers(source: str) -> Known:
    """Every value that something in a source may stand for."""
    values = {
        _rounded(value)
        for each in written(source, generous=True)
        for reading in each.readings
        for value in reading
    }
    return Known(frozenset(values | set(map(_rounded, spelled(source)))), source.casefold())


def _occurs(each: Written, text: str, known: Known, rounded: bool) -> bool:  # noqa: FBT001 - as above
    word = each.span.of(text)
    if not each.readings:
        return word.casefold() in known.folded
    if any(all(_rounded(value) in known.values for value in r) for r in each.readings):
        return True
    return rounded and any(_rounds(r, word, known) for r in each.readings)


def _rounds(reading: Reading, word: str, known: Known) -> bool:
    """Whether a value of the source rounds to this one, at the precision in which it is written."""
    if len(reading) != 1:
        return False
    (value,) = reading
    places = _PLACES.match(word)
    step = 1.0
    if places and (shown := float(f"{places[1]}.{places[2]}")):
        step = 10.0 ** -len(places[2]) * round(value / shown)
    while value >= 10 * step and value % (10 * step) == 0:
        step *= 10
    return any(other and abs(other - value) <= step / 2 + 1e-9 for other in known.values)


def _rounded(value: float) -> float:
    return float(f"{value:.12g}")


def written(text: str, *, generous: bool) -> Iterator[Written]:
    """The numbers of a text in digits.

    Args:
        text: to read.
        generous: as a source: digits count inside of words too, and so does what a "million"
            behind them multiplies.
    """
    done = 0
    for found in _NUMBER.finditer(text):
        start, end = found.span()
        if start < done:
            continue
        tail = _TAIL.match(text, end)
        word = None if generous else _word(text, start, end, has_tail=tail is not None)
        if word is not None:
            done = word.end
            yield Written(word, frozenset())
            continue
        readings = _readings(found[0])
        if _AFTERNOON.match(text, end):
            readings |= {
                Reading(v + 12 for v in r) for r in readings if len(r) == 1 and max(r) < 12
            }
        if tail is not None:
            name = (tail[1] or tail[2]).lower()
            times = _TIMES[name]
            large = {Reading(value * times for value in r) for r in readings}
            readings = large | (readings if generous or name in _DOUBTFUL else set())
            end = tail.end()
            if text[end - 1] == "." and name not in _CUT_SHORT:
                end -= 1
        yield Written(Span(start, end), frozenset(readings))


def _word(text: str, start: int, end: int, *, has_tail: bool) -> Span | None:
    """The word with letters and digits that a number is a part of; None where it is by itself."""
    first = start
    while first > 0 and start - first < _LONGEST_WORD and _joins(text, first - 1):
        first -= 1
    if first < start and not any(map(str.isalpha, text[first:start])):
        first = start
    after = text[end : end + 1]
    bare = not (after.isalpha() or after == "_") or has_tail or _UNIT.match(text, end)
    if first == start and bare:
        return None
    last = end
    while last < len(text) and last - end < _LONGEST_WORD and _joins(text, last):
        last += 1
    return Span(first, last)


def _joins(text: str, at: int) -> bool:
    """Whether a character belongs to a word: a letter or digit, or a mark between two of them."""
    if text[at].isalnum() or text[at] == "_":
        return True
    between = text[at] in "-.\u2011" and 0 < at < len(text) - 1
    return between and text[at - 1].isalnum() and text[at + 1].isalnum()


def _readings(raw: str) -> set[Reading]:
    """Every set of values that digits with marks between them may stand for."""
    raw = raw if raw.isascii() else "".join(map(_ascii, raw))
    raw = _WIDE.sub("\0", raw)
    marks = [char for char in raw if char in ".,\0"]
    parts = _SEPARATOR.split(raw)
    if not marks:
        return {Reading([float(raw)])}
    found: set[Reading] = set()
    if len(set(marks)) == 1:
        if _is_grouped(parts):
            found.add(Reading([float("".join(parts))]))
        if len(parts) == 2 and marks[0] in ".,":
            found.add(Reading([float(".".join(parts))]))
    elif marks[-1] in ".," and marks.count(marks[-1]) == 1:
        found.add(Reading([float(f"{''.join(parts[:-1])}.{parts[-1]}")]))
    return found or {Reading(map(float, parts))}


def _ascii(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char


def _is_grouped(parts: list[str]) -> bool:
    """Whether marks group digits: by three, or as in India, by two and then three."""
    first, *middle, last = parts
    if len(last) != 3 or not 1 <= len(first) <= 3:
        return False
    if all(len(part) == 3 for part in middle):
        return True
    return len(first) <= 2 and all(len(part) == 2 for part in middle)
