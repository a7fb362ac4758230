"""What checks repair by themselves: which fixes are still to be tried, and applying them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from self_refine.loop.types import Finding
from self_refine.text.spans import Edit, Span, apply_edits

_ROUNDS = 10
"""Most rounds between two passes of the writer: a fix may feed the pattern that asked for it."""
_REFUSALS = 40
"""Most versions with fixes that broke something; what is left then is left to the writer."""
_BESIDE = 40
"""Code points on each side that tell one place of a fix from another."""

Key = tuple[str, str, str]
Place = tuple[Key, str, str]


@dataclass(slots=True)
class Tried:
    """The fixes that were applied since the writer wrote last."""

    counts: dict[Key, int] = field(default_factory=dict)
    """How many findings there were when a fix was applied: one that leaves as many feeds itself."""
    rounds: int = 0
    reasons: dict[Key, str] = field(default_factory=dict)
    """Why which fix was not applied, as sentences for people."""
    _refused: set[Place] = field(default_factory=set)
    _refusals: int = 0
    _most: int | None = None
    """How many fixes are tried together, while nobody knows which of them breaks something."""

    def untried(self, findings: tuple[Finding, ...], text: str) -> tuple[Finding, ...]:
        """Findings of `text` whose fix is still to be tried: leftmost first, none overlapping."""
        if self.rounds >= _ROUNDS or self._refusals > _REFUSALS:
            return ()
        with_fix = [f for f in findings if f.fix is not None]
        now = Counter(map(_key, with_fix))
        wanted = [
            f
            for f in with_fix
            if now[_key(f)] < self.counts.get(_key(f), len(findings) + 1)
            and not (self._refused and _place(f, text) in self._refused)
        ]
        return _apart(wanted)[: self._most]

    def forget(self) -> None:
        """The writer has written: every fix may be tried again."""
        self.counts.clear()
        self.rounds = 0

    def apply(self, text: str, chosen: tuple[Finding, ...], all_of: Iterable[Finding]) -> str:
        """The text with the fixes that were chosen of its findings; they count as tried now."""
        now = Counter(_key(finding) for finding in all_of if finding.fix is not None)
        self.counts |= {_key(finding): now[_key(finding)] for finding in chosen}
        self.rounds += 1
        return apply_edits(text, (_edit(finding) for finding in chosen))

    def refuse(self, text: str, chosen: tuple[Finding, ...], broken: tuple[Finding, ...]) -> None:
        """Together the chosen fixes broke something: leave out the guilty ones, try the others.

        Args:
            text: the version that they were applied to.
            chosen: the findings whose fixes were applied.
            broken: the findings of the version that came of it, in its offsets.
        """
        guilty = [f for f, span in _written(chosen) if any(b.span.touches(span) for b in broken)]
        self.rounds -= 1
        self._refusals += 1
        for finding in chosen:
            self.counts.pop(_key(finding), None)
        if len(chosen) > 1 and (not guilty or len(guilty) == len(chosen)):
            self._most = len(chosen) // 2
            return
        criteria = ", ".join(sorted({finding.criterion for finding in broken}))
        why = f"would break {criteria}" if broken else "would bring back an earlier version"
        for finding in guilty or chosen:
            self._refused.add(_place(finding, text))
            edit = _edit(finding)
            self.reasons.setdefault(
                _key(finding),
                f"Not applied: {finding.criterion}'s fix of {finding.quote!r} to "
                f"{edit.text.strip()!r}, which {why}.",
            )

    def accepted(self) -> None:
        """What was tried together was right: try the rest together again."""
        self._most = None


def _apart(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    chosen: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=lambda f: (_edit(f).span, f.severity.rank)):
        span = _edit(finding).span
        if span.start >= end and (not chosen or span != _edit(chosen[-1]).span):
            chosen.append(finding)
            end = span.end
    return tuple(chosen)


def _written(chosen: tuple[Finding, ...]) -> list[tuple[Finding, Span]]:
    """Where each fix stands in the text that came of all of them."""
    placed: list[tuple[Finding, Span]] = []
    moved = 0
    for finding in chosen:
        edit = _edit(finding)
        start = edit.span.start + moved
        placed.append((finding, Span(start, start + len(edit.text))))
        moved += len(edit.text) - (edit.span.end - edit.span.start)
    return placed


def _edit(finding: Finding) -> Edit:
    assert finding.fix is not None  # noqa: S101 - only findings with a fix come here
    return finding.fix


def _key(finding: Finding) -> Key:
    return finding.criterion, finding.quote, _edit(finding).text


def _place(finding: Finding, text: str) -> Place:
    span = finding.span
    before = text[max(0, span.start - _BESIDE) : span.start]
    return _key(finding), before, text[span.end : span.end + _BESIDE]
