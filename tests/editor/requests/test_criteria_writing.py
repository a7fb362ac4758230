"""Help with writing a criteria file: completion, symbols, definitions, doubts about wording."""

from support.editing import editing

FILE = """\
---
criteria: 1
id: mail
checks:
  - id: long
    kind: length
    max: 3
---
# Mail

- **tone** (error): Is it clear?
  - when: long fired

## Examples

```text bad=tone
x
```
"""


def at_line(at, line, column):
    return {"textDocument": {"uri": at.uri}, "position": {"line": line, "character": column}}


def test_completion_offers_keys_and_values(tmp_path):
    """With an edit that replaces what was typed; in other files, nothing."""
    with editing(tmp_path) as at:
        at.open("criteria/new.criteria.md", "---\ncriteria: 1\nsev\n---\n- Is it?\n")
        got = at.client.request("textDocument/completion", at_line(at, 2, 3))
        [item] = got["items"]
        assert item["textEdit"]["newText"] == "severity: "
        assert item["textEdit"]["range"]["start"] == {"line": 2, "character": 0}
        at.open("memo.md", "---\nsev\n")
        assert at.client.request("textDocument/completion", at_line(at, 1, 3)) is None


def test_symbols_are_headings_checks_and_questions(tmp_path):
    """In the order of the file."""
    with editing(tmp_path) as at:
        at.open("criteria/mail.criteria.md", FILE)
        document = {"textDocument": {"uri": at.uri}}
        got = at.client.request("textDocument/documentSymbol", document)
        assert [each["name"] for each in got] == ["long", "Mail", "tone", "Examples"]


def test_an_id_leads_to_where_it_is_given(tmp_path):
    """From `when:` to the check, from an example to the question."""
    with editing(tmp_path) as at:
        at.open("criteria/mail.criteria.md", FILE)
        when = at.client.request("textDocument/definition", at_line(at, 11, 11))
        bad = at.client.request("textDocument/definition", at_line(at, 15, 13))
        none = at.client.request("textDocument/definition", at_line(at, 8, 3))
        assert [when["range"]["start"]["line"], bad["range"]["start"]["line"]] == [4, 10]
        assert none is None


def test_a_vague_question_is_a_hint_on_its_line(tmp_path):
    """As it is written, with an example of a better one."""
    with editing(tmp_path) as at:
        at.open("criteria/mail.criteria.md", FILE)

        def vague():
            shown = at.client.diagnostics(at.uri) or []
            return [d for d in shown if d.get("code") == "CR102"]

        at.client.wait(vague)
        [found] = vague()
        assert (found["severity"], found["range"]["start"]["line"]) == (4, 10)
        assert "Two readers disagree about 'clear'." in found["message"]
