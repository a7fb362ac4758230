"""Owns texts to measure with: prose of a seed, its revisions, and quotes as models misquote it."""

import random
import re
from itertools import accumulate

# In the order of their frequency in English, which falls as 1/rank: what makes `difflib` slow.
_COMMON = """the of and to in a is that for it was on with as be by at this from or have an are not
which but they his her you we had has been were their more when will would who all there can if
one so up out about into time than only some could other new what them over after also its these
two may then first any work now such our even most made way many before must through where much
well should people down own just because good each those state very make world still see long
""".split()  # noqa: SIM905 - a list of words reads as words
_STEMS = """report draft team plan market budget winter river engine letter garden window editor
server signal market pattern travel bridge forest harbour season kitchen village paper metal glass
copper silver orange yellow purple sudden narrow gentle strange careful public private modern
ancient distant central final simple complex change measure publish deliver decide answer explain
follow gather build repair observe compare translate remember consider arrange""".split()  # noqa: SIM905
_ENDINGS = ["", "s", "ed", "ing", "er", "ly", "ness", "ful"]
_VOCABULARY = [*_COMMON, *(stem + ending for ending in _ENDINGS for stem in _STEMS)]
_WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(_VOCABULARY) + 1)))


def words(chance: random.Random, count: int) -> list[str]:
    """Words, common ones as often as in English."""
    return chance.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=count)


def sentence(chance: random.Random) -> str:
    """One of 6 to 24 words, with a comma or a quotation now and then."""
    made = words(chance, chance.randint(6, 24))
    if len(made) > 12:
        made[5] += ","
    if chance.random() < 0.2:
        made[2], made[4] = f"\u201c{made[2]}", f"{made[4]}\u201d"
    made[0] = made[0].capitalize()
    return " ".join(made) + "."


def prose(chance: random.Random, characters: int) -> str:
    """Paragraphs of 3 to 7 sentences, one line each."""
    parts: list[str] = []
    size = 0
    while size < characters:
        parts.append(" ".join(sentence(chance) for _ in range(chance.randint(3, 7))))
        size += len(parts[-1]) + 2
    return "\n\n".join(parts) + "\n"


def revision(chance: random.Random, text: str, share: float) -> str:
    """The text with a share of its words replaced, left out, or joined by another."""
    parts = re.split(r"(\s+)", text)
    for at in range(0, len(parts), 2):
        if parts[at] and chance.random() < share:
            new = words(chance, 1)[0]
            parts[at] = chance.choice([new, new, "", f"{parts[at]} {new}"])
    return "".join(parts)


def misquoted(chance: random.Random, quote: str) -> str:
    """The words as a model gives them back: never quite the same."""
    made = quote.split()
    at = chance.randrange(1, len(made) - 1)
    match chance.randrange(8):
        case 0:
            made.pop(at)
        case 1:
            made[at] = words(chance, 1)[0]
        case 2:
            made.insert(at, words(chance, 1)[0])
        case 3:
            word = made[at]
            made[at] = word[: len(word) // 2] + word[len(word) // 2 + 1 :] if len(word) > 3 else "x"
        case 4:
            made[at], made[at - 1] = made[at - 1], made[at]
        case 5:
            made.pop(at)
            made[at - 1] = words(chance, 1)[0]
        case 6:
            made[0] = made[0].swapcase()
        case _:
            made.insert(at, "\n")
    return " ".join(made).replace("\u201c", '"').replace("\u201d", '"')
