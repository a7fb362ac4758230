"""Owns what a run tells while it works: plain values that the editor and the prompt show."""

from dataclasses import dataclass, field
from typing import Literal

from self_refine.loop.estimate import Estimate
from self_refine.loop.types import Candidate, Cost, Finding, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Began:
    """The run is about to start; nothing has been sent yet."""

    host: str | None
    """The endpoint's host, None without a model."""
    model: str | None
    judged: int
    """Criteria that only a model can decide."""
    checked: int
    """Criteria that checks decide."""
    estimate: Estimate = field(default_factory=Estimate)
    """About what the run will take."""

    @property
    def about(self) -> str:
        """Such as "about 2 calls, ~4.1k tokens"; "" where no model is asked."""
        if not self.estimate.calls:
            return ""
        short = tokens(Cost(input_tokens=self.estimate.tokens, estimated=True))
        return f"about {plural(self.estimate.calls, 'call')}, {short} tokens"


StageName = Literal["checks", "commands", "critique", "rewrite"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """What the run is doing now."""

    stage: StageName
    pass_: int
    """From 1."""
    passes: int
    findings: int
    """Open findings of the version at hand, as far as they are known."""
    cost: Cost
    """So far."""
    detail: str = ""
    """Of commands: which one runs, and the test that it is at."""

    @property
    def sentence(self) -> str:
        """Such as "pass 2 of 3 · critique · 3 findings · 4.1k tokens"."""
        parts = [
            f"pass {self.pass_} of {self.passes}",
            self.detail or self.stage,
            plural(self.findings, "finding"),
        ]
        if self.cost.tokens:
            parts.append(f"{tokens(self.cost)} tokens")
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding that came in while the critique streams: for display, until the judgement is in."""

    finding: Finding
    candidate: int
    text: str
    """What the candidate says: the finding's place is in it."""


@dataclass(frozen=True, slots=True)
class JudgedEvent:
    """A version has been judged: its findings replace all that were seen for it."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Waiting:
    """The model asked for patience, or a call is tried again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The run is over."""

    outcome: Outcome


Event = Began | Stage | Seen | JudgedEvent | Waiting | Ended


def plural(count: int, noun: str) -> str:
    """Such as "1 finding" or "3 findings"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def tokens(cost: Cost) -> str:
    """Tokens as people read them: "870", "~4.1k" where a figure is estimated."""
    count = cost.tokens
    short = f"{count / 1000:.1f}k" if count >= 1000 else str(count)
    return f"~{short}" if cost.estimated else short
