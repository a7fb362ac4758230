"""Which words above a list belong to its bullets: headings, and a line that leads in to it.

"Hashtags" asks nothing; below "Never use" it does.
"""

import re

_GENERIC = frozenset(
    [
        *("criteria", "criterion", "rules", "rule", "our rules", "the rules", "team rules"),
        *("guidelines", "guideline", "general", "general rules", "general guidelines", "guide"),
        *("overview", "introduction", "checklist", "check list", "check-list", "review checklist"),
        *("pr checklist", "style", "style guide", "styleguide", "conventions", "standards"),
        *("principles", "key principles", "best practices", "questions", "requirements", "main"),
        *("instructions", "details", "notes", "important", "rubric"),
    ]
)
"""Headings that say no more than that rules follow."""
_TELLING = re.compile(
    r"\b(?:never|always|avoid|don'?ts?|do not|must|forbidden|banned|prohibited|required"
    r"|prefer(?:red)?|use|dos|no|not|without|before|after|when|if|only|every|each|should|allowed|words|instead)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|^#+\s*|\s#+$")
_NUMBER = re.compile(r"\A(?:\d+[.)]|\d+(?:\.\d+)+\.?|[A-Z][.)])\s+")
_MOST = 160
"""Code points of one heading or line: longer ones are prose."""
_LEAD_WORDS = 8
"""Most words of a line without a colon that is taken for the title of the list below it."""


def context(title: str, headings: tuple[str, ...], lead: str) -> str:
    """What a bullet stands under, as words to put before it; "" for nothing that tells anything.

    Args:
        title: the file's heading. It counts only where it says what to do ("Never use").
        headings: those below the title, outermost first.
        lead: the line right above the list, or "".
    """
    own = tuple(cleaned(heading) for heading in headings)
    telling = [words for words in own if words and not is_generic(words)]
    if not telling and title and _TELLING.search(title) and not is_generic(title):
        telling = [cleaned(title)]
    before = cleaned(lead)
    if before and not is_generic(before) and before not in telling:
        telling.append(before)
    return " \u2013 ".join(telling)


def is_generic(heading: str) -> bool:
    """Whether a heading says no more than that rules follow."""
    return re.sub(r"[^\w\s'-]", "", heading).strip().lower() in _GENERIC


def is_lead_in(paragraph: str) -> bool:
    """Whether a paragraph right above a list leads in to it, and says nothing by itself."""
    words = paragraph.strip()
    if len(words) > _MOST * 2:
        return False
    if words.rstrip("*_ ").endswith((":", "\uff1a")):
        return True
    if "\n" in words:
        return False
    if re.fullmatch(r"(?:\*\*|__)[^*_]+(?:\*\*|__)", words):
        return True
    return len(words.split()) <= _LEAD_WORDS and not re.search(
        r"[.!?;,\u3002\uff01\uff1f]\Z", words
    )


def cleaned(heading: str) -> str:
    """A heading without numbers, marks and its colon, cut where it goes on like prose."""
    words = " ".join(_NUMBER.sub("", _MARKS.sub("", heading.strip())).split())
    words = words.rstrip(":\uff1a ").strip()
    return words if len(words) <= _MOST else words[: _MOST - 1].rstrip() + "\u2026"


def joined(before: str, words: str) -> str:
    """`words` after what they stand under or follow: a colon between, unless a mark is there."""
    if not before:
        return words
    if not words:
        return before
    return (
        f"{before} {words}"
        if before[-1] in ".?!:;,\u2026\uff1a\u3002\uff1f\uff01"
        else f"{before}: {words}"
    )
