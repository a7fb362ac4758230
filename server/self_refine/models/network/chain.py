"""Walks the way to an endpoint link by link, so that a person sees which one is broken.

Name, TCP, proxy and TLS with connections of its own: nothing but a name is sent over them. HTTP,
key and the list of models as a run would.
"""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from self_refine.models.error_messages import failed, names
from self_refine.models.faults import Fault, FaultError, NoConnection, ProxyRefused, Status, Trouble
from self_refine.models.network.certificate_names import names_in
from self_refine.models.network.local_machine import where_localhost_is
from self_refine.models.network.reach import Proxy
from self_refine.models.network.reach_messages import DOCTOR
from self_refine.models.openai.deadlines import Deadlines
from self_refine.models.openai.endpoint import Endpoint, is_literal
from self_refine.text.foreign import Foreign

_SECONDS = 10.0
"""Longest for each link."""
_MOST_HEAD = 16_000


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the way."""

    name: str
    said: str
    broken: bool = False


_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Broken(Exception):  # noqa: N818 - becomes a `Link`
    def __init__(self, name: str, fault: Fault, beside: str = "") -> None:
        super().__init__(name)
        self.name, self.fault, self.beside = name, fault, beside


async def walk(endpoint: Endpoint, client: Any) -> AsyncIterator[Link]:
    """Each link as it is tried; nothing comes after one that is broken.

    Args:
        endpoint: with its key and its proxy.
        client: an `OpenAIClient` of it.
    """
    if endpoint.address.loopback and (where := where_localhost_is(endpoint.address)):
        yield Link("where", where.partition(". ")[0])
    try:
        async with asyncio.timeout(4 * _SECONDS):
            async for link in _connection(endpoint):
                yield link
        async for link in _conversation(endpoint, client):
            yield link
    except _Broken as broken:
        message = failed(broken.fault, endpoint, model=endpoint.model or "").message
        here = message.replace(f"; {DOCTOR}", "")
        yield Link(broken.name, f"{here}{broken.beside}", broken=True)
    except TimeoutError:
        fault = NoConnection(Trouble.SLOW)
        yield Link("tcp", failed(fault, endpoint).message, broken=True)


async def _connection(endpoint: Endpoint) -> AsyncIterator[Link]:
    host, port = _first_hop(endpoint)
    addresses = await _addresses(host, port)
    if not is_literal(host):
        yield Link("name", f"{host} is {', '.join(addresses[:3])}")
    clock = asyncio.get_running_loop().time
    began = clock()
    async with _connected(addresses, port) as (streams, to):
        yield Link("tcp", f"connected to {to} port {port} in {1000 * (clock() - began):.0f} ms")
        if endpoint.route is not None:
            yield Link("proxy", await _through(streams, endpoint.route, endpoint))
        if endpoint.address.encrypted:
            yield Link("tls", await _secure(streams[1], endpoint))


def _first_hop(endpoint: Endpoint) -> tuple[str, int]:
    """Host and port of the machine that is connected to."""
    if endpoint.route is None:
        return endpoint.address.name, endpoint.address.port
    host, _, port = endpoint.route.host.rpartition(":")
    return host.strip("[]"), int(port)


async def _addresses(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    except OSError:
        raise _Broken("name", NoConnection(Trouble.NO_NAME)) from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@asynccontextmanager
async def _connected(addresses: list[str], port: int) -> AsyncIterator[tuple[_Streams, str]]:
    """A connection to the first address that takes one."""
    trouble = Trouble.SLOW
    for address in addresses:
        try:
            async with asyncio.timeout(_SECONDS):
                reader, writer = await asyncio.open_connection(address, port, limit=_MOST_HEAD)
        except ConnectionRefusedError:
            trouble = Trouble.REFUSED
        except TimeoutError:
            trouble = Trouble.SLOW
        except OSError:
            trouble = Trouble.NO_ROUTE
        else:
            try:
                yield (reader, writer), address
            finally:
                writer.close()
                with suppress(OSError, TimeoutError):
                    async with asyncio.timeout(1):
                        await writer.wait_closed()
            return
    raise _Broken("tcp", NoConnection(trouble))


async def _through(streams: _Streams, route: Proxy, endpoint: Endpoint) -> str:
    """Ask the proxy for a way to the endpoint."""
    reader, writer = streams
    host = f"[{endpoint.address.name}]" if ":" in endpoint.address.name else endpoint.address.name
    target = f"{host}:{endpoint.address.port}"
    if route.url.startswith("https:"):
        await _handshake(writer, endpoint, route.host.rpartition(":")[0].strip("[]"), "proxy")
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if route.login is not None:
        login = base64.b64encode(":".join(route.login).encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {login}")
    writer.write("\r\n".join([*lines, "", ""]).encode())
    try:
        async with asyncio.timeout(_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
        raise _Broken("proxy", ProxyRefused(0)) from None
    status = head.partition("\r\n")[0].split(" ")
    code = int(status[1]) if len(status) > 1 and status[1].isdecimal() else 0
    if not 200 <= code < 300:
        raise _Broken("proxy", ProxyRefused(code), _logins(head) if code == 407 else "")
    return f"{route.host} ({route.because}) opened a way to {target}"


def _logins(head: str) -> str:
    """The kinds of login that a proxy offers."""
    header = "proxy-authenticate:"
    lines = [
        line[len(header) :].strip()
        for line in head.split("\r\n")
        if line.lower().startswith(header)
    ]
    kinds = dict.fromkeys(line.split(" ")[0][:20] for line in lines if line)
    shown = [kind for kind in kinds if kind.isascii() and kind.isalnum()]
    return f" It offers: {', '.join(shown)}." if shown else ""


async def _secure(writer: asyncio.StreamWriter, endpoint: Endpoint) -> str:
    await _handshake(writer, endpoint, endpoint.address.name, "tls")
    secure = writer.get_extra_info("ssl_object")
    shown = _shown(secure.getpeercert(binary_form=True))
    return f"{secure.version()}, {shown}"


async def _handshake(
    writer: asyncio.StreamWriter, endpoint: Endpoint, host: str, link: str
) -> None:
    from self_refine.models.network import trust  # noqa: PLC0415 - brings the client library

    try:
        context = await asyncio.to_thread(trust.ssl_context, endpoint.trust)
    except FaultError as error:
        raise _Broken(link, error.fault) from None
    try:
        async with asyncio.timeout(_SECONDS):
            await writer.start_tls(context, server_hostname=host)
    except ssl.SSLError as error:
        trouble = trust.tls_trouble(error) if trust.is_tls(error) else Trouble.BROKEN
        beside = await _untrusted(endpoint) if link == "tls" else ""
        raise _Broken(link, NoConnection(trouble), beside) from None
    except TimeoutError:
        raise _Broken(link, NoConnection(Trouble.SLOW)) from None
    except OSError:
        raise _Broken(link, NoConnection(Trouble.BROKEN)) from None


async def _untrusted(endpoint: Endpoint) -> str:
    """Whose certificate was not accepted: looked at on a connection over which nothing is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port = _first_hop(endpoint)
    with suppress(OSError, TimeoutError, _Broken):
        async with asyncio.timeout(_SECONDS), _connected([host], port) as (streams, _):
            if endpoint.route is not None:
                await _through(streams, endpoint.route, endpoint)
            await streams[1].start_tls(context, server_hostname=endpoint.address.name)
            secure = streams[1].get_extra_info("ssl_object")
            return f" It showed {_shown(secure.getpeercert(binary_form=True))}."
    return ""


def _shown(der: bytes | None) -> str:
    found = names_in(der or b"")
    return found.sentence if found else "a certificate that cannot be read"


async def _conversation(endpoint: Endpoint, client: Any) -> AsyncIterator[Link]:
    """HTTP, the key, and the list of models."""
    clock = asyncio.get_running_loop().time
    began = clock()
    try:
        async with Deadlines(endpoint.timing):
            listed: Mapping[Foreign, Mapping[str, Any]] = await client.listed()
    except FaultError as error:
        fault = error.fault
        if not isinstance(fault, Status):
            raise _Broken("http", fault) from None
        yield Link("http", f"answers in {1000 * (clock() - began):.0f} ms")
        if fault.code in {401, 402, 403}:
            raise _Broken("key", fault) from None
        yield Link("models", f"it lists none (HTTP {fault.code})")
        return
    yield Link("http", f"answers in {1000 * (clock() - began):.0f} ms")
    yield Link(
        "key", "accepted" if endpoint.key else f"none is sent. {endpoint.key_withheld}".strip()
    )
    yield _models(endpoint, listed)


def _models(endpoint: Endpoint, listed: Mapping[Foreign, Mapping[str, Any]]) -> Link:
    only = next(iter(listed)) if len(listed) == 1 else None
    model = Foreign(endpoint.model) if endpoint.model else only
    count = f"{len(listed)} listed" if listed else "none listed"
    if model is None:
        return Link("models", f"{count}: {names(list(listed))}" if listed else count)
    if model not in listed:
        # Some servers list names with a folder, or not all that they have: no reason to stop.
        others = f", such as {names(list(listed))}" if listed else ""
        return Link("models", f"{count}{others}; {model} is not among them")
    context = _context(listed[model])
    room = (
        f", reads up to {context:,} tokens" if context else ", and does not say how much it reads"
    )
    return Link("models", f"{count}; {model} is one of them{room}")


_CONTEXT = ("max_model_len", "context_length", "context_window", "max_context_length", "n_ctx",
            "max_input_tokens", "n_ctx_train")  # fmt: skip
"""What servers call the context length in their lists: vLLM, OpenRouter, Groq, LM Studio …"""


def _context(entry: Mapping[str, Any]) -> int | None:
    meta = entry.get("meta")
    places = [entry, meta] if isinstance(meta, Mapping) else [entry]
    found = (place.get(name) for name in _CONTEXT for place in places)
    return next((n for n in found if isinstance(n, int) and n > 0), None)
