"""Ids in criteria files: where they are used, another name for one, folding, what they ask."""

import pytest

from self_refine.editor.requests.criteria_names import names
from support.editing import editing
from support.lsp_client import ResponseError

MAIL = """\
---
criteria: 1
id: mail
checks:
  - id: long
    kind: length
    unit: words
    max: 3
---
# Mail

- **tone** (error): Does a sentence blame a person?
  - when: long fired

## Examples

```text bad=tone,long
It is your fault.
```
"""
NOTE = """\
---
criteria: 1
id: note
extends: mail
off: [tone]
---
# Note

- **date** (info): Is a date missing?
"""


def place(at, words, skip=0):
    start = at.text.index(words) + skip
    return {
        "textDocument": {"uri": at.uri},
        "position": at.client.range(at.uri, start, start)["start"],
    }


def lines(found):
    return [(each["uri"].rpartition("/")[2], each["range"]["start"]["line"]) for each in found]


@pytest.fixture
def at(tmp_path):
    files = {"criteria/mail.criteria.md": MAIL, "criteria/note.criteria.md": NOTE}
    with editing(tmp_path, files=files) as at:
        at.open("criteria/mail.criteria.md", MAIL)
        yield at


def test_names_are_full_and_where_they_stand():
    """Of the file itself, of what it gives, of what it uses; of other files with their path."""
    found = [(name, span.of(MAIL)) for name, span in names(MAIL)]

    assert [("mail", "mail"), ("mail/long", "long"), ("mail/tone", "tone")] == sorted(set(found))
    assert 3 == found.count(("mail/long", "long"))
    assert ("mail/tone", "tone") in [(name, span.of(NOTE)) for name, span in names(NOTE)]


def test_references_are_found_in_every_file(at):
    """Where it is given, where an example names it, where another file turns it off."""
    asked = place(at, "tone") | {"context": {"includeDeclaration": True}}

    found = at.client.request("textDocument/references", asked)

    assert lines(found) == [
        ("mail.criteria.md", 11),
        ("mail.criteria.md", 16),
        ("note.criteria.md", 4),
    ]
    asked = place(at, "mail") | {"context": {"includeDeclaration": True}}
    found = at.client.request("textDocument/references", asked)
    assert lines(found) == [("mail.criteria.md", 2), ("note.criteria.md", 3)]


def test_an_id_gets_another_name_wherever_it_is_named(at):
    """In this file and in the others; nothing else changes."""
    asked = place(at, "bad=tone", 5)
    assert at.client.request("textDocument/prepareRename", asked)["start"]["line"] == 16

    edit = at.client.request("textDocument/rename", asked | {"newName": "blame"})

    files = {uri.rpartition("/")[2]: edits for uri, edits in edit["changes"].items()}
    assert {"mail.criteria.md": 2, "note.criteria.md": 1} == {k: len(v) for k, v in files.items()}
    assert {"blame"} == {each["newText"] for edits in files.values() for each in edits}


@pytest.mark.parametrize("name", ["Not an id", "long"])
def test_a_name_that_cannot_be_is_refused(at, name):
    """One that is no id, one that is taken."""
    with pytest.raises(ResponseError):
        at.client.request("textDocument/rename", place(at, "tone") | {"newName": name})


def test_front_matter_sections_and_examples_fold(at):
    """By their lines."""
    asked = {"textDocument": {"uri": at.uri}}

    found = at.client.request("textDocument/foldingRange", asked)

    folds = [(each["startLine"], each["endLine"]) for each in found]
    assert [(0, 8), (9, 18), (14, 18), (16, 18)] == folds


def test_hover_says_what_the_model_reads_and_for_which_texts(at):
    """Of a question; of a check its message."""
    asked = place(at, "tone")
    found = at.client.wait(lambda: at.client.request("textDocument/hover", asked))

    value = found["contents"]["value"]
    assert "mail/tone" in value.replace("\\", "")
    assert "Does a sentence blame a person?" in value
    assert "all texts" in value
