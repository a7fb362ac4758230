"""Owns working round pygls: the one place that overrides its private parts, each with its reason.

Every request gets exactly one answer, whatever it is; no notification can do harm; nothing of an
exception reaches the client but what was written for it. Written for pygls 2.1.1, which is pinned.
"""

import contextvars
import json
import logging
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from self_refine.editor.rpc.deserialize import code_action_params, initialize_params
from self_refine.editor.rpc.outgoing_requests import ErrorReply, Ok, Questions, TimedOut
from self_refine.editor.rpc.serialize import as_json, plain
from self_refine.editor.rpc.transport import Writer
from self_refine.errors import UsageError
from self_refine.text.foreign import inert

if TYPE_CHECKING:
    from self_refine.editor.server import SelfRefineServer

_log = logging.getLogger(__name__)

PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602
INTERNAL, NOT_INITIALIZED, CANCELLED, FAILED = -32603, -32002, -32800, -32803

_REFUSALS = {
    "new": (NOT_INITIALIZED, "The server is not initialized yet."),
    "shut": (INVALID_REQUEST, "The server is shutting down."),
}

Id = str | int | None
Raw = Callable[[Any], None]
AtOnce = Callable[[Any], Any]


class LateConverter:
    """pygls's converter, made when it is first needed: later than `initialize`."""

    @cached_property
    def _converter(self) -> Any:
        return default_converter()  # type: ignore[no-untyped-call]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._converter, name)


class Protocol(LanguageServerProtocol):
    """pygls's protocol with its faults mended."""

    _server: "SelfRefineServer"

    def __init__(self, server: "SelfRefineServer", converter: Converter) -> None:
        # Before pygls's own, which looks at every attribute.
        self._state: Literal["new", "running", "shut"] = "new"
        super().__init__(server, converter)
        self._questions = Questions(self._send_data)
        self.raw: Mapping[str, Raw] = {}
        """Notifications that are handed on as plain JSON values, without pygls's types."""
        self.at_once: dict[str, AtOnce] = {}
        """Features whose answer may be at hand: it, or None where the handler has to be called."""

    @property
    def is_shut(self) -> bool:
        """Whether the client has asked to shut down."""
        return self._state == "shut"

    @property
    def is_running(self) -> bool:
        """Whether the client may be spoken to."""
        return self._state == "running"

    # What comes in. pygls reads messages by an object hook, which takes any nested object with a
    # key "jsonrpc" for a message, and never answers a request whose params it cannot read.

    def receive(self, body: bytes) -> bool:
        """Take one message; True where other messages had better wait for a turn of the loop."""
        try:
            message = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            self._refuse(None, PARSE_ERROR, "The message is no JSON in UTF-8.")
            return False
        if not isinstance(message, dict):
            self._refuse(None, INVALID_REQUEST, "A message is one object; batches are not taken.")
            return False
        if "method" not in message:
            self._take_answer(message)
            return False
        method = message["method"]
        if "id" in message:
            return self._take_request(message, method)
        if isinstance(method, str):
            self._take_notification(message, method)
        return False

    def _take_request(self, message: dict[str, Any], method: Any) -> bool:
        """Answer a request, or begin to; True where it has begun."""
        id_ = message["id"]
        if isinstance(id_, bool) or not isinstance(id_, str | int):
            same = id_ if isinstance(id_, float) else None
            self._refuse(same, INVALID_REQUEST, "The id of a request is text or a whole number.")
        elif not isinstance(method, str) or message.get("jsonrpc") != "2.0":
            self._refuse(id_, INVALID_REQUEST, "The message is no JSON-RPC 2.0 request.")
        elif (refusal := self._refusal(method)) is not None:
            self._refuse(id_, *refusal)
        elif method not in self.fm.builtin_features and method not in self.fm.features:
            self._refuse(id_, NO_METHOD, "There is no such method.")
        else:
            return self._take_known_request(message, id_, method)
        return False

    def _refusal(self, method: str) -> tuple[int, str] | None:
        """Why the state of the server forbids a request."""
        if method == types.INITIALIZE:
            if self._state == "new":
                return None
            return INVALID_REQUEST, "The server is initialized already."
        return _REFUSALS.get(self._state)

    def _take_known_request(self, message: dict[str, Any], id_: str | int, method: str) -> bool:
        try:
            params = self._params(message, method)
        except Exception:  # noqa: BLE001 - whatever cattrs raises, the answer is the same
            _log.info("A request %s has params that cannot be read", method)
            self._refuse(id_, INVALID_PARAMS, f"The params of {method} cannot be read.")
            return False
        if (answer := self.at_once.get(method)) and self._is_answered(id_, answer, params):
            return False
        if method == types.INITIALIZE:
            self._state = "running"
        elif method == types.SHUTDOWN:
            self._state = "shut"
        # Each handler has a context of its own, which holds the id of its request.
        contextvars.copy_context().run(self._handle_request, id_, method, params)
        return True

    def _is_answered(self, id_: str | int, answer: AtOnce, params: Any) -> bool:
        """Answer at once where that can be: a task, its future and its context cost more."""
        try:
            result = answer(params)
        except Exception as error:  # noqa: BLE001 - as for every other handler
            self._refuse(id_, *_as_answer(error))
            return True
        if result is not None:
            self._send_response(id_, result=result)
        return result is not None

    def _params(self, message: dict[str, Any], method: str) -> Any:
        """The params in their own type."""
        params = message.get("params")
        if method == types.INITIALIZE:
            self._server.client_said(params)
            return initialize_params(params)
        if method == types.TEXT_DOCUMENT_CODE_ACTION:
            return code_action_params(params, self._diagnostic)
        kind = self.get_message_type(method)
        if kind is None:
            # pygls makes named tuples of these, and loses keys that are no Python names.
            return params
        return self._converter.structure({**message, "params": params}, kind).params

    def _diagnostic(self, given: Any) -> types.Diagnostic:
        read: types.Diagnostic = self._converter.structure(given, types.Diagnostic)
        return read

    def _take_notification(self, message: dict[str, Any], method: str) -> None:
        if method != types.EXIT and self._state != "running":
            return
        if (raw := self.raw.get(method)) is not None:
            raw(message.get("params"))
            return
        if method == types.PROGRESS:
            self._questions.take_part(message.get("params"))
            return
        if method not in self.fm.builtin_features and method not in self.fm.features:
            if method != types.CANCEL_REQUEST:
                return
            self._cancel(message.get("params"))
            return
        try:
            params = self._params(message, method)
        except Exception:  # noqa: BLE001 - whatever cattrs raises, the answer is the same
            _log.info("A notification %s has params that cannot be read", method)
            return
        contextvars.copy_context().run(self._handle_notification, method, params)

    def _cancel(self, params: Any) -> None:
        id_ = params.get("id") if isinstance(params, dict) else None
        future = self._request_futures.get(id_) if isinstance(id_, str | int) else None
        if future is not None:
            future.cancel()

    # What is done with it.

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        super()._execute_handler(msg_id, handler, callback, args, kwargs)
        future = self._request_futures.get(msg_id)
        if future is None:
            return
        # pygls keeps the futures of notifications and of nested handlers for ever.
        future.add_done_callback(lambda _: self._request_futures.pop(msg_id, None))
        # A cancel reaches only the outer future of a command, never the command itself.
        outer = getattr(callback, "keywords", {}).get("result_future")
        if outer is not None:
            outer.add_done_callback(lambda done: done.cancelled() and future.cancel())

    def _send_handler_result(self, future: "Future[Any]", *, msg_id: str | int) -> None:
        # pygls sends the text of exceptions and their traceback.
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self._refuse(msg_id, CANCELLED, "The request was cancelled.")
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, result=future.result())
        else:
            self._refuse(msg_id, *_as_answer(error))

    def _check_handler_result(self, future: "Future[Any]") -> None:
        # pygls shows the text of the exception in a window of the editor.
        error = None if future.cancelled() else future.exception()
        from self_refine.editor.requests.arguments import BadArguments  # noqa: PLC0415 - as below

        if isinstance(error, UsageError | BadArguments):
            # What only requests ask, sent as a notification: there is nobody to answer.
            _log.info("A notification asks for what cannot be done")
        elif error is not None:
            _log.error("A notification could not be handled", exc_info=error)

    @lsp_method(types.INITIALIZED)
    def lsp_initialized(self, *args: Any) -> Generator[Any, Any, None]:
        """The client is ready to be asked."""
        self._server.client_is_ready()
        if (handler := self.fm.features.get(types.INITIALIZED)) is not None:
            yield handler, args, None

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        """End everything but this request, then answer it.

        pygls walks its table of requests while that changes (issue 606), and drops answers to the
        server's own requests from then on (issue 605); so its own handler is not called.
        """
        current = self.msg_id
        for id_, future in list(self._request_futures.items()):
            if id_ != current and not future.done():
                future.cancel()
        if (handler := self.fm.features.get(types.SHUTDOWN)) is not None:
            yield handler, args, None
        self._shutdown = True

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Generator[Any, Any, None]:
        """End the process: with 0 after a shutdown, else with 1. pygls always ends with 0."""
        if (handler := self.fm.features.get(types.EXIT)) is not None:
            yield handler, args, None
        self._server.finish(0 if self.is_shut else 1)

    @lsp_method(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(
        self, params: types.WorkDoneProgressCancelParams
    ) -> Generator[Any, Any, None]:
        """A progress of ours is to end; pygls knows only those that it began (issue 607)."""
        handler = self.fm.features.get(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
        if handler is not None:
            yield handler, (params,), None

    # What goes out.

    async def ask_client(
        self, method: str, params: Any, seconds: float | None
    ) -> Ok | ErrorReply | TimedOut:
        """Send a request and wait for its answer, but no longer than `seconds`."""
        return await self._questions.ask(method, params, seconds)

    async def ask_for_stream(
        self, method: str, params: Any, token: str, hear: Callable[[Any], None]
    ) -> Ok | ErrorReply | TimedOut:
        """Send a request whose answer comes in parts, as the progress of `token`."""
        return await self._questions.ask_for_stream(method, params, token, hear)

    def _take_answer(self, message: dict[str, Any]) -> None:
        is_known = self._questions.take_answer(message)
        if not is_known and "id" in message and not {"result", "error"} & set(message):
            self._refuse(None, INVALID_REQUEST, "The message is neither request nor answer.")

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
        if params is not None:
            message["params"] = params
        self._send_data(message)

    def notify_written(self, method: str, params: str) -> None:
        """Send a notification whose params are JSON already."""
        self._send_text(f'{{"jsonrpc":"2.0","method":{as_json(method)},"params":{params}}}')

    def _send_response(
        self, msg_id: Id | float, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        if error is not None:
            self._send_data({"jsonrpc": "2.0", "id": msg_id, "error": error})
            return
        try:
            self._send_data({"jsonrpc": "2.0", "id": msg_id, "result": result})
        except Exception as failed:  # noqa: BLE001 - a request is answered, come what may
            _log.error("An answer could not be written", exc_info=failed)
            self._refuse(msg_id, INTERNAL, "The answer could not be written.")

    def _refuse(self, msg_id: Id | float, code: int, message: str) -> None:
        self._send_response(msg_id, error=types.ResponseError(code=code, message=message))

    def _serialize_message(self, data: Any) -> Any:
        # pygls writes its capabilities a second time, for a log that is off.
        return plain(data)

    def _send_data(self, data: Any) -> None:
        # pygls logs whole messages, and blocks the loop while the client does not read.
        self._send_text(as_json(data), spare=_can_be_spared(data))

    def _send_text(self, message: str, *, spare: bool = False) -> None:
        if self.writer is None:
            return
        payload = message.encode("ascii")
        frame = b"Content-Length: %d\r\n\r\n%b" % (len(payload), payload)
        cast("Writer", self.writer).write(frame, spare=spare)


def _can_be_spared(message: Mapping[str, Any]) -> bool:
    """Whether a client that does not keep up can do without it."""
    method = message.get("method")
    if method == types.PROGRESS:
        return getattr(getattr(message["params"], "value", None), "kind", "") == "report"
    return method == types.WINDOW_LOG_MESSAGE


def _as_answer(error: BaseException) -> tuple[int, str]:
    """The code and words of an exception: its own only where they were written for people."""
    from self_refine.editor.requests.arguments import BadArguments  # noqa: PLC0415 - read with commands

    match error:
        case BadArguments():
            return INVALID_PARAMS, inert(str(error))
        case UsageError():
            return FAILED, inert(str(error))
        case JsonRpcException() if error.code != INTERNAL:
            return error.code, inert(error.message)
        case _:
            _log.error("A request could not be handled", exc_info=error)
            return INTERNAL, "The server failed on this request; its log says where."
