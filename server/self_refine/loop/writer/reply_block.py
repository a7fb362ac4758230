"""Owns finding the writer's words in a reply: the block between the tags that this call named."""

import re
from dataclasses import dataclass

from self_refine.loop.requests import Answered

_THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_FENCED = re.compile(r"\A\s*+(`{3,}+|~{3,}+)[^\n`]*+\n(.*?)\n?(?<![ \t])[ \t]*+\1\s*+\Z", re.DOTALL)
_DRAWN = re.compile(r"-[0-9a-f]{8,}>")
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A reply that changes nothing."""

    reason: str
    """A clause for people on its first line; below it what the writer needs to repair it."""
    repairable: bool
    """Whether telling the writer so may help."""
    lost: tuple[str, ...] = ()
    """The facts that it would lose, where that alone is wrong with it."""

    @property
    def brief(self) -> str:
        """The reason in one line; the tags in it without what was drawn for one call."""
        return _DRAWN.sub(">", self.reason.partition("\n")[0])


def block_of(answered: Answered, tag: str) -> str | Unusable:
    """What stands between the reply's tags, lines ended by a line feed; a cut reply is none.

    Two equal blocks count as one. What stands before and after is the model talking.
    """
    if answered.finish != "stop":
        return Unusable("the reply was cut at its token limit", repairable=False)
    reply = answered.text.replace("\r\n", "\n").replace("\r", "\n")
    reply = _THINKING.sub("", reply)
    opened, closed = f"<{tag}>", f"</{tag}>"
    blocks = re.findall(f"{re.escape(opened)}(.*?){re.escape(closed)}", reply, re.DOTALL)
    paired = reply.count(opened) == reply.count(closed) == len(blocks)
    if paired and len({b.strip() for b in blocks}) == 1:
        return _without_edges(blocks[0])
    return Unusable(_what_is_wrong(reply, opened, closed), repairable=True)


def without_fence(words: str) -> str:
    """`words` without a fence that stands round all of them."""
    fenced = _FENCED.match(words)
    if fenced is None or _FENCE.search(fenced[2]):
        return words
    return fenced[2]


def is_fenced(words: str) -> bool:
    """Whether some line of `words` opens or closes a fence."""
    return _FENCE.search(words) is not None


def _without_edges(block: str) -> str:
    """Without the line ends after the opening and before the closing tag."""
    return block.removeprefix("\n").removesuffix("\n")


def _what_is_wrong(reply: str, opened: str, closed: str) -> str:
    if not reply.strip():
        return "the reply is empty"
    match reply.count(opened), reply.count(closed):
        case 0, _:
            return f"the reply has no {opened} tag"
        case 1, 0:
            return f"the reply has no closing {closed} tag"
        case _:
            return f"the reply has more than one {opened} block, or a tag inside it"
