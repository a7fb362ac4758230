"""Finds whole words and phrases in a text, in lists of a few or of a hundred thousand."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from heapq import merge
from typing import Any

from self_refine.checks.search.line_endings import encoded
from self_refine.checks.search.phrase_index import phrase_index
from self_refine.checks.search.scripts import is_unspaced
from self_refine.text.spans import Span

# Letters, digits and marks of any script; an apostrophe or a hyphen between two of them joins
# them to one word: "kindly" is no word of "kindly-worded", nor "it" of "it's".
_OUT = r"[^\pL\pN\pM_]"
_UNSPACED = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\x{30FC}\x{FF66}-\x{FF9F}]"
)
_BREAK = rf"(?:[^\pL\pN\pM_'\x{{2019}}\-]|{_UNSPACED})"
_END = rf"(?:{_OUT}|{_UNSPACED})"
_BEFORE = rf"(?:^|{_BREAK}|(?:^|{_END})['\x{{2019}}\-]+)"
_AFTER = rf"(?:$|{_BREAK}|['\x{{2019}}\-]+(?:$|{_END}))"
# Inside a paragraph: one line end at most, since a blank line ends what phrases stand in.
_BLANK = r"[ \t\x{A0}\x{202F}]"
_SPACE = rf"(?:{_BLANK}+(?:\r?\n{_BLANK}*)?|\r?\n{_BLANK}*)"
_WORDY = re.compile(r"\w")
_MEMORY = 64 << 20
"""Bytes that RE2 may use for one list of words; its own default is too small for hundreds."""
_MOST_IN_ONE = 400
"""Phrases of one expression; longer lists go through an index of their first words."""


def found_phrases(
    phrases: tuple[str, ...], text: str, data: bytes = b"", *, match_case: bool = False
) -> Iterator[Span]:
    """Each place where one of the phrases stands as whole words, leftmost and longest first.

    What has no letter, digit or `_` in it, such as a dash, is no word and found wherever it stands;
    so is what begins or ends in a script without blanks between words, on that side.

    White space inside a phrase stands for any white space, a line end too; either apostrophe
    for both. `data` is `encoded(text)`, where the caller has it already.
    """
    data = data or encoded(text)
    if len(phrases) > _MOST_IN_ONE:
        return phrase_index(phrases, match_case=match_case).found_in(data.decode("utf-8"))
    found = [
        _found(pattern, data, wants_before=wants_before)
        for pattern, wants_before in _patterns(phrases, match_case=match_case)
    ]
    return _apart(merge(*found, key=lambda span: (span.start, -span.end)))


@lru_cache(maxsize=64)
def _patterns(phrases: tuple[str, ...], *, match_case: bool) -> tuple[tuple[Any, bool], ...]:
    """The expressions of a list, each with whether it takes a character before the phrase."""
    groups: dict[tuple[str, str], list[str]] = {}
    for phrase in phrases:
        groups.setdefault(_edges(phrase), []).append(phrase)
    return tuple(
        (_compiled(tuple(some), before, after, match_case), bool(before))
        for (before, after), some in groups.items()
    )


def _edges(phrase: str) -> tuple[str, str]:
    """What must stand on each side of a phrase."""
    bare = phrase.strip()
    if not _WORDY.search(bare):
        return "", ""
    return "" if is_unspaced(bare[0]) else _BEFORE, "" if is_unspaced(bare[-1]) else _AFTER


def _apart(spans: Iterator[Span]) -> Iterator[Span]:
    """Without those that begin inside the one before, such as the hyphen of a word."""
    end = 0
    for span in spans:
        if span.start >= end:
            yield span
            end = span.end


def _found(pattern: Any, data: bytes, *, wants_before: bool) -> Iterator[Span]:
    at, counted, count = 0, 0, 0
    while found := pattern.search(data, at):
        start, end = found.span(1)
        count += len(data[counted:start].decode("utf-8"))
        counted = start
        yield Span(count, count + len(data[start:end].decode("utf-8")))
        # The last character of a phrase, or the one behind it, may be the one before the next.
        at = _last_character(data, start, end) if wants_before else end


def _last_character(data: bytes, start: int, end: int) -> int:
    """Where the last of several characters begins; the end where there is one alone."""
    at = end - 1
    while at > start and data[at] & 0xC0 == 0x80:
        at -= 1
    return at if at > start else end


def _compiled(phrases: tuple[str, ...], before: str, after: str, match_case: bool) -> Any:  # noqa: FBT001
    import re2  # noqa: PLC0415 - a server without checks does not pay for it

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = match_case
    options.max_mem = _MEMORY
    longest_first = sorted(phrases, key=len, reverse=True)
    either = "|".join(_phrase(words, re2.escape) for words in longest_first)
    return re2.compile(f"{before}({either}){after}".encode(), options)


def _phrase(words: str, escape: Callable[[str], str]) -> str:
    plain = words.replace("\u2019", "'")
    either = r"['\x{2019}]"
    return _SPACE.join(either.join(map(escape, word.split("'"))) for word in plain.split())
