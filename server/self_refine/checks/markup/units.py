"""Owns what checks count and skip: words, and the stretches of a text that are no prose."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import filterfalse

from self_refine.checks.search.scripts import spaced, unspaced_characters
from self_refine.text.spans import Span

_LETTER = re.compile(r"[^\W_]")
# Patterns that begin with a line end are found many times faster than with `^`.
_FENCE = re.compile(r"\n {0,3}(`{3,}|~{3,})([^\n]*)")
_TICKS = re.compile(r"`+")
_LONGEST_CODE = 1_000
"""Of code in a line: unmatched marks must not cost their product."""
_LONGEST_KNOWN = 4_000
"""Code points of a paragraph whose count is remembered."""
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")


def count_words(tokens: list[str]) -> int:
    """How many of the stretches without white space hold a letter or a digit."""
    others = list(filterfalse(str.isalnum, tokens))
    words = (token for token in others if token[0].isalnum() or _LETTER.search(token))
    return len(tokens) - len(others) + sum(1 for _ in words)


def words_in(text: str) -> int:
    """The same of a whole text, whose paragraphs are mostly as they were at the last look."""
    return sum(
        _known_count(part) if len(part) <= _LONGEST_KNOWN else _count(part)
        for part in text.split("\n\n")
    )


@lru_cache(maxsize=2_048)
def _known_count(part: str) -> int:
    return _count(part)


def _count(part: str) -> int:
    return unspaced_characters(part) + count_words(spaced(part).split())


def same_lines(text: str) -> str:
    """A text of the same length whose every line end is a line feed, so that `$` finds each."""
    return text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text


def fences(text: str) -> tuple[Span, ...]:
    """The fenced blocks of Markdown, with their fences; one left open runs to the end."""
    found: list[Span] = []
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer("\n" + same_lines(text)):
        if opened is None:
            # Behind backticks that open a block there are none: else they are code in the line.
            opened = None if "`" in fence[1] and "`" in fence[2] else fence
        elif fence[1].startswith(opened[1]) and not fence[2].strip():
            found.append(Span(opened.start(), fence.end() - 1))
            opened = None
    if opened is not None:
        found.append(Span(opened.start(), len(text)))
    return tuple(found)


def code_stretches(text: str, fenced: tuple[Span, ...] | None) -> tuple[Span, ...]:
    """Names rather than prose, in order, none overlapping: addresses, and the code of Markdown.

    Args:
        text: any text.
        fenced: its fenced blocks where it is Markdown; None where backticks mean nothing.
    """
    spans: list[Span] = []
    if "://" in text:
        spans += (Span(*found.span()) for found in _ADDRESS.finditer(text))
    if fenced is not None:
        spans += fenced
        spans += _inline_code(text)
    return merged(spans)


def _inline_code(text: str) -> Iterator[Span]:
    """Words between two runs of as many backticks, inside one line."""
    runs = [found.span() for found in _TICKS.finditer(text)] if "`" in text else []
    at = 0
    while at < len(runs):
        start, opened = runs[at]
        line_end = text.find("\n", opened)
        last = min(opened + _LONGEST_CODE, line_end if line_end >= 0 else len(text))
        closing = at + 1
        while closing < len(runs) and runs[closing][0] <= last:
            if runs[closing][1] - runs[closing][0] == opened - start:
                yield Span(start, runs[closing][1])
                at = closing
                break
            closing += 1
        at += 1


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters covered by spans in order that do not overlap."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start < out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)


def in_any(span: Span, stretches: tuple[Span, ...]) -> bool:
    """Whether `span` shares a character with one of the stretches, which are as `merged` gives."""
    at = bisect_left(stretches, Span(span.end, span.end))
    return at > 0 and stretches[at - 1].overlaps(span)
