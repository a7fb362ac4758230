"""Landing with a client that is silent, late or forgetful: the text decides, nothing is lost."""

import asyncio

import pytest

from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.documents.documents import Change, Documents, Point
from self_refine.editor.rpc.capabilities import Capabilities
from self_refine.editor.rpc.client import Client
from self_refine.editor.rpc.outgoing_requests import Ok, TimedOut
from self_refine.editor.runs import edit_sender
from self_refine.editor.runs.edit_sender import (
    EditLanded,
    EditSender,
    EditStayed,
    EditUnconfirmed,
)
from self_refine.editor.runs.pending_edit import NOT_MADE
from self_refine.text.spans import Edit, Span

URI = "file:///a.md"


class Editor:
    """A client on the other side: it answers as told, and makes the edit when told."""

    def __init__(self, answer, *, after=None):
        self.answer, self.after = answer, after
        self.asked = []
        self.documents = Documents()
        self.documents.opened(URI, "markdown", 1, "one two three")
        able = Capabilities(apply_edit=True, document_changes=True)
        self.edit_sender = EditSender(self.documents, Client(self, lambda: able, BackgroundTasks()))
        self.documents.subscribe(self)

    def opened(self, document):
        pass

    def closed(self, document):
        self.edit_sender.closed(document.uri)

    def changed(self, document, edits):
        self.edit_sender.changed(document, edits)

    def notify(self, method, params=None):
        raise AssertionError(method)

    async def ask_client(self, method, params, seconds):
        self.asked.append(params)
        if self.after is not None:
            asyncio.get_running_loop().call_soon(self.after, self)
        return self.answer

    def type(self, start, end, text):
        """Make an edit, as a new version."""
        version = self.documents.get(URI).version + 1
        change = Change((Point(0, start), Point(0, end)), text)
        self.documents.changed(URI, version, [change])

    def save(self):
        self.edit_sender.saved(URI)

    @property
    def text(self):
        return self.documents.get(URI).text

    async def land(self, late=None):
        def plan(text):
            at = text.find("two")
            return [Edit(Span(at, at + 3), "2")] if at >= 0 else None

        return await self.edit_sender.send(URI, "test", plan, late or pytest.fail)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    """Waits of a person's length are none here."""
    monkeypatch.setattr(edit_sender, "ARRIVAL_SECONDS", 0.05)
    monkeypatch.setattr(edit_sender, "GRACE_SECONDS", 0.05)


async def test_an_edit_that_comes_after_its_answer_has_landed():
    """Neovim sends the change up to 150 ms after it has said that it is made."""
    editor = Editor(Ok({"applied": True}), after=lambda e: e.type(4, 7, "2"))
    assert isinstance(await editor.land(), EditLanded)
    assert editor.text == "one 2 three"


async def test_an_answer_without_a_change_is_unconfirmed_until_the_change_comes():
    """Neovim sends it with whatever it sends next; only then is anything said."""
    editor, late = Editor(Ok({"applied": True})), []
    assert await editor.land(late.append) == EditUnconfirmed()
    assert late == []
    editor.type(4, 7, "2")
    assert late == [EditLanded(at=Span(4, 5), edits=(Edit(Span(4, 7), "2"),))]


@pytest.mark.parametrize("decide", [lambda e: e.type(0, 0, "x"), lambda e: e.save()])
async def test_the_next_change_or_save_says_that_an_edit_was_not_made(decide):
    """The text is believed, not the answer."""
    editor, late = Editor(Ok({"applied": True})), []
    await editor.land(late.append)
    decide(editor)
    assert late == [EditStayed(NOT_MADE)]
    decide(editor)
    assert len(late) == 1


async def test_an_editor_that_never_answers_is_given_up():
    """The result stays with us; an edit that comes much later is noticed all the same."""
    editor, late = Editor(TimedOut()), []
    assert await editor.land(late.append) == EditStayed("the editor did not answer")
    editor.type(4, 7, "2")
    assert late == [EditLanded(at=Span(4, 5), edits=(Edit(Span(4, 7), "2"),))]


async def test_it_is_sent_again_at_most_three_times():
    """A user who types elsewhere without end does not keep it going without end."""
    editor = Editor(Ok({"applied": False}), after=lambda e: e.type(0, 0, "x"))
    assert isinstance(await editor.land(), EditStayed)
    assert len(editor.asked) == 1 + 3
    assert editor.text == "xxxxone two three"
    versions = [p.edit.document_changes[0].text_document.version for p in editor.asked]
    assert versions == [1, 2, 3, 4]


async def test_a_document_that_is_closed_meanwhile_gets_nothing():
    """No second edit is sent to it."""
    editor = Editor(Ok({"applied": True}), after=lambda e: e.documents.closed(URI))
    assert await editor.land() == EditStayed("the document was closed")
    assert await editor.land() == EditStayed("the document was closed")
    assert len(editor.asked) == 1


async def test_edits_of_one_document_go_one_after_the_other():
    """The second is computed from the text that the first has left."""
    editor = Editor(Ok({"applied": True}), after=lambda e: e.type(4, 7, "2"))
    first, second = await asyncio.gather(editor.land(), editor.land())
    assert isinstance(first, EditLanded)
    assert second == EditStayed("its words have been changed meanwhile")
    assert len(editor.asked) == 1
