"""Owns the writer's three reply forms: which one a text gets, how it looks, how it is read.

Whole text, segments by number, search and replace of lines. Figures: aider's published data on
edit formats (code in JSON loses up to 9.5 points); on short text, search and replace takes
1.3 to 1.9 times the tokens of a whole rewrite, replacement by segment number 0.66 to 0.99 times.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from self_refine.loop.types import Finding
from self_refine.text.segmenting.segments import is_prose, segments
from self_refine.text.spans import Span

Form = Literal["whole", "segments", "blocks"]

_SHORT = 120
"""Tokens, UTF-8 bytes / 4: up to here the whole text costs no more than its edits."""
_MUCH = 0.6
"""Share of the text in flagged segments above which the whole text is asked for."""

_HEADER = re.compile(
    r"@@[ \t]*([0-9]{1,6})(?:[ \t]*[-\u2013][ \t]*([0-9]{1,6}))?[ \t]*(?:@@)?[ \t]*"
)
_ALMOST_HEADER = re.compile(r"@@[ \t]*[0-9]")
_SEARCH = re.compile(r"<{5,9} ?SEARCH[ \t]*")
_DIVIDER = re.compile(r"={5,9}[ \t]*")
_REPLACE = re.compile(r">{5,9} ?REPLACE[ \t]*")
_MARKER = re.compile(
    r"^[ \t]*(?:@@[ \t]*[0-9]|<{5,9}(?: |$)|={5,9}[ \t]*$|>{5,9}(?: |$))", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class SegmentHunk:
    """New words for segments `first` to `last`, counted from 1; no words delete them."""

    first: int
    last: int
    words: str


@dataclass(frozen=True, slots=True)
class BlockHunk:
    """Lines to look for, and the lines that stand there afterwards."""

    search: tuple[str, ...]
    replace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Malformed:
    """A reply that is not in its form; nothing of it is used."""

    reason: str


def tokens_of(text: str) -> int:
    """An estimate: UTF-8 bytes / 4, rounded up."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)


def form_for(text: str, language: str, todo: Sequence[Finding], *, failed_at_edits: bool) -> Form:
    """The form that the writer is to answer in.

    Args:
        text: the candidate.
        language: the editor's language id.
        todo: what the writer is to fix.
        failed_at_edits: whether this model's edits could not be applied before.
    """
    if failed_at_edits or tokens_of(text) <= _SHORT:
        return "whole"
    # A text with such lines in it, as of a diff, would make the form ambiguous.
    if _MARKER.search(text) or _flagged(text, language, todo) > _MUCH:
        return "whole"
    return "segments" if is_prose(language) else "blocks"


def _flagged(text: str, language: str, todo: Sequence[Finding]) -> float:
    """The share of the segments' characters that stand in segments with a finding."""
    spans = segments(text, language)
    hit = [s for s in spans if any(_is_in(f.span, s) for f in todo)]
    return _length(hit) / (_length(spans) or 1)


def _is_in(finding: Span, segment: Span) -> bool:
    return segment.overlaps(finding) or (finding.is_empty and segment.touches(finding))


def _length(spans: Sequence[Span]) -> int:
    return sum(s.end - s.start for s in spans)


def skeleton(form: Form, tag: str) -> str:
    """The form of the reply, literally."""
    inside = {
        "whole": "the whole text, revised",
        # No numbers: a small model took those of an example for its own, and overwrote a text.
        "segments": "@@ FIRST-LAST\nnew text of segments FIRST to LAST",
        "blocks": "<<<<<<< SEARCH\nlines of the text, exactly as they stand there\n=======\n"
        "the lines that replace them\n>>>>>>> REPLACE",
    }[form]
    return f"<{tag}>\n{inside}\n</{tag}>"


def read_segments(words: str) -> tuple[SegmentHunk, ...] | Malformed:
    """The hunks of a reply of the form `@@ 3-4` + new text."""
    hunks: list[SegmentHunk] = []
    lines: list[str] = []
    for line in words.split("\n"):
        header = _HEADER.fullmatch(line)
        if header:
            first = int(header[1])
            hunks.append(SegmentHunk(first, int(header[2] or first), ""))
            lines = []
        elif _ALMOST_HEADER.match(line):
            return Malformed(f"this line is no `@@ 3-4` header: {line[:80]!r}")
        elif hunks:
            lines.append(line)
            last = hunks[-1]
            hunks[-1] = SegmentHunk(last.first, last.last, "\n".join(lines).strip("\n"))
        elif line.strip():
            return Malformed(f"words stand before the first `@@` line: {line[:80]!r}")
    return tuple(hunks) or Malformed("there is no `@@` line")


def read_blocks(words: str) -> tuple[BlockHunk, ...] | Malformed:
    """The hunks of a reply in search/replace blocks; lines between the blocks are ignored."""
    hunks: list[BlockHunk] = []
    search: list[str] = []
    replace: list[str] = []
    where: Literal["outside", "search", "replace"] = "outside"
    for line in words.split("\n"):
        match where, _marker(line):
            case "outside", "search":
                where, search, replace = "search", [], []
            case "search", "divider":
                where = "replace"
            case "replace", "replace":
                hunks.append(BlockHunk(tuple(search), tuple(replace)))
                where = "outside"
            case _, str(marker):
                return Malformed(f"a {marker} line stands where none belongs: {line[:80]!r}")
            case "search", None:
                search.append(line)
            case "replace", None:
                replace.append(line)
            case _:
                pass
    if where != "outside":
        return Malformed("the last block has no >>>>>>> REPLACE line")
    return tuple(hunks) or Malformed("there is no <<<<<<< SEARCH line")


def _marker(line: str) -> Literal["search", "divider", "replace"] | None:
    if _SEARCH.fullmatch(line):
        return "search"
    if _DIVIDER.fullmatch(line):
        return "divider"
    return "replace" if _REPLACE.fullmatch(line) else None


def ranges(hunks: Sequence[SegmentHunk], count: int) -> Iterator[str]:
    """What is wrong with the numbers of the hunks, one clause each; none: nothing.

    Args:
        hunks: as read.
        count: how many segments the text has.
    """
    taken: dict[int, SegmentHunk] = {}
    for hunk in hunks:
        name = f"@@ {hunk.first}-{hunk.last}"
        if hunk.last < hunk.first:
            yield f"`{name}` is reversed"
        elif hunk.first < 1 or hunk.last > count:
            yield f"`{name}` lies outside: the segments are 1 to {count}"
        elif any(n in taken for n in range(hunk.first, hunk.last + 1)):
            yield f"`{name}` names a segment that another hunk replaces too"
        else:
            taken |= dict.fromkeys(range(hunk.first, hunk.last + 1), hunk)
