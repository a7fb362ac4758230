"""Owns the log: to standard error and the client, never with words of a text or an exception."""

import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Literal

from self_refine.editor.rpc.client import Level
from self_refine.text.foreign import inert

_LEVELS: dict[int, Level] = {
    logging.ERROR: "error",
    logging.WARNING: "warning",
    logging.INFO: "info",
    logging.DEBUG: "log",
}


_MOST = 4_000
"""Code points of a record, with where its exception was raised."""


class _Scrubbed(logging.Formatter):
    """Says where an exception was raised and of what kind: its text may quote a document."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; names in it may be strangers', and a terminal shows the log."""
        return inert(super().format(record), _MOST)

    def formatException(  # noqa: N802 - the name that logging gives it
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        kind, _, trace = ei
        return "" if kind is None else f"{kind.__name__} {frames(trace)}"


def frames(trace: TracebackType | None) -> str:
    """Where it happened, innermost last: files, lines and functions, and no values."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(
            f"{code.co_filename.rpartition('self_refine')[2]}:{trace.tb_lineno} {code.co_name}"
        )
        trace = trace.tb_next
    return "at " + " > ".join(places)


class _ToClient(logging.Handler):
    def __init__(self, send: Callable[[str, Level], None]) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record; from whatever thread it comes."""
        try:
            self._send(self.format(record), _LEVELS.get(record.levelno, "log"))
        except Exception:  # noqa: BLE001 - a log never raises
            self.handleError(record)


def begin() -> None:
    """Log to standard error from now on; a log that cannot be written is no error."""
    logging.raiseExceptions = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Scrubbed("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    # pygls logs whole messages, the user's text in them, and answers what we answer ourselves.
    # Its errors reach `protocol`, which says what there is to say. (pygls 2.1.1)
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    # These log the addresses, headers or bodies of requests when they are told to debug.
    for name in ("openai", "httpx2", "httpcore2", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def set_level(level: Literal["error", "warning", "info", "debug"]) -> None:
    """Log what is at least this important; others' libraries never say more than warnings."""
    logging.getLogger("self_refine").setLevel(level.upper())


def to_client(send: Callable[[str, Level], None]) -> logging.Handler:
    """Log to the client too, from now on."""
    handler = _ToClient(send)
    handler.setFormatter(_Scrubbed("%(message)s"))
    logging.getLogger("self_refine").addHandler(handler)
    return handler
