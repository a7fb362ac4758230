"""Owns what one run is given: the text, the criteria, the limits. All of it plain values."""

from dataclasses import dataclass
from typing import Literal

from self_refine.loop.types import Criterion


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of one run; `settings.md` names and defaults."""

    passes: int = 3
    """Passes of the writer; what fixes of checks do is not counted."""
    calls: int = 20
    tokens: int = 100_000
    """Input and output tokens together."""
    seconds: float = 300.0
    """Time that calls took, as the replies say; the driver holds the wall clock."""
    output_tokens: int | None = None
    """Most tokens of one reply, thinking included; None: what the call needs, and more if it
    was cut."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One text to refine."""

    text: str
    """The selection, exactly as it stands in the document; draft 0. Empty: generate it."""
    criteria: tuple[Criterion, ...]
    instruction: str = ""
    """What the user typed, "" for nothing."""
    brief: str = ""
    """What the text is for: context for judge and writer, never a criterion or a wish."""
    before: str = ""
    """Read-only context that stands before the selection."""
    after: str = ""
    language: str = "plaintext"
    """The editor's language id."""
    has_model: bool
    mode: Literal["normal", "thorough"] = "normal"
    reading: Literal["one", "separate"] = "one"
    """Whether one call judges and fixes, or the critique and the rewrite are calls of their own:
    another model judges, or this one was seen not to hold the form."""
    second_looks: bool = False
    """Whether findings are asked for once more in normal mode, too: this model contradicts itself
    more often than most."""
    room: int = 1
    """Factor on the room for a reply: models that think need more."""
    remembers: bool = False
    """Whether whoever drives the run knows verdicts of earlier ones."""
    draft: bool = False
    """The selection is a task: generate the text from it, then refine that."""
    critique_only: bool = False
    """Judge the text once and stop."""
    protect: tuple[str, ...] = ()
    """Exact stretches of the text that no refinement may change."""
    first_line_indent: str = ""
    """White space that stands before the selection on its first line."""
    seed: str
    """Random characters from the driver; every delimiter of the run is derived from them."""
    limits: Limits = Limits()
