"""Owns `Anchor`: words followed through every edit, lost when they change, found on undo."""

from dataclasses import dataclass, replace

from self_refine.text.spans import Edit, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackedRange:
    """Where some words of a document stand now, or what has become of them."""

    words: str
    """What is followed; "" for a place between two characters."""
    region: Span
    """Where the words stand; once they were touched, all that was changed together with them."""
    memory: str | None = None
    """What stood in `region` before it was touched; None while the words are whole."""
    lead: int = 0
    """Offset of the words in `memory`."""
    again: Span | None = None
    """Where in a touched region the words stand all the same, None where they do not."""

    @property
    def span(self) -> Span | None:
        """Where the words stand, None while they are changed or gone."""
        return self.region if self.memory is None else self.again


def tracked(text: str, span: Span) -> TrackedRange:
    """Follow the words of `text` at `span` from now on."""
    return TrackedRange(words=span.of(text), region=span)


def moved(anchor: TrackedRange, edit: Edit, text: str) -> TrackedRange:
    """The anchor after `edit` was made in `text`."""
    edit = trimmed(edit, text)
    start, end = edit.span.start, edit.span.end
    if not _touches(anchor, edit.span):
        by = len(edit.text) - (end - start) if end <= anchor.region.start else 0
        again = anchor.again.moved(by) if anchor.again else None
        return replace(anchor, region=anchor.region.moved(by), again=again)
    return _touched(anchor, edit, text)


def trimmed(edit: Edit, text: str) -> Edit:
    """The same change without what it only repeats: some editors replace whole lines or texts."""
    old = edit.span.of(text)
    if not old or not edit.text:
        return edit
    shorter = min(len(old), len(edit.text))
    lead = _common(old, edit.text, shorter)
    tail = _common(old[::-1], edit.text[::-1], shorter - lead)
    span = Span(edit.span.start + lead, edit.span.end - tail)
    return Edit(span, edit.text[lead : len(edit.text) - tail])


def _common(left: str, right: str, most: int) -> int:
    """How many leading characters are the same; halves instead of steps, for long texts."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _touches(anchor: TrackedRange, span: Span) -> bool:
    region = anchor.region
    if anchor.memory is not None:
        # At its edges too: what was deleted comes back as an insertion just there.
        return span.start <= region.end and region.start <= span.end
    if region.is_empty:
        inside = span.start < region.start < span.end
        return inside or (span.is_empty and span.start == region.start)
    return span.start < region.end and region.start < span.end


def _touched(anchor: TrackedRange, edit: Edit, text: str) -> TrackedRange:
    """Grow the region by what the edit changed, and look whether the words are there again."""
    old, span = anchor.region, edit.span
    low, high = min(old.start, span.start), max(old.end, span.end)
    before, after = text[low : old.start], text[old.end : high]
    memory = before + (old.of(text) if anchor.memory is None else anchor.memory) + after
    now = text[low : span.start] + edit.text + text[span.end : high]
    lead = anchor.lead + len(before)
    size = len(anchor.words)
    if now == memory:
        return TrackedRange(words=anchor.words, region=Span(low + lead, low + lead + size))
    found = _found(anchor.words, now, memory)
    return TrackedRange(
        words=anchor.words,
        region=Span(low, low + len(now)),
        memory=memory,
        lead=lead,
        again=None if found is None else Span(low + found, low + found + size),
    )


def _found(words: str, now: str, memory: str) -> int | None:
    """Where in `now` the words stand all the same, None unless that is beyond doubt."""
    if not words.strip() or not _once(words, memory):
        return None
    at = now.find(words)
    return at if _once(words, now) and _are_whole(words, now, at) else None


def _once(words: str, text: str) -> bool:
    at = text.find(words)
    return at >= 0 and text.find(words, at + 1) < 0


def _are_whole(words: str, text: str, at: int) -> bool:
    """Whether the words are no part of longer ones: "the" in "rather" is another word."""
    end = at + len(words)
    cut_before = at > 0 and text[at - 1].isalnum() and words[0].isalnum()
    cut_after = end < len(text) and text[end].isalnum() and words[-1].isalnum()
    return not (cut_before or cut_after)
