"""Owns the `words` check: words and phrases to avoid, and what to write instead."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from self_refine.checks.check import MOST_FINDINGS, Base, Check, Common, one_line
from self_refine.checks.key_schema import TableOf, Text, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader, Values, WordList
from self_refine.checks.markup.units import in_any
from self_refine.checks.replacement import removal, replacement
from self_refine.checks.search.phrases import found_phrases
from self_refine.checks.subject import Subject
from self_refine.loop.types import CheckResult, Finding
from self_refine.text.spans import Edit, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class WordsCheck(Base):
    """Judges by a list of words and phrases."""

    phrases: tuple[str, ...]
    swaps: Mapping[str, str]
    """What to write instead, by the folded phrase; "" removes it."""

    def run(self, subject: Subject) -> CheckResult:
        """Find the words, leaving out code and addresses: there they are names."""
        return self.result(tuple(islice(self._found(subject), MOST_FINDINGS)))

    def _found(self, subject: Subject) -> Iterator[Finding]:
        for span in found_phrases(self.phrases, subject.text, subject.data):
            if not in_any(span, subject.code) and not _leaves_heading(span, subject):
                instead = self.swaps.get(folded(span.of(subject.text)))
                fix = _fix(subject.text, span, instead)
                names = {
                    "match": one_line(span.of(subject.text)),
                    "replacement": fix.text.strip() if fix and instead else "",
                }
                yield self.finding(subject, span, names, fix=fix)


def _leaves_heading(span: Span, subject: Subject) -> bool:
    """Whether the words begin in a heading and end below it: no phrase, two neighbours."""
    if "\n" not in span.of(subject.text):
        return False
    return any(part.heading.overlaps(span) for part in subject.outline)


def _fix(text: str, span: Span, instead: str | None) -> Edit | None:
    if instead is None:
        return None
    return replacement(text, span, instead) if instead else removal(text, span)


def folded(words: str) -> str:
    """The form in which two writings of one phrase are the same."""
    return " ".join(words.replace("\u2019", "'").lower().split())


def _build(common: Common, values: Values, read: Reader) -> Check | Fault:
    swaps: Mapping[str, str] = values.get("swap", {})
    listed = _listed(values, read)
    if isinstance(listed, Fault):
        return listed
    forbidden = (*values.get("forbid", ()), *listed)
    if not swaps and not forbidden:
        return Fault("kind", "A words check needs `forbid`, `swap` or `file`.", "CR207")
    known = {folded(phrase): instead for phrase, instead in swaps.items()}
    if both := next((phrase for phrase in forbidden if folded(phrase) in known), None):
        return Fault("swap", f"{both!r} stands under `swap` and is forbidden too: keep one.")
    if len(known) < len(swaps):
        return Fault("swap", "Two phrases under `swap` differ in case or spaces alone: keep one.")
    given: Sequence[str] = values.get("forbid", ())
    folds = Counter(map(folded, given))
    if twice := next((phrase for phrase in given if folds[folded(phrase)] > 1), None):
        message = f"{twice!r} stands here twice, in whatever case: keep one."
        return Fault("forbid", message, "CR203")
    phrases = tuple(dict.fromkeys((*swaps, *forbidden)))
    if not all(map(folded, phrases)):
        return Fault("swap" if "" in known else "forbid", "A phrase has no words in it.")
    return WordsCheck(common=common, phrases=phrases, swaps=known)


def _listed(values: Values, read: Reader) -> tuple[str, ...] | Fault:
    if "file" not in values:
        return ()
    got = read(values["file"])
    if not isinstance(got, WordList):
        return Fault("file", got)
    lines = (line.strip() for line in got.text.split("\n"))
    words = tuple(line for line in lines if line and not line.startswith("#"))
    return words or Fault("file", f"{values['file']!r} lists no words: one word or phrase a line.")


SPEC = KindSpec(
    keys={
        "forbid": Texts(),
        "swap": TableOf(Text(blank=True)),
        "file": Text(),
    },
    names=frozenset({"match", "replacement"}),
    message="'{match}' is on the list of words to avoid.",
    build=_build,
)
