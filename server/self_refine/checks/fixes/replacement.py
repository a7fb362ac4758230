"""How words are replaced so that case, article, full stop and line ends around them stay right."""

import re
from dataclasses import dataclass

from self_refine.checks.fixes.sentence import (
    article_before,
    begins_with_vowel,
    ends_sentence,
    opens_sentence,
)
from self_refine.text.spans import Edit, Span

# Begins where blanks begin and never within them, so that each is looked at once.
_BREAK = re.compile(r"(?<![ \t])[ \t]*+(?:\r\n?|\n)[ \t]*+")
_WIDE_LINE = 200


@dataclass(frozen=True, slots=True)
class Swap:
    """A phrase as its list has it, and what to write instead."""

    phrase: str
    instead: str


def replacement(text: str, span: Span, swap: Swap, *, title: bool = False) -> Edit | None:
    """The edit that writes `swap.instead`, or None where no rule says how it should look.

    Args:
        text: the whole text.
        span: where the phrase stands.
        swap: what is to be written.
        title: whether the words stand in a heading, where any word may have a capital.
    """
    words = in_case(text, span, swap, title=title)
    if words is None:
        return None
    placed = _with_break(text, span, _with_stop(text, span, swap, words))
    return None if placed is None else _with_article(text, span, placed)


def in_case(text: str, span: Span, swap: Swap, *, title: bool) -> str | None:
    """`swap.instead` in the case that its place asks for; None for what looks like a name.

    A capital in the list says how the words are always written. Else a capital in the text is that
    of a sentence's first word, of a heading, or of a line in capitals.
    """
    old, new = span.of(text), swap.instead
    first = next((c for c in old if c.isalpha()), "")
    if _has_capital(swap.phrase) or _has_capital(new):
        plain_first = re.match(r"[a-z]+(?![A-Za-z])", new) is not None
        capital = first.isupper() and plain_first and opens_sentence(text, span.start)
        return capitalised(new) if capital else new
    if not _has_capital(old):
        return new
    if _all_capitals(old):
        return new.upper() if _in_capitals(text, span) else None
    inner = any(word[:1].isupper() for word in old.split()[1:])
    if inner and not title:
        return None
    if first.isupper() and (title or opens_sentence(text, span.start)):
        return capitalised(new)
    return None


def is_titled(words: str, phrase: str) -> bool:
    """Whether a word behind the first has a capital that the list does not give it."""
    return (
        not _has_capital(phrase)
        and not _all_capitals(words)
        and any(word[:1].isupper() for word in words.split()[1:])
    )


def capitalised(words: str) -> str:
    """With a capital first letter, the rest as it is."""
    return words[:1].upper() + words[1:]


def _has_capital(words: str) -> bool:
    return any(c.isupper() for c in words)


def _all_capitals(words: str) -> bool:
    return words.isupper() and sum(map(str.isalpha, words)) > 1


def _in_capitals(text: str, span: Span) -> bool:
    """Whether the rest of the line is in capitals too; one in a sentence names something."""
    start = text.rfind("\n", max(0, span.start - _WIDE_LINE), span.start) + 1
    end = text.find("\n", span.end, span.end + _WIDE_LINE)
    line = text[start : span.start] + text[span.end : end if end >= 0 else span.end + _WIDE_LINE]
    return line.upper() == line


def _with_stop(text: str, span: Span, swap: Swap, words: str) -> str:
    """A full stop that is the abbreviation's and the sentence's stays the sentence's."""
    if not swap.phrase.rstrip().endswith(".") or words.endswith((".", "!", "?", "…")):
        return words
    return f"{words}." if ends_sentence(text, span.end) else words


def _with_break(text: str, span: Span, words: str) -> tuple[Span, str] | None:
    """A line end inside the phrase stays a line end, with the indentation behind it."""
    old = span.of(text)
    found = _BREAK.search(old)
    if found is None:
        return span, words
    parts = words.split(" ")
    before = len(old[: found.start()].split())
    if len(parts) > 1:
        cut = max(1, min(before, len(parts) - 1))
        return (
            span,
            f"{' '.join(parts[:cut])}{found[0].lstrip(' ' + chr(9))}{' '.join(parts[cut:])}",
        )
    line_end = found[0].lstrip(" \t")
    if text[span.end : span.end + 1] in (" ", "\t"):
        return Span(span.start, span.end + 1), words + line_end
    if text[span.end : span.end + 1] in ("\n", "\r", ""):
        return span, words
    if text[span.start - 1 : span.start] in (" ", "\t"):
        return Span(span.start - 1, span.end), line_end + words
    return None


def _with_article(text: str, span: Span, placed: tuple[Span, str]) -> Edit | None:
    """An "a" or "an" before the phrase follows the sound of what stands behind it now."""
    article = article_before(text, span.start)
    edit = Edit(*placed)
    if article is None or not edit.text.strip():
        return edit
    now, then = begins_with_vowel(edit.text), begins_with_vowel(span.of(text))
    if now is None:
        return edit if edit.text[:1] == text[span.start : span.start + 1] else None
    if now == then:
        return edit
    word = article.of(text)
    written = ("an" if now else "a") if word.islower() else ("An" if now else "A")
    between = text[article.end : edit.span.start]
    return Edit(Span(article.start, edit.span.end), f"{written}{between}{edit.text}")
