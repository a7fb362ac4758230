"""Tags, comments and raw elements of HTML, and what MDX adds to Markdown."""

import re
from collections.abc import Iterator
from html import unescape

from self_refine.checks.markup.prose_map import Heading, Mark, Sort
from self_refine.text.spans import Span

_TAG = re.compile(
    r"<!--(?:(?!-->).)*+(?:-->|\Z)"
    r"|<(?:!|\?)[^<>]*+>"
    r"|</?(?P<name>[A-Za-z][\w.:-]*+)(?:[^<>\"'{}]|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'"
    r"|\{[^{}]{0,2000}+\})*+>",
    re.DOTALL,
)
_BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|blockquote|body|br|button|caption|dd|details|div|dl|dt|fieldset"
    r"|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|label|legend|li|main|meta|nav|ol"
    r"|option|p|pre|script|section|select|style|summary|table|tbody|td|template|tfoot|th|thead|title"
    r"|tr|ul)\b[^<>]{0,2000}+>",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"<h(?P<level>[1-6])\b[^<>]{0,2000}+>(?P<title>(?:(?!</?h[1-6]).){0,2000}+)</h(?P=level)>",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,30});")
RAW = frozenset({
    "code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea", "tt", "var",
})  # fmt: skip
"""Elements whose words are code, or no words."""
QUOTED = frozenset({"blockquote", "cite", "del", "q", "s", "strike"})
"""Elements whose words are somebody else's, or taken back."""
_KEPT = re.compile(
    r"\btranslate\s*=\s*[\"']?no\b|\bclass\s*=\s*[\"'][^\"']*\bnotranslate\b", re.IGNORECASE
)
_SPOKEN = re.compile(r"\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b")
_WHOLE_PAGE = frozenset({"html", "body", "main"})
_ALONE = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "source", "col"})

_MODULE = re.compile(r"^(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*", re.MULTILINE)
_COMPONENT = re.compile(
    r"</?[A-Za-z][\w.:-]*+(?:[^<>{}\"']|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'"
    r"|\{(?:[^{}]|\{[^{}]{0,500}+\}){0,2000}+\})*+>"
)
_EXPRESSION = re.compile(r"\{(?:[^{}]|\{[^{}]{0,500}+\}){0,2000}+\}")

Stretch = tuple[int, int, Sort]


def html_marks(words: str) -> Iterator[Stretch]:
    """What of a piece of HTML is no prose; offsets in `words`."""
    kept: tuple[str, int, Sort] | None = None
    depth = 0
    for tag in _TAG.finditer(words):
        name = (tag["name"] or "").lower()
        closes, alone = tag[0].startswith("</"), tag[0].endswith("/>") or name in _ALONE
        if kept is not None:
            if name == kept[0] and not alone:
                depth += -1 if closes else 1
            if depth == 0:
                yield kept[1], tag.end(), kept[2]
                kept = None
        elif not closes and not alone and (sort := kept_sort(name, tag[0])):
            kept, depth = (name, tag.start(), sort), 1
        else:
            yield tag.start(), tag.end(), Sort.COMMENT if tag[0].startswith("<!--") else Sort.MARKUP
    if kept is not None:
        yield kept[1], len(words), kept[2]
    yield from ((found.start(), found.end(), Sort.MARKUP) for found in _ENTITY.finditer(words))


def html_headings(text: str) -> Iterator[Heading]:
    """The headings of a page, as far as they are closed."""
    for found in _HEADING.finditer(text):
        title = " ".join(unescape(_TAG.sub("", found["title"])).split())
        yield Heading(Span(*found.span("title")), int(found["level"]), title)


def block_stretches(text: str) -> Iterator[Span]:
    """What stands between the tags that make paragraphs, cells, items and headings of HTML."""
    at = 0
    for tag in _BLOCK_TAG.finditer(text):
        if tag.start() > at:
            yield Span(at, tag.start())
        at = tag.end()
    if at < len(text):
        yield Span(at, len(text))


def kept_sort(name: str, tag: str) -> Sort | None:
    """What the words of an element are if its tag says that they are not the author's prose."""
    if name in RAW or _KEPT.search(tag):
        return Sort.CODE
    spoken = None if name in _WHOLE_PAGE else _SPOKEN.search(tag)
    return Sort.QUOTE if name in QUOTED or spoken else None


def mdx_marks(text: str) -> Iterator[Mark]:
    """Code of modules, tags with their attributes, expressions in braces."""
    for found in _MODULE.finditer(text):
        yield Mark(Span(*found.span()), Sort.CODE, block=True)
    for pattern, sort in ((_COMPONENT, Sort.MARKUP), (_EXPRESSION, Sort.TEMPLATE)):
        for found in pattern.finditer(text):
            yield Mark(Span(*found.span()), sort)
