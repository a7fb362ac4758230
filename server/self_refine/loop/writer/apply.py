"""Owns putting the writer's edits into a text: all of them or none, and never at a guessed place.

Everything outside the replaced stretches keeps its bytes. A match that is not the only one is a
failure, not a choice: taking the first hit is how edits land in the wrong function.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from self_refine.loop.writer.edit_formats import BlockHunk, Malformed, SegmentHunk, ranges
from self_refine.loop.writer.whitespace_frame import WhitespaceFrame, body_of, core_of, stretch_of
from self_refine.text.lines import LineTable
from self_refine.text.segmenting.segments import is_prose, segments
from self_refine.text.spans import Edit, Span

_SHOWN = 30
"""Most lines of a failing block, and of the text, that a repair call shows."""
_LOOKED_AT = 5000
"""Most places compared when looking for what a failing block may have meant."""


@dataclass(frozen=True, slots=True)
class EditTarget:
    """The text that edits go into."""

    text: str
    frame: WhitespaceFrame
    language: str


def segment_edits(target: EditTarget, hunks: Sequence[SegmentHunk]) -> tuple[Edit, ...] | Malformed:
    """The edits that replace numbered segments."""
    spans = segments(target.text, target.language)
    for wrong in ranges(hunks, len(spans)):
        return Malformed(wrong)
    edits = [_replacement(target, spans, h) for h in hunks if h.words.strip()]
    gone = {n - 1 for h in hunks if not h.words.strip() for n in range(h.first, h.last + 1)}
    edits += [_deletion(target, spans, run) for run in _runs(gone)]
    edits.sort()
    if any(a.span.end > b.span.start for a, b in pairwise(edits)):
        return Malformed("a segment is deleted beside one whose indent would go with it")
    return tuple(edits)


def _replacement(target: EditTarget, spans: Sequence[Span], hunk: SegmentHunk) -> Edit:
    span = Span(spans[hunk.first - 1].start, spans[hunk.last - 1].end)
    if is_prose(target.language):
        core = core_of(span.of(target.text)).moved(span.start)
        words = core_of(hunk.words).of(hunk.words)
        return Edit(core, stretch_of(target.frame, words, core.of(target.text)))
    first = core_of(target.text).start
    span = Span(max(span.start, first), span.end)
    inner = span.start > first
    words = hunk.words if inner else hunk.words.lstrip()
    return Edit(span, stretch_of(target.frame, words, span.of(target.text), at_line_start=inner))


def _runs(numbers: set[int]) -> Iterator[Span]:
    """Consecutive numbers as spans."""
    start = -1
    for n in sorted(numbers):
        if n - 1 not in numbers:
            start = n
        if n + 1 not in numbers:
            yield Span(start, n + 1)


def _deletion(target: EditTarget, spans: Sequence[Span], run: Span) -> Edit:
    """The edit that takes segments out and leaves the strongest gap of those that were there.

    Between two sentences that is a blank, at the end of a paragraph the blank line; at an edge of
    the text nothing is left.
    """
    start, end = spans[run.start].start, spans[run.end - 1].end
    before = spans[run.start - 1].end if run.start > 0 else None
    after = spans[run.end].start if run.end < len(spans) else None
    if after is None:
        return Edit(Span(start if before is None else before, end), "")
    if before is None:
        start = core_of(target.text).start
        return Edit(Span(start, _behind_indent(target, after)), "")
    sides = pairwise(spans[run.start - 1 : run.end + 1])
    gap = max((target.text[a.end : b.start] for a, b in sides), key=_weight)
    return Edit(Span(before, after), gap)


def _behind_indent(target: EditTarget, offset: int) -> int:
    """Behind the indent of a line that becomes the first: the one before the words serves it."""
    is_line_start = offset > 0 and target.text[offset - 1] in "\r\n"
    indent = target.frame.indent if is_line_start else ""
    return offset + len(indent) if target.text.startswith(indent, offset) else offset


def _weight(gap: str) -> tuple[int, int]:
    return LineTable(gap).count, len(gap)


def block_edits(target: EditTarget, hunks: Sequence[BlockHunk]) -> tuple[Edit, ...] | Malformed:
    """The edits that replace whole lines, each found exactly, or uniformly re-indented, once."""
    body = body_of(target.frame, target.text).split("\n")
    found: list[tuple[Span, BlockHunk]] = []
    for number, hunk in enumerate(hunks, 1):
        place = _place(body, hunk)
        if isinstance(place, Malformed):
            return Malformed(f"block {number}: {place.reason}")
        lines, _ = place
        if any(lines.overlaps(other) for other, _ in found):
            return Malformed(f"block {number} replaces lines that another block replaces too")
        found.append(place)
    return tuple(_lines_edit(target, lines, new) for lines, new in _joined(found))


def _joined(found: Sequence[tuple[Span, BlockHunk]]) -> Iterator[tuple[Span, list[str]]]:
    """The lines that go and those that come, in order; neighbours as one, for the gap is one."""
    lines, new = Span(0, 0), list[str]()
    for span, hunk in sorted(found, key=lambda place: place[0]):
        if lines.is_empty or span.start > lines.end:
            if not lines.is_empty:
                yield lines, new
            lines, new = span, []
        lines = Span(lines.start, span.end)
        new += hunk.replace if any(hunk.replace) else ()
    if not lines.is_empty:
        yield lines, new


def _place(body: Sequence[str], hunk: BlockHunk) -> tuple[Span, BlockHunk] | Malformed:
    """The lines that a block means, and the block as it is indented there."""
    if not any(line.strip() for line in hunk.search):
        return Malformed("its SEARCH part is empty")
    size = len(hunk.search)
    starts = range(len(body) - size + 1)
    first, *_ = hunk.search
    begin = [n for n in starts if body[n] == first]
    exact = [Span(n, n + size) for n in begin if tuple(body[n : n + size]) == hunk.search]
    if exact:
        return (exact[0], hunk) if len(exact) == 1 else Malformed(_ambiguous(exact, hunk))
    begin = [n for n in starts if body[n].strip() == first.strip()]
    moved = [
        (Span(n, n + size), better)
        for n in begin
        if (better := _reindented(body[n : n + size], hunk))
    ]
    match moved:
        case [(window, better)]:
            return window, better
        case []:
            return Malformed(_not_found(body, hunk))
        case _:
            return Malformed(_ambiguous([w for w, _ in moved], hunk))


def _reindented(real: Sequence[str], hunk: BlockHunk) -> BlockHunk | None:
    """The block with the indent of the real lines, where all lines differ by the same blanks."""
    shifts = {
        _shift(a, b) for a, b in zip(real, hunk.search, strict=True) if a.strip() or b.strip()
    }
    if len(shifts) != 1 or (shift := shifts.pop()) is None:
        return None
    add, drop = shift
    lines = [_shifted(line, add, drop) for line in hunk.replace]
    if any(line is None for line in lines):
        return None
    return BlockHunk(tuple(real), tuple(line for line in lines if line is not None))


def _shift(real: str, said: str) -> tuple[str, str] | None:
    """The blanks to add and to drop before `said`; None where the words differ."""
    if real.strip() != said.strip():
        return None
    have, want = _indent(said), _indent(real)
    if want.endswith(have):
        return want[: len(want) - len(have)], ""
    return ("", have[: len(have) - len(want)]) if have.endswith(want) else None


def _shifted(line: str, add: str, drop: str) -> str | None:
    if not line.strip():
        return line
    return add + line.removeprefix(drop) if line.startswith(drop) else None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _lines_edit(target: EditTarget, lines: Span, new: Sequence[str]) -> Edit:
    """The edit of the text that replaces lines of its body."""
    core = core_of(target.text)
    table = LineTable(core.of(target.text))
    start, end = table.span(lines.start).start, table.span(lines.end - 1).end
    if new:
        old = core.of(target.text)[start:end]
        words = stretch_of(target.frame, "\n".join(new), old, at_line_start=lines.start > 0)
        return Edit(Span(start, end).moved(core.start), words)
    if lines.end == table.count:
        start = table.span(lines.start - 1).end if lines.start else start
    else:
        end = table.full_span(lines.end - 1).end
        end = end if lines.start else _behind_indent(target, core.start + end) - core.start
    return Edit(Span(start, end).moved(core.start), "")


def _ambiguous(places: Sequence[Span], hunk: BlockHunk) -> str:
    where = ", ".join(str(p.start + 1) for p in places[:8])
    return (
        f"its SEARCH lines stand at {len(places)} places (lines {where}); add lines around them"
        f"\n\nThe block's SEARCH lines:\n{_clipped(hunk.search)}"
    )


def _not_found(body: Sequence[str], hunk: BlockHunk) -> str:
    near = _nearest(body, hunk.search)
    return (
        "its SEARCH lines do not stand in the text"
        f"\n\nThe block's SEARCH lines:\n{_clipped(hunk.search)}"
        f"\n\nThe lines of the text that come nearest:\n{_clipped(body[near.start : near.end])}"
    )


def _clipped(lines: Sequence[str]) -> str:
    more = ["[…]"] if len(lines) > _SHOWN else []
    return "\n".join([*lines[:_SHOWN], *more])


def _nearest(body: Sequence[str], search: Sequence[str]) -> Span:
    """The lines of the body that share most with `search`."""
    size = min(len(search), len(body))
    wanted = "\n".join(line.strip() for line in search)[:2000]
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(wanted)
    lines = {line.strip() for line in search if line.strip()}
    best, score = 0, (-1, -1.0)
    for n in range(min(len(body) - size + 1, _LOOKED_AT)):
        window = [line.strip() for line in body[n : n + size]]
        shared = sum(line in lines for line in window)
        if shared < score[0]:
            continue
        matcher.set_seq1("\n".join(window)[:2000])
        # The cheap bound decides between many places; letters alone are enough here.
        if (now := (shared, matcher.quick_ratio())) > score:
            best, score = n, now
    return Span(best, best + size)
