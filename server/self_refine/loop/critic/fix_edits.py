"""Turns the new text of a segment, as one reading gives it, into edits of the candidate.

Each fix is looked at by itself before it is believed: it replaces numbered segments and nothing
else, keeps every byte round them, and is refused where it loses facts, repeats sentences, copies
the critique or has nothing to do with what stood there.
"""

from dataclasses import dataclass, replace

from self_refine.loop.critic.replies.raw_critique import RawIssue
from self_refine.loop.guards.echoes import copied, repeated, unrelated
from self_refine.loop.guards.fact_loss import lost
from self_refine.loop.guards.rejections import rejection
from self_refine.loop.prompt.numbered import numbered
from self_refine.loop.prompt.tags import strip_marks
from self_refine.loop.task import Task
from self_refine.loop.types import Finding, Kind
from self_refine.loop.writer.apply import EditTarget, segment_edits
from self_refine.loop.writer.edit_formats import Malformed, SegmentHunk
from self_refine.loop.writer.reply_block import is_fenced, without_fence
from self_refine.loop.writer.whitespace_frame import body_of, frame_of
from self_refine.text.diffing.edits import minimal_edits
from self_refine.text.segmenting.segments import is_prose, segments
from self_refine.text.spans import Edit, Span, apply_edits

_NOTHING = frozenset({"(empty)", "(nothing)", "(deleted)", "(none)"})


@dataclass(frozen=True, slots=True)
class Unfit:
    """A fix that is not used."""

    reason: str
    """A clause: what is wrong with it."""
    lost: tuple[str, ...] = ()
    """The facts that it would lose, if that is what is wrong."""


class FixReader:
    """Reads the fixes of one candidate."""

    def __init__(self, text: str, task: Task) -> None:
        frame = frame_of(text, task.first_line_indent, around=task.before + task.after)
        self._target = EditTarget(text, frame, task.language)
        self._task = task
        self._body = body_of(frame, text)
        self._segments = segments(text, task.language)

    @property
    def text(self) -> str:
        """The candidate's."""
        return self._target.text

    def of_issue(self, raw: RawIssue, finding: Finding) -> tuple[Edit, ...] | Unfit:
        """The edits of an issue's fix, at the segments that it names or, failing that, quotes.

        A model that names the segment beside the one that it quotes means what it quotes.
        """
        named, count = _numbers(raw.segment, raw.last), len(self._segments)
        if not finding.span.is_empty:
            first = self._number_at(finding.span.start)
            last = self._number_at(max(finding.span.start, finding.span.end - 1))
            if not named or not (named[0] <= first and last <= named[1]):
                named = (first, last)
        elif named == (0, 0):
            named = (1, 1)
        if not named or not 1 <= named[0] <= named[1] <= count:
            return Unfit("it names no segment of the text")
        kind = Kind.MISSING if raw.kind.lower() == Kind.MISSING else finding.kind
        return self.edits(*named, raw.fix or "", replace(finding, kind=kind))

    def is_in(self, segment: str, last: str, span: Span) -> bool:
        """Whether the segments that an issue names are those of a span."""
        named = _numbers(segment, last)
        if not named or not 1 <= named[0] <= named[1] <= len(self._segments):
            return False
        place = Span(self._segments[named[0] - 1].start, self._segments[named[1] - 1].end)
        return place.touches(span)

    def _number_at(self, offset: int) -> int:
        """The number of the segment that holds an offset, or that it stands behind."""
        return max(1, sum(segment.start <= offset for segment in self._segments))

    def edits(
        self, first: int, last: int, words: str, finding: Finding
    ) -> tuple[Edit, ...] | Unfit:
        """The edits that put `words` in the place of segments `first` to `last`, from 1.

        Args:
            first: number of the first segment.
            last: number of the last one.
            words: as the model wrote them; no words delete the segments.
            finding: what they are to mend, at its place.
        """
        text = self._target.text
        words = self._clean(words)
        if not is_prose(self._task.language) and last <= len(self._segments):
            words = _in_place(words, self._shown(first), self._ends(last))
        hunks = segment_edits(self._target, (SegmentHunk(first, last, words),))
        if isinstance(hunks, Malformed):
            return Unfit(hunks.reason)
        place = Span(self._segments[first - 1].start, self._segments[last - 1].end)
        if why := unrelated(place.of(text), words, finding, quoted=_share(finding.span, place)):
            return Unfit(why)
        new = apply_edits(text, hunks)
        if new == text:
            return Unfit("it changes nothing")
        if why := self._refused(new, finding):
            return Unfit(why)
        if gone := lost(text, new, self._task.language, (finding,)):
            return Unfit(f"it loses {', '.join(gone)}", gone)
        return minimal_edits(text, new)

    def _shown(self, number: int) -> str:
        """A segment as the model was shown it."""
        shown = numbered(self._target.text, self._task.language, self._task.first_line_indent)
        return shown.body_spans[number - 1].of(shown.body) if number <= len(shown.spans) else ""

    def _ends(self, number: int) -> str:
        """The blanks at the end of a segment, which the model was not shown at the very end."""
        words = self._segments[number - 1].of(self._target.text)
        return words[len(words.rstrip(" \t")) :]

    def _clean(self, words: str) -> str:
        """Without a fence that the text has not, and without the marks that were shown."""
        if words.strip().lower() in _NOTHING:
            return ""
        words = words if is_fenced(self._body) else without_fence(words)
        words = strip_marks(words, self._body)
        return words.strip("\n") if not is_prose(self._task.language) else words

    def _refused(self, new: str, finding: Finding) -> str:
        old, language = self._target.text, self._task.language
        return (
            rejection(old, new, self._task, (finding,))
            or repeated(old, new, language)
            or copied(old, new, (finding,))
        )


def _in_place(words: str, old: str, tail: str) -> str:
    """New lines of code with the blanks that the old line has and that models leave out.

    Its indent, where the new ones have none at all and more than that changes; what stands behind
    its last sign, where nothing does in the new one.
    """
    if not words.strip() or words.strip() == old.strip():
        return words
    indent = old[: len(old) - len(old.lstrip())]
    if indent and not words.startswith((" ", "\t")):
        words = "\n".join(indent + line if line.strip() else line for line in words.split("\n"))
    return words + tail if tail and words == words.rstrip() else words


def _numbers(segment: str, last: str) -> tuple[int, int] | None:
    if not segment.isdecimal():
        return None
    first = int(segment)
    return first, int(last) if last.isdecimal() else first


def _share(quote: Span, place: Span) -> float:
    shared = min(quote.end, place.end) - max(quote.start, place.start)
    return max(0, shared) / max(1, place.end - place.start)
