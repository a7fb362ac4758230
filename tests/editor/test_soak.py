"""Many runs in a row leave nothing behind: memory, descriptors, threads, tasks, tokens, objects.

`SELF_REFINE_SOAK` says how many; `make soak` takes a thousand.
"""

import asyncio
import collections
import gc
import json
import os

import psutil

from self_refine.editor.features import register
from self_refine.editor.requests import custom_messages
from self_refine.editor.runs.run_table import KEPT
from self_refine.editor.server import SelfRefineServer
from support.editing import FILES, RULE, at_home, editing
from support.lsp_client import CAPABILITIES, environment
from support.scripted import Scripted

RUNS = int(os.environ.get("SELF_REFINE_SOAK", "100"))
# Ended runs are kept for their review up to a number: what they hold stays the same from then on.
START = min(KEPT + 10, RUNS - 1)
MEGABYTE = 1 << 20
TEXT = "One.\n\nWe utilise it.\n\nTwo.\n"
REFINED = "One.\n\nWe use it.\n\nTwo.\n"


def test_soak_over_pipes(tmp_path):
    """Memory, descriptors, threads and children of the process are after the last run as before."""
    with editing(tmp_path) as at:
        process = psutil.Process(at.client.process.pid)
        at.open("memo.md", TEXT)
        for number in range(RUNS):
            if number == START:
                before = held(process)
            run = at.run()
            at.wait_text(REFINED)
            at.client.change(at.uri, (0, len(REFINED), TEXT))
            kinds = collections.Counter(p["kind"] for p in at.progress(run))
            assert kinds["begin"] == kinds["end"] == 1
            forget(at)
        after = held(process)
        # Allocators keep what was freed: a leak of a run's text and findings would be far more.
        assert after["memory"] - before["memory"] < 4 * MEGABYTE + (RUNS - START) * 4096
        for what in ("descriptors", "threads", "children"):
            assert after[what] <= before[what] + 1, (before, after)


def held(process):
    """What a process holds of the machine."""
    return {
        "memory": process.memory_info().rss,
        "descriptors": process.num_fds() if psutil.POSIX else process.num_handles(),
        "threads": process.num_threads(),
        "children": len(process.children()),
    }


def forget(at):
    """Let the client drop what came in: the test looks at the server."""
    with at.client.came:
        del at.client.messages[:-50]
    del at.model.requests[:]


async def test_soak_in_process(tmp_path, monkeypatch):
    """No task, no token, no question to the client and no object of ours is left by a run."""
    for name in set(os.environ) - set(environment()):
        monkeypatch.delenv(name)
    with Scripted(rule=RULE) as model:
        for name, value in (at_home(tmp_path / "home") | {"OPENAI_BASE_URL": model.url}).items():
            monkeypatch.setenv(name, value)
        for name, text in FILES.items():
            path = tmp_path / "team work" / name
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
        editor = Editor(tmp_path / "team work")
        await editor.begin()
        for number in range(RUNS):
            if number == START:
                before = await editor.settled()
            await editor.run()
            model.requests.clear()
        after = await editor.settled()
        await editor.leave()
    assert after["tasks"] == before["tasks"]
    assert after["tables"] == before["tables"]
    grown = {
        name: (before["objects"][name], count)
        for name, count in after["objects"].items()
        if count > before["objects"][name] * 1.1 + 5
    }
    assert grown == {}


class Editor:
    """A client in the process of its server; also the writer that the server writes to."""

    def __init__(self, root):
        self.uri = (root / "memo.md").as_uri()
        self.root = root
        self.server = SelfRefineServer(register)
        self.server.protocol.set_writer(self)
        self.number = 0
        self.version = 1
        self.answers = {}
        self.ended = asyncio.Event()

    # The writer of the server: whole messages, one a call.

    def write(self, data, *, spare=False):
        """Take a message of the server; answer it when the server is done with writing."""
        assert isinstance(spare, bool)
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        asyncio.get_running_loop().call_soon(self._take, message)

    def close(self):
        """There is nothing to close."""

    def _take(self, message):
        method = message.get("method")
        if method is None:
            self.answers.pop(message["id"]).set_result(message.get("result"))
        elif "id" in message:
            result = {"applied": True} if method == "workspace/applyEdit" else None
            if result:
                self._change(REFINED)
            self._send({"id": message["id"], "result": result})
        elif method == "$/progress" and message["params"]["value"]["kind"] == "end":
            self.ended.set()

    def _send(self, message):
        self.server.protocol.receive(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def _tell(self, method, params):
        self._send({"method": method, "params": params})

    async def _ask(self, method, params=None):
        self.number += 1
        answer = self.answers[self.number] = asyncio.get_running_loop().create_future()
        self._send({"id": self.number, "method": method, "params": params})
        return await asyncio.wait_for(answer, 20)

    def _change(self, text):
        self.version += 1
        name = {"uri": self.uri, "version": self.version}
        params = {"textDocument": name, "contentChanges": [{"text": text}]}
        self._tell("textDocument/didChange", params)

    async def begin(self):
        """Shake hands and open the document."""
        said = {"processId": None, "rootUri": self.root.as_uri(), "capabilities": CAPABILITIES}
        # Our own client, which is told of every run.
        said["initializationOptions"] = {"extensions": True}
        await self._ask("initialize", said)
        self._tell("initialized", {})
        item = {"uri": self.uri, "languageId": "markdown", "version": 1, "text": TEXT}
        self._tell("textDocument/didOpen", {"textDocument": item})

    async def run(self):
        """Carry out a run, and undo it."""
        self.ended.clear()
        place = {"start": {"line": 0, "character": 0}, "end": {"line": 5, "character": 0}}
        arguments = [{"uri": self.uri, "range": place}]
        params = {"command": "selfRefine.refine", "arguments": arguments}
        assert (await self._ask("workspace/executeCommand", params))["runId"]
        await asyncio.wait_for(self.ended.wait(), 20)
        self._change(TEXT)

    async def settled(self):
        """What the server holds, once all that it does, and has planned, is done."""
        loop = asyncio.get_running_loop()
        tasks = await self._others()
        while planned := [t.when() for t in loop._scheduled if not t.cancelled()]:
            if min(planned) > loop.time() + 5:
                break
            # A publication a moment from now, checks of what was typed; they may begin tasks.
            await asyncio.sleep(max(0.0, min(planned) - loop.time()))
            tasks = await self._others()
        gc.collect()
        kinds = collections.Counter(
            type(o).__qualname__
            for o in gc.get_objects()
            if str(type(o).__module__).startswith(("self_refine.", "asyncio", "openai", "httpx"))
            # The loop throws timers that were cancelled away once there are a hundred of them.
            and not (isinstance(o, asyncio.TimerHandle) and o.cancelled())
            # Annotations of openai's types: made when one of its modules loads, never by a run.
            and type(o).__qualname__ != "PropertyInfo"
        )
        protocol = vars(self.server.protocol) | vars(self.server.protocol._questions)
        tables = {n: len(v) for n, v in protocol.items() if isinstance(v, dict | list | set)}
        told = [o for o in gc.get_objects() if type(o) is custom_messages._Telling]
        tables["told"] = sum(len(each._told) for each in told)
        tables["tokens"] = len(self.server.work_done_progress.tokens)
        return {"tasks": tasks, "tables": tables, "objects": kinds}

    async def _others(self):
        """How many tasks go on, once those that end have ended."""
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            done, _ = await asyncio.wait(others, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                break
        return len(others)

    async def leave(self):
        """Shut down; nothing of the server works any more."""
        await self._ask("shutdown")
        await self.server.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}
