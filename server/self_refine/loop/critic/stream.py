"""Findings as they stream in, with their fixes: for display only, the whole reply decides."""

from typing import Literal

from self_refine.loop.critic.fix_edits import FixReader
from self_refine.loop.critic.questions import open_critique
from self_refine.loop.critic.quote_placement import Drop, QuotePlacer
from self_refine.loop.critic.replies.json_reply import JsonReader
from self_refine.loop.critic.replies.raw_critique import Reader
from self_refine.loop.critic.replies.reading_reply import ReadingReader
from self_refine.loop.critic.replies.tagged_reply import TaggedReader
from self_refine.loop.requests import Call
from self_refine.loop.task import Task
from self_refine.loop.types import Finding
from self_refine.text.spans import Span


class CritiqueStream:
    """Reads one critique while it comes in; each piece is looked at once.

    Args:
        text: the candidate's.
        task: the run's.
        call: what was asked.
        form: of the reply.
    """

    def __init__(self, text: str, task: Task, call: Call, form: Literal["json", "tagged"]) -> None:
        judged = (c for c in task.criteria if c.check is None)
        fixes = FixReader(text, task) if call.reading else None
        self._placer = QuotePlacer(text, task.language, (*judged, open_critique("")), fixes)
        if call.reading:
            self._reader: Reader = ReadingReader(call.tag)
        else:
            self._reader = JsonReader() if form == "json" else TaggedReader(call.tag)
        self._seen: set[tuple[str, Span]] = set()

    def feed(self, delta: str) -> list[Finding]:
        """The findings that this piece completes: whole, and with their quote found in the text."""
        found: list[Finding] = []
        for raw in self._reader.feed(delta):
            finding = self._placer.finding(raw)
            if isinstance(finding, Drop) or (finding.criterion, finding.span) in self._seen:
                continue
            self._seen.add((finding.criterion, finding.span))
            found.append(finding)
        return found
