"""Owns a language client for tests: raw JSON-RPC over the pipes of a real server process.

    with LspClient.start() as client:
        client.initialize(capabilities=VS_CODE)
        client.open("file:///a.md", "words", language="markdown")
        actions = client.request("textDocument/codeAction", {...})
        client.wait(lambda: client.diagnostics("file:///a.md"))

Nothing sleeps: whatever is waited for is a predicate over what has come in, with a deadline. The
server's own requests are answered by `client.answers[method]`, a function of the params, whose
result is the answer; `NEVER` sends none. Edits that the server asks for are made in `client.texts`
and sent back as changes, as an editor does, unless `answers` says otherwise.
"""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from self_refine.editor.documents.documents import Change, Document, Point

NEVER = object()
SECONDS = 20
SERVE = (sys.executable, "-P", "-m", "self_refine", "serve")

# What a client of the usual kind says of itself; `editors` holds those of real ones.
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "workspaceEdit": {"documentChanges": True},
        "codeLens": {"refreshSupport": True},
    },
    "textDocument": {
        "codeAction": {
            "disabledSupport": True,
            "dataSupport": True,
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}},
        },
        "codeLens": {},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
    },
    "notebookDocument": {"synchronization": {}},
}


# A server with features of a test beside its own.
WITH = """
import os, sys
from self_refine.editor import features
real = features.register
def register(server):
    real(server)
{body}
features.register = register
from self_refine.editor.serve import serve
sys.exit(serve())
"""


class ResponseError(Exception):
    """The server answered with an error."""

    def __init__(self, error):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code = error.get("code")
        self.message = error.get("message", "")
        self.data = error.get("data")


def frame(body):
    """A message as it goes over the wire; `body` is JSON values, text or bytes."""
    if not isinstance(body, str | bytes):
        body = json.dumps(body)
    data = body.encode("utf-8") if isinstance(body, str) else body
    return b"Content-Length: %d\r\n\r\n%b" % (len(data), data)


@dataclass
class LspClient:
    """A client and the server process that it has started."""

    process: subprocess.Popen
    messages: list[dict[str, Any]] = field(default_factory=list)
    """All that the server sent, oldest first."""
    stderr: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    """By method: a function of the params that gives the answer to a request of the server."""
    texts: dict[str, Document] = field(default_factory=dict)
    """What the editor has open."""
    encoding: str = "utf-16"
    came: threading.Condition = field(default_factory=threading.Condition)
    ended: bool = False
    """Whether the server has closed its output."""
    reading: threading.Event = field(default_factory=threading.Event)
    """Cleared while a test lets the client read nothing."""

    @classmethod
    def start(cls, command=SERVE, *, env=None, cwd=None, stdin=subprocess.PIPE):
        """Start a server; it sees no key and no settings of whoever runs the tests."""
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment() | (env or {}),
            cwd=cwd,
        )
        client = cls(process)
        client.reading.set()
        client._ids = itertools.count(1)
        client._threads = [
            threading.Thread(target=work, daemon=True) for work in (client._read, client._read_log)
        ]
        client._writing = threading.Lock()
        for thread in client._threads:
            thread.start()
        return client

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        """End the server at once, and everything that was started with it."""
        self.reading.set()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(SECONDS)
        for thread in self._threads:
            thread.join(SECONDS)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    # Requests and notifications.

    def initialize(
        self, *, capabilities=CAPABILITIES, options=None, folders=(), ready=True, **more
    ):
        """Shake hands; returns what the server answers to `initialize`."""
        params = {
            "processId": os.getpid(),
            "rootUri": folders[0].as_uri() if folders else None,
            "workspaceFolders": [{"uri": f.as_uri(), "name": f.name} for f in folders] or None,
            "capabilities": capabilities,
            **({"initializationOptions": options} if options is not None else {}),
            **more,
        }
        result = self.request("initialize", params)
        self.encoding = result["capabilities"].get("positionEncoding", "utf-16")
        if ready:
            self.notify("initialized", {})
        return result

    def request(self, method, params=None, *, seconds=SECONDS):
        """Ask and wait; raises `ResponseError` where the answer is an error."""
        return self.answer(self.send_request(method, params), seconds=seconds)

    def send_request(self, method, params=None):
        """Ask; gives the id, to be used with `answer`."""
        id_ = next(self._ids)
        message = {"jsonrpc": "2.0", "id": id_, "method": method}
        self.send(message if params is None else message | {"params": params})
        return id_

    def answer(self, id_, *, seconds=SECONDS):
        """Wait for the answer to a request."""
        message = self.wait(lambda: self.answer_to(id_), seconds=seconds)
        if "error" in message:
            raise ResponseError(message["error"])
        return message.get("result")

    def answer_to(self, id_):
        """The whole answer to a request; None while there is none."""
        found = [m for m in self.messages if m.get("id") == id_ and "method" not in m]
        assert len(found) < 2, f"request {id_} was answered {len(found)} times: {found}"
        return found[0] if found else None

    def notify(self, method, params=None):
        """Tell the server."""
        message = {"jsonrpc": "2.0", "method": method}
        self.send(message if params is None else message | {"params": params})

    def command(self, name, argument=None, *, seconds=SECONDS):
        """Call one of the server's commands, such as "refine"."""
        arguments = [] if argument is None else [argument]
        params = {"command": f"selfRefine.{name}", "arguments": arguments}
        return self.request("workspace/executeCommand", params, seconds=seconds)

    def send(self, message):
        """Send JSON values as one message."""
        self.send_bytes(frame(message))

    def send_bytes(self, data):
        """Send bytes as they are."""
        with self._writing, contextlib.suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def leave(self, *, seconds=SECONDS):
        """Shut down and exit; returns the exit code."""
        self.request("shutdown", seconds=seconds)
        self.notify("exit")
        return self.exit_code(seconds=seconds)

    def exit_code(self, *, seconds=SECONDS):
        """Wait for the process to end, and for all that it has said."""
        code = self.process.wait(seconds)
        for thread in self._threads:
            thread.join(seconds)
        return code

    # Documents.

    def open(self, uri, text, *, language="markdown", version=1):
        """Open a document in the editor."""
        self.texts[uri] = Document(uri, language, version, text, self.encoding)
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri, *edits):
        """Type: each edit is (start, end, text) in code points, in the text before it."""
        document = self.texts[uri]
        version = document.version + 1
        changes = []
        for start, end, text in edits:
            range_ = self.range(uri, start, end)
            changes.append({"range": range_, "text": text})
            points = tuple(Point(**range_[side]) for side in ("start", "end"))
            self.texts[uri], _ = self.texts[uri].changed(Change(points, text), version)
        name = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": name, "contentChanges": changes})

    def close(self, uri):
        """Close a document."""
        del self.texts[uri]
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def text(self, uri):
        """What the editor shows."""
        return self.texts[uri].text

    def range(self, uri, start, end):
        """A range of the protocol, from offsets in code points."""
        document = self.texts[uri]
        places = [document.position(offset) for offset in (start, end)]
        first, last = ({"line": p.line, "character": p.character} for p in places)
        return {"start": first, "end": last}

    def range_of(self, uri, words):
        """The range of the first place where these words stand."""
        start = self.text(uri).index(words)
        return self.range(uri, start, start + len(words))

    def apply(self, edit):
        """Make a workspace edit in the editor, as one version; tell the server. False: stale."""
        changed = edit.get("documentChanges") or []
        for item in changed:
            document = self.texts.get(item["textDocument"]["uri"])
            if document is None or document.version != item["textDocument"]["version"]:
                return False
        changed = changed or [
            {"textDocument": {"uri": uri}, "edits": edits}
            for uri, edits in (edit.get("changes") or {}).items()
        ]
        for item in changed:
            document = self.texts[item["textDocument"]["uri"]]
            edits = [
                (document.offset(Point(**e["range"]["start"])),
                 document.offset(Point(**e["range"]["end"])), e["newText"])
                for e in item["edits"]
            ]  # fmt: skip
            self.change(document.uri, *sorted(edits, reverse=True))
        return True

    # What has come in.

    def wait(self, predicate, *, seconds=SECONDS):
        """Wait until a predicate holds over what has come in; gives its value."""
        with self.came:
            found = None

            def holds():
                nonlocal found
                found = predicate()
                return found or self.ended

            self.came.wait_for(holds, seconds)
            assert found, f"not within {seconds} s; stderr: {''.join(self.stderr)[-2000:]}"
            return found

    def sent(self, method):
        """The params of every notification and request of this method that the server sent."""
        return [m.get("params") for m in self.messages if m.get("method") == method]

    def diagnostics(self, uri):
        """What was published last for a document; None while nothing was."""
        of = [p for p in self.sent("textDocument/publishDiagnostics") if p["uri"] == uri]
        return of[-1]["diagnostics"] if of else None

    def shown(self):
        """The sentences that the user was shown."""
        return [p["message"] for p in self.sent("window/showMessage")]

    def progress(self, token=None):
        """The progress values sent, of one token or of all."""
        return [p["value"] for p in self.sent("$/progress") if token in (None, p["token"])]

    # Threads.

    def _read(self):
        stream = self.process.stdout
        try:
            while (message := self._next(stream)) is not None:
                with self.came:
                    self.messages.append(message)
                    self.came.notify_all()
                if "method" in message and "id" in message:
                    self._answer(message)
        finally:
            with self.came:
                self.ended = True
                self.came.notify_all()

    def _next(self, stream):
        length = 0
        while True:
            self.reading.wait()
            line = stream.readline()
            if not line:
                return None
            if not line.strip():
                return json.loads(stream.read(length))
            name, _, value = line.partition(b":")
            assert name == b"Content-Length", f"this is no header: {line!r}"
            length = int(value)

    def _answer(self, message):
        method, params = message["method"], message.get("params")
        give = self.answers.get(method) or getattr(self, f"_on_{method.rpartition('/')[2]}", None)
        if give is None:
            error = {"code": -32601, "message": "not here"}
            self.send({"jsonrpc": "2.0", "id": message["id"], "error": error})
            return
        result = give(params)
        if result is NEVER:
            return
        key = "error" if isinstance(result, ResponseError) else "result"
        if key == "error":
            result = {"code": result.code, "message": result.message}
        self.send({"jsonrpc": "2.0", "id": message["id"], key: result})

    def _on_applyEdit(self, params):  # noqa: N802 - the protocol's name
        return {"applied": self.apply(params["edit"])}

    def _on_configuration(self, params):
        return [None for _ in params["items"]]

    def _on_create(self, params):
        return None

    def _on_registerCapability(self, params):  # noqa: N802 - the protocol's name
        return None

    def _on_refresh(self, params):
        return None

    def _on_showDocument(self, params):  # noqa: N802 - the protocol's name
        return {"success": True}

    def _on_showMessageRequest(self, params):  # noqa: N802 - the protocol's name
        return None

    def _read_log(self):
        for line in self.process.stderr:
            with self.came:
                self.stderr.append(line.decode("utf-8", "replace"))
                self.came.notify_all()


def environment():
    """The environment of the tests without what would set up a model or settings."""
    # Without byte code each server would compile all of itself anew.
    hidden = ("OPENAI_", "SELF_REFINE_", "XDG_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


def served_with(body):
    """The command of a server with `body` in the function that wires its features."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return (*SERVE[:2], "-c", WITH.format(body=lines))


@contextlib.contextmanager
def serving(body="", **more):
    """A server, with `body` in the function that wires its features."""
    with LspClient.start(served_with(body) if body else SERVE, **more) as client:
        client.initialize()
        yield client
