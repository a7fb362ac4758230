"""Owns `serve`: a language server on standard input and output, from first byte to exit code."""

import asyncio
import gc
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

from self_refine.editor import logs
from self_refine.editor.rpc import transport
from self_refine.editor.rpc.client import Level
from self_refine.editor.rpc.process import leave_soon, on_signals
from self_refine.models.worker_loop import give_way

_log = logging.getLogger(__name__)

_FLUSH_SECONDS = 0.5
_TIDY_SECONDS = 2.0
"""After the start, when the editor has had its first answers."""


def serve() -> int:
    """Serve one client; returns the exit code, 0 only where it asked to shut down first."""
    streams = transport.take_over()
    logs.begin()
    # A full collection in the middle of so many imports finds nothing and costs a tenth of them.
    gc.disable()
    # A thread that computes gives way to the loop after a tenth of a millisecond instead of five:
    # the loop asks for it several times at each message that it reads and writes.
    sys.setswitchinterval(0.0001)
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="work", initializer=give_way))
    try:
        return loop.run_until_complete(_serve(streams))
    finally:
        loop.close()


def _tidy() -> None:
    """Throw away what the imports left, once; what is left then is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.enable()


async def _serve(streams: transport.Streams) -> int:
    from self_refine.editor.features import register  # noqa: PLC0415 - after the streams are safe
    from self_refine.editor.server import SelfRefineServer  # noqa: PLC0415

    server = SelfRefineServer(register)
    loop = asyncio.get_running_loop()
    loop.call_later(_TIDY_SECONDS, _tidy)

    def lost(reason: str) -> None:
        loop.call_soon_threadsafe(server.lost, reason)

    def to_client(message: str, level: Level) -> None:
        if server.protocol.is_running:
            loop.call_soon_threadsafe(server.client.log, message, level)

    writer = transport.Writer(streams.output, lambda why: lost(f"the editor does not read: {why}"))
    server.protocol.set_writer(writer)
    on_signals(loop, server.lost)
    logging_to_client = logs.to_client(to_client)
    stop = await transport.read(streams.input, server.protocol.receive, server.lost)
    code = await server.finished()
    leave_soon(code)
    stop()
    await server.close()
    logging.getLogger("self_refine").removeHandler(logging_to_client)
    writer.close(_FLUSH_SECONDS)
    return code
