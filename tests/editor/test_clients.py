"""The whole flow with the capabilities and the known habits of five editors."""

from dataclasses import dataclass, field

import pytest

from support.editing import editing

TEXT = "Dear Ann,\n\n\U0001f600 Kindly note: we utilise it.\n"
REFINED = "Dear Ann,\n\n\U0001f600 Please note: we use it.\n"


@dataclass(frozen=True)
class Kind:
    """An editor, as its messages show it."""

    encodings: tuple
    action: dict = field(default_factory=dict)
    lenses: bool = True
    document_changes: bool = True
    progress: bool = True
    show_document: bool = True
    late: bool = False
    """It says that an edit is made, and sends the change afterwards."""
    blocked: bool = False
    """It answers no request while it waits for the answer to its command."""
    drops_stale: bool = False
    """It drops diagnostics whose version is not the document's."""

    @property
    def capabilities(self):
        document = {
            "codeAction": self.action,
            "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
        }
        workspace = {"applyEdit": True, "workspaceFolders": True, "configuration": True}
        if self.document_changes:
            workspace["workspaceEdit"] = {"documentChanges": True}
        if self.lenses:
            document["codeLens"] = {}
            workspace["codeLens"] = {"refreshSupport": True}
        window = {"showDocument": {"support": True}} if self.show_document else {}
        return {
            "general": {"positionEncodings": list(self.encodings)},
            "window": window | {"workDoneProgress": self.progress},
            "workspace": workspace,
            "textDocument": document,
        }


EDITORS = {
    "VS Code": Kind(("utf-16",), {"disabledSupport": True, "tagSupport": {"valueSet": [1]}}),
    "Neovim": Kind(("utf-8", "utf-16", "utf-32"), document_changes=False, late=True),
    "Helix": Kind(("utf-8", "utf-32", "utf-16"), lenses=False, blocked=True, drops_stale=True),
    "Zed": Kind(("utf-16",), {"disabledSupport": True}, lenses=False),
    "eglot": Kind(("utf-32", "utf-8", "utf-16"), lenses=False, blocked=True, show_document=False),
}


class Habits:
    """Answers the server as the editor would, and holds what would break it."""

    def __init__(self, kind, at):
        self.kind, self.at = kind, at
        self.held = []
        self.blocked = False
        self.edits = []
        at.client.answers["workspace/applyEdit"] = self.apply

    def apply(self, params):
        for document in params["edit"]["documentChanges"]:
            assert document["textDocument"]["version"] > 0
            assert not any("annotationId" in edit for edit in document["edits"])
        assert "changeAnnotations" not in params["edit"]
        if self.kind.late:
            # The answer goes first: the client sends it when this returns.
            self.edits.append(params["edit"])
            return {"applied": True}
        return {"applied": self.at.client.apply(params["edit"])}

    def command(self, name, argument):
        """Call a command as this editor does."""
        if not self.kind.blocked:
            return self.at.client.command(name, argument)
        answer, self.at.client._answer = self.at.client._answer, self.held.append
        try:
            return self.at.client.command(name, argument, seconds=10)
        finally:
            self.at.client._answer = answer
            for message in self.held:
                answer(message)
            self.held.clear()

    def settle(self):
        """Send what the editor sends late."""
        if self.kind.late:
            self.at.client.wait(lambda: self.edits)
            self.at.client.apply(self.edits.pop())

    def wait_shown_problems(self, expected):
        """Wait for the diagnostics that this editor shows: of the current version, or all."""
        client, uri = self.at.client, self.at.uri

        def shown():
            sent = [p for p in client.sent("textDocument/publishDiagnostics") if p["uri"] == uri]
            version = client.texts[uri].version
            kept = [p for p in sent if not self.kind.drops_stale or p["version"] == version]
            words = [
                (d["code"], self.at.words_at(uri, d["range"]))
                for d in (kept[-1]["diagnostics"] if kept else [])
            ]
            return words == expected or None

        client.wait(shown)


@pytest.mark.parametrize("name", EDITORS)
def test_the_whole_flow(tmp_path, name):
    """Action, progress, edit, findings, review, undo, cancel: all of it, by this editor's rules."""
    kind = EDITORS[name]
    with editing(tmp_path, capabilities=kind.capabilities) as at:
        habits = Habits(kind, at)
        at.open("memo.md", TEXT)
        habits.wait_shown_problems([("house/stock", "Kindly")])
        run = habits.command("refine", at.arguments())["runId"]
        habits.settle()
        at.wait_end(run)
        at.wait_text(REFINED)
        habits.wait_shown_problems([("house/stock", "Please"), ("house/plain", "use")])
        assert all(isinstance(p["token"], str) for p in at.client.sent("$/progress"))
        habits.command("revert", {"runId": run, "hunk": 1})
        habits.settle()
        at.wait_text(REFINED.replace("use", "utilise"))
        at.client.change(at.uri, (0, len(at.text), TEXT))
        at.client.wait(lambda: any(p[0] == "house/stock" and p[2] == 2 for p in at.problems()))
        assert all("tags" not in a or kind.action.get("tagSupport") for a in at.actions())
        if not kind.lenses:
            assert at.client.sent("workspace/codeLens/refresh") == []
        if not kind.show_document:
            at.client.command("explain", {"uri": at.uri})
            at.wait_shown("Open ", "to read it")
            assert at.client.sent("window/showDocument") == []


@pytest.mark.parametrize("name", EDITORS)
def test_cancel_by_the_code_action(tmp_path, name):
    """The one way to cancel that every editor has."""
    kind = EDITORS[name]
    capabilities = kind.capabilities
    with editing(tmp_path, capabilities=capabilities, script=[{"hang": True}]) as at:
        at.open("memo.md", TEXT)
        run = Habits(kind, at).command("refine", at.arguments())["runId"]
        at.model.wait_for(1)
        at.choose("Cancel self-refine", at=2)
        assert at.wait_end(run) == "cancelled (you cancelled it)"
        assert at.text == TEXT
