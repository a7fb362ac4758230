"""Owns tokens: a word, a mark or a line end, with the blanks after it; the least that is aligned.

Blanks alone are no tokens: they stand everywhere, and texts that share nothing else would be
aligned by them. A token never ends between CR and LF, between the halves of a surrogate pair, or
before a combining mark, a joiner or a modifier that belongs to the character before it.
"""

import re
from unicodedata import category

BLANKS = " \t"
"""What belongs to the token before it."""

# Possessive, as no part ever has to give back what it took: a sixth less time.
_TOKEN = re.compile(r"\w++(?:['\u2019]\w++)*+[ \t]*+|(?:\r\n|[^ \t])[ \t]*+|[ \t]++")
# Characters that may belong to the one before; the marks of scripts in wide strokes.
_RARE = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u200d\u20d0-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff"
    "\u302a-\u302f\u3099\u309a\ua66f-\uabed\ud800-\udfff\ufb1e\ufe00-\ufe2f\U000101fd-\U0010ffff]"
)
_NO_BASE = " \t\r\n"
_JOINER = "\u200d"


def tokens(text: str) -> list[str]:
    """Split a text; joined, the tokens are the text."""
    found = _TOKEN.findall(text)
    return found if _RARE.search(text) is None else _glued(found)


def bare(token: str) -> str:
    """The token without the blanks after it: what two tokens are compared by."""
    return token.rstrip(BLANKS)


def _glued(found: list[str]) -> list[str]:
    """The same with what belongs to the character before it put there."""
    out = [""]
    flags = 0
    for token in found:
        if token[0] < "\u0300" and out[-1][-1:] != _JOINER:
            flags = 0
            out.append(token)
            continue
        flags = flags + 1 if _is_flag(token[0]) else 0
        if _belongs(out[-1], token[0], flags):
            out[-1] += token
        else:
            out.append(token)
    return out[1:] if not out[0] else out


def _belongs(before: str, char: str, flags: int) -> bool:
    if not before or before[-1] in _NO_BASE or char in _NO_BASE:
        return False
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
