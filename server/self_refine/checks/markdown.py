"""Owns the outline of a Markdown text: its headings and the sections below them."""

import re
from dataclasses import dataclass

from self_refine.checks.units import fences, in_any, merged, same_lines
from self_refine.text.spans import Span

_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_SETEXT = re.compile(r"^ {0,3}([^\s#>|*+-][^\n]*)\n {0,3}(=+|-{2,}) *$", re.MULTILINE)
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


def front_matter(text: str) -> Span | None:
    """The block between `---` lines at the very beginning, if there is one."""
    found = _FRONT_MATTER.match(text)
    return Span(*found.span()) if found else None


def outline(text: str) -> Outline:
    """The sections in order of their headings; `#` lines in fences and front matter are none."""
    lines = same_lines(text)
    front = front_matter(text)
    skip = merged((*fences(text), *((front,) if front else ())))
    heads = [(Span(*m.span()), len(m[1]), m[2].strip()) for m in _ATX.finditer(lines)]
    heads += (
        (Span(*m.span()), 1 if m[2][0] == "=" else 2, m[1].strip()) for m in _SETEXT.finditer(lines)
    )
    kept = sorted(head for head in heads if not in_any(head[0], skip))
    return tuple(_section(at, kept, len(text)) for at in range(len(kept)))


def _section(at: int, heads: list[tuple[Span, int, str]], end: int) -> Section:
    heading, level, title = heads[at]
    following = (span.start for span, other, _ in heads[at + 1 :] if other <= level)
    return Section(title, level, heading, Span(heading.end, next(following, end)))
