"""Measures the server over its pipes: start, code actions, changes, memory (P1 to P6, P12)."""

import gc
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from prose import prose
from rows import Row, at_least, at_most, percentile
from servers import JEDI, OURS, PYLSP, ROOT, RUFF, TRIVIAL, Server, action_at, framed

sys.path.insert(0, str(ROOT / "tests"))

from support.scripted import Scripted

URI = "file:///measured.py"
TEXT = "# some words of a text which is read by people\n"

_STARTS = 9
_ACTIONS = 1500
_BURST = 50
"""Requests to one server before the other has its turn."""

CRITERIA = """\
---
criteria: 1
id: house
title: House style
applies: {languages: [markdown]}
checks:
  - {id: stock, kind: words, swap: {"kindly": "please"}, severity: warning}
---
# House style

## Criteria

- **plain** (warning): Is there a word that a plainer one would replace?
"""


def rows() -> list[Row]:
    """P1 to P6, and P12."""
    gc.disable()
    # The model answers in this process: it gives way to the client that holds the watch.
    sys.setswitchinterval(0.0001)
    return [*_starts(), *_idle(), *_imports(), *_working(), *_changes(), *_memory()]


def _starts() -> Iterator[Row]:
    """From the start of the process: to the answer to `initialize`, to the first code action."""
    names = {"trivial pygls": TRIVIAL, "ours": OURS, "ruff": RUFF, "jedi": JEDI, "pylsp": PYLSP}
    peers = {name: command for name, command in names.items() if command is not None}
    for command in peers.values():
        _start(command)
    found = {name: [_start(c) for _ in range(1)] for name, c in peers.items()}
    for _ in range(_STARTS):
        for name in ("trivial pygls", "ours"):
            found[name].append(_start(peers[name]))
    for number, id_ in enumerate(("P1", "P2")):
        ours, trivial, *others = (median(pair[number] for pair in found[n])
                                  for n in ("ours", "trivial pygls", *list(peers)[2:]))  # fmt: skip
        beside = ", ".join(f"{n} {v:.0f} ms" for n, v in zip(list(peers)[2:], others, strict=True))
        yield at_most(id_, "trivial pygls", ours, trivial, 1.05, note=beside)
        stretch = {"P1": 0.10, "P2": 0.65}[id_]
        yield at_most(f"{id_} stretch", "trivial pygls", ours, trivial, stretch, owed=False)


def _start(command: tuple[str, ...]) -> tuple[float, float]:
    with Server(command) as server:
        initialized = server.initialize()
        server.open(URI, TEXT)
        server.request("textDocument/codeAction", action_at(URI))
        return initialized, server.milliseconds


def _idle() -> Iterator[Row]:
    """Code actions of a server that has nothing else to do, in turn with its peers."""
    with Server(OURS) as ours, Server(TRIVIAL) as trivial, Server(RUFF or TRIVIAL) as ruff:
        servers = (ours, trivial, ruff)
        for server in servers:
            server.initialize()
            server.open(URI, TEXT)
            _actions(server, _BURST)
        found: list[list[float]] = [[], [], []]
        for _ in range(_ACTIONS // _BURST):
            for figures, server in zip(found, servers, strict=True):
                figures.extend(_actions(server, _BURST))
    for name, part in (("P4 p50", 0.5), ("P4 p99", 0.99)):
        mine, theirs, its = (percentile(figures, part) for figures in found)
        goal = 0.5 if sys.platform != "win32" else 1.0
        note = f"ruff {its:.3f} ms: it lints, we list" if RUFF else ""
        yield at_most(name, "trivial pygls", mine, theirs, goal, note=note)


def _actions(server: Server, count: int) -> list[float]:
    return [server.action(URI) for _ in range(count)]


def _imports() -> Iterator[Row]:
    """The longest code action while the model library is imported: by a run, and on the loop."""
    pairs = [(_longest_at_first_run(), _longest_at_import()) for _ in range(5)]
    ours, theirs = (median(values) for values in zip(*pairs, strict=True))
    yield at_most("P3", "an import on the loop", ours, theirs, 0.2,
                  note="the longest code action from the command to the first request")  # fmt: skip


def _longest_at_first_run() -> float:
    with _refining([{"hang": True}]) as (server, uri, model):
        server.command(uri)
        figures = []
        while not model.asked:
            figures.append(server.action(uri))
        return max(figures)


def _longest_at_import() -> float:
    with Server(TRIVIAL) as server:
        server.initialize()
        server.open(URI, TEXT)
        _actions(server, 20)
        server.post("workspace/executeCommand", {"command": "trivial.act", "arguments": []})
        return server.action(URI)


class _refining:  # noqa: N801 - reads as a function
    """Our server with a workspace, a document open, and a model on a socket."""

    def __init__(self, script: Sequence[dict[str, Any]] = (), text: str = f"Kindly {TEXT}") -> None:
        self.script, self.text = script, text

    def __enter__(self) -> "tuple[_Refining, str, Scripted]":
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        (root / "criteria").mkdir()
        (root / "criteria" / "house.criteria.md").write_text(CRITERIA, encoding="utf-8")
        self.model = Scripted(self.script)
        self.model.__enter__()
        state = {"XDG_STATE_HOME": str(root / "state"), "XDG_CONFIG_HOME": str(root / "config")}
        self.server = _Refining(OURS, state | {"OPENAI_BASE_URL": self.model.url})
        self.server.initialize(root)
        uri = (root / "memo.md").as_uri()
        self.server.text = self.text
        self.server.open(uri, self.text, "markdown")
        _until_published(self.server, uri)
        return self.server, uri, self.model

    def __exit__(self, *_: object) -> None:
        self.server.__exit__()
        self.model.__exit__()
        self.folder.cleanup()


class _Refining(Server):
    text = ""

    def command(self, uri: str, name: str = "refine", **more: Any) -> Any:
        """Start a run on the whole text."""
        end = {"line": self.text.count("\n"), "character": 0}
        range_ = {"start": {"line": 0, "character": 0}, "end": end}
        arguments = [{"uri": uri, "range": range_, **more}]
        params = {"command": f"selfRefine.{name}", "arguments": arguments}
        return self.request("workspace/executeCommand", params)

    @property
    def is_over(self) -> bool:
        """Whether a progress has ended."""
        ends = (m["params"]["value"].get("kind") for m in self.heard if m["method"] == "$/progress")
        return "end" in ends


def _until_published(server: Server, uri: str) -> None:
    while not any(
        m["method"] == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
        for m in server.heard
    ):
        server.receive()


def _working() -> Iterator[Row]:
    """Code actions while a run computes: a long text, hundreds of findings to place and show."""
    text = "".join(f"Kindly note: {line}\n" for line in prose(random.Random(5), 24_000).split(". "))
    with _refining(text=text) as (server, uri, model):
        del model
        # The first run imports; what is measured is the second.
        _until_over(server, uri)
        idle = [server.action(uri) for _ in range(_ACTIONS)]
        busy = [figure for _ in range(5) for figure in _until_over(server, uri)]
    ours, theirs = percentile(busy, 0.99), percentile(idle, 0.99)
    yield at_most("P5", "own p99 when idle", ours, theirs, 2.0,
                  note=f"{len(busy)} code actions in 5 critiques of {len(text)} characters; "
                  f"the longest {max(busy):.2f} ms")  # fmt: skip


def _until_over(server: _Refining, uri: str) -> list[float]:
    server.heard.clear()
    server.command(uri, "critique")
    figures = []
    while not server.is_over:
        figures.append(server.action(uri))
    return figures


def _changes() -> Iterator[Row]:
    """`didChange` a second at three sizes."""
    speeds = []
    for lines, goal, count, theirs in ((1_000, 5, 4000, 500), (10_000, 25, 4000, 200),
                                       (100_000, 250, 4000, 30)):  # fmt: skip
        ours = _speed(OURS, lines, count)
        speeds.append(ours)
        yield at_least(f"P6 {lines // 1000}k lines", "trivial pygls", ours,
                       _speed(TRIVIAL, lines, theirs), goal)  # fmt: skip
    if RUFF:
        yield at_least("P6 ruff", "ruff, 10k lines", speeds[1], _speed(RUFF, 10_000, 1000), 1.5)
    yield at_least("P6 flat", "ours at 1k lines", speeds[2], speeds[0], 0.5,
                   note="100k lines against 1k", owed=False)  # fmt: skip


def _speed(command: tuple[str, ...], lines: int, count: int) -> float:
    """Typed characters a second, one in a message, anywhere in the document; the best of three."""
    random_ = random.Random(lines)
    with Server(command) as server:
        server.initialize()
        server.open(URI, TEXT * lines)
        server.request("textDocument/codeAction", action_at(URI))
        best, version = 0.0, 1
        for _ in range(3):
            # Made before and written at once: what is measured is the server.
            changes = [_typed(version + n, random_.randrange(lines)) for n in range(1, count + 1)]
            data = b"".join(map(framed, changes)) + server.framed_action(URI)
            version += count
            start = perf_counter()
            # Beside the reading: ruff writes diagnostics, and stops where nobody reads them.
            typing = threading.Thread(target=server.write, args=(data,))
            typing.start()
            server.hear_answer()
            best = max(best, count / (perf_counter() - start))
            typing.join()
        return best


def _typed(version: int, line: int) -> dict[str, object]:
    place = {"line": line, "character": 5}
    change = {"range": {"start": place, "end": place}, "text": "x"}
    name = {"uri": URI, "version": version}
    params = {"textDocument": name, "contentChanges": [change]}
    return {"method": "textDocument/didChange", "params": params}


def _memory() -> Iterator[Row]:
    """Resident megabytes with a document open, ours with its checks run."""
    with _refining() as (server, uri, _), Server(TRIVIAL) as trivial:
        server.request("textDocument/codeAction", action_at(uri))
        trivial.initialize()
        trivial.open(URI, TEXT)
        trivial.request("textDocument/codeAction", action_at(URI))
        # At rest, when what the start has left behind is thrown away.
        time.sleep(4)
        yield at_most("P12", "trivial pygls", server.memory, trivial.memory, 1.3, unit="MB")
