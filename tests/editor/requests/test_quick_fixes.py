"""Quick fixes of a finding: mend, fix with the model, dismiss, disable, open, teach."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.criteria.finding.discover import discover
from self_refine.criteria.reading.reader import read
from self_refine.editor.diagnostics.findings import LIVE, Note, Placed
from self_refine.editor.requests.add_example import good_example, passage
from self_refine.editor.requests.finding_commands import fix_now
from self_refine.loop.types import Finding, Severity
from self_refine.text.spans import Edit, Span, apply_edits
from support.editing import CRITERIA, editing
from support.lsp_client import SERVE, ResponseError, served_with


def test_the_fix_of_a_check_is_one_edit(tmp_path):
    """It is offered first, preferred, and made where the words stand now."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        action = at.actions(at=2)[0]
        assert action["title"] == "Replace 'Kindly' with 'Please'"
        assert action["isPreferred"] is True
        assert action["diagnostics"] == at.client.diagnostics(at.uri)
        at.client.change(at.uri, (0, 0, "Hi.\n"))
        at.client.request("workspace/executeCommand", action["command"])
        at.wait_text("Hi.\nPlease come.")
        at.wait_problems()


def test_fix_this_one_with_the_model(tmp_path):
    """A run on the paragraph of the finding, by its criterion alone."""
    text = "We utilise it.\n\nThey utilise it.\n"
    with editing(tmp_path) as at:
        at.open("memo.md", text)
        at.run(command="critique")
        at.client.wait(lambda: len(at.problems()) == 2)
        run = at.choose("Fix 'utilise' with the model (house/plain)", at=text.index("hey ut") + 6)
        at.wait_end(run["runId"])
        at.wait_text("We utilise it.\n\nThey use it.\n")


def test_a_dismissed_finding_is_gone_until_its_criterion_changes(tmp_path):
    """One line in the workspace names criterion, quote and place by hashes, with the reason."""
    with editing(tmp_path) as at:
        at.client.answers["window/showMessageRequest"] = lambda params: params["actions"][0]
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        at.choose("Dismiss", at=2)
        at.wait_problems()
        at.wait_shown("Dismissed house/stock in .self-refine/dismissed.jsonl")
        path = at.root / ".self-refine/dismissed.jsonl"
        [line] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert line["criterion"] == "house/stock"
        assert line["reason"] == "It is right as it is"
        assert "Kindly" not in path.read_text("utf-8")
        file = at.root / "criteria/house.criteria.md"
        file.write_text(CRITERIA.replace("is stock formality", "is stiff"), encoding="utf-8")
        changes = [{"uri": file.as_uri(), "type": 2}]
        at.client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        at.wait_problems(("house/stock", "Kindly"))


UNWATCHED = """
from self_refine.editor.documents import criteria_cache
criteria_cache.STALE_SECONDS = -1.0
"""


@pytest.mark.parametrize("watched", [True, False])
def test_what_a_colleague_has_dismissed_is_gone_too(tmp_path, watched):
    """It comes by git pull: shown as soon as the client tells of the file, else by the next look.

    The next look is the one behind any answer, such as that to a move of the cursor.
    """
    with editing(tmp_path, command=SERVE if watched else served_with(UNWATCHED)) as at:
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        path = at.root / ".self-refine/dismissed.jsonl"
        path.parent.mkdir()
        path.write_text(dismissed_by_a_colleague(tmp_path / "colleague"), encoding="utf-8")
        if watched:
            changes = [{"uri": path.as_uri(), "type": 1}]
            at.client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        else:
            at.titles("come")
        at.wait_problems()


def test_what_is_no_longer_dismissed_is_shown_again(tmp_path):
    """A colleague takes the line back, it comes by git pull, and nobody starts anything anew."""
    with editing(tmp_path) as at:
        path = at.root / ".self-refine/dismissed.jsonl"
        path.parent.mkdir()
        path.write_text(dismissed_by_a_colleague(tmp_path / "colleague"), encoding="utf-8")
        at.open("memo.md", "Kindly come.")
        at.titles("come")
        assert at.problems() == []
        path.write_text("", encoding="utf-8")
        changes = [{"uri": path.as_uri(), "type": 2}]
        at.client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        at.wait_problems(("house/stock", "Kindly"))


def dismissed_by_a_colleague(folder):
    """The line that another server writes for the same finding in a workspace of the same files."""
    with editing(folder) as at:
        at.client.answers["window/showMessageRequest"] = lambda params: params["actions"][0]
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        at.choose("Dismiss", at=2)
        at.wait_problems()
        return (at.root / ".self-refine/dismissed.jsonl").read_text("utf-8")


def test_disable_writes_a_comment_above_the_line(tmp_path):
    """In the form of the language, naming the id; the finding is silent."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Dear Ann,\r\n\r\n  Kindly come.\r\n")
        at.wait_problems(("house/stock", "Kindly"))
        at.choose("Disable house/stock", at=16)
        at.wait_text(
            "Dear Ann,\r\n\r\n  <!-- self-refine-disable-next-line house/stock --  -->\r\n"
            "  Kindly come.\r\n"
        )
        at.wait_problems()


def test_open_the_criterion_shows_its_line(tmp_path):
    """The client is asked to show it; the answer says where it is for those that cannot."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        place = at.choose("Open the criterion", at=2)
        assert place["uri"] == (at.root / "criteria/house.criteria.md").as_uri()
        [shown] = at.client.wait(lambda: at.client.sent("window/showDocument"))
        assert shown["uri"] == place["uri"]
        assert shown["selection"]["start"]["line"] == place["range"]["start"]["line"] == 7


def test_wrong_here_adds_a_good_example_to_the_criteria_file(tmp_path):
    """Its sentence becomes a fixture, in a file that is named and reads well; the finding goes."""
    with editing(tmp_path) as at:
        at.open("memo.md", "First.\n\nWe utilise it. Not that.\n")
        at.run(command="critique")
        at.wait_problems(("house/plain", "utilise"))
        at.choose("house/plain is wrong here", at=12)
        at.wait_shown("The passage is now a good example in criteria/house.criteria.md.")
        library = discover(at.root)
        assert library.problems == ()
        [fixture] = library.files[0].fixtures
        assert fixture.text.strip() == "We utilise it."
        assert fixture.language == "markdown"
        at.wait_problems()


def test_what_a_check_faults_becomes_no_good_example(tmp_path):
    """The file is as it was, and which check is in the way is said; the finding stays."""
    text = "Kindly utilise it. We utilise it.\n"
    both = [("house/stock", "Kindly"), ("house/plain", "utilise"), ("house/plain", "utilise")]
    with editing(tmp_path) as at:
        at.open("memo.md", text)
        at.run(command="critique")
        at.wait_problems(*both)
        at.choose("house/plain is wrong here", at=10)
        at.wait_shown("No example was added to criteria/house.criteria.md: house/stock finds")
        assert (at.root / "criteria/house.criteria.md").read_text("utf-8") == CRITERIA

        criteria = at.open("criteria/house.criteria.md", CRITERIA)
        at.uri = (at.root / "memo.md").as_uri()
        at.choose("house/plain is wrong here", at=10)
        at.client.wait(lambda: sum("house/stock finds" in s for s in at.client.shown()) == 2)
        at.wait_problems(*both)
        at.choose("house/plain is wrong here", at=text.rindex("utilise"))
        at.wait_problems(*both[:2])
        assert at.client.text(criteria).endswith("```markdown good\nWe utilise it.\n```\n")


def test_an_open_criteria_file_is_taught_in_the_editor(tmp_path):
    """Its text gets the example as an edit, for the user to save; the file is as it was."""
    with editing(tmp_path) as at:
        criteria = at.open("criteria/house.criteria.md", CRITERIA)
        at.open("memo.md", "We utilise it.\n")
        at.run(command="critique")
        at.wait_problems(("house/plain", "utilise"))
        at.choose("house/plain is wrong here", at=5)
        at.wait_shown("Save it.")
        assert at.client.text(criteria).endswith("```markdown good\nWe utilise it.\n```\n")
        assert (at.root / "criteria/house.criteria.md").read_text("utf-8") == CRITERIA


def test_a_finding_that_is_gone_is_said_so(tmp_path):
    """The command of an old action answers, and changes nothing."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly come.")
        at.wait_problems(("house/stock", "Kindly"))
        at.client.command("applyFix", {"uri": at.uri, "key": "live:77"})
        at.wait_shown("This finding is no longer there")
        assert at.edits() == []
        with pytest.raises(ResponseError, match="-32602"):
            at.client.command("applyFix", {"uri": "file:///nowhere.md", "key": "live:0"})


def fixed(text, quote, fix, now):
    """The text after the fix of a finding; the words stand in `now`, possibly elsewhere."""
    start, at = text.index(quote), now.index(quote)
    span = Span(start, start + len(quote))
    finding = Finding(
        criterion="a/b", severity=Severity.INFO, span=span, quote=quote, problem="No.", fix=fix
    )
    note = Note(group=LIVE, number=0, finding=finding, criterion=None)
    edit = fix_now(Placed(note, Span(at, at + len(quote))), now)
    return None if edit is None else apply_edits(now, [edit])


def test_a_fix_moves_with_its_words_and_takes_no_others():
    """White space beside the words may go with them; other words that came there may not."""
    text = "say very much"
    fix = Edit(Span(4, 9), "")
    assert fixed(text, "very", fix, text) == "say much"
    assert fixed(text, "very", fix, "oh, say very much") == "oh, say much"
    assert fixed(text, "very", fix, "say very, much") is None


@given(st.text("ab`\n\r#-", max_size=30), st.sampled_from(["markdown", "c++", "plain text", ""]))
def test_a_good_example_is_read_back_as_it_was(sample, language):
    """Whatever the lines hold, the file stays readable and gives them back, with plain ends."""
    new = apply_edits(CRITERIA, [good_example(CRITERIA, sample, language)])
    twice = apply_edits(new, [good_example(new, sample, language)])
    for text, count in ((new, 1), (twice, 2)):
        reading = read(text, Path("a.criteria.md"), "a")
        assert reading.file is not None
        expected = sample.replace("\r\n", "\n").replace("\r", "\n")
        assert [fixture.text for fixture in reading.file.fixtures] == [f"{expected}\n"] * count
    assert new.startswith(CRITERIA)


@given(st.text("ab\n\r", max_size=20), st.data())
def test_a_passage_of_code_is_whole_lines(text, data):
    """It holds the words of the finding, and begins and ends with its lines."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = passage(text, Span(start, end), "python")
    assert text[start:end] in found
    assert f"\n{found}" in f"\n{text}" or f"\r{found}" in f"\r{text}"


@given(st.text("aB. -\n\r#`", max_size=30), st.data())
def test_a_passage_of_prose_holds_the_words_of_its_finding(text, data):
    """Whatever the text is; that it is no more than their sentences is shown below."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert text[start:end] in passage(text, Span(start, end), "markdown")


def test_a_passage_of_prose_is_the_sentences_of_the_finding():
    """One or more, a list item with its marker; white space alone has its lines."""
    text = "One is. Two are. Three too.\n\n- Four. Five.\n"

    def of(words):
        start = text.index(words)
        return passage(text, Span(start, start + len(words)), "markdown")

    assert of("are") == "Two are."
    assert of("is. Two") == "One is. Two are."
    assert of("Four") == "- Four."
    assert of("\n\n") == text.rstrip("\n")
