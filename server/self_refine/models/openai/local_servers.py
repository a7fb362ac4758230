"""Owns the offer of a model server on this machine: found on its usual port, never used unasked.

The ports are as often somebody's web application, so nothing but `GET /v1/models` is sent, to the
loopback alone, and only what answers as a model server does is named.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

PORTS: Mapping[int, str] = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
"""The default ports of servers that people run, and whose they are."""

_HOST = "127.0.0.1"
_WITHIN = 0.3
"""Seconds for all of them together: a run that has no model waits no longer."""
_MOST = 64_000
"""Bytes that are read of an answer."""
_OWNERS = {"llamacpp": "llama.cpp", "vllm": "vLLM"}
"""What some servers call themselves in their list, whatever their port."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that would answer if the user named it."""

    name: str
    """Of the program, such as `llama.cpp`."""
    port: int
    models: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What answers where, and what to set to use it."""
        set_ = f"OPENAI_BASE_URL=http://{_HOST}:{self.port}/v1"
        if len(self.models) > 1:
            set_ += f" and OPENAI_MODEL to one of its {len(self.models)} models"
        return f"{self.name} answers at {_HOST}:{self.port}; to use it set {set_}."


async def offers(ports: Mapping[int, str] = PORTS, within: float = _WITHIN) -> tuple[Offer, ...]:
    """The model servers that answer on this machine, in the order of `ports`; never raises.

    Args:
        ports: where to look, and whose port it usually is.
        within: seconds for all of them together.
    """
    asked = [asyncio.create_task(_look(port, name)) for port, name in ports.items()]
    done, late = await asyncio.wait(asked, timeout=within)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    found = [task.result() for task in asked if task in done]
    return tuple(offer for offer in found if offer is not None)


async def _look(port: int, name: str) -> Offer | None:
    try:
        reader, writer = await asyncio.open_connection(_HOST, port)
    except OSError:
        return None
    try:
        writer.write(f"GET /v1/models HTTP/1.0\r\nHost: {_HOST}:{port}\r\n\r\n".encode())
        await writer.drain()
        return _read(await _answer(reader), port, name)
    except OSError:
        return None
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """All that comes, up to the cap; HTTP/1.0 ends with the connection."""
    whole = bytearray()
    while len(whole) < _MOST and (piece := await reader.read(_MOST)):
        whole += piece
        if _is_whole(whole):
            break
    return bytes(whole)


def _is_whole(answer: bytearray) -> bool:
    """Whether a body is complete before its connection ends: some servers keep it open."""
    _, gap, body = bytes(answer).partition(b"\r\n\r\n")
    return bool(gap) and _json(body) is not None


def _read(answer: bytes, port: int, name: str) -> Offer | None:
    """The offer in a list of models; None where this is something else."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200" not in head.split(b"\r\n", 1)[0]:
        return None
    value = _json(body)
    listed = value.get("data") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        return None
    models = [m for m in listed if isinstance(m, dict) and isinstance(m.get("id"), str)]
    owners = {_OWNERS.get(str(m.get("owned_by"))) for m in models} - {None}
    program = owners.pop() if len(owners) == 1 else name
    return Offer(program or name, port, tuple(m["id"] for m in models)) if models else None


def _json(body: bytes) -> Any:
    """The value of a body, also of one in pieces; None where it is none, or not whole yet."""
    start, end = body.find(b"{"), body.rfind(b"}")
    try:
        return json.loads(body[start : end + 1]) if 0 <= start < end else None
    except (ValueError, RecursionError):
        return None
