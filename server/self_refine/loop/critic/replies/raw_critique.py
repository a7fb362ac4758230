"""Owns a critique as a model wrote it, before anything of it is believed."""

from dataclasses import dataclass
from typing import Protocol

MOST = 500_000
"""Code points of a reply that are looked at; a long critique, thoughts included, has 50,000."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawIssue:
    """One issue, in the model's words. `segment` and `kind` may be any words."""

    criterion: str
    segment: str = ""
    quote: str = ""
    kind: str = ""
    problem: str = ""
    instruction: str = ""
    last: str = ""
    """Of several segments the last one; "" for one."""
    fix: str | None = None
    """The new text of the segment; "" deletes it. None where there is none."""
    needs: str = ""
    """`rewrite` where more than its place has to change, `author` where nobody says what to put."""
    whole: bool = True
    """False where a field is missing, is of another type, or was given twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RawEntry:
    """What was said of one criterion; complete, else it is no entry."""

    criterion: str
    evidence: str = ""
    issues: tuple[RawIssue, ...] = ()
    verdict: str = ""
    """"" where it is missing or was given twice."""


class Reader(Protocol):
    """Reads a reply piece by piece; linear in its length, whatever the pieces."""

    @property
    def entries(self) -> tuple[RawEntry, ...]:
        """The entries that are complete so far."""

    def feed(self, delta: str) -> list[RawIssue]:
        """Read on; the issues that became complete."""

    def end(self, *, cut: bool) -> list[RawIssue]:
        """Nothing more comes, the reply is whole or was cut; the issues that this completes."""
