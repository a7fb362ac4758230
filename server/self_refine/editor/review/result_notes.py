"""`ResultNotes`: what is to be said of a result, change by change, on either side of each.

Of the words that a change brought: what it resolved. Of the words that it replaced: what was
wrong with them. Which of the two is shown, the text decides (`review_notes.ReviewNotes`).
"""

from dataclasses import dataclass

from self_refine.editor.diagnostics.findings import Placed


@dataclass(frozen=True, slots=True)
class ChangeNotes:
    """The notes of one change; places are relative to where its words begin."""

    old: tuple[Placed, ...] = ()
    """Open findings, while the old words stand."""
    new: tuple[Placed, ...] = ()
    """Resolved ones, while the new words stand."""


@dataclass(frozen=True, slots=True)
class ResultNotes:
    """The notes of a result."""

    original: tuple[Placed, ...] = ()
    """What was found in the text as it was given; places are relative to it."""
    left: tuple[Placed, ...] = ()
    """What the result leaves open; places are relative to the result."""
    by_change: tuple[ChangeNotes, ...] = ()
    """Beside each change, in their order."""
