"""`Change`: what a person keeps or reverts as one; it has a part for each stretch that differs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from self_refine.text.spans import Edit, Span

if TYPE_CHECKING:  # the engine is imported with the first run
    from self_refine.loop.types import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One stretch of the original that the result has other words for."""

    old: Span
    """In the original."""
    new: Span
    """In the result."""
    before: str
    """The words at `old`."""
    after: str
    """The words at `new`."""
    answers: "tuple[Finding, ...]" = ()
    """The findings that it answers, as the gate knows."""
    pass_: int | None = None
    """The pass that made it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Parts that belong together: they stand in one sentence, or in one statement of code."""

    number: int
    """From 0; users see it from 1."""
    old: Span
    """From the first part to the last, in the original."""
    new: Span
    """The same in the result."""
    before: str
    """The words at `old`."""
    after: str
    """The words at `new`."""
    parts: tuple[Part, ...]

    @property
    def answers(self) -> "tuple[Finding, ...]":
        """The findings that its parts answer, each once."""
        return tuple(dict.fromkeys(finding for part in self.parts for finding in part.answers))

    @property
    def pass_(self) -> int | None:
        """The last pass that worked on it."""
        return max((part.pass_ for part in self.parts if part.pass_ is not None), default=None)


def change_of(number: int, parts: tuple[Part, ...], original: str, result: str) -> Change:
    """The change that consists of these parts, which follow each other."""
    old = Span(parts[0].old.start, parts[-1].old.end)
    new = Span(parts[0].new.start, parts[-1].new.end)
    return Change(
        number=number,
        old=old,
        new=new,
        before=old.of(original),
        after=new.of(result),
        parts=parts,
    )


def forward(change: Change, start: int) -> tuple[Edit, ...]:
    """What makes the change where its old words stand from `start`."""
    by = start - change.old.start
    return tuple(Edit(part.old.moved(by), part.after) for part in change.parts)


def backward(change: Change, start: int) -> tuple[Edit, ...]:
    """What takes the change back where its new words stand from `start`."""
    by = start - change.new.start
    return tuple(Edit(part.new.moved(by), part.before) for part in change.parts)
