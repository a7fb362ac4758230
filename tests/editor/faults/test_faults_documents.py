"""Documents of every kind and size reach the server as the editor has them (F28 to F31)."""

import pytest

from self_refine.editor.documents.documents import Change, Document, Documents, Point, path_of
from support.lsp_client import CAPABILITIES, LspClient, serving

URI = "file:///notes.md"
PROBE = """
@server.feature("test/text")
def text(params):
    document = server.documents.get(params["uri"])
    if document is None:
        return None
    return {"text": document.text, "version": document.version, "path": str(document.path or "")}
@server.feature("test/size")
def size(params):
    document = server.documents.get(params["uri"])
    return [document.size, len(document.lines)]
"""


@pytest.fixture(scope="module")
def shared():
    # Only where a model is at hand is there a limit to what is selected.
    with serving(PROBE, env={"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}) as client:
        yield client


@pytest.fixture
def client(shared):
    yield shared
    for uri in list(shared.texts):
        shared.close(uri)


def there(client, uri=URI):
    """What the server has of a document."""
    return client.request("test/text", {"uri": uri})


def check(client, uri=URI):
    """Server and editor say the same."""
    document = client.texts[uri]
    found = there(client, uri)
    assert (found["text"], found["version"]) == (document.text, document.version)


KINDS = {
    "CRLF": "one\r\ntwo\r\nthree\r\n",
    "CR": "one\rtwo\rthree",
    "mixed": "one\r\ntwo\nthree\rfour\r\r\n\n",
    "no final end": "one\ntwo",
    "tabs and spaces": "\tone  \n \t two\t\n",
    "byte order mark": "\ufeffone\ntwo\n",
    "form feed and others": "one\x0ctwo\x0bthree\x1cfour\n",
    "Unicode's line ends": "one\u2028two\u2029three\x85four\nfive\n",
    "empty": "",
    "one line end": "\n",
    "emoji": "a\U0001f600b \U0001f469\u200d\U0001f680 e\u0301\n\U0001f600",
    "lone surrogate": "a\ud83db\n",
}


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_f30_texts_arrive_as_they_are_and_stay_so(client, text):
    """Line ends, marks and rare characters survive opening, and edits at every place."""
    client.open(URI, text)
    check(client)
    for at in range(0, len(text) + 1, 3):
        client.change(URI, (at, min(at + 1, len(client.text(URI))), "x"), (0, 0, "\r\n"))
    check(client)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_f29_all_encodings_give_the_same_text(encoding):
    """Emoji, combining marks and joiners are counted as the client counts them."""
    text = KINDS["emoji"]
    documents = Documents(encoding)
    documents.opened(URI, "markdown", 1, text)
    for at, added in ((2, "\u4e2d"), (5, ""), (len(text) - 3, "\U0001f680\n")):
        document = documents.get(URI)
        place = document.position(at)
        point = Point(place.line, place.character)
        documents.changed(URI, at, [Change((point, point), added)])
        text = text[:at] + added + text[at:]
        assert documents.get(URI).text == text


PLACES = [
    # encoding, position, offset in "a\U0001f600b\nxy"
    ("utf-16", (0, 2), 1, "inside a pair: before the character"),
    ("utf-8", (0, 3), 1, "inside the bytes of a character: before it"),
    ("utf-16", (0, 99), 3, "beyond the line: its end"),
    ("utf-32", (0, 2**31 - 1), 3, "far beyond the line: its end"),
    ("utf-16", (7, 0), 6, "beyond the text: its end"),
    ("utf-16", (1, 99), 6, "beyond the last line, which has no end: its end"),
    ("utf-16", (-1, -1), 0, "before the text: its start"),
]


@pytest.mark.parametrize(("encoding", "place", "offset", "why"), PLACES, ids=[p[3] for p in PLACES])
def test_f29_positions_that_are_not_there_are_the_nearest_that_is(encoding, place, offset, why):
    """As the specification says: a line's length at most; and never inside a character."""
    document = Document(URI, "markdown", 1, "a\U0001f600b\nxy", encoding)

    assert document.offset(Point(*place)) == offset


def test_f29_a_reversed_range_is_turned_round():
    """A range that ends before it begins means what lies between."""
    document = Document(URI, "markdown", 1, "abc\ndef")
    after, edit = document.changed(Change((Point(1, 1), Point(0, 2)), "-"), 2)

    assert after.text == "ab-ef"
    assert (edit.span.start, edit.span.end) == (2, 5)


def test_a_version_stays_what_it_is():
    """What was taken before an edit still says what it said, for whoever computed with it."""
    before = Document(URI, "markdown", 1, "abc\ndef\n")
    after, _ = before.changed(Change((Point(0, 0), Point(1, 0)), ""), 2)

    assert (before.text, before.version, before.lines[1]) == ("abc\ndef\n", 1, "def\n")
    assert (after.text, after.version, after.lines[0]) == ("def\n", 2, "def\n")


BIG = {
    "50 MB": "word " * 9 + "\n",
    "a line of 1 MB": "word " * 200_000,
    "500,000 lines": "abc\n",
}


@pytest.mark.parametrize(
    ("text", "times"), [(BIG["50 MB"], 1_087_000), (BIG["a line of 1 MB"], 1), ("abc\n", 500_000)],
    ids=BIG,
)  # fmt: skip
def test_f28_big_documents_are_taken_and_edited(client, text, times):
    """Files of 50 MB, lines of a megabyte, half a million lines: opened, edited, still served."""
    whole = text * times
    client.open(URI, whole, language="plaintext")
    client.change(URI, (len(text) // 2, len(text) // 2 + 1, "\U0001f600"), (0, 0, "\n"))

    assert client.request("test/size", {"uri": URI}, seconds=60) == [
        len(whole) + 1,
        whole.count("\n") + 2,
    ]
    place = {"line": 0, "character": 0}
    params = {
        "textDocument": {"uri": URI},
        "range": {"start": place, "end": {"line": 10**6, "character": 0}},
        "context": {"diagnostics": []},
    }
    actions = client.request("textDocument/codeAction", params)
    assert all("tokens" in a["disabled"]["reason"] for a in actions if a["kind"] != "quickfix")


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "git:/a.md?{}", "vscode-notebook-cell:/n#1"]
)
def test_f31_documents_of_no_file_are_mirrored(client, uri):
    """Whatever the scheme, the text is the editor's; nothing is read from a disk."""
    client.open(uri, "words\n")
    client.change(uri, (0, 1, "W"))
    check(client, uri)


def cell(number, text):
    uri = f"vscode-notebook-cell:/team/n.ipynb#W{number}"
    return {"uri": uri, "languageId": "markdown", "version": 1, "text": text}


def test_f31_cells_of_a_notebook_are_documents(client):
    """Cells open, change, come and go with their notebook, and know its file."""
    notebook = {"uri": "file:///team/n.ipynb", "notebookType": "jupyter-notebook", "version": 1}
    first, second = cell(1, "one\n"), cell(2, "two\n")
    client.notify(
        "notebookDocument/didOpen",
        {"notebookDocument": notebook | {"cells": []}, "cellTextDocuments": [first]},
    )
    place = {"line": 0, "character": 3}
    text = {"range": {"start": place, "end": place}, "text": "!"}
    client.notify(
        "notebookDocument/didChange",
        {
            "notebookDocument": {"uri": notebook["uri"], "version": 2},
            "change": {
                "cells": {
                    "structure": {"array": {"start": 1, "deleteCount": 0}, "didOpen": [second]},
                    "textContent": [
                        {"document": {"uri": first["uri"], "version": 2}, "changes": [text]}
                    ],
                }
            },
        },
    )
    path = str(path_of(notebook["uri"]))
    assert there(client, first["uri"]) == {"text": "one!\n", "version": 2, "path": path}
    assert there(client, second["uri"]) == {"text": "two\n", "version": 1, "path": path}
    gone = {"structure": {"array": {"start": 0, "deleteCount": 1}, "didClose": [first]}}
    client.notify(
        "notebookDocument/didChange",
        {"notebookDocument": {"uri": notebook["uri"], "version": 3}, "change": {"cells": gone}},
    )
    assert there(client, first["uri"]) is None
    client.notify(
        "notebookDocument/didClose",
        {"notebookDocument": {"uri": notebook["uri"]}, "cellTextDocuments": [second]},
    )
    assert there(client, second["uri"]) is None


def test_notebooks_are_offered_only_to_clients_that_have_them():
    """The server says that it follows notebooks where the client can send them."""
    without = {k: v for k, v in CAPABILITIES.items() if k != "notebookDocument"}
    for said, expected in ((CAPABILITIES, True), (without, False)):
        with LspClient.start() as client:
            result = client.initialize(capabilities=said, ready=False)
            assert ("notebookDocumentSync" in result["capabilities"]) is expected


def test_a_document_that_is_opened_twice_starts_anew(client):
    """A client that lost track, or renamed a file: what it says last is what counts."""
    client.open(URI, "one")
    client.open(URI, "two", version=9)
    check(client)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c.md", "/a/b c.md"),
        ("file:///a/%C3%A9.md", "/a/\u00e9.md"),
        ("FILE:///a.md", "/a.md"),
        ("untitled:Untitled-1", None),
        ("git:/a.md", None),
        ("vscode-notebook-cell:/a/n.ipynb#x", "/a/n.ipynb"),
        ("untitled-notebook-cell:Untitled-1.ipynb#x", None),
        ("file:///a%00b", None),
        ("file://[bad", None),
        ("nothing", None),
        ("", None),
    ],
)
def test_the_file_of_a_document(uri, path):
    """A file, or the notebook of a cell; None for what lies in none, however odd the URI."""
    found = path_of(uri)

    assert (None if found is None else found.as_posix()) == path
