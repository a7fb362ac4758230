"""Owns what leaves for a server and what is let in. Imported with `wire`, never before a run.

The client library adds headers of its own, takes more from the environment, follows whatever a
server answers, and unpacks without a limit. So that none of this depends on its version, every
request passes here: one origin, a fixed set of headers, bytes counted before anybody reads them.
"""

import ssl
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx2

from self_refine.models.faults import FaultError, Garbled, Redirected, TooBig
from self_refine.models.network.trust import ssl_context
from self_refine.models.openai.endpoint import Caps, Endpoint

_KEPT = ("host", "content-type", "content-length", "transfer-encoding", "accept")


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Lets through what is ours, to the one origin, and counts what comes back."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._inner: httpx2.AsyncBaseTransport = httpx2.AsyncHTTPTransport(
            verify=_trust(endpoint),
            trust_env=False,
            proxy=_proxy(endpoint),
            limits=httpx2.Limits(max_connections=16, keepalive_expiry=30),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request, if it is ours to send."""
        if _origin(str(request.url)) != self._endpoint.address.origin:
            raise FaultError(Redirected(request.url.host))
        # A request of our own: the library reads marks of its own from the headers of the first.
        ours = httpx2.Request(
            request.method,
            self._url(request.url),
            headers=self._headers(request.headers),
            stream=request.stream,
            extensions=request.extensions,
        )
        response = await self._inner.handle_async_request(ours)
        try:
            self._check(response)
        except FaultError:
            await response.aclose()
            raise
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)  # noqa: S101 - what the transport gives
        if response.status_code >= 400:
            response.stream = _Beginning(stream, self._endpoint.caps.error)
        else:
            response.stream = _Counted(stream, self._endpoint.caps)
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()

    def _headers(self, theirs: httpx2.Headers) -> httpx2.Headers:
        """Nothing but what a request needs, our own key, and what the user adds."""
        endpoint = self._endpoint
        headers = {name: theirs[name] for name in _KEPT if name in theirs}
        headers |= {"accept-encoding": "identity", "user-agent": "self-refine"}
        if key := endpoint.key:
            # A token of Azure's sign-in goes the usual way, a key of its portal does not.
            own = endpoint.key_header if not key.startswith("eyJ") else ""
            headers |= {own: key} if own else {"authorization": f"Bearer {key}"}
        headers |= {name.lower(): value for name, value in endpoint.secrets.headers.items()}
        return httpx2.Headers(headers)

    def _url(self, url: httpx2.URL) -> httpx2.URL:
        query = self._endpoint.secrets.query
        return url.copy_merge_params(dict(query)) if query else url

    def _check(self, response: httpx2.Response) -> None:
        headers = response.headers
        if 300 <= response.status_code < 400:
            raise FaultError(Redirected(_host(headers.get("location", ""))))
        if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
            raise FaultError(Garbled("it is compressed, though we asked for it plain"))
        length = headers.get("content-length", "0")
        if response.status_code < 400 and int(length or 0) > self._endpoint.caps.body:
            raise FaultError(TooBig(f"{self._endpoint.caps.body:,} bytes"))


def _trust(endpoint: Endpoint) -> ssl.SSLContext:
    """Whose certificates are accepted; loading them takes 40 ms, which plain http need not wait.

    A context that has none accepts none, should anybody ever speak https with it.
    """
    if endpoint.address.encrypted:
        return ssl_context(endpoint.trust)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _proxy(endpoint: Endpoint) -> httpx2.Proxy | None:
    """The proxy: asked to open a way (CONNECT), it sees neither the key nor the text."""
    route = endpoint.route
    if route is None:
        return None
    secure = ssl_context(endpoint.trust) if route.url.startswith("https:") else None
    assert endpoint.address.encrypted  # noqa: S101 - `routes.route_to` gives a way to no other
    return httpx2.Proxy(route.url, ssl_context=secure, auth=route.login)


class _Counted(httpx2.AsyncByteStream):
    """A body that breaks off with a fault once it is over the cap."""

    def __init__(self, inner: httpx2.AsyncByteStream, caps: Caps) -> None:
        self._inner, self._cap = inner, caps.body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen = 0
        async for piece in self._inner:
            seen += len(piece)
            if seen > self._cap:
                raise FaultError(TooBig(f"{self._cap:,} bytes"))
            yield piece

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Beginning(httpx2.AsyncByteStream):
    """The first bytes of a body; a refusal says what it has to say there."""

    def __init__(self, inner: httpx2.AsyncByteStream, limit: int) -> None:
        self._inner, self._left = inner, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._inner:
            yield piece[: self._left]
            self._left -= len(piece)
            if self._left <= 0:
                return

    async def aclose(self) -> None:
        await self._inner.aclose()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _host(location: str) -> str:
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        return ""
    return host if host.isascii() and host.isprintable() else ""
