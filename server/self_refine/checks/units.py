"""Owns what checks count and skip: words, and the stretches of a text that are no prose."""

import re
from bisect import bisect_left
from collections.abc import Iterable

from self_refine.text.spans import Span

_TOKEN = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W_]")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
# The bound keeps many unmatched marks on one long line from costing their product.
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(.{1,1000}?)(?<!`)\1(?!`)")
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_MARKDOWN = frozenset({"markdown", "quarto", "rmd", "mdx"})


def word_starts(text: str) -> list[int]:
    """Where the words begin: stretches without white space that hold a letter or a digit."""
    return [token.start() for token in _TOKEN.finditer(text) if _LETTER.search(token[0])]


def count_between(starts: list[int], span: Span) -> int:
    """How many words begin inside `span`."""
    return bisect_left(starts, span.end) - bisect_left(starts, span.start)


def same_lines(text: str) -> str:
    """A text of the same length whose every line end is a line feed, so that `$` finds each."""
    return text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text


def fences(text: str) -> tuple[Span, ...]:
    """The fenced blocks of Markdown, with their fences; one left open runs to the end."""
    found: list[Span] = []
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(same_lines(text)):
        if opened is None:
            # Behind backticks that open a block there are none: else they are code in the line.
            opened = None if "`" in fence[1] and "`" in fence[2] else fence
        elif fence[1].startswith(opened[1]) and not fence[2].strip():
            found.append(Span(opened.start(), fence.end()))
            opened = None
    if opened is not None:
        found.append(Span(opened.start(), len(text)))
    return tuple(found)


def code_stretches(text: str, language: str) -> tuple[Span, ...]:
    """Names rather than prose: code in Markdown, addresses anywhere. In order, none overlapping."""
    spans = [Span(*found.span()) for found in _ADDRESS.finditer(text)]
    if language in _MARKDOWN:
        spans += fences(text)
        spans += (Span(*found.span()) for found in _INLINE_CODE.finditer(text))
    return merged(spans)


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
