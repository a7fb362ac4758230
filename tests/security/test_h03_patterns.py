"""Hole 3: small texts froze the server, since Python's `re` holds the interpreter's lock.

Each pattern of the code base runs against growing repeats of its own pieces; so do the functions
that read what others wrote. Growth beyond linear fails.
"""

import pytest

from self_refine.text import invisible
from support.growth import grows_too_fast, repeats
from support.pattern_scan import patterns, pieces

SIGNS = "\u27e6"
LOCAL = {
    "self_refine.checks.markup.python_signatures:found": (r"\b(?:def|class)\s+(name)",),
    "self_refine.criteria.meaning.role_words:_words.0": (),
    "self_refine.loop.critic.replies.tagged_reply:_opening": (
        r"[ \t]*<(reply-[0-9a-f]{8,})>[ \t]*",
        r"[ \t]*<(reply-0011aabb)>[ \t]*",
    ),
    "self_refine.loop.prompt.tags:strip_marks.0": (rf"{SIGNS}[0-9]{{1,9}}{SIGNS}",),
    "self_refine.loop.writer.protected:_all_of.0": ("kept",),
    "self_refine.loop.writer.rejections:_compiled.0": (),
    "self_refine.loop.writer.reply_block:blocks": ("<reply-0011aabb>(.*?)</reply-0011aabb>",),
    "self_refine.loop.writer.writer:_closed_up.1": (rf"({SIGNS}[0-9]{{1,9}}{SIGNS})[ \t]+",),
    "self_refine.loop.writer.writer:_closed_up.0": (rf"({SIGNS}[0-9]{{1,9}}{SIGNS})[ \t]",),
    "self_refine.text.invisible:_compiled.0": (
        invisible._HIDDEN,
        invisible._EMOJI_FLAG,
        invisible._PICTURES,
        invisible._JOINING,
    ),
}
"""Patterns that a function puts together; () where the module keeps what it has made."""
FOUND = list({(f.where, f.pattern): f for f in patterns(LOCAL)}.values())


def work(pattern, method):
    if method in ("sub", "subn"):
        return lambda text: pattern.sub("", text)
    if method == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, method)


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.where)
def test_h03_every_pattern_is_linear(found):
    """In the way in which it is used."""
    slow = [
        (method, what)
        for method in sorted(found.methods)
        for what, text_of in repeats(pieces(found.pattern))
        if grows_too_fast(work(found.pattern, method), text_of)
    ]
    assert slow == [], f"{found.pattern.pattern!r}: {len(slow)}, such as {slow[:3]}"
