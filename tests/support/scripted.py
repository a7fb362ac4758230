"""Owns a model server that does what a test says: OpenAI's protocol on a real loopback socket.

It answers from a script, one entry a request, and by a rule (`support.rule`) once the script is
used up. As a process, for editors: `python -m support.scripted --port 0 [--script FILE.json]`
prints its port, then "asked" for each completion that is asked for, and serves until it is killed,
or with `--until-eof` until standard input ends.

A script entry is a dict, so that a JSON file can hold it. One of:

    {"text": "...", "reasoning": "...", "finish": "stop", "usage": {...}, "pieces": ["a", "b"]}
    {"status": 429, "body": {...} or "...", "headers": {"Retry-After": "1"}}
    {"raw": "...", "type": "text/html"}      a 200 with this body
    {"events": [{...}, "..."]}               a stream of these values, strings as they are
    {"rule": true}                           what the rule answers
    {"hang": true}                           nothing, until the client leaves
    {"comments": true}                       comment lines alone, until the client leaves
    {"drip": true}                           one word after another, until the client leaves
    {"gzip_bomb": 300}                       so many megabytes of zeros, compressed
    {"megabytes": 300}                       so much of one line
    {"chunks": 1000000}                      so many words
    {"deep": 200000}                         JSON nested so deep
    {"headers_of": 1000000}                  a header of so many bytes
    {"drop": true}                           nothing: the connection is closed

With "cut" (a clean end), "break" (an end inside the transfer encoding), "reset" (RST), or "stall"
(silence): after so many chunks of what the entry answers otherwise. With "times": for so many
requests. With "tags": `<reply>` and `<fix>` in its words stand for the tags that the request names.
With "leaves", on a server that keeps connections: it closes this one after the reply, as
servers do with those that were idle for too long.
"""

import argparse
import contextlib
import json
import select
import socket
import socketserver
import struct
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from support.rule import Rule, named

SSE = "text/event-stream"


class _Left(Exception):  # noqa: N818 - no error: the client closed its end
    pass


@dataclass
class Recorded:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    connection: int
    """The client's port: requests over one connection have the same."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set once the client closed the connection before its reply was whole."""
    done: threading.Event = field(default_factory=threading.Event)
    """Set once the reply is out, or the client has left."""


class Scripted(socketserver.ThreadingTCPServer):
    """The server; a context manager that serves inside its block."""

    host = "127.0.0.1"
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        script=(),
        *,
        rule=None,
        models=("scripted-1",),
        refuses=(),
        key=None,
        seconds_per_token=0.0,
        keeps=False,
        port=0,
        lists=(),
    ):
        """Listen on a free port of the loopback, or on `port`.

        `keeps` tells whether connections are kept for the next request.
        `refuses` names what is answered with a 400 that names it: any field of the request,
        `json_schema`, `strict`, `json_object`, `system`.
        """
        super().__init__((self.host, port), _Handler)
        self.script = [dict(entry) for entry in script]
        self.rule = rule or Rule()
        self.lists = list(lists)
        """Entries of a script for requests of the list of models, before it is given."""
        self.models = list(models)
        self.refuses = set(refuses)
        self.key = key
        self.seconds_per_token = seconds_per_token
        self.keeps = keeps
        self.requests: list[Recorded] = []
        self.came = threading.Condition()
        self.over = threading.Event()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def asked(self):
        """The requests for completions."""
        return [r for r in self.requests if _page(r).endswith("/chat/completions")]

    def wait_for(self, count, seconds=20):
        """Wait until so many completions were asked for; give the last of them."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.asked) >= count, seconds)
        return self.asked[count - 1]

    def entry(self):
        """The next script entry."""
        with self.came:
            if not self.script:
                return {"rule": True}
            times = self.script[0].get("times", 1)
            if times > 1:
                self.script[0]["times"] = times - 1
                return self.script[0]
            return self.script.pop(0)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Say nothing of clients that leave; say everything else."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _page(request):
    """What is asked for, without the query."""
    return request.path.partition("?")[0]


class _Handler(socketserver.StreamRequestHandler):
    server: Scripted

    def handle(self):
        self.stays = True
        while self.stays:
            self.stays = self.server.keeps
            self._one()

    def _one(self):
        request = self._read()
        if request is None:
            self.stays = False
            return
        with self.server.came:
            self.server.requests.append(request)
            self.server.came.notify_all()
        try:
            self._answer(request)
        except (_Left, OSError):
            self.stays = False
            request.left.set()
        finally:
            request.done.set()

    def _read(self):
        first = self.rfile.readline(65536).decode("latin-1").split()
        if len(first) < 2:
            return None
        headers = {}
        while line := self.rfile.readline(65536).decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        raw = self.rfile.read(int(headers.get("content-length", 0)))
        body = json.loads(raw) if raw else None
        return Recorded(first[0], first[1], headers, body, self.client_address[1])

    def _answer(self, request):
        server = self.server
        if server.key and request.headers.get("authorization") != f"Bearer {server.key}":
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            return self._status(401, _error(f"Incorrect API key provided: {given}"))
        if request.method == "GET" and _page(request).endswith("/v1/models"):
            if server.lists:
                entry = server.lists.pop(0)
                return self._perform(entry, request)
            listed = [{"id": name, "object": "model"} for name in server.models]
            return self._status(200, {"object": "list", "data": listed})
        if not _page(request).endswith("/v1/chat/completions"):
            return self._status(404, _error("no such page"))
        entry = server.entry()
        if entry.get("leaves") or "drop" in entry:
            self.stays = False
        if "drop" in entry:
            return None
        if "rule" in entry and (refusal := self._refusal(request.body)):
            return self._status(400, _error(refusal))
        return self._perform(entry, request)

    def _refusal(self, body):
        """What of this request the server does not take."""
        form = body.get("response_format") or {}
        has = set(body) | {form.get("type")} | {m["role"] for m in body["messages"]}
        has |= {"strict"} if form.get("json_schema", {}).get("strict") else set()
        for name in sorted(self.server.refuses & has):
            if name in {"json_schema", "strict", "json_object"}:
                return f"'response_format' of type '{name}' is not supported"
            if name == "system":
                return "System role not supported"
            return f"Unsupported parameter: '{name}' is not supported with this model."
        return None

    def _perform(self, entry, request):
        if "rule" in entry and request.body["model"] not in self.server.models:
            return self._status(404, _error(f"no model {request.body['model']}"))
        if "status" in entry:
            return self._status(entry["status"], entry.get("body", ""), entry.get("headers", {}))
        if "raw" in entry:
            return self._head(200, entry.get("type", "application/json")) or self._send(
                entry["raw"].encode()
            )
        if "hang" in entry:
            return self._until_left()
        if "gzip_bomb" in entry:
            return self._bomb(entry["gzip_bomb"])
        if "headers_of" in entry:
            self._send(b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * entry["headers_of"] + b"\r\n\r\n")
            return None
        return self._stream(entry, request)

    def _stream(self, entry, request):
        self._head(200, SSE, chunked=True)
        number = -1
        for number, event in enumerate(self._events(entry, request)):
            if self._ends(entry, number):
                return
            self._chunk(event)
        if self._ends(entry, number + 1):
            return
        self._send(b"0\r\n\r\n")

    def _ends(self, entry, number):
        """Whether the stream ends here, in the way that the entry says."""
        self.stays &= not {"break", "reset", "stall"} & set(entry)
        if entry.get("cut") == number:
            self._send(b"0\r\n\r\n")
        elif entry.get("reset") == number:
            # Lingering for no time makes the kernel send RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
        elif entry.get("stall") == number:
            self._until_left()
        elif entry.get("break") != number:
            return False
        return True

    def _events(self, entry, request) -> Iterator[bytes]:
        if "events" in entry:
            for value in entry["events"]:
                yield _event(value) if not isinstance(value, str) else value.encode()
        elif "comments" in entry:
            yield from self._forever(b": still here\n\n")
        elif "drip" in entry:
            yield from self._forever(_event(_delta("content", "word ")))
        elif "chunks" in entry:
            yield from (_event(_delta("content", "x")) for _ in range(entry["chunks"]))
        elif "megabytes" in entry:
            yield b'data: {"choices": [{"delta": {"content": "'
            yield from (b"a" * 1_000_000 for _ in range(entry["megabytes"]))
        elif "deep" in entry:
            yield b"data: " + b"[" * entry["deep"] + b"\n\n"
        else:
            yield from self._reply(entry, request)

    def _reply(self, entry, request):
        text = entry["text"] if "text" in entry else self.server.rule.answer(request.body)
        yield _event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}}]})
        for word in _pieces(entry.get("reasoning", "")):
            yield _event(_delta("reasoning_content", word))
        began = time.monotonic()
        for number, word in enumerate(entry.get("pieces") or _pieces(text or ""), start=1):
            self._pause(began, number)
            content = named(word, request.body) if entry.get("tags") else word
            yield _event(_delta("content", content))
        finish = entry.get("finish", "stop")
        yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        usage = entry.get("usage", _usage(request.body, text or ""))
        if usage is not None and (request.body.get("stream_options") or {}).get("include_usage"):
            yield _event({"choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"

    def _pause(self, began, number):
        """Wait until the token of that number is due: late ones do not delay the next."""
        due = began + number * self.server.seconds_per_token - time.monotonic()
        if due > 0 and self.server.over.wait(due):
            raise _Left

    def _forever(self, event):
        while True:
            yield event
            self._wait(0.002)

    def _until_left(self):
        while True:
            self._wait(0.05)

    def _wait(self, seconds):
        """Wait so long; raise once the client has left or the server ends."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if self.server.over.is_set() or (readable and not self.connection.recv(65536)):
            raise _Left

    def _bomb(self, megabytes):
        self._head(200, SSE, extra={"Content-Encoding": "gzip"}, chunked=True)
        packer = zlib.compressobj(wbits=31)
        for _ in range(megabytes):
            if packed := packer.compress(bytes(1_000_000)):
                self._chunk(packed)
        self._chunk(packer.flush())
        self._send(b"0\r\n\r\n")

    def _status(self, code, body, headers=None):
        text = body if isinstance(body, str) else json.dumps(body)
        kind = "text/plain" if isinstance(body, str) else "application/json"
        raw = text.encode()
        self._head(code, kind, extra={"Content-Length": str(len(raw)), **(headers or {})})
        self._send(raw)

    def _head(self, code, kind, *, extra=None, chunked=False):
        headers = {"Content-Type": kind, **(extra or {})}
        if chunked:
            headers["Transfer-Encoding"] = "chunked"
        if not self.server.keeps or not {"Content-Length", "Transfer-Encoding"} & set(headers):
            headers["Connection"] = "close"
            self.stays = False
        lines = [f"HTTP/1.1 {code} Scripted", *(f"{k}: {v}" for k, v in headers.items())]
        self._send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def _chunk(self, data):
        self._send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _send(self, data):
        if self.server.over.is_set():
            raise _Left
        self.connection.sendall(data)


def _event(value):
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _delta(name, words):
    return {"choices": [{"index": 0, "delta": {name: words}, "finish_reason": None}]}


def _pieces(text):
    """A text in pieces of about one token each."""
    return [text[i : i + 4] for i in range(0, len(text), 4)]


def _usage(body, text):
    prompt = sum(len(m["content"].encode()) for m in body["messages"]) // 4 + 1
    written = len(text.encode()) // 4 + 1
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}


def _error(message):
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}


def _tell(server):
    """Say each time that a completion is asked for."""
    told = 0
    while True:
        with server.came:
            server.came.wait_for(lambda number=told: len(server.asked) > number)
        told += 1
        print("asked", flush=True)  # noqa: T201


def main():
    """Serve as the command line says."""
    parser = argparse.ArgumentParser(prog="support.scripted")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", help="JSON: {answers, rule, models, refuses, key, ...}")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input")
    arguments = parser.parse_args()
    given = {}
    if arguments.script:
        with open(arguments.script, encoding="utf-8") as file:  # noqa: PTH123
            given = json.load(file)
    rule = Rule(**given.pop("rule", {}))
    with Scripted(given.pop("answers", ()), rule=rule, port=arguments.port, **given) as server:
        print(server.port, flush=True)  # noqa: T201
        threading.Thread(target=_tell, args=(server,), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            if arguments.until_eof:
                sys.stdin.buffer.read()
            else:
                server.over.wait()


if __name__ == "__main__":
    main()
