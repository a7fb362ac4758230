"""Owns the client library: what it is given, and what its exceptions mean to us.

Importing this module imports openai and httpx2 (half a second, 50 MB); `library.wire` does it in a
thread at the first run. Nothing else may import it when it is loaded.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, cast

import httpx2
import openai
from openai.resources import models as _models  # noqa: F401 - else imported at first use
from openai.resources.chat import completions as _completions  # noqa: F401

from self_refine.models.faults import (
    Cut,
    Fault,
    FaultError,
    Garbled,
    NoConnection,
    ProxyRefused,
    Status,
    Trouble,
)
from self_refine.models.network.trust import is_tls, tls_trouble
from self_refine.models.openai.backoff import retry_after
from self_refine.models.openai.endpoint import Endpoint
from self_refine.models.openai.guarded_transport import GuardedTransport
from self_refine.text.foreign import Foreign

_AT_HAND = 0.05
"""Seconds for the end of a body whose last event has come: a new connection costs about as much."""


class OpenAIClient:
    """A client for one endpoint. Raises `FaultError` and, when cancelled, `CancelledError`."""

    def __init__(
        self, endpoint: Endpoint, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._client = openai.AsyncOpenAI(
            # `Door` writes the header itself, or none; the client insists on some key.
            api_key="none",
            organization="",
            project="",
            base_url=endpoint.address.base_url,
            max_retries=0,
            http_client=httpx2.AsyncClient(
                transport=transport or GuardedTransport(endpoint),
                trust_env=False,
                follow_redirects=False,
                timeout=httpx2.Timeout(None, connect=endpoint.timing.connect),
            ),
        )

    @asynccontextmanager
    async def post(self, body: Mapping[str, Any]) -> AsyncIterator["Body"]:
        """Ask for a completion; the connection is closed when the block ends, however it does."""
        create: Any = self._client.chat.completions.with_streaming_response.create
        replied = False
        with _as_faults(lambda: replied):
            async with create(**body) as response:
                replied = True
                yield Body(response)

    async def models(self) -> tuple[Foreign, ...]:
        """The models that the server lists."""
        return tuple(await self.listed())

    async def listed(self) -> Mapping[Foreign, Mapping[str, Any]]:
        """The models that the server lists, each with what else it says of it."""
        with _as_faults(lambda: False):
            page = await self._client.models.list()
            listed = cast("list[Any]", page.data or [])
            entries = {getattr(m, "id", None): getattr(m, "model_extra", None) for m in listed}
            return {
                Foreign(i): extra or {} for i, extra in entries.items() if isinstance(i, str) and i
            }

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()


class Body:
    """What the server sends as its reply."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self._bytes: AsyncIterator[bytes] = response.iter_bytes()

    @property
    def kind(self) -> str:
        """Its content type, without parameters."""
        header: str = self._response.headers.get("content-type", "")
        return header.split(";", maxsplit=1)[0].strip().lower()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes as they come in."""
        async for piece in self._bytes:
            yield piece

    async def read_out(self) -> None:
        """Read to the end, where that is at hand: else the connection cannot be used again.

        The reply is whole by then, so whatever happens here is no fault of it.
        """
        with suppress(TimeoutError, FaultError, httpx2.HTTPError, httpx2.StreamError, OSError):
            async with asyncio.timeout(_AT_HAND):
                async for _ in self._bytes:
                    pass


@contextmanager
def _as_faults(replied: Any) -> Iterator[None]:
    """Turn whatever the library raises into a fault; `replied()` tells if a reply had begun."""
    try:
        yield
    except openai.APIStatusError as error:
        raise FaultError(_status(error)) from None
    except (openai.OpenAIError, httpx2.HTTPError, ssl.SSLError, OSError) as error:
        raise FaultError(_connection(error, replied=replied())) from None
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        # The library lets these through when a reply is not what it expects; some quote the reply.
        raise FaultError(Garbled(f"the client library met a {type(error).__name__}")) from None


def _status(error: openai.APIStatusError) -> Status:
    try:
        text = error.response.text
    except (httpx2.HTTPError, httpx2.StreamError, ValueError):
        text = ""
    return Status(error.status_code, Foreign(text), retry_after(error.response.headers))


def _connection(error: BaseException, *, replied: bool) -> Fault:
    chain = tuple(_causes(error))
    if fault := next((e.fault for e in chain if isinstance(e, FaultError)), None):
        return fault
    if replied:
        return Cut()
    if refused := next((e for e in chain if isinstance(e, httpx2.ProxyError)), None):
        code = str(refused).partition(" ")[0]
        return ProxyRefused(int(code) if code.isdecimal() else 0)
    return NoConnection(_trouble(chain))


def _trouble(chain: tuple[BaseException, ...]) -> Trouble:
    if tls := next((e for e in chain if is_tls(e)), None):
        return tls_trouble(tls)
    for kind, trouble in (
        (socket.gaierror, Trouble.NO_NAME),
        (ConnectionRefusedError, Trouble.REFUSED),
        (httpx2.TimeoutException, Trouble.SLOW),
        (TimeoutError, Trouble.SLOW),
        (httpx2.ConnectError, Trouble.NO_ROUTE),
    ):
        if any(isinstance(e, kind) for e in chain):
            return trouble
    return Trouble.BROKEN


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, those that it stands for, and those inside groups."""
    seen: set[int] = set()
    queue = [error]
    while queue:
        at = queue.pop(0)
        if at is None or id(at) in seen:
            continue
        seen.add(id(at))
        yield at
        queue += [at.__cause__, at.__context__]
        if isinstance(at, BaseExceptionGroup):
            queue += at.exceptions


def rehearse(endpoint: Endpoint) -> None:
    """Use every part once, against nothing, so that nothing is left to import on the event loop."""
    asyncio.run(_rehearse(endpoint))


async def _rehearse(endpoint: Endpoint) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            return httpx2.Response(200, json={"object": "list", "data": []})
        return httpx2.Response(200, text="data: [DONE]\n\n")

    wire = OpenAIClient(endpoint, httpx2.MockTransport(answer))
    await wire.models()
    async with wire.post({"model": "none", "messages": [], "stream": True}) as body:
        async for _ in body.pieces():
            pass
    await wire.close()
