"""Which way a request takes: straight to the endpoint, or through the proxy that the user set.

Pure but for `environment_proxies`. A server on this machine and one that is asked without TLS are
never asked through a proxy: it would read the key.
"""

import ipaddress
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from self_refine.models.network.reach import Proxy
from self_refine.models.openai.endpoint import Address

ENVIRONMENT = "env"
"""The value of `proxy` that takes what the environment names."""
_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


@dataclass(frozen=True, slots=True)
class BadProxy:
    """A proxy that cannot be meant so; the message repeats no password."""

    message: str


Route = Proxy | BadProxy | None
"""None: straight to the endpoint."""


def route_to(
    where: Address, proxy: str | None, no_proxy: Iterable[str], found: Mapping[str, str]
) -> Route:
    """The way to an endpoint.

    Args:
        where: the endpoint.
        proxy: a URL, `ENVIRONMENT`, or None for none.
        no_proxy: hosts that are asked straight.
        found: what `environment_proxies` gives.
    """
    if proxy is None or where.loopback or not where.encrypted:
        return None
    name, port = where.name, where.port
    if bypasses(name, port, no_proxy):
        return None
    if proxy != ENVIRONMENT:
        return read_proxy(proxy)
    url = found.get("https") or found.get("all")
    if not url or bypasses(name, port, found.get("no", "").split(",")):
        return None
    return read_proxy(url, "the environment's HTTPS_PROXY")


def read_proxy(url: str, because: str = "the setting proxy") -> Proxy | BadProxy:
    """Read the address of a proxy as people write it, `proxy.corp:8080` too."""
    written = url.strip() if "://" in url else f"http://{url.strip()}"
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        return BadProxy(f"{because} is no address of a proxy. It looks like http://host:8080.")
    host = parts.hostname
    if parts.scheme.startswith("socks"):
        return BadProxy(
            f"{because} names a SOCKS proxy, which self-refine cannot use. "
            "Name an HTTP proxy, such as http://host:8080."
        )
    if parts.scheme not in {"http", "https"} or not host:
        return BadProxy(f"{because} is no address of a proxy. It looks like http://host:8080.")
    if not host.isascii() or not host.isprintable() or any(c in host for c in ' "<>\\^`{|}'):
        return BadProxy(f"{because} holds characters that no address has.")
    bracketed = f"[{host}]" if ":" in host else host
    named = f"{bracketed}:{port or (443 if parts.scheme == 'https' else 80)}"
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(url=f"{parts.scheme}://{named}", host=named, login=login, because=because)


def bypasses(host: str, port: int, patterns: Iterable[str]) -> bool:
    """Whether a host is among those that are asked straight.

    Patterns are `*`, a name (with the names below it), `.name`, `*.name`, an address, a network
    such as `10.0.0.0/8`, each with or without a port.
    """
    return any(_matches(host.lower(), port, p.strip().lower()) for p in patterns if p.strip())


def _matches(host: str, port: int, pattern: str) -> bool:
    if pattern == "*":
        return True
    pattern = pattern.partition("://")[2] or pattern
    name, of_port = _split(pattern)
    if of_port is not None and of_port != port:
        return False
    if (within := _network(name)) is not None:
        try:
            return ipaddress.ip_address(host) in within
        except ValueError:
            return False
    name = name.removeprefix("*").lstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _split(pattern: str) -> tuple[str, int | None]:
    """A pattern without its port, and the port."""
    if pattern.startswith("["):
        name, _, rest = pattern[1:].partition("]")
        port = rest.removeprefix(":")
    elif pattern.count(":") == 1:
        name, _, port = pattern.partition(":")
    else:
        name, port = pattern, ""
    return name, int(port) if port.isdecimal() else None


def _network(name: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(name, strict=False)
    except ValueError:
        return None


def environment_proxies() -> dict[str, str]:
    """The proxies that the environment names, or on Windows and macOS the system's settings."""
    from urllib.request import getproxies  # noqa: PLC0415 - 20 ms that only `proxy = "env"` needs

    return getproxies()


def unused_proxy(environ: Mapping[str, str] = os.environ) -> str:
    """The variable that names a proxy, "" where there is none: said where nobody uses it."""
    return next((name for name in _VARIABLES if environ.get(name, "").strip()), "")
