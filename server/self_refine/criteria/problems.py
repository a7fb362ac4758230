"""Owns `Problem`: something wrong in a criteria file, and exactly where."""

from dataclasses import dataclass
from pathlib import Path

from self_refine.loop.types import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong. An error keeps the whole file from being used; the others do not."""

    path: Path
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1, in code points."""
    end_line: int
    end_column: int
    """Exclusive."""
    severity: Severity
    code: str
    """Such as CR201; `docs/criteria.md` lists them."""
    message: str
    label: str = ""
    """The file as users name it; "" where only its path is known."""
