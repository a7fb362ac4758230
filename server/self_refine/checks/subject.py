"""The text that checks look at, with what they may compare it to."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from self_refine.checks.markup import code_map
from self_refine.checks.markup.markdown.markdown_outline import Outline, outline, sections
from self_refine.checks.markup.prose_map import ProseMap, Scope, without
from self_refine.checks.markup.read_map import read_map
from self_refine.checks.markup.units import fences
from self_refine.checks.search.line_endings import encoded
from self_refine.checks.search.natural_languages import spoken
from self_refine.checks.search.view import View, view
from self_refine.text.languages import Family, canonical, family
from self_refine.text.segmenting.blocks import Block, blocks
from self_refine.text.spans import Span

BLANK = "\x1f"
"""Stands for each character that does not count: white space that no text has."""
_NO_END = re.compile(r"[^\r\n]")
_SAMPLE = 4_000


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One candidate as the checks see it. What several checks derive from it is derived once."""

    text: str
    original: str
    """The text that the run began with; the same as `text` where that is judged."""
    language: str
    """The editor's language id."""
    path: str = ""
    """Of the document, relative to the workspace; "" where it has none."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Texts of the inputs that the criteria file names."""
    _views: dict[tuple[Scope, ...], View] = field(default_factory=dict)
    _counted: dict[tuple[Scope, ...], str] = field(default_factory=dict)
    _blocks: dict[tuple[Scope, ...], tuple[Block, ...]] = field(default_factory=dict)
    _languages: dict[int, str] = field(default_factory=dict)
    """Of each paragraph that was asked about, by its start."""

    @cached_property
    def map(self) -> ProseMap:
        """What in the text is prose, and what is not."""
        return read_map(self.text, self.language)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """What a program names, which its comments may speak of; empty for all other texts."""
        if family(self.language) is not Family.CODE:
            return frozenset()
        return code_map.identifiers(encoded(self.text), canonical(self.language))

    def view(self, scopes: tuple[Scope, ...]) -> View:
        """The parts of the text that a check with these scopes looks at."""
        if scopes not in self._views:
            self._views[scopes] = view(self.text, self.map.stretches(scopes))
        return self._views[scopes]

    def counted(self, scopes: tuple[Scope, ...]) -> str:
        """The text with a blank for each character that does not count, as long as before."""
        if scopes not in self._counted:
            self._counted[scopes] = _blanked(self.text, self._holes(scopes))
        return self._counted[scopes]

    def _holes(self, scopes: tuple[Scope, ...]) -> tuple[Span, ...]:
        if scopes == ("prose",):
            is_code = family(self.language) in (Family.CODE, Family.DATA)
            return self.map.off if is_code else self.map.uncounted
        return without(Span(0, len(self.text)), self.map.stretches(scopes))

    @cached_property
    def outline(self) -> Outline:
        """Headings and the sections below them."""
        heads = self.map.headings
        if heads is not None:
            return sections(heads, len(self.text))
        return outline(self.text, fences(self.text))

    def blocks(self, scopes: tuple[Scope, ...] = ("prose",)) -> tuple[Block, ...]:
        """Paragraphs, list items and the other shapes of prose."""
        if scopes not in self._blocks:
            self._blocks[scopes] = blocks(self.counted(scopes))
        return self._blocks[scopes]

    @cached_property
    def spoken(self) -> str:
        """The natural language of the whole, "" where it is not sure."""
        stretches = self.map.stretches(("prose",))
        sample, size = [], 0
        for stretch in stretches:
            sample.append(stretch.of(self.text)[:_SAMPLE])
            size += len(sample[-1])
            if size > _SAMPLE:
                break
        return spoken(" ".join(sample))

    def spoken_at(self, place: int) -> str:
        """The natural language of the paragraph at a place, or of the whole where it is short."""
        paragraph = self._paragraph(place)
        if paragraph is None:
            return self.spoken
        if paragraph.start not in self._languages:
            words = " ".join(part.of(self.text) for part in without(paragraph, self.map.off))
            self._languages[paragraph.start] = spoken(words) or self.spoken
        return self._languages[paragraph.start]

    def _paragraph(self, place: int) -> Span | None:
        at = bisect_right(self._starts, place) - 1
        found = self.map.paragraphs[at] if at >= 0 else None
        return found if found is not None and place < found.end else None

    def heading_at(self, place: int) -> bool:
        """Whether a place lies in a heading."""
        at = bisect_right(self._headings, place) - 1
        return at >= 0 and place < self.outline[at].heading.end

    @cached_property
    def _headings(self) -> tuple[int, ...]:
        return tuple(part.heading.start for part in self.outline)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(paragraph.start for paragraph in self.map.paragraphs)


def _blanked(text: str, holes: tuple[Span, ...]) -> str:
    if not holes:
        return text
    parts: list[str] = []
    at = 0
    for hole in holes:
        parts.append(text[at : hole.start])
        parts.append(_NO_END.sub(BLANK, hole.of(text)))
        at = hole.end
    parts.append(text[at:])
    return "".join(parts)
