"""Scripts that put no blanks between words: where a phrase in one of them begins and ends."""

import re

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_CHARACTER = re.compile(f"[{UNSPACED}]")
_RUN = re.compile(f"[{UNSPACED}]+")
_COUNTED = re.compile(
    "[\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0ec0-\u0ec6\u1000-\u1021\u1780-\u17a2"
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_KATAKANA = re.compile("[\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f]")


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script without blanks between words."""
    return bool(character) and _CHARACTER.match(character) is not None


def unspaced_characters(text: str) -> int:
    """How many such characters there are, marks that stand on others left out."""
    return 0 if text.isascii() else sum(1 for _ in _COUNTED.finditer(text))


def spaced(text: str) -> str:
    """The text with a blank for each run of such characters."""
    return text if text.isascii() else _RUN.sub(" ", text)


def splits_katakana(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends inside a word in Katakana."""
    edges = (
        (text[start - 1 : start], text[start : start + 1]),
        (text[end - 1 : end], text[end : end + 1]),
    )
    return any(a and b and _KATAKANA.match(a) and _KATAKANA.match(b) for a, b in edges)
