"""Owns a workspace with criteria, a model on a socket, and an editor that works in it.

with editing(tmp_path, rule=Rule({"utilise": "use"})) as at:
at.open("memo.md", "We utilise it.")
run = at.refine("utilise")
at.wait_text("We use it.")
"""

import contextlib
import hashlib
from pathlib import Path

from self_refine.editor.documents.documents import Point
from support.lsp_client import CAPABILITIES, SERVE, LspClient
from support.rule import Rule
from support.scripted import Scripted

CRITERIA = Path(__file__).with_name("house.criteria.md").read_text(encoding="utf-8")
"""The harness of Neovim reads the same file."""
FILES = {"criteria/house.criteria.md": CRITERIA}
RULE = Rule({"utilise": "use", "commence": "begin"}, criterion="house/plain")


class Editing:
    """An editor at work; the model is None where there is none."""

    def __init__(self, client, root, model, home):
        self.client, self.root, self.model, self.home = client, root, model, home
        self.uri = ""
        self.said = {}
        """What the server answered to `initialize`."""

    def open(self, name, text, *, language="markdown", version=1):
        """Open a document of the workspace, or of any URI; it is the one that the rest is about."""
        self.uri = name if ":" in name else (self.root / name).as_uri()
        self.client.open(self.uri, text, language=language, version=version)
        return self.uri

    @property
    def text(self):
        """What the editor shows."""
        return self.client.text(self.uri)

    def span(self, words=None):
        """Offsets of some words; of the whole text without."""
        start = 0 if words is None else self.text.index(words)
        return start, start + len(self.text if words is None else words)

    def arguments(self, words=None, **more):
        """The argument of a command that starts a run on these words."""
        start, end = self.span(words)
        digest = hashlib.sha256(self.text[start:end].encode()).hexdigest()
        range_ = self.client.range(self.uri, start, end)
        return {"uri": self.uri, "range": range_, "textHash": digest, **more}

    def refine(self, words=None, command="refine", **more):
        """Start a run; gives its id."""
        return self.client.command(command, self.arguments(words, **more))["runId"]

    def run(self, words=None, command="refine", **more):
        """Carry out a run to its end; gives its id."""
        run = self.refine(words, command, **more)
        self.wait_end(run)
        return run

    def progress(self, run):
        """What the progress of a run has said."""
        return self.client.progress(f"self-refine/{run}")

    def wait_end(self, run):
        """Wait until the progress of a run has ended; gives what it said last."""
        self.client.wait(lambda: "end" in [p["kind"] for p in self.progress(run)])
        assert [p["kind"] for p in self.progress(run)].count("end") == 1
        assert [p["kind"] for p in self.progress(run)].count("begin") == 1
        return self.progress(run)[-1]["message"]

    def wait_text(self, text):
        """Wait until the editor shows this."""
        self.client.wait(lambda: self.text == text)

    def wait_shown(self, *words):
        """Wait for a sentence that holds all of these words; gives it."""
        return self.client.wait(
            lambda: next((s for s in self.client.shown() if all(w in s for w in words)), None)
        )

    def problems(self, uri=None):
        """What is published: (code, words, severity, message) of each diagnostic."""
        uri = uri or self.uri
        found = self.client.diagnostics(uri) or []
        return [
            (d["code"], self.words_at(uri, d["range"]), d["severity"], d["message"]) for d in found
        ]

    def words_at(self, uri, range_):
        """The words of a range; None for a document that is not open."""
        document = self.client.texts.get(uri)
        if document is None:
            return None
        start, end = (document.offset(Point(**range_[side])) for side in ("start", "end"))
        return document.text[start:end]

    def wait_problems(self, *expected):
        """Wait until (code, words) of all that is published are these."""
        self.client.wait(lambda: [p[:2] for p in self.problems()] == list(expected) or None)

    def actions(self, words=None, *, only=None, trigger=1, at=None):
        """The code actions at some words, or at a place."""
        start, end = (at, at) if at is not None else self.span(words)
        context = {"diagnostics": self._diagnostics_at(start, end), "triggerKind": trigger}
        context |= {} if only is None else {"only": only}
        params = {
            "textDocument": {"uri": self.uri},
            "range": self.client.range(self.uri, start, end),
            "context": context,
        }
        return self.client.request("textDocument/codeAction", params) or []

    def titles(self, words=None, **more):
        """The titles of the code actions."""
        return [action["title"] for action in self.actions(words, **more)]

    def choose(self, start, words=None, **more):
        """Carry out the first code action whose title begins so; gives the command's answer."""
        found = [a for a in self.actions(words, **more) if a["title"].startswith(start)]
        assert found, f"no action {start!r} among {self.titles(words, **more)}"
        assert "edit" not in found[0]
        command = found[0]["command"]
        params = {"command": command["command"], "arguments": command["arguments"]}
        return self.client.request("workspace/executeCommand", params)

    def lenses(self):
        """The titles and words of the code lenses."""
        params = {"textDocument": {"uri": self.uri}}
        return self.client.request("textDocument/codeLens", params)

    def edits(self):
        """The workspace edits that the server asked for."""
        return [p["edit"] for p in self.client.sent("workspace/applyEdit")]

    def _diagnostics_at(self, start, end):
        document = self.client.texts[self.uri]
        found = []
        for diagnostic in self.client.diagnostics(self.uri) or []:
            first, last = (
                document.offset(Point(**diagnostic["range"][side])) for side in ("start", "end")
            )
            if first <= end and start <= last:
                found.append(diagnostic)
        return found


@contextlib.contextmanager
def editing(
    folder: Path,
    *,
    files=FILES,
    rule=RULE,
    script=(),
    model=True,
    capabilities=CAPABILITIES,
    options=None,
    env=None,
    seconds_per_token=0.0,
    key=None,
    folders=True,
    command=SERVE,
    answers=None,
):
    """An editor with a server and a workspace below `folder`; the server shuts down cleanly."""
    root, home = folder / "team work", folder / "home"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    root.mkdir(exist_ok=True)
    home.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        served = None
        settings = at_home(home)
        if model:
            served = Scripted(script, rule=rule, seconds_per_token=seconds_per_token, key=key)
            stack.enter_context(served)
            settings["OPENAI_BASE_URL"] = served.url
        client = stack.enter_context(LspClient.start(command, env=settings | (env or {}), cwd=home))
        client.answers |= answers or {}
        said = client.initialize(
            capabilities=capabilities, options=options, folders=[root] if folders else ()
        )
        at = Editing(client, root, served, home)
        at.said = said
        yield at
        assert client.leave() == 0, "".join(client.stderr)
        assert not [line for line in client.stderr if "Traceback" in line], client.stderr


def at_home(home):
    """An environment in which the user's folders lie below `home`, on every platform."""
    folders = {"HOME": home, "USERPROFILE": home, "LOCALAPPDATA": home / "local"}
    folders |= {"XDG_STATE_HOME": home / "state", "XDG_CONFIG_HOME": home / "config"}
    folders |= {"XDG_CACHE_HOME": home / "cache"}
    return {name: str(path) for name, path in folders.items()}
