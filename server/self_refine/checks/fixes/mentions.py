"""Words that a text speaks about, which are not used in it: "write use, not utilize"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from self_refine.text.spans import Span

_WINDOW = 120
"""Code points looked at on each side."""
_NEAR = 32
"""Code points in which what announces a word stands."""
_CUE = re.compile(
    r"\b(?:words?|terms?|phrases?|verbs?|nouns?|adjectives?|adverbs?|expressions?|idioms?|synonyms?"
    r"|spellings?|spelled|spelt|strings?|keywords?|identifiers?|literals?|called|named|titled"
    r"|labell?ed)[ \t]+[*_(]*\Z",
    re.IGNORECASE,
)
"""What announces a word directly before it."""
_ABOUT_WORDS = re.compile(
    r"\b(?:avoid(?:ed)?|instead of|rather than|in place of|not|never|ban(?:ned)?|forbid(?:den)?"
    r"|prefer(?:red)?|jargon|buzz ?words?|filler|wordy|words?|terms?|phrases?|verbs?|synonyms?"
    r"|spelling)\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:instead of|rather than|in place of|not|write|say|type|spell|avoid|prefer)[ \t]+[*_]*\Z",
    re.IGNORECASE,
)
"""What announces a word that ends its clause."""
_BEFORE = re.compile(
    r"(?:\A|[\n&,;:/|(\[=>→—\u2013]|[-*+•][ \t]|(?:\A|\n)[ \t]*\d{1,3}[.)][ \t])[ \t]*[*_~]*\Z"
    r"|[*_]\Z"
)
_AFTER = re.compile(r"[*_~]*[ \t]*(?:\Z|\r?\n|[&,;:/|)\]=→—\u2013]|->|=>|[.!?](?:\s|\Z))|[*_]")
_LABEL_BEFORE = re.compile(r"(?:\A|\n)[ \t]*(?:[-*+•#>%/]+[ \t]+|\d{1,3}[.)][ \t]+)?[*_]*\Z")
_LABEL_AFTER = re.compile(r"[*_]*:[*_]*(?:\s|\Z)")
"""What makes a word that opens its line the name of what is said behind the colon."""
_OPEN_ENDS = frozenset({"to", "of", "that", "as", "by", "for", "with", "dass", "que"})
_NO_MORE = re.compile(r"[*_~]*[ \t]*(?:\Z|\r?\n[ \t]*(?:\r?\n|\Z)|[,;:|)\]/]|[.!?](?:\s|\Z))")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S")
_SHORT_ITEM = 4
"""Most words of a short item, its mark counted."""
_BETWEEN = re.compile(r"[\s,;/|*_+>#().\[\]:•-]*(?:\d+[.)]\s*)?(?:\b(?:and|or)\b[\s*_]*)?")
_TO = (
    r"[*_~)\]]*[ \t]*(?:->|=>|→|⇒|=|:|\||/|\(|,?[ \t]*(?:with|to|by|(?:means?|becomes?)(?: to)?"
    r"|vs\.?|versus)(?!\w))[ \t]*[*_`\"'“\u2018(|]*"
)
_FROM = (
    r"[*_`\"'”\u2019)]*[ \t]*(?:,[ \t]*)?(?:and[ \t]+)?"
    r"(?:->|=>|→|\||/|not|never|over|for|instead of|rather than|in place of)"
    r"[ \t]*[*_`\"'“\u2018(|]*\Z"
)


def is_mentioned(text: str, span: Span, instead: str) -> bool:
    """Whether a text speaks about the words at `span`: a rule changes words that are used.

    Args:
        text: the whole text.
        span: where the words stand.
        instead: what would be written in their place; "" for nothing.
    """
    before = text[max(0, span.start - _WINDOW) : span.start]
    after = text[span.end : span.end + _WINDOW]
    near = before[-_NEAR:]
    if _CUE.search(near) or (instead and _beside(before, after, instead)):
        return True
    if instead and _LABEL_AFTER.match(after) and _LABEL_BEFORE.search(near):
        return True
    if _is_cut_off(span.of(text), after):
        return True
    if _AFTER.match(after) is not None and _INSTEAD.search(near):
        return True
    if not stands_alone(text, span):
        return False
    return (
        _in_italics(before, after)
        or _speaks_of_words(text, span)
        or (instead != "" and _is_one_of_short_items(text, span))
    )


def stands_alone(text: str, span: Span) -> bool:
    """Whether the words are all of an item, a cell, an emphasis, or an entry of a line's list."""
    if not _AFTER.match(text, span.end):
        return False
    return _BEFORE.search(text[max(0, span.start - _NEAR) : span.start]) is not None


def listed(text: str, spans: Sequence[Span]) -> frozenset[Span]:
    """Those of several different phrases that stand side by side, each alone: a list of words."""
    alone = [span for span in spans if stands_alone(text, span)]
    found: set[Span] = set()
    for one, two in pairwise(alone):
        differ = one.of(text).casefold() != two.of(text).casefold()
        if differ and _BETWEEN.fullmatch(text, one.end, two.start):
            found |= {one, two}
    return frozenset(found)


def _is_cut_off(words: str, after: str) -> bool:
    """Whether a phrase that asks for more words, such as "in order to", has none behind it."""
    last = words.rsplit(maxsplit=1)[-1].casefold()
    return last in _OPEN_ENDS and _NO_MORE.match(after) is not None


def _beside(before: str, after: str, instead: str) -> bool:
    """Whether what would be written stands beside, as in "utilize → use"."""
    words = instead.casefold()
    behind = words in after.casefold() and re.match(
        rf"{_TO}{re.escape(instead)}\b", after, re.IGNORECASE
    )
    return bool(
        behind
        or (
            words in before.casefold()
            and _AFTER.match(after)
            and re.search(rf"\b{re.escape(instead)}{_FROM}", before, re.IGNORECASE)
        )
    )


def _is_one_of_short_items(text: str, span: Span) -> bool:
    """Whether the words are all of an item, and those beside it are as short: no sentences."""
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    end = end if end >= 0 else len(text)
    line = text[start:end]
    if not _ITEM.match(line) or len(line.split()) > 1 + len(span.of(text).split()):
        return False
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
    below = text[end + 1 :][:_WINDOW].split("\n", 1)[0]
    return any(_ITEM.match(o) and len(o.split()) <= _SHORT_ITEM for o in (above, below))


def _in_italics(before: str, after: str) -> bool:
    mark = before[-1:]
    return mark in ("*", "_") and after[:1] == mark and before[-2:] != mark * 2


def _speaks_of_words(text: str, span: Span) -> bool:
    """Whether the line of a phrase, or what stands above its list, says that it lists words."""
    start = text.rfind("\n", 0, span.start) + 1
    if _ABOUT_WORDS.search(text, start, span.start):
        return True
    lines = text[max(0, start - 10 * _WINDOW) : start].splitlines()
    for line in reversed(lines):
        bare = line.lstrip()
        if bare and not bare.startswith(("-", "*", "+", "•", "|")) and not bare[0].isdigit():
            return bool(_ABOUT_WORDS.search(bare))
    return False
