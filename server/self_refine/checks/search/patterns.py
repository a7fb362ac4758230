"""Owns RE2: compiles the patterns of criteria files, and explains what RE2 does not take.

RE2 runs in time linear in the text. Python's `re` does not: `(a+)+$` against 26 characters takes
seconds. So there is no fall-back to `re`, and what RE2 lacks is an error in the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from self_refine.checks.search.line_endings import Flat, flat
from self_refine.checks.search.view import View
from self_refine.text.spans import Span

_UNSUPPORTED = (
    (re.compile(r"\(\?<?[=!]"), "look-around"),
    (re.compile(r"\\[1-9]|\(\?P="), "a back-reference"),
    (re.compile(r"\(\?>"), "an atomic group"),
    (re.compile(r"\(\?\("), "a conditional group"),
    (re.compile(r"\(\?#"), "a comment"),
    (re.compile(r"\(\?[aiLmsux]*[aLux]"), "a flag that RE2 does not know"),
    (re.compile(r"[*+?}]\+"), "a possessive repetition"),
    (re.compile(r"\\Z"), r"'\Z' (write '\z')"),
)
_PROBES = (b"", b"\x00", b"a1. -", b"\n\n", "\u65e5".encode())
"""Texts that have no character in common."""
_EMPTY = re.compile(r"(?:\\[AbBz]|[\^$|()?*+]|\{\d*,?\d*\}|\(\?(?:P?<\w+>|[a-zA-Z-]*[:)]))*")
"""Patterns of anchors alone: they match between characters, and never one."""
_MOST_COMPILED = 1 << 20
"""Bytes of a compiled pattern: what people write takes a hundredth of it."""
_ANY_BYTE = re.compile(r"(?<!\\)(?:\\\\)*\\C")


@dataclass(frozen=True, slots=True)
class BadPattern:
    """A pattern that cannot be used."""

    message: str
    python_only: bool
    """Whether Python's `re` takes it, and RE2 does not."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that RE2 took. It pickles as its source, and is compiled where it is used."""

    source: str
    ignore_case: bool = False
    multiline: bool = False

    @property
    def regexp(self) -> Any:
        """RE2's own, over bytes."""
        return _regexp(self.source, self.ignore_case, self.multiline)

    @property
    def groups(self) -> int:
        """How many groups it captures."""
        count: int = self.regexp.groups
        return count

    def found_in(self, text: str, seen: Flat | View | None = None) -> "Iterator[Match]":
        """The matches from left to right, none overlapping, empty ones left out.

        Args:
            text: what to search; spans and groups are in its own offsets and words.
            seen: the part of it to look at; all of it where there is none.
        """
        seen = seen or flat(text)
        spans = range(1, self.groups + 1)
        about: int = self.regexp.groupindex.get(b"at", 0)  # its names are bytes, as the pattern is
        at, counted = 0, 0
        for found in self.regexp.finditer(seen.data):
            start, end = found.span()
            if start < end:
                counted += seen.count(at, start)
                at = start
                meant = about if about and found.span(about)[0] >= 0 else 0
                parts = (_place(found.span(n), start, counted, seen) for n in (meant, *spans))
                whole, *groups = (seen.original(part) for part in parts)
                yield Match(whole, (whole.of(text), *(group.of(text) for group in groups)))

    def group_in(self, text: str, *names: str) -> "Iterator[tuple[Span, Span]]":
        """Each match and its group: the first of those names that it has, else its first group.

        Args:
            text: what to search; spans are in its own offsets.
            names: of groups.
        """
        seen = flat(text)
        known = self.regexp.groupindex
        group = next((known[name.encode()] for name in names if name.encode() in known), 1)
        at, counted = 0, 0
        for found in self.regexp.finditer(seen.data):
            counted += seen.count(at, found.start())
            at = found.start()
            whole, part = (
                seen.original(_place(found.span(n), at, counted, seen)) for n in (0, group)
            )
            if found.span(group)[0] >= 0 and not part.is_empty:
                yield whole, part

    @property
    def fits_all(self) -> bool:
        """Whether it matches in every text, be it nothing at all: then requiring it is idle."""
        return all(self.regexp.search(text) for text in _PROBES)

    def occurs_in(self, text: str) -> bool:
        """Whether it matches anywhere, be it nothing at all."""
        return self.regexp.search(flat(text).data) is not None


@dataclass(frozen=True, slots=True)
class Match:
    """One place where a pattern matches."""

    span: Span
    """Of its group named `at`, where it has one; else of all that matches."""
    groups: tuple[str, ...]
    """The whole, then each captured group; "" for one that took no part."""


def _place(found: tuple[int, int], start: int, counted: int, seen: Flat | View) -> Span:
    """A part of a match, given in bytes, in code points; `counted` of them stand before `start`."""
    if found[0] < 0:
        return Span(counted, counted)
    before = counted + seen.count(start, found[0])
    return Span(before, before + seen.count(*found))


@lru_cache(maxsize=512)
def compile_pattern(
    source: str, *, ignore_case: bool = False, multiline: bool = False
) -> Pattern | BadPattern:
    """Compile for RE2. The library is imported on the first call, not before."""
    import re2  # noqa: PLC0415 - a server without checks does not pay for it

    try:
        _regexp(source, ignore_case, multiline)
        return _sound(Pattern(source, ignore_case, multiline), source)
    except re2.error as error:
        return _explained(source, error)
    except UnicodeEncodeError:
        return BadPattern("The pattern has half of a character in it.", python_only=False)


@lru_cache(maxsize=512)
def _regexp(source: str, ignore_case: bool, multiline: bool) -> Any:  # noqa: FBT001 - a cache's key
    import re2  # noqa: PLC0415 - as above

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    options.max_mem = _MOST_COMPILED
    # Bytes, so that a text is encoded once for all patterns.
    data = (f"(?m){source}" if multiline else source).encode("utf-8")
    return re2.compile(data, options)


def _sound(pattern: Pattern, source: str) -> Pattern | BadPattern:
    if _ANY_BYTE.search(source):
        return BadPattern(r"'\C' would cut characters in two: write '.'.", python_only=False)
    return pattern


def _explained(source: str, error: Exception) -> BadPattern:
    said = error.args[0] if error.args else error
    reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if "too large" in reason:
        return BadPattern(
            "The pattern is too large: compiled, it would take more than 1 MB. Repeat less, such "
            "as {1,20} for {1,1000}, or make several checks of it.",
            python_only=False,
        )
    for unsupported, name in _UNSUPPORTED:
        if unsupported.search(source):
            return BadPattern(
                f"RE2, which runs the patterns, has no such thing as {name}: {reason}. "
                "Python's `re` would take time without limit on some texts, so there is no "
                "fall-back to it; write the pattern without.",
                python_only=True,
            )
    return BadPattern(f"RE2 does not take this pattern: {reason}.", python_only=False)


def matches_no_words(source: str) -> str:
    """Say that a pattern never matches a character, if so; what matches nothing is left out."""
    if not _EMPTY.fullmatch(source):
        return ""
    return (
        "This matches a place between characters and never one of them, so it would find nothing: "
        "write what is to be found, such as \\bTODO\\b."
    )


def check_rewrite(template: str, groups: int) -> str:
    r"""Say what is wrong with a rewrite such as `\1 of \2`; "" where nothing is."""
    for found in re.finditer(r"\\(.?)", template, re.DOTALL):
        char = found[1]
        if char.isascii() and char.isdigit():
            if int(char) > groups:
                return f"'\\{char}' names a group, and the pattern has {groups}."
        elif char != "\\":
            return f"'\\{char}' means nothing here: write \\0 to \\9 for groups, \\\\ for '\\'."
    return ""


def rewritten(template: str, groups: tuple[str, ...]) -> str:
    r"""Fill a rewrite: `\0` is the whole match, `\1` to `\9` its groups."""
    return re.sub(
        r"\\([0-9\\])",
        lambda found: "\\" if found[1] == "\\" else groups[int(found[1])],
        template,
    )
