"""Wording of questions that two readers answer differently, each with an example of a better one.

What it flags was tried on vague and observable questions (`tests/criteria/meaning`). All of it is
advice: a vague question is asked like any other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from self_refine.criteria.importing.check_candidates import candidate

_SUBJECTIVE = (
    "appropriate|appropriately|clean|clear|clearly|concise|consistent|elegant|engaging|good"
    "|high[- ]quality|idiomatic|intuitive|maintainable|meaningful|modern|natural|nice|polished"
    "|professional|proper|properly|quality|readable|reasonable|robust|simple|smooth|solid|suitable"
    "|unprofessional|well[- ]written|too (?:formal|informal|long|short|complex|vague|verbose)"
)
_QUALITY = re.compile(rf"\b(?P<word>{_SUBJECTIVE})\b", re.IGNORECASE)
_OBSERVABLE = re.compile(
    r"\d|\b(?:each|every|any|no|without|never|before|after|than|that|which|who|whose|where|because"
    r"|sentence|paragraph|word|phrase|heading|line|list|name|date|number|link|quote|clause|term"
    r"|function|class|test|variable|argument|comment|column|table|query|step|claim|source|unit)s?\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?P<word>try to|if possible|where (?:appropriate|possible|applicable)|when possible"
    r"|as (?:needed|appropriate|necessary)|generally|usually|ideally|in general|preferably)\b",
    re.IGNORECASE,
)
_TAUTOLOGY = re.compile(
    r"\b(?P<word>best practices?|industry standards?|be (?:accurate|correct|helpful|careful)"
    r"|make (?:it|this|the text|the code) better|don't (?:miss anything|make mistakes)"
    r"|high standards?|common sense|do (?:it|this) right)\b",
    re.IGNORECASE,
)
_IMPERATIVE_PAIR = re.compile(
    r"\b(?:check|ensure|verify|make sure)\b[^?.;]{3,80}\band\b", re.IGNORECASE
)
_COMPARATIVE = re.compile(
    r"\b(?P<word>shorter|longer|clearer|simpler|better|faster|smaller|more (?:formal|concise|clear"
    r"|readable|precise|engaging)|less (?:formal|verbose|wordy|complex))\b(?! than)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"\b(?:find|list|point out|identify|there (?:is|are) (?:always|an? error|errors|mistakes)"
    r"|what is wrong|how bad)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|\]\(")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful about a question."""

    code: str
    message: str


def doubts(question: str, keys: frozenset[str] = frozenset()) -> Iterator[Doubt]:
    """What would make two readers answer differently, the worst first.

    Args:
        question: as the critic reads it.
        keys: of its sub-bullets; `evidence` makes a quality something to point at.
    """
    yield from _unfit(question)
    found = None if _OBSERVABLE.search(question) else _COMPARATIVE.search(question)
    if found and "compare" not in keys:
        yield Doubt("CR106", f"{_word(found)!r} than what? Write a limit, or `compare: original` "
                    "below it: “Is a sentence longer than 25 words?”")  # fmt: skip
    quality = _QUALITY.search(question)
    if quality and "evidence" not in keys and not _OBSERVABLE.search(question):
        yield Doubt("CR102", f"Two readers disagree about {_word(quality)!r}. Say what they would "
                    "point at: “Is there a term that a new colleague would not know?”")  # fmt: skip
    elif not keys and not _OBSERVABLE.search(question) and len(question.split()) <= 4:
        yield Doubt("CR101", "Nothing here can be quoted. Say what a reader would point at: “Is "
                    "there a sentence that says what an earlier one already said?”")  # fmt: skip
    yield from _better(question, keys)


def _unfit(question: str) -> Iterator[Doubt]:
    if found := _TAUTOLOGY.search(question):
        yield Doubt("CR104", f"A critic aims at {_word(found)!r} anyway. Name one fault that you "
                    "have seen: “Does a figure lack its unit?”")  # fmt: skip
    if found := _HEDGE.search(question):
        yield Doubt("CR103", f"{_word(found)!r} leaves it open. Say when it holds, or leave it "
                    "out: “Is there a limit without a unit, outside of headings?”")  # fmt: skip
    if question.count("?") > 1 or _IMPERATIVE_PAIR.search(question):
        yield Doubt("CR105", "These are two questions, and one verdict cannot answer both. Make "
                    "two bullets of them.")  # fmt: skip
    if _LEADING.search(question):
        yield Doubt("CR107", "This tells the critic to find a fault, so it will. Ask whether there "
                    "is one: “Is there a claim without a source?”")  # fmt: skip


def _better(question: str, keys: frozenset[str]) -> Iterator[Doubt]:
    if candidate(question.removesuffix("?"), "x", "") is not None:
        yield Doubt("CR108", "A check decides this without a model: exact, free, the same each "
                    "time. `docs/criteria.md` lists the kinds.")  # fmt: skip
    if _LINK.search(question):
        yield Doubt("CR110", "The critic opens no link: write what stands behind it.")
    if "fix" not in keys and re.match(
        r"(?:no|never|don't|do not|avoid)\b", question, re.IGNORECASE
    ):
        yield Doubt("CR112", "It says only what not to do. Add `fix:` with what to do instead: a "
                    "rewrite needs a direction.")  # fmt: skip


def _word(found: re.Match[str]) -> str:
    return found["word"].lower()
