"""Finds what a rewrite loses: numbers, dates, names, addresses, links, quotations, code, items.

Compared by code, on every rewrite: a critic that is the same small model as the writer approves a
text whose facts are gone (docs/quality.md has the figures). A fact is lost where it stands nowhere
in the new text; one that a finding quotes or asks to remove may go.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from self_refine.loop.guards.protected import URL
from self_refine.loop.types import Finding, Kind
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.invisible import plain
from self_refine.text.segmenting.blocks import blocks
from self_refine.text.segmenting.segments import is_prose, segments
from self_refine.text.spans import Span

_NUMBER = re.compile(
    r"(?<![\w.,])[+\-\u2212]?[$\u20ac\u00a3\u00a5]?\d(?:[\d.,:/\u2019']*\d)?"
    r"(?:[ \u00a0]?(?:%|\u2030|\u20ac|\u00b0[CF]?)|[A-Za-z]{1,4}\b)?"
)
_CODE_NUMBER = re.compile(r"(?<![\w.])\d[\w.]*")
_VERSION = re.compile(r"\bv\d+(?:\.\d+)*\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:^|\n)[ \t>]*\Z")
"""Before the number of a list item, which changes as items come and go."""
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
_QUOTED = re.compile(
    "\u201c[^\u201c\u201d\n]{3,300}\u201d|\u00ab[^\u00ab\u00bb\n]{3,300}\u00bb"
    "|\u201e[^\u201e\u201c\n]{3,300}\u201c|\u300c[^\u300c\u300d\n]{2,300}\u300d"
    r'|(?<![\w"])"[^"\n]{3,300}"(?![\w"])'
)
_CODE_SPAN = re.compile(r"(?<!`)`[^`\n]{1,200}`(?!`)")
_STRING = re.compile(r'"[^"\n\\]{2,200}"|\'[^\'\n\\]{2,200}\'')
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_ACRONYM = re.compile(r"\b(?=[A-Z0-9-]*[A-Z][A-Z0-9-]*[A-Z0-9])[A-Z][A-Z0-9-]*[A-Z0-9](?!\w)")
_DAYS = frozenset(
    re.findall(
        r"\w+",
        """monday tuesday wednesday thursday friday saturday sunday january february april june july
        august september october november december montag dienstag mittwoch donnerstag freitag
        samstag sonntag januar februar m\u00e4rz juni juli oktober dezember lundi mardi mercredi
        jeudi vendredi samedi dimanche janvier f\u00e9vrier avril juin juillet ao\u00fbt septembre
        octobre novembre d\u00e9cembre""",
    )
)
_ALWAYS_CAPITAL = re.compile(r"I(?:['\u2019](?:m|ve|d|ll))?")
_NOUNS_CAPITAL = 0.12
"""Share of capitalised words inside sentences above which capitals mark nouns, as in German."""
_ROOM, _FEW = 6, 24
"""A quote of up to so many times a fact's length, or so many letters, is about the fact."""
_KEPT_OF_ITEM = 0.5
"""Share of a list item's words that some segment of the new text has to have."""
_MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a text says and that a rewrite has to carry over."""

    sort: str
    key: str
    """What is compared."""
    span: Span


def facts(text: str, language: str) -> tuple[Fact, ...]:
    """The facts of a text in order; list items are compared otherwise."""
    found = _of_prose(text, language) if is_prose(language) else _of_code(text)
    return tuple(sorted(found, key=lambda fact: fact.span))


def lost(old: str, new: str, language: str, findings: Iterable[Finding]) -> tuple[str, ...]:
    """What `new` no longer says, each for people, such as `the number "42"`; empty: nothing.

    Args:
        old: the text that the findings are about.
        new: what was made of it.
        language: the editor's language id.
        findings: what the change set out to fix.
    """
    findings = tuple(findings)
    has = _searcher(new, language)
    gone: dict[tuple[str, str], str] = {}
    missing = [fact for fact in facts(old, language) if not has(fact)]
    deleted = _deleted(old, new, findings) if missing else ()
    for fact in missing:
        may_go = any(_may_go(fact.span, finding, old) for finding in findings)
        if not may_go and not any(span.contains(fact.span) for span in deleted):
            said = plain(fact.span.of(old).strip("\"`'"), 60)
            gone.setdefault((fact.sort, fact.key), f'the {fact.sort} "{said}"')
    if is_prose(language):
        gone |= {("item", item): item for item in _lost_items(old, new, language, findings)}
    told = list(dict.fromkeys(gone.values()))
    more = len(told) - _MOST_TOLD
    return tuple(told[:_MOST_TOLD]) + ((f"{more} more",) if more > 0 else ())


def _of_prose(text: str, language: str) -> Iterator[Fact]:
    taken: list[Span] = []
    for sort, pattern in (("link", URL), ("address", _ADDRESS), ("code", _CODE_SPAN)):
        for match in pattern.finditer(text):
            taken.append(Span(*match.span()))
            yield Fact(sort, match[0], Span(*match.span()))
    for match in _QUOTED.finditer(text):
        if len(match[0].split()) > 1:
            yield Fact("quotation", _folded(match[0][1:-1]), Span(*match.span()))
    for sort, key, span in (*_numbers(text), *_names(text, language)):
        if not any(span.overlaps(other) for other in taken):
            yield Fact(sort, key, span)


def _of_code(text: str) -> Iterator[Fact]:
    for match in URL.finditer(text):
        yield Fact("link", match[0], Span(*match.span()))
    for match in _STRING.finditer(text):
        yield Fact("string", match[0][1:-1], Span(*match.span()))
    for match in _CODE_NUMBER.finditer(text):
        if match[0] not in ("0", "1"):
            yield Fact("number", match[0], Span(*match.span()))


def _numbers(text: str) -> Iterator[tuple[str, str, Span]]:
    for pattern in (_VERSION, _NUMBER):
        for match in pattern.finditer(text):
            behind = text[match.end() : match.end() + 2]
            listed = re.match(r"[.)][ \t]", behind) and _ORDINAL.search(text[: match.start()])
            if not listed:
                yield "number", _number_key(match[0]), Span(*match.span())


def _number_key(words: str) -> str:
    """A number without what separates its thousands and without its unit's blank."""
    bare = re.sub(r"(?<=\d)[,.\u2019'](?=\d{3}(?!\d))", "", words)
    digits = re.search(r"\d(?:[\d.,:/]*\d)?", bare)
    return digits.group() if digits else bare


def _names(text: str, language: str) -> Iterator[tuple[str, str, Span]]:
    for match in _ACRONYM.finditer(text):
        yield "name", match[0].lower(), Span(*match.span())
    starts = {_first_word(text, span) for span in segments(text, language)}
    inside = [m for m in _WORD.finditer(text) if m.start() not in starts]
    capitals = [m for m in inside if m[0][0].isupper() and not _ALWAYS_CAPITAL.fullmatch(m[0])]
    is_name = len(capitals) <= max(3, _NOUNS_CAPITAL * len(inside))
    named = {match.start() for match in capitals} if is_name else set[int]()
    for match in _WORD.finditer(text):
        day = match[0].lower() in _DAYS
        if day or match.start() in named or match[0][1:] != match[0][1:].lower():
            yield ("date" if day else "name"), _stem(match[0]), Span(*match.span())
    if not is_name:
        # Where every noun is capitalised, two that stand side by side are often a person.
        for left, right in pairwise(capitals):
            if text[left.end() : right.start()] == " ":
                span = Span(left.start(), right.end())
                yield "name", span.of(text).lower(), span


def _first_word(text: str, span: Span) -> int:
    word = _WORD.search(text, span.start, span.end)
    return word.start() if word else span.start


def _stem(word: str) -> str:
    return re.sub(r"['\u2019]s?$", "", word).lower()


def _searcher(new: str, language: str) -> Callable[[Fact], bool]:
    """Tells whether a fact still stands somewhere in the new text."""
    lowered, folded = new.lower(), _folded(new)
    numbers = {fact.key for fact in facts(new, language) if fact.sort == "number"}
    words = {_stem(match[0]) for match in _WORD.finditer(new)}

    def has(fact: Fact) -> bool:
        match fact.sort:
            case "number":
                return fact.key in numbers or re.search(_alone(fact.key), new) is not None
            case "name" | "date":
                return fact.key in words or re.search(_alone(fact.key), lowered) is not None
            case "quotation":
                return fact.key in folded
            case _:
                return fact.key in new

    return has


def _alone(words: str) -> str:
    return rf"(?<!\w){re.escape(words)}(?!\w)"


def _folded(words: str) -> str:
    return " ".join(words.split()).strip(" .,;:!?").lower()


def _may_go(place: Span, finding: Finding, old: str) -> bool:
    """Whether a finding is about this very place, or says that these words are too much."""
    if place.of(old).strip("\"`'").lower() in finding.problem.lower():
        return True
    if not finding.span.overlaps(place):
        return False
    length, share = finding.span.end - finding.span.start, place.end - place.start
    return (
        finding.kind is Kind.EXTRA
        or place.contains(finding.span)
        or length <= max(_ROOM * share, _FEW)
    )


def _deleted(old: str, new: str, findings: Sequence[Finding]) -> tuple[Span, ...]:
    """The quotes of findings that were deleted whole, with nothing in their place."""
    gone = [edit.span for edit in minimal_edits(old, new) if not edit.text.strip()]
    return tuple(
        finding.span
        for finding in findings
        if not finding.span.is_empty and any(span.contains(finding.span) for span in gone)
    )


def _lost_items(old: str, new: str, language: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Items of lists whose words no segment of the new text has."""
    items = [block.content for block in blocks(old) if block.kind == "item"]
    if not items:
        return
    there = [_bag(span.of(new)) for span in segments(new, language)]
    there += [_bag(block.content.of(new)) for block in blocks(new) if block.kind == "item"]
    for item in items:
        bag = _bag(item.of(old))
        need = _KEPT_OF_ITEM * bag.total()
        if not bag or any((bag & other).total() >= need for other in there):
            continue
        if not any(_asks_for(item, finding) for finding in findings):
            yield f'the item "{plain(item.of(old), 60)}"'


def _asks_for(item: Span, finding: Finding) -> bool:
    shared = min(item.end, finding.span.end) - max(item.start, finding.span.start)
    return 2 * shared >= item.end - item.start or (finding.kind is Kind.EXTRA and shared > 0)


def _bag(words: str) -> Counter[str]:
    return Counter(word.lower() for word in re.findall(r"\w+", words))
