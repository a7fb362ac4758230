"""The editor asks which open document an input is, and remembers the answer for the document."""

from support.editing import editing

FILES = {
    "criteria/sum.criteria.md": """---
criteria: 1
title: Sum
inputs: {source: {from: "marker:source", required: true}}
checks:
  - {id: ratio, kind: length, max_ratio: {of: source, value: 0.5}}
---
"""
}


def asked(at):
    return [p for p in at.client.sent("window/showMessageRequest") if "input" in p["message"]]


def picks(start):
    """Answers a question with the button that begins so."""

    def answer(params):
        return next((a for a in params["actions"] if a["title"].startswith(start)), None)

    return {"window/showMessageRequest": answer}


def test_the_user_is_asked_once_for_a_document(tmp_path):
    """The document that was picked is compared with, at the next run unasked."""
    with editing(tmp_path, files=FILES, model=False, answers=picks("team work/source.md")) as at:
        at.open("source.md", "one two three four five six")
        at.open("sum.md", "one two three four")
        at.run()
        at.client.wait(lambda: any(c == "sum/ratio" for c, *_ in at.problems()))
        at.run()

        assert ["4 words; the limit is 50%."] == [p[3] for p in at.problems()]
        (question,) = asked(at)
        assert "Which open document is the input 'source'?" in question["message"]
        titles = [action["title"] for action in question["actions"]]
        assert ["team work/source.md", "None of these"] == titles


def test_none_of_them_is_remembered_too(tmp_path):
    """What needs the input is not checked, and nobody is asked again."""
    with editing(tmp_path, files=FILES, model=False, answers=picks("None")) as at:
        at.open("source.md", "one two three four five six")
        at.open("sum.md", "one two three four")
        at.run()
        at.run()

        assert [] == at.problems()
        assert 1 == len(asked(at))


def test_marks_in_the_document_need_no_question(tmp_path):
    """What is found is not asked for."""
    with editing(tmp_path, files=FILES, model=False, answers=picks("team")) as at:
        at.open("source.md", "other")
        at.open(
            "sum.md",
            "<!-- self-refine-begin source -->\none two three\n<!-- self-refine-end source -->\n"
            "two words here",
        )
        at.run("two words here")
        at.client.wait(lambda: any(c == "sum/ratio" for c, *_ in at.problems()))

        assert [] == asked(at)


def test_without_another_document_the_user_is_told_how(tmp_path):
    """A sentence with the next step, in place of a question without answers."""
    with editing(tmp_path, files=FILES, model=False) as at:
        at.open("sum.md", "one two three four")
        at.run()

        assert at.wait_shown("input 'source'", "Open its text in the editor")


def test_a_run_grows_to_the_definition_at_the_selection(tmp_path):
    """`within: definition`: a word is selected, and its function is judged and changed."""
    criteria = """---
criteria: 1
title: Code
applies: {languages: [python], within: definition}
checks:
  - {id: word, kind: words, in: everything, swap: {"utilise": "use"}}
---
"""
    text = "x = 1\n\n\ndef f():\n    # we utilise it\n    return 1\n\n\n# utilise\n"
    with editing(tmp_path, files={"criteria/code.criteria.md": criteria}, model=False) as at:
        at.open("a.py", text, language="python")
        at.run("return 1")
        at.wait_text(text.replace("we utilise", "we use"))
