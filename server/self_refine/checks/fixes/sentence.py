"""What stands round some words: whether they open a sentence, end one, follow an article."""

import re
import unicodedata

from self_refine.text.spans import Span

_WINDOW = 200
"""Code points looked at on each side."""
_BLOCK = re.compile(
    r"(?:\A|\n)[ \t]*+(?:(?:[-*+>|#]++|\d{1,9}[.)]|//+|/?\*+|--|%+|;+|\[[ xX]\])[ \t]*+)*+"
    r"[\"'“\u2018«„(\[*_~¿¡]*+\Z"
)
_JOINERS = "\ufe0f\u200d"
"""What holds the parts of an emoji together."""
_BLANK_LINE = re.compile(r"\n[ \t\r]*+\n")
_OPENS = "\"'“\u2018«„([*_~<>¿¡"
_CLOSES = "\"'”\u2019»)]*_~"
_STOPS = ".!?…:‽。\uff01\uff1f"
_PAUSES = ",;—\u2013"
_ARTICLE = re.compile(r"\b(?P<word>an?)(?P<gap>[ \t]+)\Z", re.IGNORECASE)
_SILENT_H = re.compile(r"(?:hono[u]?r|honest|hour|heir)", re.IGNORECASE)
_LIKE_YOU = re.compile(
    r"(?:uni(?!n|m)|us[eiua]|util|eu|ewe|ubiq|url\b|u[A-Z]|uk\b|ufo\b)", re.IGNORECASE
)
_LIKE_WON = re.compile(r"(?:one|once)\b", re.IGNORECASE)
_GREETING = 4
"""Most words of a line that greets."""
_LETTERS_WITH_VOWELS = "AEFHILMNORSX"


def opens_sentence(text: str, at: int) -> bool:
    """Whether a sentence, a heading, an item or a cell begins at `at`; symbols may stand before."""
    at = _before_symbols(text, at)
    before = text[max(0, at - _WINDOW) : at]
    if at == 0 or _BLOCK.search(before):
        return at == 0 or _line_opens(at, before)
    bare = before.rstrip(_OPENS).rstrip()
    if not bare:
        return True
    if bare == before.rstrip(_OPENS) and before.rstrip(_OPENS) != before:
        return bare[-1:] in "|([\n"
    return bare.rstrip(_CLOSES)[-1:] in tuple(_STOPS) or bare[-1:] == "|"


def _before_symbols(text: str, at: int) -> int:
    """Where emoji and other symbols begin that stand directly before `at`; `at` where none do."""
    found = start = at
    while start > max(0, at - _WINDOW):
        letter = text[start - 1]
        start -= 1
        if unicodedata.category(letter) in {"So", "Sk"} or letter in _JOINERS:
            found = start
        elif letter not in " \t":
            break
    return found


def _line_opens(at: int, before: str) -> bool:
    """Whether a line that begins with these words goes on from no sentence above."""
    start = before.rfind("\n")
    marks = before[start + 1 :].strip()
    if marks.strip(_OPENS + " \t"):
        return True
    above = before[:start].rstrip(" \t\r") if start >= 0 else ""
    if start < 0:
        return len(before) == at
    if not above or above.endswith("\n"):
        return True
    ends = above.rstrip(_CLOSES)[-1:] in tuple(_STOPS)
    return ends or _is_heading(above) or _is_greeting(above)


def _is_greeting(above: str) -> bool:
    """Whether the line above is one such as "Dear Ann,": a capital follows it in English."""
    line = above[above.rfind("\n") + 1 :].strip()
    return line.endswith(",") and len(line.split()) <= _GREETING


def _is_heading(above: str) -> bool:
    line = above[above.rfind("\n") + 1 :].lstrip()
    return line.startswith(("#", "=", "---")) or set(line) <= set("-=|: ")


def opens_clause(text: str, at: int) -> bool:
    """Whether a sentence begins there, or what stands behind a comma, a dash or a bracket."""
    if opens_sentence(text, at):
        return True
    bare = text[max(0, at - _WINDOW) : at].rstrip()
    return bare[-1:] in (*_PAUSES, "(") and bare != ""


def ends_sentence(text: str, at: int) -> bool:
    """Whether no more of its sentence comes behind `at`: the paragraph ends, a capital follows."""
    after = text[at : at + _WINDOW].lstrip(_CLOSES)
    blank = _BLANK_LINE.match(after.lstrip(" \t"))
    words = after.lstrip()
    if not words or blank:
        return True
    if not after[:1].isspace():
        return False
    opened = words.lstrip(_OPENS)
    if "\n" in after[: len(after) - len(words)] and words[0] in "-*+#>|":
        return True
    return opened[:1].isupper() or (words[0] in _OPENS and not opened[:1].isalnum())


def article_before(text: str, at: int) -> Span | None:
    """The "a" or "an" that stands directly before `at`."""
    start = max(0, at - _WINDOW)
    found = _ARTICLE.search(text[start:at])
    return Span(start + found.start("word"), start + found.end("word")) if found else None


def begins_with_vowel(words: str) -> bool | None:
    """Whether "an" stands before these words; None where only a speaker knows."""
    word = re.match(r"\W*(\w+)", words)
    if word is None:
        return None
    first = word[1]
    if first.isupper() and len(first) > 1:
        return first[0] in _LETTERS_WITH_VOWELS if len(first) <= _SPELLED else None
    if first[0].isdigit():
        return first.startswith(("8", "11", "18"))
    if _SILENT_H.match(first):
        return True
    if _LIKE_YOU.match(first) or _LIKE_WON.match(first):
        return False
    return first[0].lower() in "aeiou" if first[0].isascii() else None


_SPELLED = 3
"""Letters of an acronym that people spell out; longer ones may be read as a word."""
