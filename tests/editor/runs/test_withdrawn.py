"""Findings that were shown while a critique came in, and that nothing confirmed in the end."""

from support.editing import editing

TEXT = "Kindly note.\n\nWe utilise it.\n"
START = """<reply>
[house/plain] fail
issue: 1 wrong
quote: utilise
problem: Not plain.
<fix>
We use it.
</fix>
issue: 1 wrong
"""
"""The first issue is whole, the reply is not."""


def critique_that_breaks(*, after):
    """It stops in the middle of the reply; then the server takes the key no longer."""
    words = [START, *[" "] * 500]
    refused = {"status": 401, "body": "no", "times": 9}
    return [{"text": START, "pieces": words, "tags": True, "break": after}, refused]


def test_what_was_shown_of_a_critique_that_broke_is_withdrawn(tmp_path):
    """It is there while the reply comes in, and goes with the run; the checks' findings stay."""
    script = critique_that_breaks(after=120)
    with editing(tmp_path, script=script, seconds_per_token=0.02) as at:
        at.open("memo.md", TEXT)
        at.wait_problems(("house/stock", "Kindly"))
        run = at.refine("We utilise it.")
        at.wait_problems(("house/stock", "Kindly"), ("house/plain", "utilise"))
        at.wait_end(run)
        at.wait_problems(("house/stock", "Kindly"))
        assert TEXT == at.text


def test_what_earlier_runs_found_is_back_where_a_critique_broke(tmp_path):
    """The words were not judged anew, so that what was known of them still holds."""
    with editing(tmp_path, seconds_per_token=0.02) as at:
        at.open("memo.md", TEXT)
        at.run("We utilise it.", "critique")
        at.wait_problems(("house/stock", "Kindly"), ("house/plain", "utilise"))
        [known] = [p for p in at.problems() if p[0] == "house/plain"]
        at.model.script += critique_that_breaks(after=60)
        at.wait_end(at.refine("We utilise it."))
        at.client.wait(lambda: known in at.problems() or None)
        assert 2 == len(at.problems())
