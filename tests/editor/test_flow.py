"""The main job in an editor, whole, over real pipes: select, refine, edit, diagnostics, undo."""

import re

import pytest

from self_refine.editor import messages
from support.editing import RULE, editing
from support.lsp_client import CAPABILITIES
from support.rule import Rule

TEXT = "Dear Ann,\r\n\r\n\U0001f600 Kindly note: we utilise the form.\r\nWe commence at ten.\r\n"
REFINED = "Dear Ann,\r\n\r\n\U0001f600 Please note: we use the form.\r\nWe begin at ten.\r\n"
RESOLVED = [
    ("house/stock", "Please", 4, "resolved in pass 1: 'Kindly' is stock formality."),
    ("house/plain", "use", 4, "resolved in pass 1: This word is not plain."),
    ("house/plain", "begin", 4, "resolved in pass 1: This word is not plain."),
]


def counting(encoding):
    return CAPABILITIES | {"general": {"positionEncodings": [encoding]}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_the_whole_flow(tmp_path, encoding):
    """Select, choose the action, progress, one edit of the current version, findings, one undo."""
    with editing(tmp_path, capabilities=counting(encoding)) as at:
        at.open("memo.md", TEXT, version=7)
        at.wait_problems(("house/stock", "Kindly"))
        assert at.titles()[:2] == ["Self-refine selection", "Critique selection"]
        run = at.choose("Self-refine selection")["runId"]
        assert at.wait_end(run) == "2 changes · 3 resolved · stopped: approved"
        assert at.text == REFINED
        check_one_edit(at, version=7, parts=3)
        at.client.wait(lambda: at.problems() == RESOLVED)
        check_undo(at, run)
        check_progress(at, run)


def check_one_edit(at, *, version, parts):
    """One request, of the version that the client had; what stays between words is not sent."""
    [edit] = at.edits()
    [document] = edit["documentChanges"]
    assert document["textDocument"] == {"uri": at.uri, "version": version}
    assert len(document["edits"]) == parts
    assert "changeAnnotations" not in edit


def check_undo(at, run):
    """Undo is one step of the editor; it shows what was found in the text as it was."""
    at.client.change(at.uri, (0, len(REFINED), TEXT))
    at.wait_problems(
        ("house/stock", "Kindly"), ("house/plain", "utilise"), ("house/plain", "commence")
    )
    assert {p[2] for p in at.problems()} == {2}
    at.client.change(at.uri, (0, len(TEXT), REFINED))
    at.client.wait(lambda: at.problems() == RESOLVED)


def check_progress(at, run):
    """It begins before anything is sent, names host and model, tells the stages, ends once."""
    said = [p.get("message") for p in at.progress(run)]
    host = f"127.0.0.1:{at.model.port}"
    assert said[0] == "reading the criteria"
    assert said[1] == f"{host} · scripted-1"
    assert any(s.startswith("pass 1 of 3 · critique · 1 finding") for s in said)
    assert all(p.get("cancellable") for p in at.progress(run)[:-1])


def test_a_run_is_named_at_once_and_works_beside(tmp_path):
    """The command answers with the run's id while the model is still silent."""
    with editing(tmp_path, script=[{"hang": True}]) as at:
        at.open("memo.md", "We utilise it.")
        run = at.refine()
        at.model.wait_for(1)
        assert at.titles(only=["refactor"], at=3) == ["Cancel self-refine (pass 1 of 3)"]
        at.choose("Cancel self-refine", at=3)
        assert at.wait_end(run) == "cancelled (you cancelled it)"
        assert at.text == "We utilise it."
        assert at.model.asked[0].left.wait(5), "the connection is closed"


def test_what_is_sent_where_is_said_before_it_is_sent(tmp_path):
    """Host, model, criteria with their hash and size, on first use; not a second time."""
    with editing(tmp_path, script=[{"hang": True}]) as at:
        at.open("memo.md", "We utilise it.")
        run = at.refine()
        at.model.wait_for(1)
        [said] = [s for s in at.client.shown() if "First use" in s]
        assert f"scripted-1 at 127.0.0.1:{at.model.port}" in said
        assert "14 bytes" in said
        assert "criteria/house.criteria.md (" in said
        at.client.command("cancel", {"runId": run})
        at.wait_end(run)
        at.run()
        assert len([s for s in at.client.shown() if "First use" in s]) == 1


def test_without_a_model_the_checks_work_alone(tmp_path):
    """No key and no endpoint: fixes of checks are made, and one line says what was not judged."""
    with editing(tmp_path, model=False) as at:
        at.open("memo.md", "Kindly come.")
        at.run()
        at.wait_text("Please come.")
        at.wait_shown(
            "Self-refine: no model configured: 1 judged criterion not checked.", "baseUrl"
        )


def test_critique_leaves_the_text_and_shows_what_was_found(tmp_path):
    """The critique gives diagnostics without an edit, and says how many."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We utilise it. Kindly come.")
        run = at.choose("Critique selection")["runId"]
        assert at.wait_end(run) == "2 findings"
        at.wait_problems(("house/plain", "utilise"), ("house/stock", "Kindly"))
        assert at.edits() == []


def test_a_finding_links_to_the_line_that_asked_for_it(tmp_path):
    """Id, link, related information and data are the criterion's, none of the model's words."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We utilise it.")
        run = at.run(command="critique")
        at.wait_problems(("house/plain", "utilise"))
        [found] = at.client.diagnostics(at.uri)
        path = (at.root / "criteria/house.criteria.md").as_uri()
        assert found["source"] == "self-refine"
        assert found["codeDescription"]["href"] == f"{path}#L18"
        [related] = found["relatedInformation"]
        assert related["location"]["uri"] == path
        assert related["location"]["range"]["start"]["line"] == 17
        assert found["data"]["run"] == run
        assert found["data"]["quote"] == "utilise"
        assert len(found["data"]["criterionHash"]) == 64


def test_the_message_of_a_check_is_shown_without_its_empty_places(tmp_path):
    """Where no words are at hand to fill them, neither the link nor the trace shows `{match}`."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come.")
        run = at.run(command="critique")
        at.wait_problems(("house/stock", "Kindly"))
        [found] = at.client.diagnostics(at.uri)
        [related] = found["relatedInformation"]
        assert related["message"] == "criteria/house.criteria.md: '…' is stock formality."
        trace = at.client.command("showTrace", {"runId": run})
        assert "(warning, check `words`): '…' is stock formality." in trace


def test_findings_are_shown_while_the_critique_streams(tmp_path):
    """A finding is there as soon as it is complete, long before the reply is."""
    rule = Rule({"utilise": "use", "commence": "begin"}, criterion="house/plain")
    with editing(tmp_path, rule=rule, seconds_per_token=0.02) as at:
        at.open("memo.md", "We utilise it. We commence.")
        run = at.refine(command="critique")
        at.client.wait(at.problems)
        assert [p["kind"] for p in at.progress(run)][-1] != "end"
        at.wait_end(run)


def test_findings_follow_the_words_and_come_back_with_them(tmp_path):
    """Typing before moves them, typing inside hides them, undo shows them; with their version."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We utilise it.")
        at.run(command="critique")
        at.wait_problems(("house/plain", "utilise"))
        at.client.change(at.uri, (0, 0, "\U0001f600\n"))
        at.client.wait(lambda: at.problems() and at.client.diagnostics(at.uri)[0]["range"] ==
                       at.client.range_of(at.uri, "utilise"))  # fmt: skip
        at.client.change(at.uri, (7, 7, "x"))
        at.wait_problems()
        at.client.change(at.uri, (7, 8, ""))
        at.wait_problems(("house/plain", "utilise"))
        published = at.client.sent("textDocument/publishDiagnostics")
        assert published[-1]["version"] == 4


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "vscode-notebook-cell:{root}/a.ipynb#W1"])
def test_untitled_texts_and_cells_work_from_memory(tmp_path, uri):
    """No file is read or needed."""
    with editing(tmp_path) as at:
        at.open(uri.format(root=at.root.as_uri().removeprefix("file://")), "We utilise it.")
        run = at.run()
        assert at.progress(run)[-1]["message"].endswith("stopped: approved")
        at.wait_text("We use it.")


def test_other_schemes_are_refused_politely(tmp_path):
    """Nothing is offered for them; the command answers, and says what to do."""
    with editing(tmp_path) as at:
        at.open("git:/home/me/memo.md?HEAD", "We utilise it.")
        assert at.actions() == []
        assert at.client.command("refine", at.arguments()) is None
        assert "'git' documents" in at.wait_shown("Copy the text")


@pytest.mark.parametrize(
    ("words", "more", "said"),
    [
        ("", {}, "Nothing is selected."),
        (" ", {}, "Nothing is selected."),
        ("We", {"textHash": "0" * 64}, "The text has changed since"),
    ],
)
def test_a_selection_that_cannot_be_refined_is_answered_with_a_sentence(
    tmp_path, words, more, said
):
    """The request is answered, the user told, the text untouched, nothing sent."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We utilise it.")
        assert at.client.command("refine", at.arguments(words, **more)) is None
        at.wait_shown(said)
        assert at.text == "We utilise it."
        assert at.model.requests == []


def test_a_selection_over_the_limit_is_disabled_with_the_sentence(tmp_path):
    """Where the client shows disabled actions, with the reason; the command says it as well."""
    with editing(tmp_path, options={"maxSelectionTokens": 10}) as at:
        at.open("memo.md", "We utilise it, and we utilise it, and we utilise it.")
        reasons = {a["disabled"]["reason"] for a in at.actions(only=["refactor"])}
        [reason] = reasons
        assert reason.startswith("The selection is ~13 tokens; the limit is 10. Select less of ")
        assert at.client.command("refine", at.arguments()) is None
        at.wait_shown("The selection is ~13 tokens; the limit is 10.")


def test_no_criteria_no_run(tmp_path):
    """Where none is for the text, the action is disabled with the reason; the command says it."""
    with editing(tmp_path, files={"README": ""}) as at:
        at.open("a.zig", "const a = 1;", language="zig")
        at.client.command("explain", {"uri": at.uri})
        [action] = at.actions()
        assert action["disabled"]["reason"].startswith("No criteria are for this text.")
        run = at.run()
        assert at.progress(run)[-1]["message"] == "nothing was done"
        at.wait_shown("No criteria are for this text. Add criteria/NAME.criteria.md")


def test_the_file_that_the_sentence_asks_for_is_one_that_judges(tmp_path):
    """Where none is for a text, what the sentence says to write is enough for a run."""
    bullet = re.search(r'"(- [^"]+)"', messages.nothing_applies(()))
    assert bullet is not None
    files = {"README": "", "criteria/house.criteria.md": f"{bullet[1]}\n"}
    with editing(tmp_path, files=files) as at:
        at.open("a.zig", "const a = 1;", language="zig")
        at.client.command("explain", {"uri": at.uri})
        [refine, *_] = at.actions()
        assert "disabled" not in refine
        page = at.client.command("explain", {"uri": at.uri})
        assert "Is there a term that a new colleague would not know?" in page
    assert "docs/" not in messages.nothing_applies(())


def test_a_criterion_that_nobody_knows_is_named(tmp_path):
    """The sentence says which id, and what is near it."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We utilise it.")
        at.run(criteria=["hose"])
        at.wait_shown("'hose'", "house")


def test_a_model_that_cannot_be_reached_is_named(tmp_path):
    """The user is told which, the text is as it was, and the next run works."""
    with editing(tmp_path, script=[{"status": 401, "body": "no"}]) as at:
        at.open("memo.md", "We utilise it.")
        at.run()
        at.wait_shown(f"127.0.0.1:{at.model.port}")
        assert at.text == "We utilise it."
        at.run()
        at.wait_text("We use it.")


class Author(Rule):
    """Writes a text where there is none."""

    def _revised(self, shown, skeleton):
        return super()._revised(shown, skeleton) if shown.strip() else "We utilise the form."


def test_an_instruction_writes_where_nothing_is_selected(tmp_path):
    """Between two paragraphs: the draft is refined, and lands as one insertion."""
    with editing(tmp_path, rule=Author(RULE.words, criterion="house/plain")) as at:
        at.open("memo.md", "One.\n\n\n\nTwo.\n")
        place = at.client.range(at.uri, 6, 6)
        given = {"uri": at.uri, "range": place, "instruction": "say that we use the form"}
        at.wait_end(at.client.command("refine", given)["runId"])
        at.wait_text("One.\n\nWe use the form.\n\nTwo.\n")
        assert 1 == len(at.edits())
        assert at.client.command("critique", given) is None
        at.wait_shown("Nothing is selected")


def test_generate_writes_the_text_that_a_task_asks_for(tmp_path):
    """The selection is the task; the written text takes its place, as one edit."""
    with editing(tmp_path, rule=_Writes("We use it.")) as at:
        at.open("memo.md", "Say that we use it.\n")
        at.run("Say that we use it.", command="generate")
        at.wait_text("We use it.\n")


class _Writes(Rule):
    def __init__(self, text):
        super().__init__(RULE.words, criterion=RULE.criterion)
        self._text = text

    def swapped(self, text):
        return self._text if text.startswith("Say") else super().swapped(text)


def test_only_the_selected_words_are_changed(tmp_path):
    """What stands before and after the selection keeps its bytes."""
    text = "utilise utilise utilise\r\n"
    with editing(tmp_path) as at:
        at.open("memo.md", text)
        range_ = at.client.range(at.uri, 8, 15)
        run = at.client.command("refine", {"uri": at.uri, "range": range_})["runId"]
        at.wait_end(run)
        at.wait_text("utilise use utilise\r\n")
