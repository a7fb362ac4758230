"""Places where a change of length, or any change of words, breaks what a reader does not see.

Words there are found like any others, and no rule changes them: a heading that a link names, a
title of reStructuredText whose underline would be too short, a table drawn in characters.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from self_refine.checks.markup.prose_map import ProseMap, joined
from self_refine.text.languages import Family, family
from self_refine.text.spans import Edit, Span

_NO_SLUG = re.compile(r"[^\w\- ]")
_LINK_INSIDE = re.compile(r"\[[^\[\]\n]{0,300}+\]\(#[^()\n]{0,300}+\)")
_TARGET = re.compile(
    r"#([^\s#()\[\]<>\"'|`]{1,200})|\[\[[^\[\]\n#|]{0,200}#([^\[\]\n|]{1,200})|`([^`\n<>]{1,200})`_"
    r"|<([^<>\n]{1,200})_>"
)
"""`#slug`, `[[#Title]]`, `Title`_ and `<Title_>`."""
_GRID = re.compile(r"^[ \t]*+(?:\+[-=+]++|=++(?: ++=++)++)[ \t]*+$", re.MULTILINE)
_COLUMNS = re.compile(r"[^\s.!?:;…](?: {2,}|\t+)(?=\S)")
_DRAWN = frozenset({Family.PLAIN, Family.MAIL, Family.COMMIT, Family.RST})
_BULLET = re.compile(r"[ \t]*+(?:[-*+•#>]|\w{1,3}[.)])?[ \t]*+")


def held_places(text: str, known: ProseMap, language: str) -> tuple[Span, ...]:
    """Stretches in which no check writes."""
    targets = _targets(text) if known.headings else frozenset()
    found = [head.span for head in known.headings or () if _is_linked(targets, head.title)]
    kind = family(language)
    if "](#" in text:  # its words are those of the heading that it leads to
        found += (Span(*link.span()) for link in _LINK_INSIDE.finditer(text))
    if kind is Family.RST:
        found += _grids(text)
    return joined(found)


def is_in_columns(text: str, span: Span, language: str) -> bool:
    """Whether the line of `span` stands in columns that are made of blanks."""
    if family(language) not in _DRAWN:
        return False
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    bullet = _BULLET.match(text, start)
    at = bullet.end() if bullet else start
    return _COLUMNS.search(text, at, end if end >= 0 else len(text)) is not None


def too_long(edit: Edit, known: ProseMap, language: str) -> bool:
    """Whether an edit makes a title longer than what underlines it."""
    if family(language) is not Family.RST or len(edit.text) <= edit.span.end - edit.span.start:
        return False
    return any(head.span.contains(edit.span) for head in known.headings or ())


@lru_cache(maxsize=4)
def _targets(text: str) -> frozenset[str]:
    """The places inside a text that its links name: slugs, and the words of titles."""
    return frozenset(
        " ".join(next(filter(None, found.groups())).lower().split())
        for found in _TARGET.finditer(text)
    )


def _is_linked(targets: frozenset[str], title: str) -> bool:
    """Whether the text links to a heading by its words."""
    words = " ".join(title.lower().split())
    return words in targets or _NO_SLUG.sub("", words).replace(" ", "-") in targets


def _grids(text: str) -> Iterator[Span]:
    """Tables of reStructuredText: from a line of `+---+` or `=== ===` to the last of them."""
    rules = [found.span() for found in _GRID.finditer(text)]
    for (start, _), (_, end) in pairwise(rules):
        if "\n\n" not in text[start:end]:
            yield Span(start, end)
