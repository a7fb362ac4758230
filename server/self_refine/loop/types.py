"""Owns the nouns of the technique: criterion, finding, verdict, candidate, outcome."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from self_refine.text.spans import Edit, Span

INSTRUCTION = "instruction"
"""Id of the open critique of the user's own words: a hint, never a gate."""


def label_of(criterion: str) -> str:
    """The full id of a criterion as people read it; the user's own words are none."""
    return "no criterion" if criterion == INSTRUCTION else criterion


class Severity(StrEnum):
    """How grave a criterion is; the author of the criteria file says, the model never does."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)

    @property
    def gates(self) -> bool:
        """Whether findings of this severity withhold approval and are sent to the writer."""
        return self in (Severity.ERROR, Severity.WARNING)


class Verdict(StrEnum):
    """What was decided about one criterion on one candidate."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not_checked"


class StopReason(StrEnum):
    """Why a run ended. The value is what JSON and traces carry; `sentence` is what people read."""

    APPROVED = "approved"
    CHECKS_ONLY = "checks only"
    LIMIT = "limit"
    NO_CHANGE = "no change"
    NO_PROGRESS = "no progress"
    OSCILLATION = "oscillation"
    CONFLICT = "conflict"
    BUDGET = "budget"
    CANCELLED = "cancelled"
    NEEDS_AUTHOR = "needs author"
    NOT_CHECKED = "not checked"
    CRITIC_UNRELIABLE = "critic unreliable"
    REFINE_FAILED = "refine failed"
    MODEL_FAILED = "model failed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a criterion stands, so that a finding can point at what asked for it."""

    path: str
    """As the user would name the file."""
    line: int
    """Counted from 1."""
    column: int = 1
    """Counted from 1, in code points."""


@dataclass(frozen=True, slots=True)
class When:
    """A judged criterion that is asked only if a check went one way."""

    check: str
    """Full id of the check."""
    fired: bool = True
    """True: ask where the check failed; False: where it passed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One yes/no question about something quotable; `fail` means that the fault is there."""

    id: str
    """Full id, such as `email/too-formal`."""
    question: str
    """What the critic decides; for a check, its message or what it looks for."""
    severity: Severity
    check: str | None = None
    """The kind of the deterministic check that decides it; None where the critic does."""
    fix: str = ""
    """What the writer is told."""
    evidence: str = ""
    """What the critic must quote."""
    exceptions: tuple[str, ...] = ()
    """The `not:` lines: what does not count."""
    why: str = ""
    absence: bool = False
    """Whether a finding may report that something is missing, with no quote."""
    when: When | None = None
    compare_original: bool = False
    """Whether the critic needs the original beside the candidate."""
    uses: tuple[tuple[str, str], ...] = ()
    """Names and texts of the inputs that the critic needs."""
    not_checked: str = ""
    """Reason known before the run why nobody can decide it; "" where somebody can."""
    source: Source | None = None
    slow: bool = False
    """Whether a command decides it, such as a test suite: asked for by `RunCommands`."""
    digest: str = ""
    """Hash of the criterion's own text: a dismissal holds as long as it does."""


class Kind(StrEnum):
    """What sort of fault a finding reports."""

    WRONG = "wrong"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One criticism and the words that it is about."""

    criterion: str
    """Full id."""
    severity: Severity
    span: Span
    """In the candidate that was judged; empty (a place) for something missing."""
    quote: str
    """The candidate's own words at `span`; "" where something is missing."""
    kind: Kind = Kind.WRONG
    problem: str
    """One plain sentence for people."""
    instruction: str = ""
    """What to do about it, for the writer."""
    fix: Edit | None = None
    """A deterministic repair, in offsets of the candidate; only checks give one."""
    disputed: bool = False
    """Shown, not counted: the criterion had passed and its words have not changed."""
    late: bool = False
    """Its words stood in the version before, whose critique did not mention them: it is to be
    fixed, but says nothing about what was changed."""
    checked: bool = False
    """Whether a check found it, not the critic."""
    anywhere: bool = False
    """Whether what resolves it may stand anywhere in the text: a test fails, and names no line."""
    output: str = ""
    """What a command printed about it, such as a failed assertion: data, for the writer."""
    proposal: tuple[Edit, ...] = ()
    """What one reading would put there, in offsets of the candidate; validated, not judged yet."""
    proposal_words: str = ""
    """The words from the first of its edits, or its own, to the last: it fits as long as these
    stand there."""
    needs: Literal["", "rewrite", "author"] = ""
    """`rewrite`: more than its place has to change. `author`: something is missing, and neither
    the text nor the brief nor a criterion says what it is, so no model may make it up."""

    @property
    def proposal_place(self) -> Span:
        """The stretch from the first of its edits, or its own words, to the last."""
        spans = [self.span, *(edit.span for edit in self.proposal)]
        return Span(min(s.start for s in spans), max(s.end for s in spans))

    def proposing(self, edits: tuple[Edit, ...], text: str) -> "Finding":
        """The finding with these edits of `text`, the candidate's, as its proposal."""
        made = replace(self, proposal=edits)
        return replace(made, proposal_words=made.proposal_place.of(text))


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """What one deterministic check says of one candidate."""

    criterion: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    """Why it was not checked; "" otherwise."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and its reason."""

    verdict: Verdict
    reason: str = ""
    """Filled for `unknown` and `not_checked`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What a critic once decided of one criterion on one text."""

    criterion: str
    """Full id."""
    judged: Judged
    findings: tuple[Finding, ...]
    """With what one reading proposed for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What calls to the model took. Tokens are the server's count where it gives one."""

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    """The part of `input_tokens` that the server had in its prompt cache."""
    output_tokens: int = 0
    seconds: float = 0.0
    estimated: bool = False
    """Whether any figure is our estimate, shown with "~"."""

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            seconds=self.seconds + other.seconds,
            estimated=self.estimated or other.estimated,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """What a run learnt of its model, worth remembering for the next one."""

    readings: int = 0
    """Replies that were to judge and fix at once, and came whole."""
    unreadable: int = 0
    """Those of them in which the form could not be read."""
    room: int = 1
    """The factor on the room for a reply with which no reply ran into its limit."""
    looks: int = 0
    """Criteria that were judged a second time on the same text."""
    flips: int = 0
    """Those of them whose verdict changed."""


Origin = Literal["original", "fixes", "rewrite", "partial", "generated"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One version of the text, and all that was judged about it."""

    number: int
    """0 for the text as given; counts every version that was ever judged."""
    text: str
    parent: int | None
    """Number of the candidate that it was made from."""
    origin: Origin
    pass_: int
    """The pass of the writer that made it; 0 for the original and what fixes made of it."""
    accepted: bool = True
    """False where the gate rejected it: it is in the trace, never in the result."""
    rejected_because: str = ""
    findings: tuple[Finding, ...] = ()
    verdicts: dict[str, Judged] = field(default_factory=dict)
    addressed: tuple[Finding, ...] = ()
    """The findings of the parent that this version set out to fix."""
    notes: tuple[str, ...] = ()
    """Remarks for trace and report, such as "broad edit" or "1 quote not found: dropped"."""
    held: tuple[str, ...] = ()
    """Why a person should look at this change before it lands."""
    lost: tuple[str, ...] = ()
    """What it no longer says that its parent said and no finding asked to remove."""
    cost: Cost = Cost()
    """Of the calls that made and judged it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PassView:
    """One accepted version as people see it, and which of its findings a later one fixed."""

    candidate: Candidate
    fixed_in: tuple[int | None, ...]
    """Beside each finding: index of the pass view in which it was gone, None while open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run returns, however it ended."""

    text: str
    """The best version; the original where nothing better was found."""
    stop: StopReason
    detail: str
    """What ran out, which error, which two criteria: a clause for people, or ""."""
    best: int
    """Number of the candidate whose text is returned."""
    candidates: tuple[Candidate, ...]
    """Every version, rejected ones too, in order of their numbers."""
    criteria: tuple[Criterion, ...]
    cost: Cost
    held: tuple[str, ...] = ()
    """Why a person should look before it lands: new URLs, broad edit …; empty: nothing special."""
    notes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    """Facts of the original that the text no longer has, though no finding asked for that."""
    observed: Observed = field(default_factory=Observed)

    @property
    def chosen(self) -> Candidate:
        """The candidate whose text is returned."""
        return self.candidates[self.best]

    @property
    def original(self) -> Candidate:
        """The candidate that was there first."""
        return self.candidates[0]
