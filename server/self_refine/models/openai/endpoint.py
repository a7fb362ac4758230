"""Owns what is known of an endpoint before anything is sent: its address, its key, its limits."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from self_refine.models.network.reach import Proxy, Secrets, Trust

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
    setting: str = "baseUrl"
    """Which setting names it."""

    @property
    def encrypted(self) -> bool:
        """Whether it speaks https."""
        return self.origin.startswith("https:")

    @property
    def port(self) -> int:
        """Its port, the scheme's own where none is written."""
        return int(self.origin.rpartition(":")[2])

    @property
    def shown(self) -> str:
        """The host as people are asked about it: a text that travels unencrypted is told."""
        plain = not self.encrypted and not self.loopback
        return f"{self.host} (unencrypted)" if plain else self.host

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
    key_header: str = ""
    """The header of the key, where that is not `Authorization`."""
    key_variable: str = "OPENAI_API_KEY"
    """Where people keep a key of this server."""
    secrets: Secrets = field(default_factory=Secrets)
    trust: Trust = field(default_factory=Trust)
    route: Proxy | None = None
    """The proxy; None: straight."""

    @property
    def confidential(self) -> Iterator[str]:
        """All that no message may repeat."""
        yield self.key or ""
        yield from self.secrets.headers.values()
        yield from self.secrets.query.values()
        if self.route is not None and self.route.login is not None:
            yield from self.route.login

    @property
    def at_once(self) -> int:
        """Calls that may be under way together; a server on this machine has one model loaded."""
        return 1 if self.address.loopback else 4


_NAMES = {"baseUrl": "baseUrl (OPENAI_BASE_URL)"}
_BARE = re.compile(r"(?P<host>[A-Za-z0-9.-]{1,253})(?::[0-9]{1,5})?(?:/[A-Za-z0-9._/-]{0,200})?")


def address(
    url: str, allow_http: Sequence[str] = (), setting: str = "baseUrl"
) -> Address | BadAddress:
    """Read the URL of an endpoint as a user may have written it.

    Args:
        url: the URL.
        allow_http: hosts with their ports that may be asked without encryption.
        setting: which setting holds the URL.
    """
    name = _NAMES.get(setting, setting)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return BadAddress(f"{name} is no URL. It looks like https://host/v1.")
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host:
        return BadAddress(
            f"{name} must begin with https:// or http:// and name a host{_such(url)}."
        )
    if problem := _unsafe(url.strip(), host):
        return BadAddress(f"{name} {problem}")
    usual = 443 if parts.scheme == "https" else 80
    bracketed = f"[{host}]" if ":" in host else host
    named = bracketed if port in {None, usual} else f"{bracketed}:{port}"
    path = parts.path.rstrip("/").removesuffix(_TAIL).rstrip("/")
    read = Address(
        base_url=f"{parts.scheme}://{named}{path}",
        origin=f"{parts.scheme}://{bracketed}:{port or usual}",
        host=named,
        loopback=is_loopback(host),
        setting=setting,
    )
    if read.encrypted or read.loopback or _allowed(read, allow_http):
        return read
    return BadAddress(
        f"{name} would send your text and key to {host} unencrypted. Use https://, or an "
        "encrypted tunnel to 127.0.0.1. If you trust the network between, write "
        f'allowHttp = ["{bracketed}:{read.port}"] in your own settings.'
    )


def origin_of(url: str | None) -> str | None:
    """The origin of a URL, whether it may be asked or not; None where it has none."""
    if not url:
        return None
    try:
        host = urlsplit(url.strip()).netloc
    except ValueError:
        return None
    read = address(url, [host, f"{host}:80"])
    return read.origin if isinstance(read, Address) else None


def _allowed(where: Address, allow_http: Sequence[str]) -> bool:
    """Whether this host and port are named; one without a port is the port of http."""
    host = f"[{where.name}]" if ":" in where.name else where.name
    names = {f"{host}:{where.port}"} | ({host, where.name} if where.port == 80 else set())
    return any(entry.strip().lower() in names for entry in allow_http)


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


def is_literal(host: str) -> bool:
    """Whether a host is an address already, which nobody has to look up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def key_problem(key: str) -> str | None:
    """Why a key cannot be one; the sentence never shows it."""
    if key.isascii() and key.isprintable() and " " not in key:
        return None
    return (
        "The API key holds characters that no key has (a space, a line break, a letter outside "
        "ASCII). Copy it again into OPENAI_API_KEY or the editor's secret storage."
    )


def _unsafe(url: str, host: str) -> str | None:
    """What makes a URL one that is not asked, after the name of its setting."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        return f"holds a user name or password for {host}; keep secrets in OPENAI_API_KEY."
    if "?" in url or "#" in url:
        return (
            f"for {host} must end with its path, without ? or #; query parameters such as "
            "api-version belong into the setting extraQuery."
        )
    if not url.isascii() or not url.isprintable() or any(c in url for c in ' \\"<>^`{|}'):
        return "holds characters that no URL has."
    return None
