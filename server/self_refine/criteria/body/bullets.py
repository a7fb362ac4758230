"""One bullet of a criteria file: its id, severity, question and sub-bullets."""

import re
from dataclasses import dataclass, field
from unicodedata import normalize

from self_refine.criteria.body.bullet_lead import Lead, read_lead
from self_refine.criteria.body.markdown_body import Item
from self_refine.criteria.body.sub_bullets import read_below
from self_refine.criteria.meaning.list_context import joined
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.loop.types import Severity, Source
from self_refine.text.spans import Span

_ABSENT = re.compile(r"\babsen(?:t|ce)\b", re.IGNORECASE)
_QUOTE = re.compile(r"\bquot(?:e|es|ation)\b", re.IGNORECASE)
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bullet:
    """One judged criterion as it is written, ids not yet looked up."""

    id: str
    """As the file gives it, or made of its title or its first words; "" where these have none."""
    pinned: bool
    """Whether the file gives the id."""
    titled: bool = False
    """Whether the id is made of a title, which stays when the words change."""
    severity: Severity | None
    question: str
    span: Span
    below: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The sub-bullets by their keys."""
    when: tuple[str, bool, Span] | None = None
    """Name of a check, whether it must have fired, and where that stands."""
    source: Source | None = None
    """Where it stands; None for what was just read of the file."""
    override: bool = False
    """Whether it changes a criterion of the file that this one extends."""
    read: tuple[tuple[Span, str], ...] = ()
    """Each sub-bullet, and its key; "" where it is part of the question."""

    @property
    def absence(self) -> bool:
        """Whether a finding may report that something is missing: unless a quote is demanded."""
        asked = self.below.get("evidence", ())
        demands = any(_QUOTE.search(text) for text in asked)
        return not demands or any(_ABSENT.search(text) for text in asked)


def read_bullet(item: Item, before: str, notes: ProblemCollector, *, ours: bool) -> Bullet | None:
    """Read one bullet; None with the problem noted.

    Args:
        item: the bullet.
        before: what it stands under, "" for nothing that tells anything.
        notes: where problems go.
        ours: whether the file has front matter of this format.
    """
    lead = read_lead(item.text, item.span, notes, ours=ours)
    if lead is None:
        return None
    below = read_below(item, notes, ours=ours)
    own = joined(lead.text, "; ".join(words.rstrip(";") for words in below.words))
    if not own and not lead.override:
        notes.error(item.span, "CR204", "This bullet asks nothing.")
        return None
    return Bullet(
        id=_id(lead, own),
        pinned=bool(lead.id),
        titled=bool(lead.title),
        severity=lead.severity,
        question=joined(before, own) if own else "",
        span=item.span,
        below=below.keys,
        when=below.when,
        override=lead.override,
        read=tuple(below.read),
    )


def scale(items: tuple[Item, ...], name: str, before: str) -> Bullet:
    """The levels of one scale as one criterion, called after what they stand under."""
    levels = "; ".join(item.text.rstrip(";.") for item in items)
    return Bullet(
        id=slug(name),
        pinned=False,
        titled=bool(slug(name)),
        severity=None,
        question=joined(before or name, levels),
        span=items[0].span,
        read=tuple((item.span, "") for item in items[1:]),
    )


def slug(question: str) -> str:
    """An id from the first four words; "" where they have no letter that an id may have."""
    plain = normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = [word for word in _SLUG.split(plain.replace("'", "")) if word]
    return "-".join(words[:4])[:80].strip("-")


def _id(lead: Lead, own: str) -> str:
    return lead.id or slug(lead.title) or slug(lead.text) or slug(own)
