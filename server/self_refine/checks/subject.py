"""Owns `Subject`: the text that checks look at, with what they may compare it to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from self_refine.checks.markup.markdown_outline import Outline, outline
from self_refine.checks.markup.units import code_stretches, fences, is_markdown
from self_refine.checks.search.line_endings import Flat, encoded, flat
from self_refine.text.segmenting.blocks import Block, blocks
from self_refine.text.spans import Span


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

    @cached_property
    def flat(self) -> Flat:
        """The text as patterns see it."""
        return flat(self.text)

    @property
    def data(self) -> bytes:
        """The text in UTF-8."""
        return encoded(self.text) if "\r" in self.text else self.flat.data

    @cached_property
    def fences(self) -> tuple[Span, ...]:
        """The fenced blocks, where the text is Markdown."""
        return fences(self.text)

    @cached_property
    def outline(self) -> Outline:
        """Headings and the sections below them, where the text is Markdown."""
        return outline(self.text, self.fences)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Paragraphs, list items and the other shapes of prose."""
        return blocks(self.text)

    @cached_property
    def code(self) -> tuple[Span, ...]:
        """Stretches that are no prose: fenced and inline code of Markdown, addresses."""
        return code_stretches(self.text, self.fences if is_markdown(self.language) else None)
