"""What a bullet begins with: `**id** (severity):`, `**Title**: …`, `(error) …`, or none of it."""

import re
from dataclasses import dataclass, replace

from self_refine.criteria.meaning.list_context import joined
from self_refine.criteria.reading.front_matter import ID
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.loop.types import Severity
from self_refine.text.spans import Span

_SEVERITIES = tuple(severity.value for severity in Severity)
_ANY = "|".join(_SEVERITIES)
_BOLD = r"(?P<mark>\*\*|__)(?P<name>(?!\s)[^*_]{1,200}?)"
_LEAD = re.compile(
    rf"{_BOLD}(?:(?P=mark)(?P<paren> ?\((?P<severity>[^()]*)\))?(?P<colon>:)|:(?P=mark))"
    r"(?:\s+|\Z)(?P<text>.*)"
)
_TITLE = re.compile(rf"{_BOLD}(?P=mark)\s?[\u2013\u2014-]\s+(?P<text>.*)")
_ALMOST = re.compile(
    rf"\*\*(?P<name>[a-z0-9][a-z0-9-]*):?\*\*:? ?(?:[(\[](?P<severity>(?i:{_ANY}))[)\]]:?\s+"
    r"|\s(?=[A-Z]))(?P<text>.*)"
)
"""An id that lacks its colon, or whose severity stands in other brackets."""
_STRAY = re.compile(rf"[(\[](?P<in>(?i:{_ANY}))[)\]]:?\s+|(?P<at>{_ANY}): (?=[A-Z])")
_WRITTEN = "Write `**too-formal** (error): ` before the question."


@dataclass(frozen=True, slots=True)
class Lead:
    """The beginning of a bullet, and the rest."""

    text: str
    """What it asks, a title in front of it."""
    id: str = ""
    """As the file gives it; "" for none."""
    title: str = ""
    severity: Severity | None = None
    override: bool = False
    """Whether it changes a criterion of the file that this one extends."""


def read_lead(words: str, span: Span, notes: ProblemCollector, *, ours: bool) -> Lead | None:
    """Take a bullet's beginning apart; None with an error where it can mean nothing.

    Args:
        words: the bullet in one line.
        span: its first line.
        notes: where problems go.
        ours: whether the file has front matter of this format: there, slips in ids are errors.
    """
    if found := _LEAD.match(words):
        return _named(found, span, notes, ours=ours)
    if found := _ALMOST.match(words):
        right = f"**{found['name']}**" + (
            f" ({found['severity'].lower()})" if found["severity"] else ""
        )
        notes.hint(_part(span, found[0][: found.start("text")].strip(), notes), "CR204",
                   f"It is read as an id. Write `{right}: ` before the question.")  # fmt: skip
        severity = Severity(found["severity"].lower()) if found["severity"] else None
        return Lead(found["text"].strip(), id=found["name"], severity=severity)
    if found := _TITLE.match(words):
        title = found["name"].strip()
        return _unstrayed(Lead(joined(title, found["text"]), title=title), span, notes)
    return _unstrayed(Lead(words), span, notes)


def _named(found: re.Match[str], span: Span, notes: ProblemCollector, *, ours: bool) -> Lead | None:
    name, text = found["name"].strip(), found["text"].strip()
    known, override, wrong = _severity(found["severity"])
    if ID.match(name) and found["colon"] and (ours or not wrong):
        if wrong:
            listed = ", ".join(_SEVERITIES)
            place = _part(span, wrong, notes)
            notes.error(place, "CR204", f"{wrong!r} is no severity: one of {listed}.")
            return None
        lead = Lead(text, id=name, severity=known, override=override)
        return _unstrayed(lead, span, notes)
    shown = name if known or not found["paren"] else f"{name} ({found['severity']})"
    bare = _unstrayed(Lead(text, severity=known), span, notes)
    return replace(bare, text=joined(shown, bare.text), title=name)


def _severity(written: str | None) -> tuple[Severity | None, bool, str]:
    """The severity in the brackets, whether `override` stands there too, and what else does."""
    known, override, wrong = None, False, ""
    for word in (part.strip() for part in (written or "").split(",")):
        if word.lower() in _SEVERITIES:
            known = Severity(word.lower())
        elif word.lower() == "override":
            override = True
        elif word or written is not None:
            wrong = wrong or written or ""
    return known, override, wrong


def _unstrayed(lead: Lead, span: Span, notes: ProblemCollector) -> Lead:
    """Take a severity that stands before the question for one."""
    stray = _STRAY.match(lead.text)
    if stray is None:
        return lead
    severity = Severity((stray["in"] or stray["at"]).lower())
    message = f"It is read as the severity {severity}. {_WRITTEN}"
    notes.hint(_part(span, stray[0].strip(), notes), "CR204", message)
    return replace(lead, text=lead.text[stray.end() :].strip(), severity=lead.severity or severity)


def _part(line: Span, words: str, notes: ProblemCollector) -> Span:
    """Where these words stand in the line; the whole line where they were folded."""
    at = line.of(notes.text).find(words)
    return Span(line.start + at, line.start + at + len(words)) if at >= 0 else line
