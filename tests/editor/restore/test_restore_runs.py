"""After a restart runs are back where nothing has changed: the document's hash decides."""

import json

import pytest

from self_refine.editor.restore.traced_outcome import traced_outcome
from support.editing import editing

TEXT = "Kindly note this. We utilise it.\n\nWe commence now.\n"
REFINED = "Please note this. We use it.\n\nWe begin now.\n"
OURS = {"extensions": True}


def views(at, state):
    """What was told of runs in this state, last."""
    return at.client.wait(
        lambda: [v for v in at.client.sent("selfRefine/run")[-1:] if v["state"] == state]
    )


def saved(at):
    """Wait until the state of the runs is on the disk; gives what is there."""
    return at.client.wait(
        lambda: [json.loads(p.read_text()) for p in at.home.rglob("reviews/*.json")] or None
    )


def test_a_landed_result_is_reviewed_after_a_restart(tmp_path):
    """Keep and revert work on, with the same id; its trace is the same one."""
    with editing(tmp_path, options=OURS) as at:
        at.open("memo.md", TEXT)
        run = at.run()
        at.client.command("accept", {"runId": run, "hunk": 0})
        at.wait_text(REFINED)
        [before] = views(at, "landed")
    with editing(tmp_path, options=OURS, files={}) as at:
        at.open("memo.md", REFINED)
        [view] = views(at, "landed")
        assert view["restored"]
        assert view["runId"] == run
        assert [c["state"] for c in view["changes"]] == ["kept", "landed", "landed"]
        assert view["criteria"] == before["criteria"]
        assert "## Began" in at.client.command("showTrace", {"runId": run})
        at.client.command("revert", {"runId": run})
        at.wait_text(TEXT)


def test_a_result_that_waits_is_accepted_after_a_restart(tmp_path):
    """Nothing of it is lost with the server."""
    with editing(tmp_path, options={"review": "hold"}) as at:
        at.open("memo.md", TEXT)
        run = at.run()
        at.client.wait(at.lenses)
    with editing(tmp_path, options={"review": "hold"}, files={}) as at:
        at.open("memo.md", TEXT)
        at.client.wait(at.lenses)
        at.client.command("accept", {"runId": run})
        at.wait_text(REFINED)


def test_judged_findings_are_back_after_a_restart(tmp_path):
    """Those of a critique, on their words, though no model is asked again."""
    with editing(tmp_path) as at:
        at.open("memo.md", TEXT)
        at.run(command="critique")
        at.client.wait(lambda: len(at.problems()) == 3)
        saved(at)
    with editing(tmp_path, files={}, model=False) as at:
        at.open("memo.md", TEXT)
        at.wait_problems(
            ("house/stock", "Kindly"), ("house/plain", "utilise"), ("house/plain", "commence")
        )


def test_in_another_text_nothing_is_restored(tmp_path):
    """Places are those of the text that was saved."""
    with editing(tmp_path) as at:
        at.open("memo.md", TEXT)
        at.run()
        at.wait_text(REFINED)
        at.client.wait(at.lenses)
    with editing(tmp_path, files={}) as at:
        at.open("memo.md", f"New. {REFINED}")
        at.client.command("explain", {"uri": at.uri})
        assert at.lenses() == []


@pytest.mark.parametrize(
    "lines", [[], [{"event": "began"}], [{"event": "ended", "best": 3}], [{"event": "judged"}]]
)
def test_a_trace_that_says_less_is_no_outcome(lines):
    """A run that was killed, or a line that was cut off, gives nothing and raises nothing."""
    assert traced_outcome(lines) is None
