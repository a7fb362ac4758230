"""Owns the `keep` check: what a refinement may not change, found by comparing with the original."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from self_refine.checks.check import MOST_SHOWN, Base, Check, Common, one_line
from self_refine.checks.key_schema import Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values
from self_refine.checks.markup.python_signatures import place_of, signatures
from self_refine.checks.markup.units import fences
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding, Kind
from self_refine.text.spans import Span

_PLACEHOLDER = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\$\{[^{}\n]{0,200}\}|\{[A-Za-z_0-9.!:\[\]]{0,80}\}"
    r"|%\([A-Za-z_]\w{0,80}\)[a-z]|%[sdif]\b|<[A-Z][A-Z_]{1,80}>|\[[A-Z][A-Z _]{1,80}\]"
)
_LINK = re.compile(
    r"\]\(([^()\s]{1,2000})|(https?://[^\s<>\"')\]]+)|^\[[^\]\n]+\]:[ \t]*(\S+)", re.MULTILINE
)
_NUMBER = re.compile(r"(?<![\w.,])[-+]?\d+(?:[.,:/]\d+)*%?(?![\w])")

Found = tuple[tuple[str, Span], ...]
"""Things of one sort in a text, in order, each with what makes two of them the same."""


def _by(pattern: re.Pattern[str]) -> Callable[[str], Found]:
    def find(text: str) -> Found:
        return tuple(_keyed(found) for found in pattern.finditer(text))

    return find


def _keyed(found: re.Match[str]) -> tuple[str, Span]:
    group = found.lastindex or 0
    return found[group], Span(*found.span(group))


def _fences(text: str) -> Found:
    return tuple((span.of(text), span) for span in fences(text))


_SORTS: dict[str, Callable[[str], Found]] = {
    "placeholders": _by(_PLACEHOLDER),
    "links": _by(_LINK),
    "numbers": _by(_NUMBER),
    "code-fences": _fences,
}
_SINGULAR = {
    "placeholders": "placeholder",
    "links": "link",
    "numbers": "number",
    "code-fences": "code block",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepCheck(Base):
    """Judges by what the original had."""

    keep: tuple[str, ...]

    def run(self, subject: Subject) -> CheckResult:
        """Report what was lost, added or changed; the original itself passes."""
        if subject.text == subject.original:
            return self.result(())
        if "public-signatures" in self.keep and (reason := _unreadable(subject)):
            return self.not_checked(reason)
        return self.result(tuple(islice(self._found(subject), MOST_SHOWN)))

    def _found(self, subject: Subject) -> Iterator[Finding]:
        for sort in self.keep:
            if sort == "public-signatures":
                yield from self._signatures(subject)
            else:
                yield from self._things(subject, sort)

    def _things(self, subject: Subject, sort: str) -> Iterator[Finding]:
        before, after = _SORTS[sort](subject.original), _SORTS[sort](subject.text)
        lost = Counter(key for key, _ in before) - Counter(key for key, _ in after)
        new = Counter(key for key, _ in after) - Counter(key for key, _ in before)
        for key, span in _take(after, new):
            names = {"name": one_line(key), "sort": _SINGULAR[sort], "state": "added"}
            yield self.finding(subject, span, names, kind=Kind.EXTRA)
        places = _places(before, after)
        for key, _ in _take(before, lost):
            names = {"name": one_line(key), "sort": _SINGULAR[sort], "state": "lost"}
            yield self.finding(subject, places[key], names, kind=Kind.MISSING)

    def _signatures(self, subject: Subject) -> Iterator[Finding]:
        before, after = signatures(subject.original) or {}, signatures(subject.text)
        if after is None:
            names = {"name": "of code that no longer parses", "sort": "signature", "state": "lost"}
            yield self.finding(subject, Span(0, len(subject.text)), names)
            return
        for name, old in before.items():
            new = after.get(name)
            if new is None:
                end = Span(len(subject.text), len(subject.text))
                names = {"name": name, "sort": "signature", "state": "lost"}
                yield self.finding(subject, end, names, kind=Kind.MISSING)
            elif new.shape != old.shape:
                names = {"name": name, "sort": "signature", "state": "changed"}
                yield self.finding(subject, place_of(new, subject.text), names)


def _unreadable(subject: Subject) -> str:
    if subject.language != "python":
        return f"public-signatures reads Python, not {subject.language}"
    if signatures(subject.original) is None:
        return "the original does not parse as Python by itself"
    return ""


def _take(things: Found, counts: Counter[str]) -> Iterator[tuple[str, Span]]:
    """As many of each as counted, the last ones in the text: an addition tends to follow."""
    left = Counter(counts)
    taken = []
    for key, span in reversed(things):
        if left[key] > 0:
            left[key] -= 1
            taken.append((key, span))
    return reversed(taken)


def _places(before: Found, after: Found) -> dict[str, Span]:
    """For each thing of the original, the place behind its last neighbour that is still there."""
    ends = {key: span.end for key, span in reversed(after)}
    places: dict[str, Span] = {}
    at = 0
    for key, _ in before:
        at = ends.get(key, at)
        places[key] = Span(at, at)
    return places


def _build(common: Common, values: Values, _: Reader) -> Check | Fault:
    return KeepCheck(common=common, keep=tuple(dict.fromkeys(values["keep"])))


SPEC = KindSpec(
    keys={"keep": Texts(one_of=("public-signatures", *_SORTS))},
    required=("keep",),
    names=frozenset({"name", "sort", "state"}),
    message="The refinement {state} the {sort} {name}.",
    build=_build,
)
