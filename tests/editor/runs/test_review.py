"""Review of what has landed: keep, revert, one by one or all; why; lenses; the trace."""

import pytest

from support.editing import editing
from support.lsp_client import ResponseError

TEXT = "Kindly note this. We utilise it.\n\nWe commence now.\n"
REFINED = "Please note this. We use it.\n\nWe begin now.\n"


def landed(at):
    """Carry out a run that lands; gives its id."""
    at.open("memo.md", TEXT)
    run = at.run()
    at.wait_text(REFINED)
    at.client.wait(at.lenses)
    return run


def titles_of(lenses):
    return [lens["command"]["title"] for lens in lenses]


BEGIN = "Self-refine: \u201ccommence\u201d \u2192 \u201cbegin\u201d"


def test_a_line_has_one_lens_and_one_change_is_reverted(tmp_path):
    """It says how many changes there are, or which; reverting puts the old words back alone."""
    with editing(tmp_path) as at:
        landed(at)
        assert titles_of(at.lenses()) == ["Self-refine: 2 changes in this line", BEGIN]
        at.choose("Revert this change", "begin")
        at.wait_text("Please note this. We use it.\n\nWe commence now.\n")
        at.client.wait(lambda: titles_of(at.lenses()) == ["Self-refine: 2 changes in this line"])
        assert at.client.sent("workspace/codeLens/refresh")


def pressing(*titles):
    """Answers to questions of the server: each of these buttons once, whatever is asked."""
    left = list(titles)
    return {"window/showMessageRequest": lambda _: {"title": left.pop(0)} if left else None}


def press_lens(at, line):
    """Call the command of the lens above a line."""
    [lens] = [x for x in at.lenses() if x["range"]["start"]["line"] == line]
    command = {name: lens["command"][name] for name in ("command", "arguments")}
    at.client.request("workspace/executeCommand", command)


def asked(at):
    """The questions that the user was asked, with their buttons."""
    sent = at.client.sent("window/showMessageRequest")
    return [(p["message"], [a["title"] for a in p["actions"]]) for p in sent]


def test_the_lens_of_one_change_opens_keep_revert_and_why(tmp_path):
    """In any editor that can ask: the question names the words."""
    with editing(tmp_path, answers=pressing("Revert")) as at:
        landed(at)
        press_lens(at, 2)
        at.wait_text("Please note this. We use it.\n\nWe commence now.\n")
        words = BEGIN.removeprefix("Self-refine: ")
        assert asked(at) == [(words, ["Keep", "Revert", "Why?"])]


def test_the_lens_of_several_changes_asks_which(tmp_path):
    """Each by its words, and all of them; what is kept is reviewed no more."""
    with editing(
        tmp_path, answers=pressing("2. \u201cutilise\u201d \u2192 \u201cuse\u201d", "Keep")
    ) as at:
        landed(at)
        press_lens(at, 0)
        at.client.wait(lambda: "Kindly" in at.lenses()[0]["command"]["title"])
        assert asked(at)[0][1][2:] == ["Keep all", "Revert all"]


def test_revert_all_gives_the_very_text_that_was_selected(tmp_path):
    """By the lens of any line: it is about the run as a whole."""
    with editing(tmp_path, answers=pressing("Revert all")) as at:
        landed(at)
        press_lens(at, 0)
        at.wait_text(TEXT)


def test_revert_all_takes_what_undo_has_brought_back_and_what_was_kept(tmp_path):
    """The text says what there is to revert, not what was done before."""
    with editing(tmp_path) as at:
        run = landed(at)
        at.client.command("accept", {"runId": run, "hunk": 0})
        at.choose("Revert this change", "begin")
        at.wait_text("Please note this. We use it.\n\nWe commence now.\n")
        start = at.text.index("commence")
        at.client.change(at.uri, (start, start + 8, "begin"))
        at.client.wait(lambda: BEGIN in titles_of(at.lenses()))
        at.client.command("revert", {"runId": run})
        at.wait_text(TEXT)


def test_all_changes_of_a_document_are_kept_or_reverted_at_once(tmp_path):
    """Whatever runs they are of; a document without any says so."""
    with editing(tmp_path) as at:
        at.open("memo.md", TEXT)
        at.run("Kindly note this. We utilise it.")
        at.run("We commence now.")
        at.wait_text(REFINED)
        at.client.command("revert", {"uri": at.uri})
        at.wait_text(TEXT)
        at.client.command("accept", {"uri": at.uri})
        at.wait_shown("No change in this document is left to review.")


def test_the_next_change_is_named_and_shown(tmp_path):
    """From the cursor on, and round the end; where the client shows documents, it is shown."""
    with editing(tmp_path) as at:
        run = landed(at)
        place = {"uri": at.uri, "position": {"line": 0, "character": 3}}
        first = at.client.command("goToChange", {**place, "direction": "next"})
        assert (first["runId"], first["hunk"]) == (run, 1)
        assert at.words_at(at.uri, first["range"]) == "use"
        before = at.client.command("goToChange", {**place, "direction": "previous"})
        assert before["hunk"] == 0
        place["position"] = {"line": 3, "character": 0}
        assert at.client.command("goToChange", {**place, "direction": "next"})["hunk"] == 0
        shown = at.client.wait(lambda: at.client.sent("window/showDocument"))
        assert shown[0]["selection"] == first["range"]


def test_no_menu_has_more_than_seven_entries(tmp_path):
    """However many changes and findings stand at the place."""
    words = "We utilise it. Kindly come. "
    with editing(tmp_path) as at:
        at.open("memo.md", words * 6)
        at.run(words * 6)
        at.client.wait(at.lenses)
        at.client.change(at.uri, (0, 0, "Kindly. Kindly. Kindly.\n\n"))
        at.client.wait(lambda: any(p[1] == "Kindly" for p in at.problems()))
        for place in ({}, {"at": 3}, {"words": "use"}, {"words": "Kindly. Kindly."}):
            titles = at.titles(**place)
            assert len(titles) <= 7, titles


def test_what_was_typed_in_is_not_reverted_and_that_is_said(tmp_path):
    """Words of the user's own stay, the other changes are taken back."""
    with editing(tmp_path) as at:
        landed(at)
        start = at.text.index("begin")
        at.client.change(at.uri, (start, start + 5, "start"))
        at.choose("Revert all changes")
        at.wait_text(TEXT.replace("commence", "start"))
        at.wait_shown("1 change not reverted: the words were edited since.")


def found(at):
    """What is shown: words, and whether it is resolved."""
    return [(p[1], p[3].startswith("resolved")) for p in at.problems()]


BEFORE = [("Kindly", False), ("utilise", False), ("commence", False)]
AFTER = [("Please", True), ("use", True), ("begin", True)]


def test_reverting_a_change_brings_its_finding_back(tmp_path):
    """Of that change alone; making it again by redo, or undoing the revert, resolves it."""
    with editing(tmp_path) as at:
        run = landed(at)
        at.client.wait(lambda: found(at) == AFTER)
        at.client.command("revert", {"runId": run, "hunk": 1})
        at.client.wait(lambda: found(at) == [AFTER[0], BEFORE[1], AFTER[2]])
        now = at.text
        at.client.change(at.uri, (0, len(now), REFINED))
        at.client.wait(lambda: found(at) == AFTER)


def test_undo_and_a_new_run_show_each_finding_once(tmp_path):
    """The later run's: the earlier one says nothing of the same words any more."""
    with editing(tmp_path) as at:
        landed(at)
        at.client.change(at.uri, (0, len(REFINED), TEXT))
        at.client.wait(lambda: found(at) == BEFORE)
        at.run()
        at.wait_text(REFINED)
        at.client.wait(lambda: found(at) == AFTER)
        assert len(at.lenses()) == 2
        at.client.change(at.uri, (0, len(REFINED), TEXT))
        at.client.wait(lambda: found(at) == BEFORE)
        assert at.lenses() == []


def test_the_page_of_a_run_has_its_criteria_as_a_checklist(tmp_path):
    """What was decided of each, and the verdict in a sentence."""
    with editing(tmp_path) as at:
        run = landed(at)
        page = at.client.command("explain", {"uri": at.uri, "runId": run})
        assert "**No criterion fails.**" in page
        assert "`house/plain` | pass |" in page
    with editing(tmp_path / "bare", model=False) as at:
        at.open("memo.md", TEXT)
        run = at.run()
        page = at.client.command("explain", {"uri": at.uri, "runId": run})
        assert "Nothing fails that was checked; 1 criterion was not checked." in page
        assert "`house/plain` | not checked |" in page


def test_all_changes_are_reverted_as_one_edit(tmp_path):
    """Reverting all gives the very text that was selected."""
    with editing(tmp_path) as at:
        landed(at)
        at.choose("Revert all changes")
        at.wait_text(TEXT)
        assert len(at.edits()) == 2
        at.client.wait(lambda: at.lenses() == [])
        at.client.wait(lambda: {p[1] for p in at.problems()} == {"Kindly", "utilise", "commence"})


def test_keeping_ends_the_review(tmp_path):
    """Kept changes have no lenses and no actions any more; the text is as it is."""
    with editing(tmp_path) as at:
        run = landed(at)
        at.client.command("accept", {"runId": run, "hunk": 0})
        at.client.wait(lambda: "use" in at.lenses()[0]["command"]["title"])
        at.choose("Keep all changes")
        at.client.wait(lambda: at.lenses() == [])
        assert at.text == REFINED
        assert not [t for t in at.titles() if "change" in t]


def test_a_change_that_was_typed_in_is_reviewed_no_more(tmp_path):
    """Its words are the user's now; undo of the typing brings its lenses back."""
    with editing(tmp_path) as at:
        landed(at)
        start = at.text.index("begin")
        at.client.change(at.uri, (start + 2, start + 2, "x"))
        at.client.wait(lambda: len(at.lenses()) == 1)
        at.client.change(at.uri, (start + 2, start + 3, ""))
        at.client.wait(lambda: len(at.lenses()) == 2)


def test_why_names_the_criterion_and_the_words(tmp_path):
    """The page of a change says what was found in which words, and by what it was asked."""
    with editing(tmp_path) as at:
        landed(at)
        page = at.choose("Why", "begin")
        assert "`house/plain`: Is there a word that a plainer one would replace?" in page
        assert "Found on `commence`: This word is not plain." in page


def test_the_trace_is_shown_in_a_file_of_the_user_alone(tmp_path):
    """The command returns Markdown; a client without a view of it is shown a read-only file."""
    with editing(tmp_path) as at:
        run = landed(at)
        page = at.client.command("showTrace", {"runId": run})
        assert page.startswith("# The trace of a run")
        [shown] = at.client.wait(lambda: at.client.sent("window/showDocument"))
        [path] = list((at.home).rglob("pages/*.md"))
        assert path.as_uri() == shown["uri"]
        assert path.read_text(encoding="utf-8") == page
        assert path.stat().st_mode & 0o777 == 0o400
    assert not path.exists(), "it goes with the server"


def test_a_client_with_views_of_its_own_is_shown_no_file(tmp_path):
    """It says so in `initializationOptions`; the command returns the page as ever."""
    with editing(tmp_path, options={"extensions": True}) as at:
        run = landed(at)
        assert "## Began" in at.client.command("showTrace", {"runId": run})
        assert at.client.sent("window/showDocument") == []


def test_clear_takes_the_findings_and_the_review(tmp_path):
    """What runs have said is gone, live checks stay; the text is as it is."""
    with editing(tmp_path) as at:
        landed(at)
        at.client.command("clear", {"uri": at.uri})
        at.wait_problems()
        assert at.lenses() == []
        assert at.text == REFINED


def test_hover_shows_criterion_quote_before_and_after(tmp_path):
    """Markdown where the client takes it, and every word of the text escaped."""
    with editing(tmp_path) as at:
        landed(at)
        at.client.wait(lambda: len(at.problems()) == 3)
        position = at.client.range_of(at.uri, "begin")["start"]
        params = {"textDocument": {"uri": at.uri}, "position": position}
        value = at.client.request("textDocument/hover", params)["contents"]
        assert value["kind"] == "plaintext"
        assert "house/plain (resolved in pass 1)" in value["value"]
        assert "Before: commence\nAfter: begin" in value["value"]


def test_explain_names_the_criteria_of_a_document(tmp_path):
    """Each file that is for it, with each criterion and who decides it."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We.")
        page = at.client.command("explain", {"uri": at.uri})
        assert "- `house/stock` (warning, check `words`): '…' is stock formality." in page
        assert "- `house/plain` (warning, judged):" in page


def test_a_run_or_change_that_is_not_there_is_an_invalid_argument(tmp_path):
    """An answer with -32602 and a clause that says which."""
    with editing(tmp_path) as at:
        run = landed(at)
        for arguments in ({"runId": "0" * 16}, {"runId": run, "hunk": 3}, {}, {"runId": 1}):
            with pytest.raises(ResponseError, match="-32602"):
                at.client.command("accept", arguments)
