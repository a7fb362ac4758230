"""Owns findings as they stream in: for display only, the whole reply decides."""

from collections.abc import Sequence
from typing import Literal

from self_refine.loop.critic.questions import open_critique
from self_refine.loop.critic.quote_placement import Drop, QuotePlacer
from self_refine.loop.critic.replies.json_reply import JsonReader
from self_refine.loop.critic.replies.raw_critique import Reader
from self_refine.loop.critic.replies.tagged_reply import TaggedReader
from self_refine.loop.types import Criterion, Finding
from self_refine.text.spans import Span


class CritiqueStream:
    """Reads one critique while it comes in; each piece is looked at once."""

    def __init__(
        self,
        text: str,
        language: str,
        criteria: Sequence[Criterion],
        form: Literal["json", "tagged"],
    ) -> None:
        judged = (c for c in criteria if c.check is None)
        self._examiner = QuotePlacer(text, language, (*judged, open_critique("")))
        self._reader: Reader = JsonReader() if form == "json" else TaggedReader(None)
        self._seen: set[tuple[str, Span]] = set()

    def feed(self, delta: str) -> list[Finding]:
        """The findings that this piece completes: whole, and with their quote found in the text."""
        found: list[Finding] = []
        for raw in self._reader.feed(delta):
            finding = self._examiner.finding(raw)
            if isinstance(finding, Drop) or (finding.criterion, finding.span) in self._seen:
                continue
            self._seen.add((finding.criterion, finding.span))
            found.append(finding)
        return found
