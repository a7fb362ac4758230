"""Owns what checks repair by themselves: which fixes are still to be tried, and applying them."""

from dataclasses import dataclass, field

from self_refine.loop.types import Finding
from self_refine.text.spans import Edit, apply_edits

_ROUNDS = 10
"""Most rounds between two passes of the writer: a fix may feed the pattern that asked for it."""


@dataclass(slots=True)
class Tried:
    """The fixes that were applied since the writer wrote last."""

    keys: set[tuple[str, str, str]] = field(default_factory=set)
    rounds: int = 0

    def untried(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Findings whose fix is still to be tried: leftmost first, none overlapping."""
        if self.rounds >= _ROUNDS:
            return ()
        chosen: list[Finding] = []
        end = 0
        with_fix = (f for f in findings if f.fix is not None and _key(f) not in self.keys)
        for finding in sorted(with_fix, key=lambda f: (_edit(f).span, f.severity.rank)):
            span = _edit(finding).span
            if span.start >= end and (not chosen or span != _edit(chosen[-1]).span):
                chosen.append(finding)
                end = span.end
        return tuple(chosen)

    def forget(self) -> None:
        """The writer has written: every fix may be tried again."""
        self.keys.clear()
        self.rounds = 0

    def apply(self, text: str, findings: tuple[Finding, ...]) -> str:
        """The text with the fixes of these findings, which count as tried from now on."""
        self.keys |= {_key(finding) for finding in findings}
        self.rounds += 1
        return apply_edits(text, (_edit(finding) for finding in findings))


def _edit(finding: Finding) -> Edit:
    assert finding.fix is not None  # noqa: S101 - only findings with a fix come here
    return finding.fix


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.criterion, finding.quote, _edit(finding).text
