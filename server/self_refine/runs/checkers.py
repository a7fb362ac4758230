"""Who runs the checks of a job: this process, or one of their own (`check_process.py`)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # checks are imported with the first criteria file
    from self_refine.checks.registry import Check
    from self_refine.checks.subject import Subject
    from self_refine.loop.types import CheckResult


class Checker(Protocol):
    """Runs checks and finds what patterns protect; both block."""

    def run(self, checks: "Sequence[Check]", subject: "Subject") -> "tuple[CheckResult, ...]":
        """One result per check, in order."""
        ...

    def protected(self, patterns: tuple[str, ...], text: str) -> tuple[str, ...]:
        """The stretches that patterns protect."""
        ...


class InThisProcess:
    """For criteria of one's own, and for whoever can wait: nothing bounds time or memory."""

    def run(self, checks: "Sequence[Check]", subject: "Subject") -> "tuple[CheckResult, ...]":
        """As `run_checks`."""
        from self_refine.checks.registry import run_checks  # noqa: PLC0415 - see the top

        return run_checks(checks, subject)

    def protected(self, patterns: tuple[str, ...], text: str) -> tuple[str, ...]:
        """As the function of that name."""
        from self_refine.checks.search.protect_patterns import (  # noqa: PLC0415 - see the top
            protected,
        )

        return protected(patterns, text)


HERE: Checker = InThisProcess()
