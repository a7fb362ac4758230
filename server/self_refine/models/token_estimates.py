"""Owns what we believe of tokens: estimates, the least that a text can be, the cost of a call."""

import re

from self_refine.loop.types import Cost
from self_refine.models.faults import FaultError, Truncated
from self_refine.models.openai.reply_reader import Usage

_WORD = re.compile(r"[^\W\d_]+|\d+")
_RUN = re.compile(r"(\s|[^\w\s])\1+")
_FAR_OFF = 100
"""A count so many times our estimate is no count."""
_PIECE = 4_000
"""Characters; a substitution in a long text lets no other thread work for milliseconds."""
_WORTH_A_LOOK = 1_000
"""Tokens; no server truncates less."""


def estimate(text: str) -> int:
    """UTF-8 bytes / 4, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def least(text: str) -> int:
    """Fewer tokens than that no vocabulary makes of it: a token never holds two words.

    Runs of one character, which a vocabulary may well hold whole, count once; beyond that, eight
    bytes to a token is twice what the densest text of the usual vocabularies reaches.
    """
    words = sum(1 for _ in _WORD.finditer(text))
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    short = sum(len(_RUN.sub(r"\1", piece).encode("utf-8", "replace")) for piece in pieces)
    return max(words, short // 8)


def check_read_whole(prompt: str, usage: Usage) -> None:
    """Notice a server that cuts prompts which are longer than its context, and says nothing.

    Raises:
        FaultError: it counted fewer tokens than the prompt can have.
    """
    counted, sent = usage.prompt, estimate(prompt)
    if counted is not None and sent >= _WORTH_A_LOOK and counted < least(prompt):
        raise FaultError(Truncated(counted, sent))


def cost(prompt: str, written: str, usage: Usage, seconds: float) -> Cost:
    """What one call took: the server's figures where they can be believed, else ours, marked."""
    given, taken = estimate(prompt), estimate(written)
    read, sure_in = _believed(usage.prompt, given)
    wrote, sure_out = _believed(usage.completion, taken)
    return Cost(
        calls=1,
        input_tokens=read,
        cached_tokens=min(usage.cached or 0, read),
        output_tokens=wrote,
        seconds=seconds,
        estimated=not (sure_in and sure_out),
    )


def _believed(counted: int | None, ours: int) -> tuple[int, bool]:
    if counted is None or counted > _FAR_OFF * (ours + _WORTH_A_LOOK):
        return ours, False
    return counted, True
