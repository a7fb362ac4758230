"""Owns what makes a selection one that can be refined: its document, its words, its size."""

import hashlib

from self_refine.settings import Settings
from self_refine.text.spans import Span

_SCHEMES = ("file", "untitled", "vscode-notebook-cell", "vscode-untitled", "untitled-notebook-cell")


def is_ours(uri: str) -> bool:
    """Whether a document is a text of the user's own that edits can reach."""
    scheme, colon, _ = uri.partition(":")
    return bool(colon) and scheme.lower() in _SCHEMES


def digest_of(text: str) -> str:
    """The hash that tells whether a text is still the one that was meant."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def over_limit(text: str, settings: Settings) -> str | None:
    """The sentence that says so, None for a selection of a fair size."""
    if settings.base_url is None and settings.api_key is None:
        return None  # checks alone; a model that the editor lends says so when it is asked
    # A text shorter than this cannot be over, whatever its letters are.
    if len(text) * 4 <= settings.max_selection_tokens * 4:
        return None
    from self_refine.runs.prepare import too_long  # noqa: PLC0415 - imports the checks

    long = too_long(text, settings)
    return long.message if long else None


_GAPS = ("\n\n", "\r\n\r\n", "\r\r")


def around(text: str, span: Span) -> Span:
    """The paragraph of a finding: what a run on that finding alone is to work on."""
    starts = [at + len(gap) for gap in _GAPS if (at := text.rfind(gap, 0, span.start)) >= 0]
    ends = [at for gap in _GAPS if (at := text.find(gap, span.end)) >= 0]
    return Span(max(starts, default=0), min(ends, default=len(text)))
