"""How words are taken out so that the sentence around them stays tidy."""

import re

from self_refine.text.spans import Edit, Span

_WINDOW = 200
"""Code points looked at on each side."""
_CLOSERS = ",.;:!?)]…"
_OPENERS = "\"'\u201c\u2018\u00ab(["
_PAUSES = ",;:"
_ENDERS = ".!?…"
_BRACKETS = {"(": ")", "[": "]"}
_OPENS_BLOCK = re.compile(
    r"(?:\A|\n)[ \t]*+(?:[-*+>#]++|\d++[.)])?[ \t]*+\Z|\n[ \t\r]*+\n[ \t]*+\Z"
)
_GAP = re.compile(r"[ \t]*(?:\r\n?|\n)?[ \t]*")
"""White space inside a paragraph: one line end at most."""
_ARTICLE = re.compile(r"\b(?:an?)[ \t]+\Z", re.IGNORECASE)


def removal(text: str, span: Span) -> Edit | None:
    """Take words out, with the white space and the commas that would be left over.

    None where an "a" or "an" before them would be wrong afterwards.
    """
    while _BRACKETS.get(text[span.start - 1 : span.start]) == text[span.end : span.end + 1] != "":
        span = Span(span.start - 1, span.end + 1)
    before = text[max(0, span.start - _WINDOW) : span.start]
    after = text[span.end : span.end + _WINDOW]
    if _article_breaks(before, span.of(text), after.lstrip()):
        return None
    bare = before.rstrip()
    at_block = before == "" or _OPENS_BLOCK.search(before) is not None
    if at_block or bare[-1:] in _ENDERS or before[-1:] in _OPENERS or bare == "":
        return _opening(text, span, after, 0 if at_block else len(before) - len(bare))
    if not after.strip() or not after[:1].isspace() or after[:1] in "\r\n":
        return _closing(span, bare, after, len(before) - len(bare))
    return Edit(Span(span.start, span.end + _leading(after)), "")


def _opening(text: str, span: Span, after: str, gap: int) -> Edit:
    """Words that open a sentence: what follows opens it now, with a capital if they had one."""
    if after[:1] and after[:1] in _ENDERS:
        marks = len(after) - len(after.lstrip(_ENDERS))
        return _whole_sentence(text, Span(span.start, span.end + marks), after[marks:], gap)
    comma = 1 if after[:1] and after[:1] in _PAUSES else 0
    blanks = len(after[comma:]) - len(after[comma:].lstrip(" \t"))
    alone = after[comma + blanks :][:1] in ("", "\r", "\n") and _marked(text, span)
    taken = comma + (blanks if alone else _leading(after[comma:]))
    rest = after[taken:]
    if alone or not rest.strip():
        return Edit(Span(span.start - gap, span.end + comma + (0 if gap else blanks)), "")
    first = _first_letter(span.of(text))
    if first.isupper() and rest[:1].islower():
        return Edit(Span(span.start, span.end + taken + 1), rest[0].upper())
    return Edit(Span(span.start, span.end + taken), "")


def _marked(text: str, span: Span) -> bool:
    """Whether a mark such as that of a list item stands before the words on their line."""
    line = text[max(0, span.start - _WINDOW) : span.start].replace("\r", "\n").rsplit("\n", 1)[-1]
    return bool(line.strip())


def _whole_sentence(text: str, span: Span, rest: str, gap: int) -> Edit:
    if gap:
        return Edit(Span(span.start - gap, span.end), "")
    blanks = len(rest) - len(rest.lstrip(" \t"))
    alone = rest[blanks : blanks + 1] in ("\r", "\n") and _marked(text, span)
    return Edit(Span(span.start, span.end + (blanks if alone else _leading(rest))), "")


def _closing(span: Span, bare: str, after: str, gap: int) -> Edit:
    """Words before a mark or a line end: the space before them goes, and a comma with nothing."""
    spare = 1 if bare[-1:] == "," and (not after.strip() or after[:1] in _CLOSERS) else 0
    return Edit(Span(span.start - gap - spare, span.end), "")


def _leading(words: str) -> int:
    """Length of the white space that the words begin with, inside their paragraph."""
    found = _GAP.match(words)
    gap = found.end() if found else 0
    blank_line = words[gap : gap + 1] in ("\n", "\r")
    return 0 if blank_line else gap


def _first_letter(words: str) -> str:
    return next((c for c in words if c.isalpha()), "")


def _article_breaks(before: str, old: str, new: str) -> bool:
    """Whether "a" or "an" stands before, and the sound that it goes with would change."""
    if not _ARTICLE.search(before):
        return False
    return _vowel(old) != _vowel(new)


def _vowel(words: str) -> bool:
    return _first_letter(words).lower() in set("aeiou")
