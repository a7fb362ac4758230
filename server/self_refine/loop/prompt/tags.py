"""Owns the delimiters: the tags round data and replies, and the marks that number segments.

Nobody who wrote the data can have foreseen them: tags are derived from the run's seed and drawn
again while they occur in the data; a mark is made of more signs than the text has in a row.
"""

import re
from collections.abc import Callable
from hashlib import sha256

_DIGITS, _MORE_DIGITS = 8, 16
_SIGN = "§"
"""One token in common vocabularies, and rare in prose and code."""
_LAID_OUT = re.compile(f"{_SIGN}+")

REPLY_TAG = re.compile(r"reply-[0-9a-f]{8,}")
"""The form of every reply's tag."""


def data_nonce(seed: str, *texts: str) -> str:
    """Eight lower-case hexadecimal digits that occur in none of `texts`, whatever the case.

    The same for the same arguments: all data of one run is wrapped in one nonce.
    """
    return _drawn(f"data {seed}", texts)


def content_nonce(content: str, *texts: str) -> str:
    """Sixteen such digits, the same for the same content: a cache finds it again in every run.

    Who writes the content can compute them, and cannot write them into it: they follow from it,
    and 64 bits are too many to try. Who writes `texts` can, so they are drawn again there.
    """
    return _drawn(f"content {content}", texts, _MORE_DIGITS)


def reply_tag(seed: str, number: int, *texts: str) -> str:
    """The tag of the reply to the run's call `number`, such as `reply-3f9a1c22`."""
    return f"reply-{_drawn(f'reply {number} {seed}', texts)}"


def block(name: str, nonce: str, content: str) -> str:
    """Data between its delimiters, each on a line of its own."""
    return f"<{name}-{nonce}>\n{content}\n</{name}-{nonce}>\n"


def mark(number: int, text: str = "") -> str:
    """What stands before segment `number` (from 1) of `text` when a model is shown it."""
    return marker(text)(number)


def marker(text: str) -> Callable[[int], str]:
    """What makes the mark of a segment of `text` from its number; looks at the text once."""
    signs = _signs(text)
    return lambda number: f"{signs}{number}{signs}"


def strip_marks(words: str, text: str = "") -> str:
    """`words` of a model without the marks that it was shown in `text`.

    Pass the text (or body) that was shown: one that has such signs itself is marked with more of
    them, and keeps its own.
    """
    signs = _signs(text)
    return re.sub(f"{signs}[0-9]{{1,9}}{signs}", "", words)


def _signs(text: str) -> str:
    return _SIGN * (1 + max(map(len, _LAID_OUT.findall(text)), default=0))


def _drawn(seed: str, texts: tuple[str, ...], digits: int = _DIGITS) -> str:
    lowered = [text.lower() for text in texts]
    turn = 0
    while True:
        # A seed from outside may hold halves of surrogate pairs.
        raw = f"{turn} {seed}".encode("utf-8", "surrogatepass")
        nonce = sha256(raw).hexdigest()[:digits]
        if not any(nonce in text for text in lowered):
            return nonce
        turn += 1
