"""Owns the moment when the client library is imported: at the first run, in a thread.

Importing it on the event loop's thread would hold up every key stroke for half a second.
"""

import asyncio
import gc
import importlib
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from self_refine.models.openai.endpoint import Endpoint

if TYPE_CHECKING:
    from self_refine.models.openai.openai_client import OpenAIClient

_importing = threading.Lock()
_WIRE = "self_refine.models.openai.openai_client"

_SUPPORTED = {"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"}
"""What the settings have read by then."""


async def connect(endpoint: Endpoint) -> "OpenAIClient":
    """A client for `endpoint`; nothing is sent yet."""
    return await asyncio.to_thread(_make, endpoint)


def _make(endpoint: Endpoint) -> "OpenAIClient":
    # Making a client loads certificates from the disk: not on the event loop either.
    wire: Any = imported(endpoint)
    made: OpenAIClient = wire.OpenAIClient(endpoint)
    return made


def imported(endpoint: Endpoint) -> Any:
    """The module that owns the library, imported and used once."""
    with _importing:
        _keep_to_itself()
        wire: Any = sys.modules.get(_WIRE)
        if wire is None:
            with _uncollected():
                wire = importlib.import_module(_WIRE)
                wire.rehearse(endpoint)
        return wire


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make objects that stay: the library has so many that to look at all stops us for 40 ms."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


def _keep_to_itself() -> None:
    """Take away what would make the library say or send more than we tell it to.

    It reads variables of its own when it is imported and whenever a client is made: headers that
    replace our key, ids of an organisation, logs of whole requests. Its debug lines hold the text.
    """
    for name in [n for n in os.environ if n.startswith("OPENAI_") and n not in _SUPPORTED]:
        del os.environ[name]
    for name in ("openai", "httpx2", "httpcore2"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.setLevel(logging.CRITICAL)
