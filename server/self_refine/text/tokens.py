"""Owns tokens: words, white space and marks, the least that an edit replaces.

A token never ends between CR and LF, between the halves of a surrogate pair, or before a combining
mark, a joiner or a modifier that belongs to the character before it.
"""

import re
from unicodedata import category

_TOKEN = re.compile(r"\r\n|\r|\n|\w+(?:['\u2019]\w+)*|[^\S\r\n]+|[^\w\s]")
_RARE = re.compile(r"[\u0300-\U0010ffff]")
_LINE_ENDS = ("\r\n", "\r", "\n")
_JOINER = "\u200d"


def tokens(text: str) -> list[str]:
    """Split a text; joined, the tokens are the text."""
    found = _TOKEN.findall(text)
    return found if _RARE.search(text) is None else _glued(found)


def is_line_end(token: str) -> bool:
    """Whether the token ends a line."""
    return token in _LINE_ENDS


def _glued(found: list[str]) -> list[str]:
    """The same with what belongs to the character before it put there."""
    out: list[str] = []
    flags = 0
    for token in found:
        first = token[0]
        flags = flags + 1 if _is_flag(first) else 0
        if out and not is_line_end(out[-1]) and _belongs(out[-1], first, flags):
            out[-1] += token
        else:
            out.append(token)
    return out


def _belongs(before: str, char: str, flags: int) -> bool:
    if char < "\u0300":
        return before[-1] == _JOINER and not char.isspace()
    return (
        before[-1] == _JOINER
        or char == _JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0000" <= char <= "\U000e007f"  # tags, as in the flag of Scotland
        or ("\udc00" <= char <= "\udfff" and "\ud800" <= before[-1] <= "\udbff")
        or (flags > 0 and flags % 2 == 0)
        or category(char)[0] == "M"
    )


def _is_flag(char: str) -> bool:
    """Whether it is one of the letters of which two make a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"
