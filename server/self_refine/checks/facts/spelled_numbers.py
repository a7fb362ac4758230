"""Numbers that a source writes as words: of these each counts, since a summary may use digits."""

import re
from collections.abc import Iterator

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: float(n) for n, word in enumerate(_ONES.split())} | {
    word: 10.0 * n for n, word in enumerate(_TENS.split(), 2)
}
_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_OTHERS: dict[str, tuple[float, ...]] = {
    "dozen": (12,),
    "half": (0.5, 50),
    "quarter": (0.25, 25),
    "third": (3, 33, 1 / 3),
    "twice": (2,),
    "double": (2,),
    "doubled": (2,),
    "both": (2,),
    "couple": (2,),
    "pair": (2,),
    "triple": (3,),
    "decade": (10,),
    "fortnight": (14, 2),
    "century": (100,),
    "once": (1,),
    "first": (1,),
    "second": (2,),
    "fourth": (4,),
    "fifth": (5,),
    "sixth": (6,),
    "seventh": (7,),
    "eighth": (8,),
    "ninth": (9,),
    "tenth": (10,),
    "eleventh": (11,),
    "twelfth": (12,),
    "twentieth": (20,),
    "thirtieth": (30,),
    "a": (1,),
    "an": (1,),
    "half-hour": (30,),
    "halves": (2,),
    "halved": (2, 50),
    "tripled": (3,),
    "single": (1,),
}
_GERMAN_ONES = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn"
)
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_GERMAN = (
    {word: float(n) for n, word in enumerate(_GERMAN_ONES.split())}
    | {word: 10.0 * n for n, word in enumerate(_GERMAN_TENS.split(), 2)}
    | dict.fromkeys(("eins", "eine", "einen", "einem", "einer", "eines"), 1.0)
    | {"hälfte": 50.0, "halb": 0.5, "dutzend": 12.0, "hundert": 100.0, "tausend": 1e3, "beide": 2.0}
)
_FRENCH = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
_SPANISH = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
)
_ITALIAN = "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici"
_ELSEWHERE = {
    word: float(n)
    for words in (_FRENCH, _SPANISH, _ITALIAN)
    for n, word in enumerate(words.split())
    if word not in _SMALL and word != "once"
} | {"une": 1.0, "una": 1.0, "vingt": 20.0, "veinte": 20.0, "venti": 20.0, "cent": 100.0}
_MONTHS = {
    month: float(number)
    for number, months in enumerate(
        (
            "january januar janvier enero gennaio jan",
            "february februar février febrero febbraio feb",
            "march märz mars marzo mar",
            "april avril abril aprile apr",
            "may mai mayo maggio",
            "june juni juin junio giugno jun",
            "july juli juillet julio luglio jul",
            "august août agosto aug",
            "september septembre septiembre settembre sep sept",
            "october oktober octobre octubre ottobre oct okt",
            "november novembre noviembre nov",
            "december dezember décembre diciembre dicembre dec dez",
        ),
        1,
    )
    for month in months.split()
}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TWO_GERMAN = re.compile(r"(\w{3,6}?)und(\w{4,12}ig|dreißig)")


def spelled(text: str) -> frozenset[float]:
    """The numbers that the words of a text stand for."""
    found: set[float] = set()
    total, current = 0.0, -1.0  # -1: no word of a number is open
    for word in _parts(text):
        if word in _SMALL:
            current = max(current, 0.0) + _SMALL[word]
        elif word == "hundred":
            current = (current if current > 0 else 1.0) * 100
        elif word in _LARGE:
            total += (current if current > 0 else 1.0) * _LARGE[word]
            current = 0.0
        elif word == "and" and current > 0:
            continue
        else:
            if current >= 0:
                found.add(total + current)
            total, current = 0.0, -1.0
            found.update(_alone(word))
    if current >= 0:
        found.add(total + current)
    return frozenset(found)


def _parts(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        word = found[0].lower()
        parts = word.split("-")
        yield from parts if all(part in _SMALL for part in parts) else [word]


def _alone(word: str) -> Iterator[float]:
    yield from map(float, _OTHERS.get(word, ()))
    for table in (_GERMAN, _ELSEWHERE, _MONTHS):
        if word in table:
            yield table[word]
    if (two := _TWO_GERMAN.fullmatch(word)) and two[1] in _GERMAN and two[2] in _GERMAN:
        yield _GERMAN[two[1]] + _GERMAN[two[2]]
