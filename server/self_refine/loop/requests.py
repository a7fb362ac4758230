"""Owns what the loop asks for and what it is sent back. Whoever drives it performs the requests."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from self_refine.loop.types import Candidate, CheckResult, Cost, Finding, Known, Outcome, StopReason


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message: a leading `system`, then `user`."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One question to the model, complete: the driver adds nothing to its words."""

    purpose: Literal["critique", "refine", "generate"]
    messages: tuple[Message, ...]
    """All that stands before the task; byte for byte the same for two calls on one candidate."""
    task: str
    """The end of the last user message: what to do now, and the form of the reply."""
    reading: bool = False
    """Whether a critique is to hold the fixes of what fails, in the tagged form of one reading."""
    schema: Mapping[str, Any] | None = None
    """JSON Schema of the reply, where the server can hold the model to it."""
    plain_task: str = ""
    """Replaces `task` where the server takes no schema: the same, answered in tags."""
    tag: str
    """The reply's own tag, such as `reply-3f9a1c22`; drawn for this call."""
    max_output_tokens: int
    temperature: float | None = None
    """None: the server's default."""
    focus: tuple[str, ...] = ()
    """Ids of the criteria that are asked about; empty: none or all."""
    candidate: int = 0
    """Number of the candidate that the call is about."""
    todo: tuple[Finding, ...] = ()
    """What a rewrite is to fix, for the trace; the task says it to the model."""


@dataclass(frozen=True, slots=True)
class RunChecks:
    """Run every check on this text, whole selection as it would stand in the document."""

    text: str
    candidate: int


@dataclass(frozen=True, slots=True)
class RunCommands:
    """Run every command that is a check (`Criterion.slow`) on this text: seconds to minutes."""

    text: str
    candidate: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Send this call to the model."""

    call: Call


@dataclass(frozen=True, slots=True)
class Report:
    """Hear what was decided about a candidate, to show and record it; asks for nothing."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Recall:
    """Say what is known of this text under these criteria, from an earlier run."""

    text: str
    criteria: tuple[str, ...]
    """Full ids."""


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep what was decided of this text for later runs; asks for nothing."""

    text: str
    known: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """Look at what the writer made of a text, beside its words: marks of lines, syntax of code."""

    before: str
    """What the writer was given."""
    after: str
    candidate: int


Request = RunChecks | RunCommands | Ask | Report | Recall | Remember | Guard


@dataclass(frozen=True, slots=True)
class Checked:
    """Answer to `RunChecks` and `RunCommands`: one result per check, in their order."""

    results: tuple[CheckResult, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """Answer to `Ask`: the whole reply; whether it is any good is for the loop to say."""

    text: str
    form: Literal["json", "tagged"]
    """`json` where the schema was sent, `tagged` where `plain_task` was."""
    finish: Literal["stop", "length"]
    cost: Cost


class FailureKind(StrEnum):
    """What went wrong with a call; the message says it to people."""

    UNREACHABLE = "unreachable"
    AUTHORISATION = "authorisation"
    RATE_LIMIT = "rate limit"
    TIMEOUT = "time-out"
    BAD_ANSWER = "bad answer"
    CUT = "cut"
    REFUSED = "refused"
    FILTERED = "filtered"
    TOO_LONG = "too long"
    TRUNCATED_PROMPT = "truncated prompt"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """Answer to `Ask`: the model could not answer, after retries; never the user's text."""

    kind: FailureKind
    message: str
    """A sentence that names the host, the cause and the next step."""
    cost: Cost = Cost()


@dataclass(frozen=True, slots=True)
class Halted:
    """Answer to any request: the run is to end now, with the best text so far."""

    reason: Literal[StopReason.CANCELLED, StopReason.BUDGET]
    detail: str = ""
    cost: Cost = Cost()


@dataclass(frozen=True, slots=True)
class Noted:
    """Answer to `Report` and `Remember`."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """Answer to `Recall`: criteria that nothing is known of are left out."""

    known: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Guarded:
    """Answer to `Guard`: the rewrite, with what it need not have changed put back."""

    text: str
    held: tuple[str, ...] = ()
    """Why a person should look at it before it lands, as clauses."""


Reply = Checked | Answered | Failed | Halted | Noted | Recalled | Guarded

Step = tuple[Request, ...]
"""Requests that may be answered in parallel; the answer is a tuple of replies in the same order."""

Replies = tuple[Reply, ...]

Loop = Generator[Step, Replies, Outcome]
