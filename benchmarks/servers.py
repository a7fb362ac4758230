"""Owns language servers as processes to be measured: ours and its peers, driven in the same way."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import psutil

ROOT = Path(__file__).parents[1]
Json = dict[str, Any]

OURS = (sys.executable, "-P", "-m", "self_refine", "serve")

# The least that pygls can be: a code action, a command, and its mirror of documents. The command
# imports the model library as a server would that does not think of it.
_TRIVIAL = """
from lsprotocol import types
from pygls.lsp.server import LanguageServer
server = LanguageServer("trivial", "1")
@server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
def actions(ls, params):
    command = types.Command(title="Act", command="trivial.act", arguments=[{"uri": "u"}])
    return [types.CodeAction(title="Act", kind="refactor.rewrite", command=command)]
@server.command("trivial.act")
def act(ls, *arguments):
    import openai
    openai.AsyncOpenAI(api_key="none")
@server.feature("trivial/nothing")
def nothing(ls, params):
    return None
server.start_io()
"""
TRIVIAL = (sys.executable, "-P", "-c", _TRIVIAL)


def installed(*command: str) -> tuple[str, ...] | None:
    """The command of a peer, where it is installed beside this Python."""
    found = Path(sys.executable).with_name(command[0])
    return (str(found), *command[1:]) if found.exists() else None


RUFF = installed("ruff", "server")
JEDI = installed("jedi-language-server")
PYLSP = installed("pylsp")

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}},
        "publishDiagnostics": {"relatedInformation": True},
    },
}


def framed(message: Json) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Server:
    """A running server and the client that measures it."""

    def __init__(self, command: tuple[str, ...], env: dict[str, str] | None = None) -> None:
        self.started = perf_counter()
        home = tempfile.gettempdir()
        # Byte code is what users have; a first start without it measures the compiler.
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "PYTHON"))}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean | (env or {}),
            cwd=home,
        )
        self.count = 0
        self.writing = threading.Lock()
        self.heard: list[Json] = []
        self.reading = 0.0
        """Seconds that this client took to read what the server says of its own accord."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                stream.close()

    def send(self, message: Json) -> None:
        self.write(framed(message))

    def write(self, data: bytes) -> None:
        with self.writing:
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def framed_action(self, uri: str) -> bytes:
        self.count += 1
        params = action_at(uri)
        return framed({"id": self.count, "method": "textDocument/codeAction", "params": params})

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def post(self, method: str, params: Any) -> int:
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        return self.count

    def request(self, method: str, params: Any) -> Any:
        """The result; whatever else comes in is kept, and the server's requests are answered."""
        wanted = self.post(method, params)
        while True:
            message = self.receive()
            if message.get("id") == wanted and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def hear_answer(self) -> None:
        """Wait for the next answer, whatever it answers."""
        while "method" in self.receive():
            pass

    def receive(self) -> Json:
        """The next message; a request is answered on the way."""
        stream, length = self.process.stdout, 0
        while (line := stream.readline()).strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server ended"
        body = stream.read(length)
        start = perf_counter()
        message = json.loads(body)
        if "method" in message:
            self.reading += perf_counter() - start
            self.heard.append(message)
            if "id" in message:
                self.send({"id": message["id"], "result": self.answer(message)})
        return message

    def answer(self, message: Json) -> Any:
        if message["method"] == "workspace/configuration":
            return [None for _ in message["params"]["items"]]
        return None

    def initialize(self, folder: Path | None = None) -> float:
        """Milliseconds from the start of the process to the answer."""
        uri = None if folder is None else folder.as_uri()
        params = {"processId": os.getpid(), "rootUri": uri, "capabilities": CAPABILITIES}
        params["workspaceFolders"] = None if uri is None else [{"uri": uri, "name": "it"}]
        self.request("initialize", params)
        took = self.milliseconds
        self.notify("initialized", {})
        return took

    @property
    def milliseconds(self) -> float:
        return (perf_counter() - self.started) * 1000

    def open(self, uri: str, text: str, language: str = "python") -> None:
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def action(self, uri: str) -> float:
        """Ask for code actions on the first line; milliseconds of the server.

        Hundreds of diagnostics that come in meanwhile take this client as long to read as an
        answer takes the server.
        """
        start, reading = perf_counter(), self.reading
        self.request("textDocument/codeAction", action_at(uri))
        return (perf_counter() - start - (self.reading - reading)) * 1000

    @property
    def memory(self) -> float:
        """Resident megabytes."""
        return psutil.Process(self.process.pid).memory_info().rss / 2**20


def action_at(uri: str, end: int = 4) -> Json:
    start, last = {"line": 0, "character": 0}, {"line": 0, "character": end}
    return {
        "textDocument": {"uri": uri},
        "range": {"start": start, "end": last},
        "context": {"diagnostics": [], "triggerKind": 1},
    }
