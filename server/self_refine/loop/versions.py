"""Owns the versions of one run: all that were judged, which were refused, which is the best."""

from collections.abc import Iterable
from dataclasses import replace

from self_refine.loop.critic.version_changes import hunks
from self_refine.loop.ranking import is_better
from self_refine.loop.types import Candidate, Criterion, Origin


class Versions:
    """All versions in order of their numbers; the original is always among them."""

    def __init__(self, text: str, criteria: tuple[Criterion, ...]) -> None:
        self._criteria = criteria
        self.best = Candidate(number=0, text=text, parent=None, origin="original", pass_=0)
        self._all = [self.best]
        self._seen = {normalised(text)}

    @property
    def all(self) -> tuple[Candidate, ...]:
        """Every version, refused ones too."""
        return tuple(self._all)

    def made(self, text: str, origin: Origin, pass_: int) -> Candidate:
        """A new version of the best one, not judged yet and not kept."""
        self._seen.add(normalised(text))
        return Candidate(
            number=len(self._all), text=text, parent=self.best.number, origin=origin, pass_=pass_
        )

    def was_seen(self, text: str) -> bool:
        """Whether this text, whatever its white space, was a version before."""
        return normalised(text) in self._seen

    def had(self, text: str) -> bool:
        """Whether this very text was a version before."""
        return any(candidate.text == text for candidate in self._all)

    def keep(self, candidate: Candidate) -> Candidate:
        """Put a version, or what is now known of it, into its place."""
        if candidate.number == len(self._all):
            self._all.append(candidate)
        else:
            self._all[candidate.number] = candidate
        if candidate.number == self.best.number:
            self.best = candidate
        return candidate

    def start_from(self, candidate: Candidate) -> None:
        """Let a version be the best without a comparison: nothing was there to compare with."""
        self.best = self.keep(candidate)

    def reject(self, candidate: Candidate, why: str) -> Candidate:
        """Keep a version for the trace alone."""
        return self.keep(replace(candidate, accepted=False, rejected_because=why))

    def take(self, candidate: Candidate, otherwise: str) -> Candidate:
        """Let a version be the best if it is better, else refuse it for the reason `otherwise`."""
        if not is_better(candidate, self.best, self._criteria):
            return self.reject(candidate, otherwise)
        self.best = self.keep(candidate)
        return self.best

    def settle(self) -> None:
        """Go back to an earlier version of the line where all that is known by now speaks for it.

        A finding that came late may stand in words that an earlier pass had brought in.
        """
        line = self.line()
        for at, earlier in enumerate(line[:-1]):
            if earlier.verdicts and is_better(earlier, since(earlier, self.best), self._criteria):
                for later in line[at + 1 :]:
                    self.reject(later, "what is known now speaks for an earlier version")
                self.best = earlier
                return

    def line(self) -> tuple[Candidate, ...]:
        """The versions from the original to the best, each made from the one before."""
        at: Candidate | None = self.best
        found: list[Candidate] = []
        while at is not None:
            found.append(at)
            at = None if at.parent is None else self._all[at.parent]
        return tuple(reversed(found))


def since(old: Candidate, new: Candidate) -> Candidate:
    """The new version, without what is said of words that are the same in the old one."""
    changed = [span for _, span in hunks(old.text, new.text)]
    findings = (f for f in new.findings if any(f.span.touches(span) for span in changed))
    return replace(new, findings=tuple(findings))


def normalised(text: str) -> str:
    """The words of a text: white space does not make another version."""
    return " ".join(text.split())


def each_once(items: Iterable[str]) -> tuple[str, ...]:
    """The items in order, without repeats."""
    return tuple(dict.fromkeys(items))
