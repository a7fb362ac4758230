"""The process: it ends when it must, never hangs, never speaks out of turn, tells no secrets."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager

import psutil
import pytest

from self_refine.editor.rpc import transport
from support.editing import CRITERIA, RULE, Editing, at_home, editing
from support.lsp_client import CAPABILITIES, NEVER, LspClient, ResponseError, serving
from support.scripted import Scripted

URI = "file:///notes.md"
# A client that registers what changes, so that the server asks for it.
_REGISTERS = {"dynamicRegistration": True}
DYNAMIC = CAPABILITIES | {
    "workspace": CAPABILITIES["workspace"]
    | {"didChangeConfiguration": _REGISTERS, "didChangeWatchedFiles": _REGISTERS}
}
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")


@contextmanager
def running(tmp_path):
    """A server with a run that waits for a model which does not answer."""
    with ExitStack() as stack:
        home, root = tmp_path / "home", tmp_path / "team"
        home.mkdir()
        criteria = root / "criteria" / "house.criteria.md"
        criteria.parent.mkdir(parents=True)
        criteria.write_text(CRITERIA, encoding="utf-8")
        model = stack.enter_context(Scripted([{"hang": True}], rule=RULE))
        env = at_home(home) | {"OPENAI_BASE_URL": model.url}
        client = stack.enter_context(LspClient.start(env=env, cwd=home))
        client.initialize(folders=[root])
        at = Editing(client, root, model, home)
        at.open("memo.md", "We utilise it.")
        run = at.refine()
        at.model.wait_for(1)
        yield at, run


def check_gone(at):
    """The connection to the model is closed, and no process is left."""
    assert at.model.asked[0].left.wait(5)
    assert at.client.process.poll() is not None


def test_f22_end_of_input_ends_a_running_server(tmp_path):
    """The client dies in the middle of a run: exit code 1 at once, the model's socket closed."""
    with running(tmp_path) as (at, _):
        at.client.process.stdin.close()
        assert at.client.exit_code(seconds=10) == 1
        check_gone(at)


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_f22_signals_end_a_running_server(tmp_path, name):
    """A signal ends it in an orderly way, with 1."""
    with running(tmp_path) as (at, _):
        at.client.process.send_signal(getattr(signal, name))
        assert at.client.exit_code(seconds=10) == 1
        check_gone(at)


@posix
def test_f22_a_dead_parent_with_an_open_pipe_is_noticed():
    """The client is killed while another process holds its pipe: the server ends all the same."""
    parent = subprocess.Popen(
        (sys.executable, "-c", "input()"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        with LspClient.start() as client:
            client.initialize(processId=parent.pid)
            parent.kill()
            parent.wait()
            assert client.exit_code(seconds=15) == 1
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()


def test_f22_a_process_id_of_another_machine_means_nothing():
    """A client that names a process which does not exist here is served."""
    gone = subprocess.Popen((sys.executable, "-c", ""))
    gone.wait()
    with LspClient.start() as client:
        client.initialize(processId=gone.pid)
        assert client.request("shutdown") is None


def test_f23_shutdown_in_the_middle_of_a_run(tmp_path):
    """The run ends, its progress ends once, `shutdown` is answered with null, and exit is 0."""
    with running(tmp_path) as (at, run):
        assert at.client.leave() == 0
        check_gone(at)
        kinds = [p["kind"] for p in at.progress(run)]
        assert kinds.count("begin") == kinds.count("end") == 1


def test_f24_a_killed_server_leaves_nothing_behind(tmp_path):
    """A server that was killed in a run and is started again begins clean, and works."""
    with running(tmp_path) as (at, _):
        at.client.process.kill()
        at.client.process.wait()
    with editing(tmp_path / "again") as at:
        at.open("memo.md", "We utilise it.")
        assert at.edits() == []
        assert at.wait_end(at.refine()).endswith("approved")
        assert at.text == "We use it."


@pytest.mark.parametrize(
    "answer", [NEVER, ResponseError({"code": -32603, "message": "no"})], ids=["nothing", "an error"]
)
def test_f21_a_client_that_answers_nothing(tmp_path, answer):
    """Progress, settings, lenses, registration unanswered: the run goes on without them."""
    asked = {
        "window/workDoneProgress/create",
        "workspace/configuration",
        "workspace/codeLens/refresh",
        "client/registerCapability",
    }
    with editing(
        tmp_path, capabilities=DYNAMIC, answers=dict.fromkeys(asked, lambda _: answer)
    ) as at:
        at.client.notify("workspace/didChangeConfiguration", {"settings": None})
        at.open("memo.md", "We utilise it.")
        at.refine()
        at.client.wait(lambda: at.text == "We use it.")
        assert at.client.progress() == []
        at.client.wait(lambda: asked <= {m.get("method") for m in at.client.messages})


@posix
def test_f27_a_client_that_does_not_read_can_still_end_the_server():
    """With the pipe full the loop lives: thousands of requests are taken, and `exit` ends it."""
    with serving() as client:
        client.open(URI, "Some words.\n" * 50)
        client.reading.clear()
        client.notify("$/setTrace", {"value": "off"})
        place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 4}}
        params = {"textDocument": {"uri": URI}, "range": place, "context": {"diagnostics": []}}
        for _ in range(3000):
            client.send_request("textDocument/codeAction", params)
        client.send_request("shutdown")
        client.notify("exit")
        assert client.process.wait(15) == 0


@posix
def test_f27_what_can_be_spared_is_dropped_and_the_rest_is_in_order():
    """A queue beyond a megabyte drops progress and log lines; answers come whole and in order."""
    out, into = os.pipe()
    writer = transport.Writer(into, pytest.fail)
    sent = [b"%06d" % n + b"." * 9994 for n in range(300)]
    for data in sent:
        writer.write(data)
        writer.write(b"spare", spare=True)
    received = bytearray()
    reader = threading.Thread(target=drain, args=(out, received, sum(map(len, sent))))
    reader.start()
    writer.close(20)
    os.close(into)
    reader.join(20)
    os.close(out)

    whole = bytes(received)
    assert whole.replace(b"spare", b"") == b"".join(sent)
    assert 0 < whole.count(b"spare") < 150


def drain(descriptor, received, least):
    while data := os.read(descriptor, 65536):
        received += data
    assert len(received) >= least


@posix
def test_f27_a_client_that_never_reads_counts_as_gone():
    """The queue is bounded: beyond it the server is told, once, and nothing more is kept."""
    out, into = os.pipe()
    lost = []
    writer = transport.Writer(into, lost.append)
    megabyte = b"x" * 2**20
    for _ in range(80):
        writer.write(megabyte)
    os.close(out)

    assert len(lost) == 1
    assert "wait to be read" in lost[0]


@posix
def test_f27_a_reader_that_has_left_is_noticed():
    """A closed pipe is no exception: the server is told."""
    out, into = os.pipe()
    os.close(out)
    lost = []
    transport.Writer(into, lost.append).write(b"words")
    os.close(into)

    assert lost == ["it closed the stream"]


def test_stray_prints_go_to_standard_error():
    """What libraries and their children print never reaches the protocol."""
    body = """
print("stray print")
os.write(1, b"stray write\\n")
os.system("echo stray child")
import sys; sys.__stdout__.write("stray stdout\\n")
"""
    with serving(body) as client:
        assert client.leave() == 0
        log = "".join(client.stderr)
    for words in ("stray print", "stray write", "stray child", "stray stdout"):
        assert words in log


FAILING = """
SECRET = "sk-" + "a" * 20
@server.feature("test/fail")
async def fail(params):
    raise ValueError(f"{SECRET} in {params}")
@server.feature("test/unsendable")
def unsendable(params):
    return object()
@server.feature("test/note")
def note(params):
    raise RuntimeError(SECRET)
class Deaf:
    def opened(self, document):
        raise KeyError(SECRET, document.text)
    closed = opened
    def changed(self, document, edits):
        raise KeyError(SECRET, document.text)
server.documents.subscribe(Deaf())
"""


def test_s18_exceptions_tell_neither_key_nor_text():
    """A defect is answered without its words; the log says where it is, and nothing of the text."""
    with serving(FAILING) as client:
        client.open(URI, "confidential\n")
        for method in ("test/fail", "test/unsendable"):
            with pytest.raises(ResponseError) as caught:
                client.request(method, {"text": "confidential"})
            assert (caught.value.code, caught.value.data) == (-32603, None)
        client.notify("test/note", {"text": "confidential"})
        client.change(URI, (0, 0, "more "))
        assert client.request("shutdown") is None
        client.notify("exit")
        assert client.exit_code() == 0
        said = "".join(client.stderr) + repr(client.messages)
    assert "sk-" not in said
    assert "confidential" not in said
    assert "Traceback" not in said
    for kind in ("ValueError", "RuntimeError", "KeyError"):
        assert kind in said
    assert client.shown() == []


def test_s18_debug_logs_hold_no_text(tmp_path):
    """At the most talkative level neither the log nor the client sees a document or a key."""
    env = {"SELF_REFINE_LOG": "debug", "OPENAI_API_KEY": "sk-" + "b" * 20, "OPENAI_LOG": "debug"}
    with serving(env=env) as client:
        client.open(URI, "confidential\n")
        client.change(URI, (0, 0, "more "))
        assert client.leave() == 0
        said = "".join(client.stderr) + repr(client.messages)
    assert "confidential" not in said
    assert "sk-b" not in said


def test_the_server_waits_for_nothing_that_hangs():
    """A thread that does not end does not keep the process: it leaves hard after a moment."""
    body = """
import threading, asyncio
@server.feature("test/hang")
async def hang(params):
    await asyncio.to_thread(threading.Event().wait)
"""
    with serving(body) as client:
        client.send_request("test/hang", {})
        assert client.leave(seconds=10) == 0


def test_nothing_heavy_is_imported_before_it_is_needed():
    """Shaking hands and listing actions import neither the model's library nor the checkers'."""
    heavy = ("openai", "httpx2", "pydantic", "re2", "rapidfuzz", "rich", "markdown_it", "yaml")
    body = f"""
HEAVY = {heavy!r}
@server.feature("test/imported")
def imported(params):
    return [name for name in HEAVY if name in sys.modules]
"""
    with serving(body) as client:
        assert client.request("test/imported", {}) == []


def _descriptors(client, process):
    """What stays open: files of criteria are open for moments, while requests are answered."""
    seen = []
    for _ in range(20):
        client.request("textDocument/codeAction", NOWHERE)
        seen.append(process.num_fds() if os.name == "posix" else 0)
    return min(seen)


NOWHERE = {
    "textDocument": {"uri": "file:///nowhere.md"},
    "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
    "context": {"diagnostics": []},
}


def test_descriptors_and_threads_do_not_grow():
    """Hundreds of requests, documents and cancels leave nothing behind in the process."""
    with serving() as client:
        process = psutil.Process(client.process.pid)
        busy(client)
        threads, files = process.num_threads(), _descriptors(client, process)
        for _ in range(5):
            busy(client)
        # Fewer is no leak: on a busy machine the first count may have met a file that was open.
        assert _descriptors(client, process) <= files
        # The pool of asyncio grows to this size when it is first busy, and no further.
        assert process.num_threads() <= threads + min(32, (os.cpu_count() or 1) + 4)


def busy(client):
    for number in range(20):
        uri = f"file:///{number}.txt"
        client.open(uri, "words\n", language="plaintext")
        id_ = client.send_request("textDocument/hover", {"textDocument": {"uri": uri}})
        client.notify("$/cancelRequest", {"id": id_})
        client.wait(lambda id_=id_: client.answer_to(id_))
        client.close(uri)
