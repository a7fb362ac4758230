"""A run as everything but its session sees it: a frozen value, one type for each state.

    Queued ─► Running ─► Waiting ◄─► Landed
       │         │          │           │
       └─────────┴──────────┴───────────┴──► Ended

`run_session.RunSession` alone makes the transitions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from self_refine.editor.diagnostics.findings import Placed
from self_refine.editor.diagnostics.tracked_range import TrackedRange
from self_refine.editor.review.change import Change
from self_refine.editor.review.result_notes import ResultNotes
from self_refine.editor.review.tracked_change import State, TrackedChange
from self_refine.text.spans import Span

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.criteria.choose_criteria import Chosen
    from self_refine.loop.types import Judged, Outcome

Kind = Literal["refine", "critique", "generate"]

Why = Literal[
    "finished", "cancelled", "refused", "defect", "discarded", "superseded", "closed", "cleared"
]
"""`finished`: nothing to review came of it; `superseded`: a later run judged the same words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What the user asked for."""

    id: str
    uri: str
    kind: Kind
    title: str
    criteria: tuple[str, ...] = ()
    """Ids that the user chose; empty: all that apply."""
    instruction: str = ""
    brief: str = ""
    began: str = ""
    """ISO 8601, in UTC."""
    restored: bool = False
    """Whether it was there before the server was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What the loop returned, and what a person can review of it."""

    outcome: "Outcome"
    chosen: "Chosen"
    model: str = ""
    changes: tuple[Change, ...] = ()
    notes: ResultNotes = field(default_factory=ResultNotes)
    """What is to be said of the result, and of the text without each of its changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Any:
    order: Order
    original: TrackedRange
    """Follows the selection; its words are the run's original."""

    @property
    def id(self) -> str:
        """Names the run, and its trace."""
        return self.order.id

    @property
    def uri(self) -> str:
        """Of its document."""
        return self.order.uri

    @property
    def region(self) -> Span:
        """The stretch of the document that belongs to the run."""
        return self.original.region

    @property
    def start(self) -> int | None:
        """Where the original stands in the document, None where it does not."""
        return None if self.original.span is None else self.original.span.start


@dataclass(frozen=True, kw_only=True, slots=True)
class Queued(_Any):
    """It has been asked for; another run may be using the model."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Running(_Any):
    """The loop is at work."""

    stage: str = ""
    """Such as "pass 2 of 3"; "" before the first."""
    model: str = ""
    """Such as "gpt-x at api.openai.com"; "" without one."""
    chosen: "Chosen | None" = None
    judged: bool = False
    """Whether the text as it was given has been judged."""
    notes: tuple[Placed, ...] = ()
    """What was found in it; places are relative to it."""
    verdicts: "Mapping[str, Judged]" = field(default_factory=dict)
    """By criterion, of the version that was judged last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting(_Any):
    """A result is there and not in the text, or not all of it: the user decides."""

    result: Result
    reason: str
    """Why it did not land by itself, as a clause."""
    review_first: bool
    """Whether a setting, or what it brings, asks for a look before it lands."""
    changes: tuple[TrackedChange, ...]
    left: str = ""
    """Hash of its document when that was closed; "" while it is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Landed(_Any):
    """The result stands in the text. What has become of each change, the text says."""

    result: Result
    changes: tuple[TrackedChange, ...]
    confirmed: bool = True
    """False while the editor says that it made the edit, and has not sent the change yet."""
    left: str = ""
    """Hash of its document when that was closed; "" while it is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended(_Any):
    """Nothing more comes of it, and nothing of it is followed any more."""

    why: Why
    message: str = ""
    """The reason as a sentence, where there is one to tell."""
    result: Result | None = None
    states: tuple[State, ...] = ()
    """Of each change of the result, when it ended."""


Run = Queued | Running | Waiting | Landed | Ended

Reviewable = Waiting | Landed


def result_of(run: Run) -> Result | None:
    """What came of a run, None while it works and where nothing did."""
    return None if isinstance(run, Queued | Running) else run.result


def changes_of(run: Run) -> tuple[TrackedChange, ...]:
    """The changes that are followed in the document."""
    return run.changes if isinstance(run, Waiting | Landed) else ()


def states(run: Run) -> tuple[State, ...]:
    """The state of each change of a run, in their order."""
    if isinstance(run, Ended):
        return run.states
    if isinstance(run, Landed) and not run.confirmed:
        return tuple("landed" for _ in run.changes)
    return tuple(each.state(offered=isinstance(run, Waiting)) for each in changes_of(run))


def pending(run: Run) -> tuple[TrackedChange, ...]:
    """The changes that are to be decided now: their words stand as the run left them."""
    if not isinstance(run, Waiting | Landed) or (isinstance(run, Landed) and not run.confirmed):
        return ()
    both = zip(changes_of(run), states(run), strict=True)
    return tuple(each for each, state in both if state in ("waiting", "landed"))


def result_start(run: Landed) -> int | None:
    """Where the whole result stands, None where a change is not as it landed."""
    spans = [each.span for each in run.changes if each.is_new]
    if len(spans) < len(run.changes) or None in spans or not run.confirmed:
        return None
    first = spans[0]
    return None if first is None else first.start - run.changes[0].change.new.start


def is_working(run: Run) -> bool:
    """Whether it is queued or running."""
    return isinstance(run, Queued | Running)


def is_over(run: Run, what: Literal["accept", "revert"]) -> bool:
    """Whether nothing of a run can be kept or accepted, or reverted or discarded, any more."""
    if isinstance(run, Waiting):
        return False
    can = ("landed",) if what == "accept" else ("landed", "kept")
    return not (isinstance(run, Landed) and any(state in can for state in states(run)))
