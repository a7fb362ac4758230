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
