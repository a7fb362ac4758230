"""What stands below a bullet: keys such as `fix:`, and words that are part of the question."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from self_refine.criteria.body.markdown_body import Item
from self_refine.criteria.meaning.list_context import joined
from self_refine.criteria.reading.front_matter import ID
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.schema_validation import is_users_own, unknown_key
from self_refine.text.spans import Span

KEYS = ("evidence", "fix", "not", "why", "when", "uses", "compare")
_MANY = ("not", "uses")
_LINE = re.compile(
    r"(?P<mark>\*\*|__|\*|_|)(?P<key>[A-Za-z][A-Za-z_-]*)(?::(?P=mark)|(?P=mark):)\s*(?P<text>.*)"
)
_WHEN = re.compile(r"(?P<check>`?[a-z0-9][a-z0-9/-]*`?) (?P<how>fired|failed|passed)\Z")
_WORDS = frozenset(
    [
        *("note", "notes", "nothing", "nor", "now", "use", "user", "users", "then", "who", "where"),
        *("way", "ways", "fixed", "fixes", "see", "evident"),
    ]
)
"""English, near to a key by chance."""


@dataclass(slots=True)
class Below:
    """What the sub-bullets of one criterion say."""

    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    when: tuple[str, bool, Span] | None = None
    """Name of a check, whether it must have fired, and where that stands."""
    words: list[str] = field(default_factory=list)
    """Those that are part of the question."""
    read: list[tuple[Span, str]] = field(default_factory=list)
    """Each sub-bullet of any depth, and its key; "" where it is part of the question."""


def read_below(item: Item, notes: ProblemCollector, *, ours: bool) -> Below:
    """Read the sub-bullets of a bullet; `ours` where the file has front matter of this format."""
    below = Below()
    for sub in item.below:
        found = _LINE.match(sub.text)
        key = _key(found, notes, sub, ours=ours) if found else ""
        text = whole(found["text"].strip() if found and key else sub.text, sub.below)
        if key and not _keep(key, text, sub, below, notes, ours=ours):
            continue
        if not key:
            below.words.append(text)
        below.read += [(each.span, key) for each in _every(sub)]
    return below


def whole(words: str, below: tuple[Item, ...]) -> str:
    """A bullet and all below it in one line."""
    return joined(words, "; ".join(whole(sub.text, sub.below).rstrip(";") for sub in below))


def parse_when(text: str, span: Span, notes: ProblemCollector) -> tuple[str, bool, Span] | None:
    """Read such as `tests failed`: the check's name, whether it must have fired, and the place."""
    if found := _WHEN.match(text):
        return found["check"].strip("`"), found["how"] != "passed", span
    notes.error(span, "CR204", "`when` names a check and how it went: `tests failed`.")
    return None


def _every(item: Item) -> list[Item]:
    return [item, *(each for sub in item.below for each in _every(sub))]


def _key(found: re.Match[str], notes: ProblemCollector, sub: Item, *, ours: bool) -> str:
    """The key that a line gives; "" where it is words, or a slip that is noted."""
    written = found["key"]
    key = written.lower()
    at = sub.text.find(written)
    place = Span(sub.span.start + at, sub.span.start + at + len(written))
    if key in KEYS:
        return key if _parses(key, found["text"].strip(), place, notes, ours=ours) else ""
    if ours and written[0].islower() and is_users_own(written):
        unknown_key(written, place, KEYS, notes)
    elif key not in _WORDS and (close := get_close_matches(key, KEYS, n=1, cutoff=0.8)):
        message = f"Unknown key {written!r}. Did you mean {close[0]!r}?"
        if ours:
            notes.error(place, "CR201", message)
        else:
            notes.warning(place, "CR201", f"{message} It is read as part of the question.")
    return ""


def _parses(key: str, text: str, place: Span, notes: ProblemCollector, *, ours: bool) -> bool:
    """Whether a key that takes only some values has one; otherwise the line is words."""
    match key:
        case "when":
            fits, wanted = (
                ours and _WHEN.match(text) is not None,
                "a check and how it went: `tests failed`",
            )
        case "uses":
            fits, wanted = ours and ID.match(text) is not None, "an input that `inputs` declares"
        case "compare":
            fits, wanted = text.lower() == "original", "one value: original"
        case _:
            return True
    if not fits and ours:
        message = f"This is read as part of the question: as a key, `{key}:` takes {wanted}."
        notes.hint(place, "CR204", message)
    return fits


def _keep(  # noqa: PLR0913 - what a key, its place and its file say
    key: str, text: str, sub: Item, below: Below, notes: ProblemCollector, *, ours: bool
) -> bool:
    """Put a value where it belongs; a slip is an error in a file of this format."""
    if not text:
        if ours:
            notes.error(sub.span, "CR204", f"`{key}:` says nothing.")
        return False
    if key in below.keys and key not in _MANY:
        if ours:
            notes.error(sub.span, "CR203", f"`{key}:` stands here twice: keep one.")
            return False
        below.keys[key] = (f"{below.keys[key][0]} {text}",)
        return True
    below.keys[key] = (*below.keys.get(key, ()), text.lower() if key == "compare" else text)
    if key == "when":
        below.when = parse_when(text, sub.span, notes)
    return True
