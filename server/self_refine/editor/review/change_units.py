"""Which changed stretches a person reviews as one: those of one sentence, or of one statement.

To keep one of them and revert another would leave a sentence that nobody wrote.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from self_refine.editor.review.change import Change, Part, change_of
from self_refine.text.lines import LineTable
from self_refine.text.segmenting.segments import is_prose, segments
from self_refine.text.spans import Span

_BRACKETS = re.compile(r"(?P<open>[(\[{])|(?P<close>[)\]}])|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_GOES_ON = re.compile(r"(?:\\|,|&&|\|\||[-+*/=]|\band\b|\bor\b)\s*\Z")
_MOST_LINES = 40
"""Lines of one statement: a bracket that is never closed must not join a whole file."""


def grouped(parts: Sequence[Part], original: str, result: str, language: str) -> tuple[Change, ...]:
    """The changes of a result, in the order of the text.

    Args:
        parts: what differs, in the order of the text.
        original: the text as it was given.
        result: what the run made of it.
        language: an editor's language id.
    """
    old_units, new_units = units(original, language), units(result, language)
    groups: list[list[Part]] = []
    for part in parts:
        if groups and _belong_together(groups[-1][-1], part, old_units, new_units):
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(
        change_of(number, tuple(group), original, result) for number, group in enumerate(groups)
    )


def units(text: str, language: str) -> tuple[Span, ...]:
    """The sentences of prose, or the statements of code, in order and disjoint."""
    return segments(text, language) if is_prose(language) else tuple(_statements(text))


def _belong_together(
    left: Part, right: Part, old_units: Sequence[Span], new_units: Sequence[Span]
) -> bool:
    if left.old.end == right.old.start or left.new.end == right.new.start:
        return True
    return _share_a_unit(left.old, right.old, old_units) or _share_a_unit(
        left.new, right.new, new_units
    )


def _share_a_unit(left: Span, right: Span, found: Sequence[Span]) -> bool:
    """Whether two parts, one behind the other, change words of the same unit."""
    last, first = _within(left, found)[-1:], _within(right, found)[:1]
    return bool(last) and last == first


def _within(part: Span, found: Sequence[Span]) -> range:
    """The units whose words a part changes; what is put between two units is in neither."""
    first = bisect_right(found, part.start, key=lambda unit: unit.end)
    last = bisect_left(found, part.end, key=lambda unit: unit.start)
    if part.is_empty and first < last and found[first].start >= part.start:
        return range(0)
    return range(first, last)


def _statements(text: str) -> Iterator[Span]:
    """Lines that a bracket, an operator or a comma at the end keeps together."""
    table = LineTable(text)
    start: int | None = None
    depth = count = 0
    for number in range(table.count):
        line = table.span(number)
        words = line.of(text)
        if start is None and not words.strip():
            continue
        start = line.start if start is None else start
        depth, count = max(0, depth + _depth(words)), count + 1
        if count < _MOST_LINES and number + 1 < table.count and (depth or _GOES_ON.search(words)):
            continue
        yield Span(start, line.end)
        start, depth, count = None, 0, 0


def _depth(line: str) -> int:
    """How many brackets more a line opens than it closes, outside of quoted text."""
    found = [match.lastgroup for match in _BRACKETS.finditer(line)]
    return found.count("open") - found.count("close")
