"""Owns unified diffs that `patch` takes.

`patch` knows one line end, LF: a CR before it belongs to the line, one elsewhere to its text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from self_refine.text.diffing.align import gaps
from self_refine.text.diffing.line_blocks import line_blocks
from self_refine.text.spans import Span

_CONTEXT = 3
_NO_END = "\n\\ No newline at end of file\n"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ODD = re.compile(r'[\x00-\x1f\x7f"\\]')

_Hunk = list[tuple[Span, Span]]


def unified(old: str, new: str, label: str) -> str:
    """The difference between two versions of a file, as `patch -p0` takes it; "" for none.

    Args:
        old: the file as it is.
        new: as it shall be.
        label: its name, on both sides.
    """
    if old == new:
        return ""
    a, b = _LINE.findall(old), _LINE.findall(new)
    changes = list(gaps(line_blocks(a, b), len(a), len(b)))
    name = _name(label)
    parts = [f"--- {name}\n+++ {name}\n"]
    for hunk in _hunks(changes):
        parts += _hunk(a, b, hunk)
    return "".join(parts)


def _hunks(changes: Sequence[tuple[Span, Span]]) -> Iterator[_Hunk]:
    """Changes whose context would meet stand in one hunk."""
    hunk: _Hunk = [changes[0]]
    for before, change in pairwise(changes):
        if change[0].start - before[0].end > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    yield hunk


def _hunk(a: Sequence[str], b: Sequence[str], hunk: _Hunk) -> Iterator[str]:
    lead = min(_CONTEXT, hunk[0][0].start)
    trail = min(_CONTEXT, len(a) - hunk[-1][0].end)
    old = Span(hunk[0][0].start - lead, hunk[-1][0].end + trail)
    new = Span(hunk[0][1].start - lead, hunk[-1][1].end + trail)
    yield f"@@ -{_range(old)} +{_range(new)} @@\n"
    at = old.start
    for gone, come in hunk:
        yield from (_marked(" ", line) for line in a[at : gone.start])
        yield from (_marked("-", line) for line in a[gone.start : gone.end])
        yield from (_marked("+", line) for line in b[come.start : come.end])
        at = gone.end
    yield from (_marked(" ", line) for line in a[at : old.end])


def _marked(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else mark + line + _NO_END


def _range(lines: Span) -> str:
    """Lines as a hunk's header counts them: from 1, or after which one where there are none."""
    size = lines.end - lines.start
    return f"{lines.start + (size > 0)},{size}"


def _name(label: str) -> str:
    """A file's name as GNU diff writes it: quoted like a string in C, ended where it has blanks."""
    if _ODD.search(label):
        quoted = _ODD.sub(lambda odd: _octal(odd[0]), label)
        return f'"{quoted}"'
    return label + "\t" if " " in label else label


def _octal(char: str) -> str:
    return "\\" + char if char in '"\\' else f"\\{ord(char):03o}"
