"""Results that wait: by setting, by what they hold, by typing; accepted whole, in part, or not."""

import pytest

from support.editing import editing
from support.lsp_client import CAPABILITIES
from support.rule import Rule

HOLD = {"review": "hold"}
TEXT = "We utilise it.\n\nWe commence now.\n"
REFINED = "We use it.\n\nWe begin now.\n"


def waiting(at, words=None):
    """Carry out a run whose result waits; gives its id."""
    run = at.run(words)
    at.wait_shown("The refined text waits")
    return run


def first_lens(at):
    return next((lens["command"]["title"] for lens in at.lenses()), "")


def test_in_hold_mode_nothing_changes_until_it_is_taken(tmp_path):
    """The text is as it was, the findings are shown; taking it is one edit."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        waiting(at)
        assert at.edits() == []
        at.wait_problems(("house/plain", "utilise"), ("house/plain", "commence"))
        assert [x["command"]["title"] for x in at.lenses()] == ["Self-refine: 2 changes wait"]
        at.choose("Accept the refined text", at=3)
        at.wait_text(REFINED)
        assert len(at.edits()) == 1
        at.client.wait(lambda: {p[2] for p in at.problems()} == {4})


def test_the_result_is_taken_change_by_change(tmp_path):
    """One change is taken, the other discarded; each is an edit of its own."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        run = waiting(at)
        # Editors that have one line for both show the last words of the progress, not the message.
        assert at.wait_end(run).startswith("The refined text waits (2 changes)")
        at.client.command("accept", {"runId": run, "hunk": 1})
        at.wait_text("We utilise it.\n\nWe begin now.\n")
        at.client.command("revert", {"runId": run, "hunk": 0})
        at.client.wait(lambda: not any("Take" in t for t in at.titles(at=3)))
        assert at.text == "We utilise it.\n\nWe begin now.\n"
        assert at.choose("Revert this change", at=21) is None
        at.wait_text(TEXT)


def test_show_the_difference_is_a_page(tmp_path):
    """It says why the result waits and shows both texts; the text is untouched."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        waiting(at)
        page = at.choose("Show the difference", at=3)
        assert "The refined text waits: your setting is to review before anything changes" in page
        assert "-We utilise it.\n+We use it." in page
        [shown] = at.client.wait(lambda: at.client.sent("window/showDocument"))
        assert shown["uri"].endswith(".md")
        assert at.text == TEXT


def test_a_discarded_result_is_gone_and_the_findings_stay(tmp_path):
    """Discarding changes nothing in the text."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        waiting(at)
        at.choose("Discard the refined text", at=3)
        at.client.wait(lambda: at.lenses() == [])
        assert at.text == TEXT
        at.wait_problems(("house/plain", "utilise"), ("house/plain", "commence"))


def test_what_brings_new_links_is_held_whatever_the_setting(tmp_path):
    """A rewrite with an address that the text did not have waits for a person, with the reason."""
    rule = Rule({"utilise": "use ![it](https://evil.test/?d=1)"}, criterion="house/plain")
    with editing(tmp_path, rule=rule) as at:
        at.open("memo.md", "We utilise it.")
        at.run()
        assert at.text == "We utilise it."
        at.wait_shown("The refined text waits", "look at it first")


def test_words_typed_meanwhile_keep_their_change_from_being_taken(tmp_path):
    """Only changes whose words are untouched are offered; the others come back with them."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        run = waiting(at)
        at.client.change(at.uri, (3, 10, "like"))
        at.client.wait(lambda: first_lens(at) == "Self-refine: 1 change waits")
        at.client.change(at.uri, (3, 7, "utilise"))
        at.client.wait(lambda: first_lens(at) == "Self-refine: 2 changes wait")
        at.client.change(at.uri, (3, 10, "like"))
        at.client.command("accept", {"runId": run})
        at.wait_text("We like it.\n\nWe begin now.\n")


def test_a_result_of_a_closed_document_is_not_taken_in_silence(tmp_path):
    """The user is told to open it; it can be discarded meanwhile."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("my memo.md", TEXT)
        run = waiting(at)
        at.client.close(at.uri)
        at.client.command("accept", {"runId": run})
        at.wait_shown("my memo.md is not open, so nothing was changed. Open it")
        at.client.command("revert", {"runId": run})
        at.client.command("accept", {"runId": run})
        at.wait_shown("Nothing of this run is left to review")


def test_a_waiting_result_outlives_the_closing_of_its_document(tmp_path):
    """Opened again, the result is still to be had, wherever its words stand now."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        waiting(at)
        at.client.close(at.uri)
        at.open("memo.md", f"# Memo\n\n{TEXT}", version=1)
        at.choose("Accept the refined text", at=12)
        at.wait_text(f"# Memo\n\n{REFINED}")


def rename(at, name, text=TEXT):
    """Rename the document, as an editor does that closes one and opens another."""
    at.client.close(at.uri)
    return at.open(name, text)


def test_a_waiting_result_follows_a_renamed_document(tmp_path):
    """A document that opens with the very same text is taken for it; the user is told where."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        run = waiting(at)
        rename(at, "other.md", "We utilise it.\n")
        at.wait_shown("The refined text of memo.md waits (2 changes) until it is opened again")
        assert at.lenses() == []
        rename(at, "my report.md")
        at.wait_shown("The refined text of memo.md waits in my report.md.")
        at.client.change(at.uri, (0, 0, "# Memo\n\n"))
        at.client.command("accept", {"runId": run})
        at.wait_text(f"# Memo\n\n{REFINED}")


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize(
    ("old", "new"), [("memo.md", "report.md"), ("drafts", "old%20drafts"), ("drafts/", "sent/")]
)
def test_a_waiting_result_follows_what_the_client_says_of_names(tmp_path, old, new, opened):
    """Whatever else has changed in it, and whether it is opened before that is said or after."""
    folder = "" if old.endswith(".md") else f"{new.strip('/')}/"
    with editing(tmp_path, options=HOLD) as at:
        before = at.open("memo.md" if not folder else "drafts/memo.md", TEXT)
        root = at.root.as_uri()
        waiting(at)
        at.client.close(before)
        name = f"{root}/{folder}{'memo.md' if folder else new}"
        files = [{"oldUri": f"{root}/{old}", "newUri": f"{root}/{new}"}]
        if opened:
            at.open(name, f"# Memo\n\n{TEXT}")
        at.client.notify("workspace/didRenameFiles", {"files": files})
        if not opened:
            at.open(name, f"# Memo\n\n{TEXT}")
        at.client.wait(lambda: first_lens(at) == "Self-refine: 2 changes wait")
        at.choose("Accept the refined text", at=12)
        at.wait_text(f"# Memo\n\n{REFINED}")


def test_a_client_that_can_tell_of_new_names_is_asked_to(tmp_path):
    """Of files and folders alike."""
    operations = {"fileOperations": {"didRename": True}}
    able = CAPABILITIES | {"workspace": CAPABILITIES["workspace"] | operations}
    with editing(tmp_path, model=False, capabilities=able) as at:
        asked = at.said["capabilities"]["workspace"]["fileOperations"]["didRename"]
        assert asked["filters"] == [{"scheme": "file", "pattern": {"glob": "**"}}]


def test_a_copy_does_not_take_a_result_from_a_document_that_is_open(tmp_path):
    """It stays where it was made."""
    with editing(tmp_path, options=HOLD) as at:
        uri = at.open("memo.md", TEXT)
        waiting(at)
        at.open("copy.md", TEXT)
        assert at.lenses() == []
        at.uri = uri
        assert first_lens(at) == "Self-refine: 2 changes wait"


def test_a_second_result_for_the_same_words_takes_the_place_of_the_first(tmp_path):
    """One is offered, not two; nothing waits any more once it is taken."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        first, second = waiting(at), waiting(at)
        assert [x["command"]["arguments"][0]["runId"] for x in at.lenses()] == [second]
        at.client.command("accept", {"runId": second})
        at.wait_text(REFINED)
        at.client.wait(lambda: "utilise" in first_lens(at))
        assert [t for t in at.titles(at=3) if "refined text" in t] == []
        at.client.command("accept", {"runId": first})
        at.wait_shown("Nothing of this run is left to review")


def test_a_result_about_more_words_goes_on_waiting(tmp_path):
    """A run on one paragraph does not throw away what waits for the others."""
    with editing(tmp_path, options=HOLD) as at:
        at.open("memo.md", TEXT)
        whole = waiting(at)
        part = waiting(at, "We commence now.")
        at.client.command("accept", {"runId": part})
        at.wait_text("We utilise it.\n\nWe begin now.\n")
        at.client.command("accept", {"runId": whole})
        at.wait_text(REFINED)
