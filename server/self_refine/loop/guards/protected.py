"""Owns what a rewrite must carry over: protected stretches, links, placeholders, fenced code."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from self_refine.loop.task import Task
from self_refine.loop.types import Finding, Kind
from self_refine.text.invisible import plain
from self_refine.text.segmenting.segments import is_prose
from self_refine.text.spans import Span

URL = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s<>\"'`()\[\]{}]+(?<![.,;:!?*_])")
_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\$\{[^{}\n]{0,200}\}|\{[A-Za-z_0-9.!:\[\]]{0,80}\}"
    r"|%\([A-Za-z_]\w{0,80}\)[a-z]|(?<![\w%])%[sdif]\b|<[A-Z][A-Z_]{1,80}>|\[[A-Z][A-Z _]{1,80}\]"
)
_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n|\Z)")


@dataclass(frozen=True, slots=True)
class _Kept:
    """Something that stands in the text and has to stay."""

    sort: str
    key: str
    span: Span


def protected_change(old: str, new: str, task: Task, todo: Sequence[Finding]) -> str:
    """What `new` loses that it had to carry over, as a clause; "" for nothing.

    Compared as multisets. A stretch that a finding is about may go, and for each placeholder that
    goes another may come. A link that is new is not refused here: a person has to look at it.
    """
    before = list(_all_of(old, task))
    after = Counter((k.sort, k.key) for k in _all_of(new, task))
    free = Counter((k.sort, k.key) for k in before if any(_is_about(f, k, old) for f in todo))
    had = Counter((k.sort, k.key) for k in before)
    for sort, key in had - after - free:
        return f"it loses or changes the {sort} {plain(key, 80)!r}"
    gained = [key for sort, key in (after - had).elements() if sort == "placeholder"]
    if len(gained) > sum(n for (sort, _), n in free.items() if sort == "placeholder"):
        return f"it adds the placeholder {plain(gained[0], 80)!r}"
    return ""


def _all_of(text: str, task: Task) -> Iterator[_Kept]:
    for stretch in dict.fromkeys(task.protect):
        yield from _found("protected text", re.compile(re.escape(stretch)), text)
    yield from _found("link", URL, text)
    if is_prose(task.language):
        # In code braces and fences are syntax, which the criteria and the checks look after.
        yield from _found("placeholder", _PLACEHOLDER, text)
        for span in _code_blocks(text):
            yield _kept("code block", span, text)


def _found(sort: str, pattern: re.Pattern[str], text: str) -> Iterator[_Kept]:
    for match in pattern.finditer(text):
        if match[0]:
            yield _kept(sort, Span(*match.span()), text)


def _kept(sort: str, span: Span, text: str) -> _Kept:
    return _Kept(sort, span.of(text).replace("\r\n", "\n").replace("\r", "\n"), span)


def _code_blocks(text: str) -> Iterator[Span]:
    """Fenced blocks that are closed, fences with them; each line is looked at once."""
    opened, mark = 0, ""
    for line in _LINE.finditer(text):
        words = line[0].strip(" \t\r\n")
        run = _run(words)
        if not mark:
            opened, mark = line.start(), run
        elif run.startswith(mark) and not words.strip("`~"):
            yield Span(opened, line.start() + len(line[0].rstrip("\r\n")))
            mark = ""


def _run(words: str) -> str:
    """The signs that a fence begins with; "" where a line begins none."""
    sign = words[:1]
    run = words[: len(words) - len(words.lstrip(sign))] if sign in {"`", "~"} else ""
    return run if len(run) >= 3 else ""


def _is_about(finding: Finding, kept: _Kept, text: str) -> bool:
    """Whether a finding is about this very stretch.

    It is where its words lie inside, where the stretch is a third of its words, and where it says
    that these words are too much; one that is about most of the text is about nothing in it.
    """
    span = finding.span
    if not span.overlaps(kept.span):
        return False
    length, share = span.end - span.start, kept.span.end - kept.span.start
    if kept.span.contains(span) or 3 * share >= length:
        return True
    return finding.kind is Kind.EXTRA and 2 * length < len(text)
