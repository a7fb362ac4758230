"""Somebody else's words: what stands between quotation marks, and titles in italics."""

import re
from collections.abc import Iterator

from self_refine.text.spans import Span

_LONGEST = 1_200
"""Code points of a quotation; marks further apart belong to two."""
_PAIRS = {
    "“": "”",
    "«": "»",
    "\u2039": "\u203a",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "\uff02": "\uff02",
}
_MARK = re.compile(r"[\"“”„«»\u2039\u203a「『《〈\uff02\u201a]|(?<![\w'])'(?=\w)|\u2018|``(?=[^`])")
_ENTITY_OPENS = re.compile(r"&(?:quot|ldquo|laquo|bdquo|#34|#8220|#8222|#171|#[xX]201[cCeE]);")
_ENTITY_CLOSES = re.compile(r"&(?:quot|rdquo|ldquo|raquo|#34|#8221|#8220|#187|#[xX]201[dDcC]);")
_SINGLE = re.compile(r"(?<=[\w.,!?…])'(?!\w)")
_CURLY_SINGLE = re.compile(r"(?<=[\w.,!?…])\u2019(?!\w)")
_LONGEST_SINGLE = 160
_OPENS_AFTER = re.compile(r"[\s(\[{—\u2013/|*_>=\\-]")
_WORDY = re.compile(r"\w")
_GERMAN_ENDS = ("“", "”", '"')


def quotations(text: str, paragraph: Span) -> Iterator[Span]:
    """The quotations of one paragraph, their marks included."""
    at = paragraph.start
    while found := _MARK.search(text, at, paragraph.end):
        end = _end_of(text, found.start(), paragraph)
        if end > 0 and _WORDY.search(text, found.end(), end):
            yield Span(found.start(), end)
            at = end
        else:
            at = found.end()
    yield from _in_entities(text, paragraph)


def _in_entities(text: str, paragraph: Span) -> Iterator[Span]:
    """Quotations whose marks are written as entities of HTML."""
    at = paragraph.start
    while opened := _ENTITY_OPENS.search(text, at, paragraph.end):
        last = min(paragraph.end, opened.end() + _LONGEST)
        closed = _ENTITY_CLOSES.search(text, opened.end(), last)
        at = closed.end() if closed else opened.end()
        if closed:
            yield Span(opened.start(), at)


def _end_of(text: str, start: int, paragraph: Span) -> int:
    """Where the quotation that opens at `start` ends; 0 for a mark that opens none."""
    mark = "``" if text[start] == "`" else text[start]
    last = min(paragraph.end, start + _LONGEST)
    match mark:
        case '"':
            return _straight_end(text, start, last) if _opens(text, start, paragraph) else 0
        case "„" | "\u201a":
            ends = [
                text.find(e, start + 1, last)
                for e in (_GERMAN_ENDS if mark == "„" else ("\u2018", "\u2019"))
            ]
            return min((end + 1 for end in ends if end > 0), default=0)
        case "»":
            return text.find("«", start + 1, last) + 1 if _opens(text, start, paragraph) else 0
        case "”":  # Swedish and Finnish open with it, too
            return text.find("”", start + 1, last) + 1 if _opens(text, start, paragraph) else 0
        case "“":  # one that nothing closes runs on into the next paragraph
            return (text.find("”", start + 1, last) + 1) or last
        case "``":
            closing_at = text.find("''", start + 2, last)
            return closing_at + 2 if closing_at > 0 else 0
        case "'" | "\u2018":
            ender = _SINGLE if mark == "'" else _CURLY_SINGLE
            newline = text.find("\n", start, last)
            stop = min(last, start + _LONGEST_SINGLE, newline if newline >= 0 else last)
            closing = ender.search(text, start + 1, stop)
            return closing.end() if closing else 0
        case _:
            closes = _PAIRS.get(mark)
            return text.find(closes, start + 1, last) + 1 if closes else 0


def _opens(text: str, at: int, paragraph: Span) -> bool:
    before = text[at - 1 : at] if at > paragraph.start else " "
    return bool(_OPENS_AFTER.match(before)) and not text[at + 1 : at + 2].isspace()


def _straight_end(text: str, start: int, last: int) -> int:
    at = start + 1
    while (at := text.find('"', at, last)) > 0:
        if not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum():
            return at + 1
        at += 1
    return 0


def is_title(words: str) -> bool:
    """Whether words in italics read like the title of a work: two or more of them in capitals."""
    parts = words.split()
    large = sum(part[:1].isupper() for part in parts)
    small = [part for part in parts if len(part) > _SHORT_WORD and part[:1].islower()]
    return len(parts) > 1 and large > 1 and not small and parts[0][:1].isupper()


_SHORT_WORD = 4
