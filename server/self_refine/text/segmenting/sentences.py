"""Owns where sentences end: not at abbreviations, initials, decimals, or a quote that goes on.

Rules of thumb that hold for most European prose; full stops of Chinese, Japanese, Hindi and Arabic
end a sentence too. What is doubtful stays together: a segment that is too long does less harm than
one that ends in the middle of a name.
"""

import re
from collections.abc import Iterator

from self_refine.text.spans import Span

_STOP = re.compile(
    "([.!?\u2026\u203d\u0964\u06d4\u061f\u3002\uff01\uff1f\uff61]+)"
    "[\"'\u201d\u2019\u00bb\u203a)\\]}*_`~\u300d\u300f\uff09]*"
)
_WIDE = "\u3002\uff01\uff1f\uff61"
"""Full stops of scripts that write no blank after them."""
_BEFORE_WORD = re.compile(r".*[\s(\[\"'\u201c\u2018\u00ab*_]", re.DOTALL)
_FIRST = re.compile(r"\w*")
_OPENING = re.compile(r"[\"'\u201c\u2018\u00ab\u201e\u201a\u2039(\[{*_`~>\s\u00bf\u00a1-]*")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?$")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NEVER = _words("""
    adm al approx bros brig capt cf cmdr col corp dept dr e.g eds esp fr ft gen gov hon i.e
    incl lt maj messrs mr mrs ms mt mx pres prof rep rev sen sgt sr st supt vs viz z.b d.h u.a
    bzw ca evtl ggf inkl vgl o.ä mme mlle p.ex ej sra
""")
"""Abbreviations after which no sentence ends, without their last full stop."""

_BEFORE_NUMBER = frozenset(
    ["art", "ch", "eq", "fig", "figs", "no", "nos", "nr", "p", "par", "pp", "sec", "tab", "vol"]
)
_MONTHS = _words("""
    januar februar märz april mai juni juli august september oktober november dezember
""")
_STARTERS = _words("""
    a after all also an and as at because but by for from he her here his how however i if in it
    its my no not now of on our she since so some that the their then there these they this those
    to we what when where which while who why with you your der die das es er sie wir ich
    le la les il elle nous el los las
""")
"""Words that begin a sentence where an abbreviation like `U.S.` may end one."""


def split_sentences(text: str, span: Span) -> tuple[Span, ...]:
    """The sentences of one block of prose, in order, without the white space around them."""
    part = span.of(text)
    cased = part != part.lower()
    spans: list[Span] = []
    at = 0
    for end in [*_ends(part, cased=cased), len(part)]:
        words = part[at:end]
        start = at + len(words) - len(words.lstrip())
        stop = at + len(words.rstrip())
        if start < stop:
            spans.append(Span(span.start + start, span.start + stop))
        at = end
    return tuple(spans)


def _ends(part: str, *, cased: bool) -> Iterator[int]:
    for stop in _STOP.finditer(part):
        end = stop.end()
        if stop[1][-1] in _WIDE or (part[end : end + 1].isspace() and _is_end(part, stop, cased)):
            yield end


def _is_end(part: str, stop: re.Match[str], cased: bool) -> bool:  # noqa: FBT001
    begins = _OPENING.match(part, stop.end())
    at = begins.end() if begins else stop.end()
    following = part[at : at + 24]
    if not following or (cased and following[0].islower()):
        return False
    if stop[1] != ".":
        return True
    head = part[max(0, stop.start() - 24) : stop.start()]
    before = _BEFORE_WORD.match(head)
    return not _abbreviates(head[before.end() :] if before else head, following)


def _abbreviates(word: str, following: str) -> bool:
    """Whether the full stop after `word` belongs to it alone."""
    lower = word.lower()
    if lower in _NEVER:
        return True
    if lower in _BEFORE_NUMBER:
        return following[0].isdigit()
    if word.isdigit():
        return len(word) <= 2 and _first_word(following) in _MONTHS  # the day of a German date
    if len(word) == 1 and word.isalpha():
        return word != "I" and _first_word(following) not in _STARTERS
    dotted = "." in word and _DOTTED.fullmatch(word) is not None
    return dotted and _first_word(following) not in _STARTERS


def _first_word(following: str) -> str:
    found = _FIRST.match(following)
    return found[0].lower() if found else ""
