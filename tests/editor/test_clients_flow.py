"""The whole flow with each editor's imitation: its capabilities, its habits, its time-outs."""

import contextlib
import json
import threading

import pytest

from support.editing import CRITERIA, editing
from support.editors import EDITORS, EGLOT, HELIX, NEOVIM
from support.lsp_client import CAPABILITIES, NEVER

TEXT = "Dear Ann,\n\n\U0001f600 Kindly note: we utilise the form.\nWe commence at ten.\n"
REFINED = "Dear Ann,\n\n\U0001f600 Please note: we use the form.\nWe begin at ten.\n"
OPEN = [("house/stock", "Kindly", 2), ("house/plain", "utilise", 2), ("house/plain", "commence", 2)]
RESOLVED = [("house/stock", "Please", 4), ("house/plain", "use", 4), ("house/plain", "begin", 4)]

each = pytest.mark.parametrize("editor", EDITORS, ids=lambda editor: editor.name)


class Imitated:
    """An editor at work, with the habits of one that exists."""

    def __init__(self, at, editor):
        self.at, self.editor = at, editor
        self.made = threading.Event()
        self._kept = []
        at.client.answers["workspace/applyEdit"] = self._apply

    def _apply(self, params):
        check_edit(params["edit"])
        if self.editor.tells_late:
            self._kept.append(params["edit"])
            self.made.set()
            return {"applied": True}
        made = self.at.client.apply(params["edit"])
        return {"applied": made or self.editor.believes_itself}

    def wait_text(self, text):
        """Wait until the editor shows this; one that tells late of its edits tells now."""
        if self.editor.tells_late:
            assert self.made.wait(20)
            self.made.clear()
            while self._kept:
                assert self.at.client.apply(self._kept.pop(0))
        self.at.wait_text(text)

    def wait_shown(self, expected):
        """Wait until it shows these findings, though it drops what is of an old version."""

        def holds():
            found = [p[:3] for p in self.at.problems()]
            published = self.at.client.sent("textDocument/publishDiagnostics")
            of = [p for p in published if p["uri"] == self.at.uri]
            current = self.at.client.texts[self.at.uri].version
            return found == expected and of[-1]["version"] == current

        self.at.client.wait(holds)


@contextlib.contextmanager
def imitating(folder, editor, **more):
    """An editor that exists, with the memo open; what the server sends is within what it knows."""
    with editing(folder, capabilities=editor.capabilities, **more) as at:
        at.open("memo.md", TEXT)
        yield Imitated(at, editor)
        asked = {m["method"] for m in at.client.messages if "method" in m and "id" in m}
        assert asked <= editor.requests
        assert all(isinstance(p["token"], str) for p in at.client.sent("$/progress"))


def check_edit(edit):
    """Of one document, with its version; nothing about annotations, which Neovim asserts on."""
    assert set(edit) == {"documentChanges"}
    [changed] = edit["documentChanges"]
    assert changed["textDocument"]["version"] > 0
    assert all(set(e) == {"range", "newText"} for e in changed["edits"])


@each
def test_the_whole_flow_of_each_editor(tmp_path, editor):
    """Open, live checks, action, progress, edit, hints, revert of one change, undo, findings."""
    with imitating(tmp_path, editor) as imitated:
        at = imitated.at
        assert at.client.encoding == editor.encoding
        imitated.wait_shown(OPEN[:1])
        run = at.choose("Self-refine selection", only=list(editor.only) or None)["runId"]
        imitated.wait_text(REFINED)
        assert at.wait_end(run) == "2 changes · 3 resolved · stopped: approved"
        imitated.wait_shown(RESOLVED)
        at.choose("Revert this change", "begin")
        imitated.wait_text(REFINED.replace("begin", "commence"))
        assert len(at.edits()) == 2
        knows_tags = "tagSupport" in editor.capabilities["textDocument"]["codeAction"]
        assert any("tags" in a for a in at.actions("Dear Ann")) == knows_tags
        assert bool(at.client.sent("workspace/codeLens/refresh")) == editor.has_code_lenses
        at.client.change(at.uri, (0, len(at.text), TEXT))
        imitated.wait_shown(OPEN)


@each
def test_a_critique_and_a_cancel_in_each_editor(tmp_path, editor):
    """Findings without an edit; a run that is cancelled by its action leaves all as it was."""
    with imitating(tmp_path, editor) as imitated:
        at = imitated.at
        at.wait_end(at.choose("Critique selection")["runId"])
        imitated.wait_shown(OPEN)
        at.model.script.append({"hang": True})
        asked = len(at.model.asked)
        run = at.choose("Self-refine selection")["runId"]
        at.model.wait_for(asked + 1)
        at.choose("Cancel self-refine", "note")
        assert at.wait_end(run) == "cancelled (you cancelled it)"
        imitated.wait_shown(OPEN)
        assert at.edits() == []
        assert at.text == TEXT


@pytest.mark.parametrize("editor", [EGLOT, HELIX], ids=lambda editor: editor.name)
def test_the_command_is_answered_while_the_editor_answers_nothing(tmp_path, editor):
    """Eglot (10 s) and Helix (20 s) are blocked until then; the model has not said a word."""
    with imitating(tmp_path, editor, script=[{"hang": True}]) as imitated:
        at = imitated.at
        imitated.wait_shown(OPEN[:1])
        for method in editor.requests:
            at.client.answers[method] = lambda _: NEVER
        argument = at.arguments()
        run = at.client.command("refine", argument, seconds=editor.seconds)["runId"]
        at.model.wait_for(1)
        at.client.command("cancel", {"runId": run}, seconds=editor.seconds)
        assert at.model.asked[0].left.wait(20)


def test_neovim_drops_an_edit_and_says_that_it_made_it(tmp_path):
    """`applied: true` at a version that was left behind: noticed, rebased, sent again, landed."""
    with imitating(tmp_path, NEOVIM) as imitated:
        at = imitated.at
        answer, typed = at.client.answers["workspace/applyEdit"], []

        def types_first(params):
            if not typed:
                typed.append(True)
                at.client.change(at.uri, (0, 4, "My dear"))
            return answer(params)

        at.client.answers["workspace/applyEdit"] = types_first
        at.refine("We commence at ten.")
        at.wait_text(TEXT.replace("Dear", "My dear").replace("commence", "begin"))
        assert len(at.edits()) == 2


def test_neovim_watches_no_files_and_runs_by_the_current_criteria(tmp_path):
    """Criteria that were changed on the disk, of which nobody told, count in the next run."""
    with imitating(tmp_path, NEOVIM) as imitated:
        at = imitated.at
        imitated.wait_shown(OPEN[:1])
        path = at.root / "criteria/house.criteria.md"
        path.write_text(CRITERIA.replace('"kindly": "please"', '"note": "see"'), "utf-8")
        at.run("Kindly note")
        at.wait_text(TEXT.replace("note", "see"))


def test_helix_names_no_folder(tmp_path):
    """Without a marker of its own it sends none: criteria are found from the document up."""
    with editing(tmp_path, capabilities=HELIX.capabilities, folders=False) as at:
        at.open("memo.md", TEXT)
        at.wait_problems(OPEN[0][:2])
        at.run()
        at.wait_text(REFINED)


def test_eglot_tells_of_edits_when_it_is_idle(tmp_path):
    """An edit of which it tells after the server has given it up has landed all the same."""
    with imitating(tmp_path, EGLOT) as imitated:
        at = imitated.at
        at.run()
        imitated.wait_text(REFINED)
        imitated.wait_shown(RESOLVED)
        assert "Accept the refined text" not in at.titles()


def test_an_editor_that_shows_no_documents_is_told_where_the_page_is(tmp_path):
    """Eglot before 1.17 could not: the page is written, and a sentence names its file."""
    capabilities = EGLOT.capabilities | {"window": {"workDoneProgress": True}}
    with editing(tmp_path, capabilities=capabilities) as at:
        at.open("memo.md", TEXT)
        assert "house/plain" in at.client.command("explain", {"uri": at.uri})
        at.wait_shown("Open ", "to read it")
        assert at.client.sent("window/showDocument") == []


def test_an_edit_has_no_version_where_the_client_knows_none(tmp_path):
    """`documentChanges` only for a client that announces it, or resource operations: Neovim."""
    plain = json.loads(json.dumps(CAPABILITIES))
    del plain["workspace"]["workspaceEdit"]
    with editing(tmp_path, model=False, capabilities=plain) as at:
        at.open("memo.md", "Kindly come.\n")
        at.wait_problems(("house/stock", "Kindly"))
        at.choose("Replace 'Kindly'", "Kindly")
        at.wait_text("Please come.\n")
        assert [list(edit) for edit in at.edits()] == [["changes"]]
