"""Tells the levels of a rubric ("5: …", "Good: …") from a list of rules: they are one question."""

import re
from collections.abc import Sequence

_NAMED = (
    "excellent|exemplary|outstanding|advanced|proficient|accomplished|strong|good|satisfactory"
    "|adequate|competent|developing|acceptable|average|fair|basic|beginning|beginner|intermediate"
    "|expert|novice|emerging|needs (?:work|improvement)|weak|poor|inadequate|unacceptable"
    "|unsatisfactory|failing|very (?:good|poor|weak)|low|medium|high|mid"
    "|(?:exceeds|meets|below|approaches)(?: expectations)?"
)
_NUMBER = r"\d{1,3}(?:\s*[\u2013-]\s*\d{1,3})?(?:\s*/\s*\d{1,3})?"
_POINTS = rf"(?:(?:score|level|grade|rating)\s*)?{_NUMBER}(?:\s*(?:%|points?|pts?|stars?))?"
_LETTER = r"(?:level|grade|band)\s+[A-F1-9]|[A-F](?=\s*[=:)\u2013-])"
_LEVEL = re.compile(
    rf"(?:\*\*|__)?\(?(?:{_POINTS}|{_LETTER})\)?(?:\s*[(\u2013-]\s*[^:*]{{1,30}}\)?)?"
    r"(?:\*\*|__)?\s*(?:[:=\u2013\u2014-]|\*\*|\.\s|\()",
    re.IGNORECASE,
)
_WORD = re.compile(
    rf"(?:\*\*|__)?(?:{_NAMED})(?:\s*\([^)]{{1,20}}\))?(?:\*\*|__)?\s*"
    r"(?:[:=\u2013\u2014]|-\s)(?:\*\*|__)?",
    re.IGNORECASE,
)


def are_levels(items: Sequence[str]) -> bool:
    """Whether these bullets are the levels of one scale, at least two of them."""
    if len(items) < 2:
        return False
    heads = [_head(words) for words in items]
    return all(heads) and len(set(heads)) == len(heads) and not _is_pair(heads)


def _head(words: str) -> str:
    bare = words.strip()
    found = _WORD.match(bare) or _LEVEL.match(bare)
    return re.sub(r"[\W_]+", " ", found[0]).strip().lower() if found else ""


def _is_pair(heads: list[str]) -> bool:
    """`Good:` and `Bad:` are examples of one rule; a list of two such is no scale."""
    return len(heads) == 2 and "good" in heads
