"""The word before a place and the word behind it, which say what a phrase between them means."""

_WINDOW = 48
"""Code points looked at on each side."""
_MARKS = " \t\r\n*_~"
"""What may stand between two words of one sentence, the marks of Markdown included."""


def next_word(text: str, at: int) -> str:
    """The word behind a place, in small letters; "" where a mark or nothing comes first."""
    words = text[at : at + _WINDOW]
    rest = words.lstrip(_MARKS)
    if len(rest) == len(words):
        return ""
    end = next((n for n, letter in enumerate(rest) if not _is_of_word(letter)), len(rest))
    return _folded(rest[:end])


def last_word(text: str, at: int) -> str:
    """The word before a place, in small letters; "" where a mark or nothing stands between."""
    words = text[max(0, at - _WINDOW) : at]
    rest = words.rstrip(_MARKS)
    if len(rest) == len(words):
        return ""
    start = len(rest)
    while start and _is_of_word(rest[start - 1]):
        start -= 1
    return _folded(rest[start:])


def _is_of_word(letter: str) -> bool:
    return letter.isalpha() or letter in "'\u2019-"


def _folded(word: str) -> str:
    return word.strip("'\u2019-").replace("\u2019", "'").casefold()
