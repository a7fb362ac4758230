"""What the gate has decided. Light: the driver knows this much of the gate and no more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cleared:
    """It may be sent."""

    despite: tuple[str, ...] = ()
    """What the user was told, and sends all the same."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is not sent; the sentence says why, and what to do."""

    message: str
