"""Refuses what small models do to a text: repeat sentences, write out a critique, replace a place
by something else. Each was seen, with facts overwritten, and passed by the model as its critic.
"""

import re
from collections import Counter
from collections.abc import Sequence

from self_refine.loop.types import Finding, Kind
from self_refine.text.invisible import plain
from self_refine.text.segmenting.segments import is_prose, segments

_LEAST_WORDS = 4
"""Words from which a sentence that stands twice was not meant to."""
_RUN, _MOST_OF_IT = 5, 60
"""Words in a row that a text shares with a critique only by copying it: at least so many, and such
a share of a sentence in percent; what is missing is named in passing in many a true finding."""
_LEAST_KEPT = 0.2
"""Share of the words of a segment, or of its new text, that both have."""
_SHORT = 3
"""Words up to which a segment may be replaced by quite another."""
_ALL = 0.6
"""Share of a segment that a quote covers when the finding is about all of it."""

_PART = re.compile(r"[^\W\u2e80-\U0003ffff]+|[\u2e80-\U0003ffff]")
"""Words; of scripts that put no blanks between them, characters."""
_IN_QUOTES = re.compile(
    "\"[^\"]*\"|\u201c[^\u201c\u201d]*+\u201d|\u00ab[^\u00ab\u00bb]*+\u00bb|`[^`]*`|(?<!\\w)'[^']*'(?!\\w)"
)


def repeated(old: str, new: str, language: str) -> str:
    """A sentence that stands more often in `new` than in `old`, as a clause; "" for none."""
    if not is_prose(language):
        return ""  # lines of code may be equal
    had, has = _sentences(old, language), _sentences(new, language)
    for words, count in has.items():
        if count > 1 and count > had[words]:
            return f"it repeats the sentence {plain(words, 80)!r}"
    return ""


def copied(old: str, new: str, findings: Sequence[Finding]) -> str:
    """Words of a critique that `new` has taken over, as a clause; "" for none.

    What a finding puts in quotation marks is meant to be taken over.
    """
    before, after = _parts(old), _parts(new)
    for finding in findings:
        if finding.checked:
            continue  # a check's message may name the words to put
        for said in (finding.problem, finding.instruction):
            for bare in map(_parts, _IN_QUOTES.split(said)):
                size = max(_RUN, -(-_MOST_OF_IT * len(bare) // 100))
                if shared := (_runs(bare, size) & _runs(after, size)) - _runs(before, size):
                    words = " ".join(min(shared))
                    return f"it writes words of a finding into the text ({plain(words, 60)!r})"
    return ""


def unrelated(old: str, new: str, finding: Finding, *, quoted: float) -> str:
    """Why `new` is no new version of the segment `old`, as a clause; "" where it may be.

    Args:
        old: the words of the segment that is replaced.
        new: its new text.
        finding: what asked for it.
        quoted: the share of the segment that the finding quotes, 0 to 1.
    """
    before, after = _parts(old), _parts(new)
    if not after:
        fits = finding.kind is Kind.EXTRA or quoted >= _ALL
        return "" if fits else "it deletes more than the finding is about"
    kept = (Counter(before) & Counter(after)).total()
    if finding.kind is Kind.MISSING:
        lost = len(before) - kept
        return "" if 2 * lost <= len(before) else "it replaces words beside which some are missing"
    if len(before) <= _SHORT or quoted >= _ALL:
        return ""
    if max(kept / len(before), kept / len(after)) >= _LEAST_KEPT:
        return ""
    return "it has nothing to do with the words that it replaces"


def _sentences(text: str, language: str) -> Counter[str]:
    found = (" ".join(span.of(text).lower().split()) for span in segments(text, language))
    return Counter(words for words in found if len(_parts(words)) >= _LEAST_WORDS)


def _parts(words: str) -> list[str]:
    return [part.lower() for part in _PART.findall(words)]


def _runs(parts: Sequence[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(parts[at : at + size]) for at in range(len(parts) - size + 1)}
