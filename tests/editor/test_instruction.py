"""An instruction in the user's own words: with criteria, without any, and what it finds."""

from support.editing import RULE, editing
from support.rule import Rule

OWN = Rule(RULE.words, criterion="instruction")
TEXT = "We utilise it.\n"
PLAIN = "Plain words."


def test_an_instruction_needs_no_criteria(tmp_path):
    """It is not refused; which criteria there are is said beside it, and of the model what goes."""
    with editing(tmp_path, files={}, rule=OWN) as at:
        at.open("notes.txt", TEXT, language="plaintext")
        at.run(instruction=PLAIN)
        at.wait_text("We use it.\n")
        at.wait_shown("No criteria file of this workspace", "Until then only the instruction")
        at.wait_shown("First use", "the text around them go there, in up to")
        at.run()
        assert at.text == "We use it.\n"
        assert at.client.shown()[-1].endswith("criteria/NAME.criteria.md.")


def test_an_instruction_alone_can_be_a_critique(tmp_path):
    """What it finds is shown on its words; the text is as it was."""
    with editing(tmp_path, files={}, rule=OWN) as at:
        at.open("notes.txt", TEXT, language="plaintext")
        at.run(command="critique", instruction=PLAIN)
        at.client.wait(lambda: [p[1] for p in at.problems()] == ["utilise"])
        assert at.text == TEXT


def test_an_instruction_alone_needs_a_model(tmp_path):
    """Without one nothing is done, and that is said with what to do."""
    with editing(tmp_path, files={}, model=False) as at:
        at.open("notes.txt", TEXT, language="plaintext")
        at.run(instruction=PLAIN)
        at.wait_shown("An instruction without criteria needs a model.", "baseUrl")
        assert at.edits() == []


def test_what_an_instruction_finds_has_no_criterion(tmp_path):
    """The Problems list, hover, trace and page say so, each as the prompt does; it is a hint."""
    with editing(tmp_path, rule=OWN) as at:
        at.open("memo.md", TEXT)
        run = at.run(command="critique", instruction=PLAIN)
        at.wait_problems(("no criterion", "utilise"))
        [found] = at.client.diagnostics(at.uri)
        assert (found["severity"], found["data"]["criterion"]) == (4, "instruction")
        assert "codeDescription" not in found

        place = {"textDocument": {"uri": at.uri}, "position": found["range"]["start"]}
        hover = at.client.request("textDocument/hover", place)["contents"]["value"]
        assert hover.startswith("no criterion (hint")
        trace = at.client.command("showTrace", {"runId": run})
        assert "- `no criterion` on `utilise`" in trace


def test_a_page_says_that_a_change_has_no_criterion(tmp_path):
    """Why a change was made: the user's own words asked for it."""
    with editing(tmp_path, rule=OWN) as at:
        at.open("memo.md", TEXT)
        run = at.run(instruction=PLAIN)
        at.wait_text("We use it.\n")
        page = at.client.command("explain", {"uri": at.uri, "runId": run, "hunk": 0})
        assert "- `no criterion`:" in page


def test_what_an_instruction_found_is_dismissed_and_nothing_is_written(tmp_path):
    """Another instruction may say something else of the same words; no comment silences it."""
    with editing(tmp_path, rule=OWN) as at:
        at.open("memo.md", TEXT)
        at.run(command="critique", instruction=PLAIN)
        at.wait_problems(("no criterion", "utilise"))
        about = at.titles(at=5, only=["quickfix"])
        assert about == [
            "Apply fix: replace 'utilise' with 'use'",
            "Dismiss what is said of 'utilise'",
        ]
        at.choose("Dismiss", at=5)
        at.wait_problems()
        assert not (at.root / ".self-refine").exists()
        at.run(command="critique", instruction="Other words.")
        at.wait_problems(("no criterion", "utilise"))
