"""A model server on this machine is offered by name, and nothing else is taken for one."""

import asyncio
import contextlib

import pytest

from self_refine.models.openai.local_servers import PORTS, Offer, offers


@contextlib.asynccontextmanager
async def listening(answer, *, keep_open=False):
    """A server that answers every connection with these bytes; gives its port and what it heard."""
    heard = []
    gone = asyncio.Event()

    async def serve(reader, writer):
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        with contextlib.suppress(OSError):
            await writer.drain()
            if keep_open:
                await reader.read()
        gone.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard, gone


def ok(body, head="HTTP/1.1 200 OK"):
    return f"{head}\r\nContent-Type: application/json\r\n\r\n{body}".encode()


LISTED = '{"object": "list", "data": [{"id": "qwen", "owned_by": "llamacpp"}]}'


async def test_a_model_server_is_offered_by_its_name():
    """One GET, no key; the sentence says what to set."""
    async with listening(ok(LISTED)) as (port, heard, _):
        found = await offers({port: "Ollama"}, within=5)

    assert found == (Offer("llama.cpp", port, ("qwen",)),)
    assert heard[0].startswith(b"GET /v1/models HTTP/1.0\r\nHost: 127.0.0.1:")
    assert b"uthorization" not in heard[0]
    assert found[0].sentence == (
        f"llama.cpp answers at 127.0.0.1:{port}; "
        f"to use it set OPENAI_BASE_URL=http://127.0.0.1:{port}/v1."
    )


async def test_a_list_is_enough_though_the_connection_stays_open():
    """Some servers keep HTTP/1.0 connections; the list is read when it is whole."""
    async with listening(ok(LISTED), keep_open=True) as (port, _, gone):
        assert len(await offers({port: "vLLM"}, within=5)) == 1
        await asyncio.wait_for(gone.wait(), 5)


async def test_several_models_need_a_name():
    """The sentence asks for OPENAI_MODEL where the server lists more than one."""
    body = '{"data": [{"id": "a"}, {"id": "b"}]}'
    async with listening(ok(body)) as (port, _, _gone):
        (offer,) = await offers({port: "Ollama"}, within=5)

    assert "Ollama answers" in offer.sentence
    assert "OPENAI_MODEL to one of its 2 models" in offer.sentence


OTHERS = {
    "a web page": ok("<html>hello</html>"),
    "other JSON": ok('{"data": {"user": 1}}'),
    "a list of others": ok('{"data": [{"name": "x"}, 3]}'),
    "no models": ok('{"data": []}'),
    "not found": ok(LISTED, head="HTTP/1.1 404 Not Found"),
    "deep": ok("{" * 60_000 + "}"),
    "no HTTP": b"\x00\x01\x02" * 50,
    "nothing": b"",
}


@pytest.mark.parametrize("answer", OTHERS.values(), ids=OTHERS)
async def test_somebody_elses_application_is_no_model_server(answer):
    """These ports are as often a web application's; it is never offered."""
    async with listening(answer) as (port, _, _gone):
        assert await offers({port: "vLLM"}, within=5) == ()


async def test_a_port_that_is_silent_holds_nobody_up():
    """The time is for all ports together; the connection is given up."""
    async with listening(b"", keep_open=True) as (port, _, gone):
        assert await offers({port: "vLLM"}, within=0.05) == ()
        await asyncio.wait_for(gone.wait(), 5)


async def test_a_closed_port_is_nothing():
    """Refused at once."""
    async with listening(b"") as (port, _, _gone):
        pass
    assert await offers({port: "vLLM"}, within=5) == ()


def test_the_ports_are_those_of_the_servers_people_run():
    """Each default port, and whose it is."""
    assert dict(PORTS) == {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
