"""Rules that a program can decide, taken as checks: lengths, left-over marks, marks to avoid."""

import re

from self_refine.criteria.importing.proposal import ProposedCheck

_NUMBER = r"(?P<n>\d{1,4})"
_MOST = (
    r"(?:at most|no more than|not more than|up to|max(?:imum)?(?: of)?|limit(?:ed)? to|below|under"
    r"|fewer than|less than|within|shorter than|not (?:exceed|be longer than)|longer than|over)"
)
_PARTS = "sentences?|paragraphs?|list items?|bullets?|lines?"
_LENGTH = re.compile(
    rf"\b(?P<of>{_PARTS}|titles?|subjects?)\b[^.;]{{0,40}}?"
    rf"\b{_MOST} {_NUMBER} (?P<unit>words|characters|columns|sentences)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"\b(?:keep|limit|wrap|cut) (?P<of>{_PARTS})\b"
    rf"[^.;]{{0,30}}?\b{_NUMBER} (?P<unit>words|characters|columns|sentences)\b",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(
    r"(?i:no|never leave|do(?: no|n')t leave|remove|avoid)[^.;]{0,20}"
    r"\b(?P<what>TODO|FIXME|TBD|XXX)s?\b"
)
_MARKS = re.compile(
    r"(?:no|never use|avoid|do(?: no|n')t use)\s+(?P<what>exclamation (?:marks|points)"
    r"|double spaces|em[- ]dashes|trailing (?:white ?space|spaces))\s*[.!]?\s*",
    re.IGNORECASE,
)
_PATTERNS = {
    "exclamation": "!",
    "double": r"[^\s] {2,}[^\s]",
    "em": "\u2014",
    "trailing": r"(?m)[ \t]+$",
}


def candidate(rule: str, name: str, why: str) -> ProposedCheck | None:
    """The check that decides a rule, where its words leave no doubt; None otherwise.

    Args:
        rule: the whole rule; one that asks for more than a check can see is left alone.
        name: id for the check.
        why: where the rule comes from.
    """
    if len(rule) > 140 or "?" in rule:
        return None
    found = _LENGTH.search(rule) or _SHORT.search(rule)
    if found:
        return _length(found, name, why)
    if left_over := _LEFT_OVER.match(rule):
        pattern = rf"\b{left_over['what']}\b"
        return _check(name, "regex", {"pattern": pattern}, "Left-over '{match}'.", why)
    if (mark := _MARKS.fullmatch(rule)) is not None:
        key = re.split(r"[ -]", mark["what"].lower())[0]
        return _check(name, "regex", {"pattern": _PATTERNS[key]}, rule.rstrip(".") + ".", why)
    return None


def _length(found: re.Match[str], name: str, why: str) -> ProposedCheck | None:
    of, unit, most = found["of"].lower().rstrip("s"), found["unit"].lower(), int(found["n"])
    if re.search(r"\b(?:below|under|fewer|less|shorter)\b", found[0], re.IGNORECASE):
        most -= 1
    if of in ("line", "title", "subject"):
        if unit not in ("characters", "columns") or of != "line" or most > 900:
            return None
        pattern = rf"(?m)^.{{{most + 1},}}$"
        return _check(
            name, "regex", {"pattern": pattern}, f"A line of more than {most} characters.", why
        )
    part = {"bullet": "list-item", "list item": "list-item"}.get(of, of)
    if unit == "columns" or part == unit.rstrip("s"):
        return None
    values = {"of": part, "unit": unit, "max": most}
    return _check(name, "length", values, "{count} {unit}; the limit is {max}.", why)


def _check(
    name: str, kind: str, values: dict[str, str | int], message: str, why: str
) -> ProposedCheck:
    return ProposedCheck(id=name, kind=kind, values=values, message=message, why=why)
