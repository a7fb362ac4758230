"""Owns what is known of an endpoint before anything is sent: its address, its key, its limits."""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"

_TAIL = "/chat/completions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where an endpoint is. Only `address` makes one, so that it is a safe one."""

    base_url: str
    """Without a slash at its end."""
    origin: str
    """Scheme, host and port, such as `https://api.openai.com:443`."""
    host: str
    """As people name it: with the port where it is not the scheme's own."""
    loopback: bool
    """Whether the server runs on this machine."""

    @property
    def name(self) -> str:
        """The host alone, without a port."""
        return urlsplit(self.base_url).hostname or self.host


@dataclass(frozen=True, slots=True)
class BadAddress:
    """A URL that is none, or that is not safe; the message says why, and never repeats a secret."""

    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """How long each thing may take, in seconds. Tests set them to milliseconds."""

    connect: float = 5.0
    first_byte: float = 60.0
    """Until the first word; comments and empty chunks are no words."""
    idle: float = 60.0
    """Between two words."""
    total: float = 300.0
    """One attempt, from the first byte sent to the last received."""
    backoff: float = 0.5
    """Upper end of the first wait; it doubles each time, and the wait is drawn from below it."""
    longest_backoff: float = 8.0
    notice: float = 5.0
    """After so long without a word from a server on this machine, what it may be doing is said."""
    breaker: float = 30.0
    """How long an origin that keeps failing is left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caps:
    """How much one reply may hold."""

    body: int = 8_000_000
    """Bytes."""
    line: int = 1_000_000
    """Bytes of one line, and so of one chunk."""
    chunks: int = 100_000
    error: int = 64_000
    """Bytes that are read of a refusal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One model at one server, and all that is needed to ask it."""

    address: Address
    model: str | None
    """None: the only one that the server lists."""
    key: str | None = field(default=None, repr=False)
    key_withheld: str = ""
    """Why a key that is set does not go there, as a sentence."""
    timing: Timing = Timing()
    caps: Caps = Caps()
    effort: str = "low"
    """How long a model that thinks may do so before it judges."""

    @property
    def at_once(self) -> int:
        """Calls that may be under way together; a server on this machine has one model loaded."""
        return 1 if self.address.loopback else 4


_NAME = "baseUrl (OPENAI_BASE_URL)"
_BARE = re.compile(r"(?P<host>[A-Za-z0-9.-]{1,253})(?::[0-9]{1,5})?(?:/[A-Za-z0-9._/-]{0,200})?")


def address(url: str) -> Address | BadAddress:
    """Read the URL of an endpoint as a user may have written it."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return BadAddress(f"{_NAME} is no URL. It looks like https://host/v1.")
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host:
        return BadAddress(
            f"{_NAME} must begin with https:// or http:// and name a host{_such(url)}."
        )
    if problem := _unsafe(url.strip(), host):
        return BadAddress(problem)
    if parts.scheme == "http" and not is_loopback(host):
        return BadAddress(
            f"{_NAME} would send your text and key to {host} unencrypted. Use https://, or an "
            "encrypted tunnel to 127.0.0.1; http:// is for servers on this machine."
        )
    usual = 443 if parts.scheme == "https" else 80
    bracketed = f"[{host}]" if ":" in host else host
    named = bracketed if port in {None, usual} else f"{bracketed}:{port}"
    path = parts.path.rstrip("/").removesuffix(_TAIL).rstrip("/")
    return Address(
        base_url=f"{parts.scheme}://{named}{path}",
        origin=f"{parts.scheme}://{bracketed}:{port or usual}",
        host=named,
        loopback=is_loopback(host),
    )


def _such(url: str) -> str:
    """What was probably meant, where no scheme was written; nothing that could be a secret."""
    found = _BARE.fullmatch(url.strip())
    if found is None:
        return ""
    return f", such as {'http' if is_loopback(found['host']) else 'https'}://{found[0]}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name alone: nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def key_problem(key: str) -> str | None:
    """Why a key cannot be one; the sentence never shows it."""
    if key.isascii() and key.isprintable() and " " not in key:
        return None
    return (
        "The API key holds characters that no key has (a space, a line break, a letter outside "
        "ASCII). Copy it again into OPENAI_API_KEY or the editor's secret storage."
    )


def _unsafe(url: str, host: str) -> str | None:
    parts = urlsplit(url)
    if "@" in parts.netloc:
        return f"{_NAME} holds a user name or password for {host}; keep secrets in OPENAI_API_KEY."
    if "?" in url or "#" in url:
        return f"{_NAME} for {host} must end with its path, without ? or #."
    if not url.isascii() or not url.isprintable() or any(c in url for c in ' \\"<>^`{|}'):
        return f"{_NAME} holds characters that no URL has."
    return None
