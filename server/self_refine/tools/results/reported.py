"""What a report says, whatever its format: values, with places as the tool wrote them."""

from dataclasses import dataclass, field
from typing import Literal

Columns = Literal["code points", "utf-16", "utf-8"]
"""What a tool counts in a line."""
Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class At:
    """A place in a file; lines and columns from 1, 0 where they are not given."""

    path: str
    """As the tool wrote it; "" for what was judged."""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    """After the last character."""
    counts: Columns = "code points"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """One thing that a tool objects to."""

    rule: str = ""
    test: str = ""
    """Name of the test that failed, "" where it is none."""
    message: str
    """One line."""
    detail: str = ""
    """What else the tool says of it, such as a traceback."""
    at: At = field(default_factory=lambda: At(""))
    level: Level = "error"

    @property
    def key(self) -> tuple[str, str, str]:
        """Tells it from others, wherever it stands: lines move from one candidate to the next."""
        return self.rule, self.test, "" if self.test else self.message


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A report that is none of its format; the reason is a clause."""

    reason: str


Report = tuple[Reported, ...] | Unreadable
