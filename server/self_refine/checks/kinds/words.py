"""The `words` check: words and phrases to avoid, and what to write instead."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import islice

from self_refine.checks.check import MOST_FIXED, Base, Check, Common, limited, one_line
from self_refine.checks.fixes.mentions import is_mentioned, listed
from self_refine.checks.fixes.neighbours import Neighbours
from self_refine.checks.fixes.removal import removal
from self_refine.checks.fixes.replacement import Swap, is_titled, replacement
from self_refine.checks.fixes.safe_edits import safe_edits
from self_refine.checks.fixes.sentence import opens_clause, opens_sentence
from self_refine.checks.key_schema import Flag, TableOf, Text, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values, WordList
from self_refine.checks.markup.names import is_name
from self_refine.checks.search.natural_languages import is_beside_foreign
from self_refine.checks.search.phrases import found_phrases
from self_refine.checks.search.scripts import splits_katakana
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding
from self_refine.text.spans import Edit, Span

_INSTEAD = "Write '{replacement}', not '{match}'."
_REMOVED = "'{match}' can go."
_AVOIDED = "'{match}' is on the list of words to avoid."


class Use(Enum):
    """What a list says of a phrase."""

    SWAP = "swap"
    OPENING = "opening_swap"
    """As `swap`, and no fault where it opens no sentence or clause."""
    SUGGEST = "suggest"
    """What might be written instead is said, and never written by the check."""
    FORBID = "forbid"


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of a list."""

    phrase: str
    use: Use
    instead: str = ""
    """What to write; "" removes the phrase."""
    elsewhere: str | None = None
    """What is suggested where a phrase that is to open a sentence opens none."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A place where a phrase stands."""

    span: Span
    entry: Entry
    edit: Edit | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WordsCheck(Base):
    """Judges by a list of words and phrases."""

    phrases: tuple[str, ...]
    entries: Mapping[str, Entry]
    """What the list says, by the folded phrase."""
    match_case: bool
    neighbours: Neighbours = field(default_factory=Neighbours)
    """Words beside which nothing is written."""

    def run(self, subject: Subject) -> CheckResult:
        """Find the words in prose; code, addresses and quotations are left alone."""
        found = _sure(subject.text, tuple(islice(self._places(subject), MOST_FIXED)))
        if not found and (other := self.not_for(subject)):
            return other
        edits = [place.edit for place in found if place.edit is not None]
        safe = safe_edits(subject.text, subject.map, subject.language, edits) if edits else ()
        return self.result(
            limited(self._report(subject, place, fine=place.edit in safe) for place in found)
        )

    def _places(self, subject: Subject) -> Iterator[_Found]:
        view = subject.view(self.scopes())
        for seen in found_phrases(
            self.phrases, subject.text, view.data, match_case=self.match_case
        ):
            span = view.original(seen)
            entry = self.entries[folded(span.of(subject.text), match_case=self.match_case)]
            if entry.elsewhere is not None and not _opens(subject.text, span.start, entry):
                entry = Entry(entry.phrase, Use.SUGGEST, entry.elsewhere)
            if self._counts(subject, span, entry):
                edit = self._edit(subject, span, entry)
                if edit is None or edit.text != edit.span.of(subject.text):
                    yield _Found(span, entry, edit)

    def _counts(self, subject: Subject, span: Span, entry: Entry) -> bool:
        """Whether the words at `span` are what the list means."""
        text = subject.text
        return not (
            is_name(text, span)
            or (entry.instead and _reads_so_already(text, span, entry))
            or (entry.use is Use.OPENING and not _opens(text, span.start, entry))
            or _leaves_heading(span, subject)
            or self.is_foreign(subject, span.start)
        )

    def _edit(self, subject: Subject, span: Span, entry: Entry) -> Edit | None:
        """What the list says is to be written, where nothing beside the words speaks against it."""
        if entry.use in (Use.FORBID, Use.SUGGEST):
            return None
        doubtful = (
            is_mentioned(subject.text, span, entry.instead)
            or self.neighbours.forbid(subject.text, span)
            or is_beside_foreign(subject.text, span, self.common.text_languages)
            or span.of(subject.text) in subject.identifiers
        )
        return None if doubtful else _edit(subject, span, entry)

    def _report(self, subject: Subject, place: _Found, *, fine: bool) -> Finding:
        words = place.span.of(subject.text)
        names = {"match": one_line(words), "replacement": _shown(place)}
        default = self.common.message == SPEC.message
        return self.finding(
            subject,
            place.span,
            names,
            fix=place.edit if fine else None,
            message=_default(place.entry) if default else "",
        )


def _sure(text: str, found: tuple[_Found, ...]) -> tuple[_Found, ...]:
    """The same, with no edit of what is listed side by side, or is a name elsewhere in the text."""
    rows = listed(text, [place.span for place in found])
    names = {
        words
        for place in found
        if place.edit is None
        and place.entry.use in (Use.SWAP, Use.OPENING)
        and (words := place.span.of(text))[:1].isupper()
        and " " not in words
        and not opens_sentence(text, place.span.start)
    }
    return tuple(
        replace(place, edit=None)
        if place.span in rows or (names and place.span.of(text) in names)
        else place
        for place in found
    )


def _opens(text: str, at: int, entry: Entry) -> bool:
    """Whether the phrase opens what it must: between two commas words cannot simply go."""
    return opens_clause(text, at) if entry.instead else opens_sentence(text, at)


def _default(entry: Entry) -> str:
    if entry.use is Use.FORBID:
        return _AVOIDED
    return _INSTEAD if entry.instead else _REMOVED


def _shown(place: _Found) -> str:
    """What is to be written there, in the case that it would have."""
    if not place.entry.instead or place.edit is None:
        return place.entry.instead
    written = place.edit.text.strip()
    kept = place.span.start - place.edit.span.start
    # The article before it may be a part of the edit, and is not of the phrase.
    return one_line(written.split(" ", 1)[1] if kept > 1 and " " in written else written)


def _edit(subject: Subject, span: Span, entry: Entry) -> Edit | None:
    if splits_katakana(subject.text, span.start, span.end):
        return None
    title = subject.heading_at(span.start)
    if not entry.instead:
        named = not title and is_titled(span.of(subject.text), entry.phrase)
        return None if named else removal(subject.text, span)
    return replacement(subject.text, span, Swap(entry.phrase, entry.instead), title=title)


def _reads_so_already(text: str, span: Span, entry: Entry) -> bool:
    """Whether the replacement stands there, of which the phrase is a part."""
    instead, words = entry.instead, span.of(text)
    if words == instead:
        return True
    at = instead.lower().find(entry.phrase.lower())
    if at < 0 or len(instead) == len(entry.phrase):
        return False
    start = span.start - at
    return start >= 0 and text[start : start + len(instead)].lower() == instead.lower()


def _leaves_heading(span: Span, subject: Subject) -> bool:
    """Whether the words begin in a heading and end below it: no phrase, two neighbours."""
    if "\n" not in span.of(subject.text):
        return False
    return any(part.heading.overlaps(span) for part in subject.outline)


def folded(words: str, *, match_case: bool = False) -> str:
    """The form in which two writings of one phrase are the same."""
    words = " ".join(words.replace("\u2019", "'").split())
    return words if match_case else words.lower()


def _build(common: Common, values: Values, read: Reader) -> Check | Fault:
    listed = _listed(values, read)
    if isinstance(listed, Fault):
        return listed
    match_case = values.get("match_case", False)
    entries = (
        *_tables(values),
        *(Entry(p, Use.FORBID) for p in (*values.get("forbid", ()), *listed)),
    )
    if not entries:
        return Fault("kind", "A words check needs `forbid`, `swap` or `file`.", "CR207")
    if fault := _fault(values, entries, match_case=match_case):
        return fault
    known = {folded(entry.phrase, match_case=match_case): entry for entry in reversed(entries)}
    phrases = tuple(dict.fromkeys(entry.phrase for entry in entries))
    return WordsCheck(
        common=common,
        phrases=phrases,
        entries=known,
        match_case=match_case,
        neighbours=Neighbours.of(values.get("no_fix_before", ()), values.get("no_fix_after", ())),
    )


def _tables(values: Values) -> Iterator[Entry]:
    for use in (Use.SWAP, Use.OPENING, Use.SUGGEST):
        table: Mapping[str, str] = values.get(use.value, {})
        for phrase, instead in table.items():
            if use is Use.OPENING:
                yield Entry(phrase, use, instead, values.get("suggest", {}).get(phrase))
            elif use is Use.SWAP or phrase not in values.get("opening_swap", {}):
                yield Entry(phrase, use, instead)


def _fault(values: Values, entries: Sequence[Entry], *, match_case: bool) -> Fault | None:
    """What is wrong with the lists together."""
    swaps = [e for e in entries if e.use is not Use.FORBID]
    known = Counter(folded(e.phrase, match_case=match_case) for e in swaps)
    forbidden: Sequence[str] = values.get("forbid", ())
    both = next((p for p in forbidden if folded(p, match_case=match_case) in known), None)
    if both:
        return Fault("swap", f"{both!r} stands under `swap` and is forbidden too: keep one.")
    if any(count > 1 for count in known.values()):
        return Fault("swap", "Two phrases under `swap` differ in case or spaces alone: keep one.")
    folds = Counter(folded(phrase, match_case=match_case) for phrase in forbidden)
    twice = next((p for p in forbidden if folds[folded(p, match_case=match_case)] > 1), None)
    if twice:
        return Fault("forbid", f"{twice!r} stands here twice, in whatever case: keep one.", "CR203")
    if not all(folded(entry.phrase) for entry in entries):
        return Fault("swap" if "" in known else "forbid", "A phrase has no words in it.")
    return None


def _listed(values: Values, read: Reader) -> tuple[str, ...] | Fault:
    if "file" not in values:
        return ()
    got = read(values["file"])
    if not isinstance(got, WordList):
        return Fault("file", got)
    lines = (line.strip() for line in got.text.split("\n"))
    words = tuple(line for line in lines if line and not line.startswith("#"))
    return words or Fault("file", f"{values['file']!r} lists no words: one word or phrase a line.")


_PATTERN = re.compile(
    r"\w\|\w|\\[bwdsBWDS]|\.[*+]|\(\?|\[[^\]\s]*-[^\]\s]*\]|[)\w][*+?](?:\s|\Z)|\)\?"
)


def _doubts(values: Values) -> Iterator[Fault]:
    """Alternatives and patterns: this kind takes every character as it stands."""
    for key in ("swap", "opening_swap", "suggest", "forbid"):
        for phrase in values.get(key, ()):
            if "|" in phrase and re.search(r"\w\s*\|\s*\w", phrase):
                advice = "write each on a line of its own"
                yield Fault(key, f"{phrase!r} is looked for as it stands, with the '|': {advice}.")
            elif _PATTERN.search(phrase):
                advice = "use a check of `kind: regex` for a pattern"
                yield Fault(key, f"{phrase!r} is looked for as it stands: {advice}.")


SPEC = KindSpec(
    keys={
        "forbid": Texts(),
        "swap": TableOf(Text(blank=True)),
        "opening_swap": TableOf(Text(blank=True)),
        "suggest": TableOf(Text()),
        "match_case": Flag(),
        "no_fix_before": Texts(),
        "no_fix_after": Texts(),
        "file": Text(),
    },
    names=frozenset({"match", "replacement"}),
    message=_AVOIDED,
    build=_build,
    doubts=_doubts,
)
