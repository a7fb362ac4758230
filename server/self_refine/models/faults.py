"""Owns what can go wrong between us and a server, as plain values; `sentences.py` words them."""

import re
from dataclasses import dataclass, field
from enum import Enum

from self_refine.errors import SelfRefineError
from self_refine.text.foreign import Foreign


class Trouble(Enum):
    """Why there was no connection, or none any more."""

    REFUSED = "the connection was refused"
    NO_NAME = "its name is not known"
    NO_ROUTE = "there is no way to it"
    TLS = "its certificate or encryption was not accepted"
    UNKNOWN_CA = "its certificate comes from an authority that is not trusted here"
    EXPIRED = "its certificate has expired"
    NOT_YET = "its certificate is not valid yet"
    OTHER_HOST = "its certificate is for another host"
    WANTS_CERTIFICATE = "it wants a certificate of this machine"
    PLAIN = "it does not speak https"
    SLOW = "nothing answered the connection"
    BROKEN = "the connection broke before the reply began"


@dataclass(frozen=True, slots=True)
class NoConnection:
    """Nothing was answered at all."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class ProxyRefused:
    """The proxy opened no way to the endpoint."""

    code: int
    """Of its answer; 0 where it gave none."""


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that a setting names cannot be used."""

    setting: str
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Status:
    """The server answered with a refusal instead of a reply."""

    code: int
    text: Foreign = field(repr=False)
    """What it said; it may echo the key and the user's text."""
    retry_after: float | None = None
    """Seconds that it asks to wait."""


@dataclass(frozen=True, slots=True)
class Redirected:
    """The server sent us elsewhere; we never go."""

    to: str
    """A host, "" where it named none."""


@dataclass(frozen=True, slots=True)
class Late:
    """A deadline of ours passed."""

    waited_for: str
    setting: str
    """The setting that would allow more."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The reply ended before it said that it was finished."""


@dataclass(frozen=True, slots=True)
class TooBig:
    """The reply went over a cap."""

    what: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """The reply is none that this protocol knows."""

    what: str
    """In our own words."""
    html: bool = False
    """Whether it is a web page: then the address is wrong, not the server."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The server withheld the reply."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model declined to answer."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """The server read less of the prompt than we sent."""

    read: int
    sent: int
    """Tokens, estimated."""


@dataclass(frozen=True, slots=True)
class Resting:
    """The origin failed so often that it is left alone for a while."""

    seconds: float
    because: str


Fault = (
    NoConnection
    | ProxyRefused
    | BadFile
    | Status
    | Redirected
    | Late
    | Cut
    | TooBig
    | Garbled
    | Filtered
    | Refusal
    | Truncated
    | Resting
)


_LOADING = re.compile(r"loading(?: the)? model|model is (?:still )?loading", re.IGNORECASE)


def is_loading(fault: Fault) -> bool:
    """Whether the server says that it has not loaded its model yet: it will answer, only later."""
    return isinstance(fault, Status) and fault.code == 503 and bool(_LOADING.search(fault.text.raw))


class FaultError(SelfRefineError):
    """Carries a fault up to `OpenAIModel.complete` or `listing`, which turn it into a `Failed`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(type(fault).__name__)
        self.fault = fault
