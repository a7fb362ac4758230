"""Owns a diff on a terminal: coloured, and in long lines the words that changed stand out."""

from collections.abc import Iterator
from itertools import groupby

from rich.text import Text

from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.invisible import escape

_HEADS = 2
"""Lines at the start that name the two files."""
_COLOURS = {"-": "red", "+": "green"}


def coloured(diff: str) -> Iterator[Text]:
    """The lines of a unified diff.

    What the text holds of control characters is shown escaped: a terminal would obey it.
    """
    removed: list[str] = []
    lines = diff.removesuffix("\n").split("\n")
    yield from (Text(escape(line), "cyan") for line in lines[:_HEADS])
    for mark, group in groupby(lines[_HEADS:], lambda line: line[:1]):
        block = list(group)
        match mark:
            case "-":
                removed = block
                continue
            case "+":
                yield from _changed(removed, block)
            case _:
                yield from _marked(removed, (), "-")
                style = "cyan" if mark == "@" else ""
                yield from (Text(_visible(line), style) for line in block)
        removed = []
    yield from _marked(removed, (), "-")


def _changed(removed: list[str], added: list[str]) -> Iterator[Text]:
    """Lines that became others, with the words that differ."""
    old, new = ("\n".join(line[1:] for line in block) for block in (removed, added))
    before, after, shift = [], [], 0
    for edit in minimal_edits(old, new) if removed else ():
        start = edit.span.start + shift
        before.append((edit.span.start, edit.span.end))
        after.append((start, start + len(edit.text)))
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    yield from _marked(removed, tuple(before), "-")
    yield from _marked(added, tuple(after), "+")


def _marked(lines: list[str], spans: tuple[tuple[int, int], ...], sign: str) -> Iterator[Text]:
    """Lines of one sign; `spans` are what stands out, in their joined text without signs."""
    colour, offset = _COLOURS[sign], 0
    for line in lines:
        text, length = Text(sign, colour), len(line) - 1
        at = 0
        for start, end in spans:
            first, last = max(start - offset, at), min(end - offset, length)
            if first < last:
                text.append(escape(line[1 + at : 1 + first]))
                text.append(escape(line[1 + first : 1 + last]), "reverse")
                at = last
        text.append(_visible(line[1 + at :]))
        offset += length + 1
        yield text


def _visible(end_of_line: str) -> str:
    return escape(end_of_line.removesuffix("\r"))
