"""The outline of a text: its headings and the sections below them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from self_refine.checks.markup.prose_map import Heading
from self_refine.checks.markup.units import in_any, merged, same_lines
from self_refine.text.spans import Span

# Patterns that begin with a line end are found many times faster than with `^`.
_ATX = re.compile(r"\n( {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*)(?=\n|\Z)")
_UNDERLINE = re.compile(r"\n {0,3}(=+|-{2,}) *(?=\n|\Z)")
_TITLE = re.compile(r" {0,3}([^\s#>|*+-].*)")
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:.*?\r?\n)?---[ \t]*(?=\r?\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: str
    level: int
    heading: Span
    body: Span
    """From the heading's end to the next heading of the same or a higher level."""


Outline = tuple[Section, ...]


_NUMBER = re.compile(
    # A number is read from its first digit on, never from within: each is looked at once.
    r"(?:(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3})*+|[A-Za-z]|[ivxIVX]{1,5})[.):]\s+"
    r"|(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3})++\s+"
)
_MARKS = re.compile(r"[*_`~]+|<!--.*?-->|\{#[^}]*\}|</?[a-zA-Z][^<>]*>")


@lru_cache(maxsize=1_024)
def plain_title(title: str) -> str:
    """A heading's words as people compare them: no number, mark, symbol or colon, small letters."""
    words = _MARKS.sub("", title).strip()
    words = words.lstrip("".join(c for c in words if not c.isalnum() and c not in "([<"))
    words = _NUMBER.sub("", words, count=1)
    return " ".join(words.rstrip(" :.-\u2013—!?").lower().split())


def sections(heads: Sequence[Heading], end: int) -> Outline:
    """The sections below headings that are known, in order."""
    known = [(head.span, head.level, head.title) for head in heads]
    return tuple(_section(at, known, end) for at in range(len(known)))


def front_matter(text: str) -> Span | None:
    """The block between `---` lines at the very beginning, if there is one."""
    found = _FRONT_MATTER.match(text)
    return Span(*found.span()) if found else None


def outline(text: str, fenced: tuple[Span, ...]) -> Outline:
    """The sections in order of their headings; `#` lines in fences and front matter are none."""
    lines = "\n" + same_lines(text)
    front = front_matter(text)
    skip = merged((*fenced, *((front,) if front else ())))
    heads = [(Span(*m.span(1)).moved(-1), len(m[2]), m[3].strip()) for m in _ATX.finditer(lines)]
    heads += _underlined(lines)
    kept = sorted(head for head in heads if not in_any(head[0], skip))
    return tuple(_section(at, kept, len(text)) for at in range(len(kept)))


def _underlined(lines: str) -> Iterator[tuple[Span, int, str]]:
    """Headings that a line of `=` or `-` stands below; `lines` begins with a line end more."""
    for under in _UNDERLINE.finditer(lines):
        start = lines.rfind("\n", 0, under.start()) + 1
        title = _TITLE.fullmatch(lines, start, under.start())
        if title:
            level = 1 if under[1][0] == "=" else 2
            yield Span(start - 1, under.end() - 1), level, title[1].strip()


def _section(at: int, heads: list[tuple[Span, int, str]], end: int) -> Section:
    heading, level, title = heads[at]
    following = (span.start for span, other, _ in heads[at + 1 :] if other <= level)
    return Section(title, level, heading, Span(heading.end, next(following, end)))
