"""Owns one bullet of a criteria file: its id, severity, question and sub-bullets."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from unicodedata import normalize

from self_refine.criteria.reading.front_matter import ID
from self_refine.criteria.reading.markdown_body import Item
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.schema_validation import unknown_key
from self_refine.loop.types import Severity
from self_refine.text.spans import Span

_LEAD = re.compile(
    r"\*\*(?P<id>[^*]{1,200})\*\*(?: ?\((?P<severity>[^()]*)\))?(?P<colon>:) (?P<text>.*)"
)
_ALMOST = re.compile(r"\*\*(?P<id>[a-z0-9][a-z0-9-]*)(?P<colon>:?)\*\*")
_SEVERITIES = tuple(severity.value for severity in Severity)
_ANY = "|".join(_SEVERITIES)
_SEVERE = re.compile(rf"\*\*(?P<id>[a-z0-9][a-z0-9-]*):?\*\* ?[(\[](?:{_ANY})[)\]]")
"""What stands in a plain list too for nothing but an id and a severity."""
_STRAY = re.compile(rf"(?i:[(\[](?:{_ANY})[)\]])|(?:{_ANY}): ")
_WRITTEN = "`**too-formal** (error): Is there …?`."
_KEY = re.compile(r"(?P<key>[A-Za-z][A-Za-z_-]*): *(?P<text>.*)")
_WHEN = re.compile(r"(?P<check>\S+) (?P<how>fired|failed|passed)\Z")
_ABSENT = re.compile(r"\babsen(?:t|ce)\b", re.IGNORECASE)
_SLUG = re.compile(r"[^a-z0-9]+")

KEYS = ("evidence", "fix", "not", "why", "when", "uses", "compare")
_MANY = ("not", "uses")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bullet:
    """One judged criterion as it is written, ids not yet looked up."""

    id: str
    pinned: bool
    """Whether the file gives the id, rather than the first words of the question."""
    severity: Severity | None
    question: str
    span: Span
    below: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The sub-bullets by their keys."""
    when: tuple[str, bool, Span] | None = None
    """Name of a check, whether it must have fired, and where that stands."""

    @property
    def absence(self) -> bool:
        """Whether a finding may report that something is missing."""
        return any(_ABSENT.search(text) for text in self.below.get("evidence", ()))


def read_bullet(item: Item, *, strict: bool, notes: ProblemCollector) -> Bullet | None:
    """Read one bullet; None with the problem noted. `strict` where the file has front matter."""
    lead = _LEAD.match(item.text)
    name, severity, question = "", None, item.text
    if lead and (strict or ID.match(lead["id"]) or lead["severity"] in _SEVERITIES):
        name, question = lead["id"], lead["text"]
        severity = _severity(lead["severity"], item.span, notes)
        if not ID.match(name):
            notes.error(
                _part(item.span, name, notes),
                "CR204",
                f"{name!r} is no id: small letters, digits and hyphens, such as too-formal.",
            )
            return None
    elif almost := (_ALMOST if strict else _SEVERE).match(item.text):
        place = _part(item.span, almost[0], notes)
        notes.error(place, "CR204", f"Write the id as `**{almost['id']}**: ` or `… (error): `.")
        return None
    if stray := _STRAY.match(question):
        place = _part(item.span, stray[0], notes)
        notes.error(place, "CR204", f"A severity stands behind the id: {_WRITTEN}")
        return None
    below, when, loose = _sub_bullets(item, strict=strict, notes=notes)
    question = " ".join((question, *loose)).strip()
    if not question:
        notes.error(item.span, "CR204", "This bullet asks nothing.")
        return None
    return Bullet(
        id=name or slug(question),
        pinned=bool(name),
        severity=severity,
        question=question,
        span=item.span,
        below=below,
        when=when,
    )


def slug(question: str) -> str:
    """An id from the first four words; "" where they have no letter that an id may have."""
    plain = normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = [word for word in _SLUG.split(plain.replace("'", "")) if word]
    return "-".join(words[:4])[:80].strip("-")


def _part(line: Span, words: str, notes: ProblemCollector) -> Span:
    """Where these words stand in the line; the whole line where they were folded."""
    at = line.of(notes.text).find(words)
    return Span(line.start + at, line.start + at + len(words)) if at >= 0 else line


def _severity(written: str | None, span: Span, notes: ProblemCollector) -> Severity | None:
    if written is None:
        return None
    try:
        return Severity(written)
    except ValueError:
        known = ", ".join(severity.value for severity in Severity)
        place = _part(span, f"({written})", notes)
        place = place if place == span else Span(place.start + 1, place.end - 1)
        notes.error(place, "CR204", f"{written!r} is no severity: one of {known}.")
        return None


def _sub_bullets(
    item: Item, *, strict: bool, notes: ProblemCollector
) -> tuple[dict[str, tuple[str, ...]], tuple[str, bool, Span] | None, list[str]]:
    below: dict[str, tuple[str, ...]] = {}
    when, loose = None, []
    for sub in item.below:
        found = _KEY.match(sub.text)
        if found is None or not _is_key(found["key"], strict=strict):
            _loose(sub, strict=strict, notes=notes)
            loose.append(sub.text)
            continue
        key, text = found["key"], found["text"].strip()
        if _accept(key, text, sub, below, notes):
            below[key] = (*below.get(key, ()), text)
            when = parse_when(text, sub.span, notes) if key == "when" else when
    return below, when, loose


def _is_key(word: str, *, strict: bool) -> bool:
    """In a plain list "Note: …" is a sentence; a near miss of a key is an error everywhere."""
    return strict or word in KEYS or bool(get_close_matches(word, KEYS, n=1, cutoff=0.75))


def _loose(sub: Item, *, strict: bool, notes: ProblemCollector) -> None:
    if strict:
        known = ", ".join(f"{key}:" for key in KEYS)
        notes.error(sub.span, "CR201", f"A sub-bullet begins with one of {known}")
    elif sub.below:
        notes.error(sub.below[0].span, "CR201", "Nothing is read below a sub-bullet.")


def _accept(
    key: str, text: str, sub: Item, below: dict[str, tuple[str, ...]], notes: ProblemCollector
) -> bool:
    if key not in KEYS:
        unknown_key(key, Span(sub.span.start, sub.span.start + len(key)), KEYS, notes)
    elif not text:
        notes.error(sub.span, "CR204", f"`{key}:` says nothing.")
    elif key in below and key not in _MANY:
        notes.error(sub.span, "CR203", f"`{key}:` stands here twice: keep one.")
    elif key == "compare" and text != "original":
        notes.error(sub.span, "CR204", "`compare:` takes one value: original.")
    elif sub.below:
        notes.error(sub.below[0].span, "CR201", "Nothing is read below a sub-bullet.")
    else:
        return True
    return False


def parse_when(text: str, span: Span, notes: ProblemCollector) -> tuple[str, bool, Span] | None:
    """Read such as `tests failed`: the check's name, whether it must have fired, and the place."""
    found = _WHEN.match(text)
    if found:
        return found["check"].strip("`"), found["how"] != "passed", span
    notes.error(span, "CR204", "`when` names a check and how it went: `tests failed`.")
    return None
