"""Places where a change of length, or any change of words, breaks what a reader does not see.

Words there are found like any others, and no rule changes them: a heading that a link names, a
title of reStructuredText whose underline would be too short, a table drawn in characters.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from self_refine.checks.markup.prose_map import ProseMap, joined
from self_refine.text.languages import Family, family
from self_refine.text.spans import Edit, Span

_NO_SLUG = re.compile(r"[^\w\- ]")
_LINK_INSIDE = re.compile(r"\[[^\[\]\n]{0,300}+\]\(#[^()\n]{0,300}+\)")
_GRID = re.compile(r"^[ \t]*+(?:\+[-=+]++|=++(?: ++=++)++)[ \t]*+$", re.MULTILINE)
_COLUMNS = re.compile(r"[^\s.!?:;…](?: {2,}|\t+)(?=\S)")
_BULLET = re.compile(r"[ \t]*+(?:[-*+•#>]|\w{1,3}[.)])?[ \t]*+")


def held_places(text: str, known: ProseMap, language: str) -> tuple[Span, ...]:
    """Stretches in which no check writes."""
    found = [head.span for head in known.headings or () if _is_linked(text, head.title)]
    kind = family(language)
    if "](#" in text:  # its words are those of the heading that it leads to
        found += (Span(*link.span()) for link in _LINK_INSIDE.finditer(text))
    if kind is Family.RST:
        found += _grids(text)
    if kind in (Family.PLAIN, Family.MAIL, Family.COMMIT, Family.RST):
        found += _in_columns(text)
    return joined(found)


def too_long(edit: Edit, known: ProseMap, language: str) -> bool:
    """Whether an edit makes a title longer than what underlines it."""
    if family(language) is not Family.RST or len(edit.text) <= edit.span.end - edit.span.start:
        return False
    return any(head.span.contains(edit.span) for head in known.headings or ())


def _is_linked(text: str, title: str) -> bool:
    """Whether the text links to a heading by its words."""
    words = " ".join(title.split())
    if not words:
        return False
    slug = _NO_SLUG.sub("", words.lower()).replace(" ", "-")
    names = (f"#{slug}", f"#{words.lower()}]]", f"`{words.lower()}`_", f"<{words.lower()}_>")
    folded = text.lower()
    return any(name in folded for name in names)


def _grids(text: str) -> Iterator[Span]:
    """Tables of reStructuredText: from a line of `+---+` or `=== ===` to the last of them."""
    rules = [found.span() for found in _GRID.finditer(text)]
    for (start, _), (_, end) in pairwise(rules):
        if "\n\n" not in text[start:end]:
            yield Span(start, end)


def _in_columns(text: str) -> Iterator[Span]:
    """Lines whose words stand in columns, made of blanks."""
    at = 0
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        if _COLUMNS.search(line, bullet.end() if bullet else 0):
            yield Span(at, at + len(line))
        at += len(line) + 1
