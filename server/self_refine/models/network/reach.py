"""What is needed to reach an endpoint, beside its address. Nothing here is sent or looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Proxy:
    """A proxy, and why it is used."""

    url: str
    """Without user and password."""
    host: str
    """With its port, as people name it."""
    login: tuple[str, str] | None = field(default=None, repr=False)
    because: str = "the setting proxy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Whose certificates are accepted, and which one is shown."""

    ca_file: str | None = None
    ca_system: bool = True
    client_certificate: tuple[str, ...] = ()
    """A PEM file with certificate and key, or one file for each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """What an endpoint is sent beside the question, or where each of it is kept.

    Before `references.fetched` the values may be references; after it they are what is sent.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    key_from: str | None = None
    """A reference; "" where there is none."""
    key_command: tuple[str, ...] = field(default=(), repr=False)
    proxy: str | None = field(default=None, repr=False)
    """As the setting has it: a URL, a reference to one, or "env"."""
    no_proxy: tuple[str, ...] = ()
