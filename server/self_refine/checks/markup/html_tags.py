"""Tags, comments and raw elements of HTML, and what MDX adds to Markdown."""

import re
from collections.abc import Iterator

from self_refine.checks.markup.prose_map import Mark, Sort
from self_refine.text.spans import Span

_TAG = re.compile(
    r"<!--(?:(?!-->).)*+(?:-->|\Z)"
    r"|<(?:!|\?)[^<>]*+>"
    r"|</?(?P<name>[A-Za-z][\w.:-]*+)(?:[^<>\"'{}]|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'"
    r"|\{[^{}]{0,2000}+\})*+>",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,30});")
RAW = frozenset({
    "code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea", "tt", "var",
})  # fmt: skip
"""Elements whose words are code, or no words."""

_MODULE = re.compile(r"^(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*", re.MULTILINE)
_COMPONENT = re.compile(
    r"</?[A-Za-z][\w.:-]*+(?:[^<>{}\"']|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'"
    r"|\{(?:[^{}]|\{[^{}]{0,500}+\}){0,2000}+\})*+>"
)
_EXPRESSION = re.compile(r"\{(?:[^{}]|\{[^{}]{0,500}+\}){0,2000}+\}")

Stretch = tuple[int, int, Sort]


def html_marks(words: str) -> Iterator[Stretch]:
    """What of a piece of HTML is no prose; offsets in `words`."""
    raw: tuple[str, int] | None = None
    for tag in _TAG.finditer(words):
        name = (tag["name"] or "").lower()
        closes, alone = tag[0].startswith("</"), tag[0].endswith("/>")
        if raw is not None:
            if closes and name == raw[0]:
                yield raw[1], tag.end(), Sort.CODE
                raw = None
            continue
        if name in RAW and not closes and not alone:
            raw = (name, tag.start())
        else:
            yield tag.start(), tag.end(), Sort.COMMENT if tag[0].startswith("<!--") else Sort.MARKUP
    if raw is not None:
        yield raw[1], len(words), Sort.CODE
    yield from ((found.start(), found.end(), Sort.MARKUP) for found in _ENTITY.finditer(words))


def mdx_marks(text: str) -> Iterator[Mark]:
    """Code of modules, tags with their attributes, expressions in braces."""
    for found in _MODULE.finditer(text):
        yield Mark(Span(*found.span()), Sort.CODE, block=True)
    for pattern, sort in ((_COMPONENT, Sort.MARKUP), (_EXPRESSION, Sort.TEMPLATE)):
        for found in pattern.finditer(text):
            yield Mark(Span(*found.span()), sort)
