"""Puts back what a rewrite changed beside the words: indents, list marks, line breaks, quotes.

A writer that is asked for other words often sends tabs as blanks, `*` for `-`, or typographic
quotes. Lines are paired by their words; where a pair differs in such marks the old ones stay.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from self_refine.text.lines import split_lines

_MARK = re.compile(r"(?P<indent>[ \t]*)(?P<mark>[-*+](?=[ \t]))?")
_END = re.compile(r"(?<![ \t])(?P<blanks>[ \t]*+)(?P<end>\r\n|\r|\n)?\Z")
_QUOTES = str.maketrans({
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\u201a": "'",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_MOST_LINES = 4_000


def with_line_marks(old: str, new: str) -> str:
    """`new` with the indents, list marks and hard breaks that its lines had in `old`.

    Only where the two differ in kind, such as a tab and four blanks: a line that was moved a level
    deeper keeps its new indent.
    """
    before, after = split_lines(old), split_lines(new)
    if max(len(before), len(after)) > _MOST_LINES or old == new:
        return new
    tabs = _uses_tabs(before)
    made = list(after)
    for here, there in _pairs(before, after):
        made[there] = _line(before[here], after[there], tabs=tabs)
    return "".join(made)


def with_straight_quotes(old: str, new: str) -> str:
    """`new` with straight quotes, where `old` has no others; for code."""
    return new if old.translate(_QUOTES) != old else new.translate(_QUOTES)


def _uses_tabs(lines: Sequence[str]) -> bool:
    """Whether all lines that are indented are so by tabs."""
    indents = [line[0] for line in lines if line[:1] in (" ", "\t") and line.strip()]
    return bool(indents) and all(first == "\t" for first in indents)


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines that stand for each other: the same words, or as many lines in a changed block."""
    old, new = [_bare(line) for line in before], [_bare(line) for line in after]
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            yield from zip(range(a, b), range(c, d), strict=True)


def _bare(line: str) -> str:
    found = _MARK.match(line)
    return line[found.end() :].strip() if found else line.strip()


def _line(old: str, new: str, *, tabs: bool) -> str:
    """One line of the rewrite with the marks of the line that it stands for."""
    if not new.strip() or not old.strip():
        return new
    was, now = _MARK.match(old), _MARK.match(new)
    if was is None or now is None:
        return new
    indent = was["indent"] if _is_another_kind(was["indent"], now["indent"]) else now["indent"]
    if tabs and " " in indent:
        indent = was["indent"]
    mark = was["mark"] if was["mark"] and now["mark"] else now["mark"]
    return _with_break(old, f"{indent}{mark or ''}{new[now.end() :]}")


def _is_another_kind(was: str, now: str) -> bool:
    """Whether two indents differ in tabs and blanks, and not in blanks alone."""
    return was != now and ("\t" in was) != ("\t" in now)


def _with_break(old: str, new: str) -> str:
    """A hard break of Markdown at the end of a line stays: two blanks, which nobody sees."""
    was, now = _END.search(old), _END.search(new)
    if was is None or now is None or not old.strip():
        return new
    hard = len(was["blanks"]) > 1 and bool(was["end"]) and not now["blanks"] and bool(now["end"])
    same_end = _last_word(old) == _last_word(new)
    return f"{new[: now.start()]}{was['blanks']}{now['end']}" if hard and same_end else new


def _last_word(line: str) -> str:
    words = _WORD.findall(line)
    return words[-1] if words else ""
