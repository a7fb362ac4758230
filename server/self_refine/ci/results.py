"""What `check` finds: plain values that every output format reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from self_refine.loop.types import Cost, Criterion, Finding, Severity, Verdict


class State(StrEnum):
    """What becomes of a finding."""

    NEW = "new"
    """Counts for the exit code."""
    FILTERED = "filtered"
    """Stands on lines that the change does not touch."""
    BASELINED = "baselined"
    """Is in the baseline."""
    DISMISSED = "dismissed"
    """Was dismissed, or is switched off by a comment."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands; lines and columns from 1, columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of one file."""

    finding: Finding
    place: Place
    state: State = State.NEW


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A criterion that was not judged in a file."""

    criterion: str
    severity: Severity
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FileResult:
    """What was found in one file."""

    path: PurePosixPath
    """Relative to the root."""
    text: str
    found: tuple[Found, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """By full id, of every criterion that applies."""
    unchecked: tuple[Unchecked, ...] = ()
    cost: Cost = Cost()
    cached: int = 0
    """Verdicts that came from the cache."""
    stopped: str = ""
    """Why the model did not judge all of it; "" where it did, or where none was asked."""


@dataclass(frozen=True, slots=True)
class FileError:
    """A file that could not be read: an error of the run, never a smaller run."""

    path: PurePosixPath
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """All of a run."""

    files: tuple[FileResult, ...]
    errors: tuple[FileError, ...]
    criteria: Mapping[str, Criterion]
    """By full id: those that applied to any file."""
    model: str = ""
    """Such as "gpt-x at api.openai.com"; "" where none was asked."""
    skipped: int = 0
    """Files that no criteria apply to."""
    stale: tuple[str, ...] = ()
    """Entries of the baseline that no finding matches any more."""
    older: int = 0
    """Findings that the baseline holds under an older wording of their criterion."""

    @property
    def new(self) -> tuple[tuple[FileResult, Found], ...]:
        """The findings that count, gravest first, then by file and place."""
        every = ((file, each) for file in self.files for each in file.found)
        counted = [(file, each) for file, each in every if each.state is State.NEW]
        return tuple(sorted(counted, key=_gravest_first))

    def count(self, state: State) -> int:
        """How many findings there are in a state."""
        return sum(each.state is state for file in self.files for each in file.found)

    @property
    def cost(self) -> Cost:
        """Of all calls."""
        return sum((file.cost for file in self.files), Cost())

    @property
    def cached(self) -> int:
        """Verdicts that came from the cache."""
        return sum(file.cached for file in self.files)

    @property
    def unchecked(self) -> tuple[tuple[FileResult, Unchecked], ...]:
        """What was not judged."""
        return tuple((file, each) for file in self.files for each in file.unchecked)


ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.HINT)
"""Gravest first."""


def _gravest_first(pair: tuple[FileResult, Found]) -> tuple[int, str, int, int]:
    file, each = pair
    place = each.place
    return ORDER.index(each.finding.severity), str(file.path), place.line, place.column
