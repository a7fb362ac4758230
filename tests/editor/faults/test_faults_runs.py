"""Faults while a run works: typing, closing, refusals, rivals, cancels, crowds (F14-F20, F39)."""

import json

import psutil
import pytest

from support.editing import RULE, editing
from support.lsp_client import CAPABILITIES, NEVER, ResponseError, served_with
from support.rule import Rule

TEXT = "One.\n\nWe utilise it.\n\nTwo.\n"
REFINED = "One.\n\nWe use it.\n\nTwo.\n"
USED = "Self-refine: \u201cutilise\u201d \u2192 \u201cuse\u201d"
SLOW = {"seconds_per_token": 0.02}


@pytest.mark.parametrize("after", ["utilise", "utilise ", "utilise\n"])
def test_f14_nothing_new_is_no_edit(tmp_path, after):
    """A model that gives the text back, or white space, ends early and leaves no undo step."""
    rule = Rule({"utilise": after}, criterion="house/plain")
    with editing(tmp_path, rule=rule) as at:
        at.open("memo.md", TEXT)
        run = at.run()
        assert at.progress(run)[-1]["message"].startswith("no change")
        at.wait_shown("Self-refine: no change")
        assert at.edits() == []
        assert len(at.model.asked) <= 6


def test_f15_typing_elsewhere_moves_the_run(tmp_path):
    """The edit is of the version that is there then, and on the words where they are then."""
    with editing(tmp_path, **SLOW) as at:
        at.open("memo.md", TEXT)
        run = at.refine("We utilise it.")
        at.model.wait_for(1)
        at.client.change(at.uri, (0, 4, "\U0001f600 Zero.\n\nOne!"))
        at.client.change(at.uri, (len(at.text) - 5, len(at.text), "Three.\n"))
        at.wait_end(run)
        at.wait_text("\U0001f600 Zero.\n\nOne!\n\nWe use it.\n\nThree.\n")
        [edit] = at.edits()
        assert edit["documentChanges"][0]["textDocument"]["version"] == 3


def test_f16_typing_inside_keeps_the_result_waiting(tmp_path):
    """Nothing is applied; the difference can be seen and the untouched changes taken."""
    text = "We utilise it. And we commence it.\n"
    with editing(tmp_path, **SLOW) as at:
        at.open("memo.md", text)
        run = at.refine()
        at.model.wait_for(1)
        at.client.change(at.uri, (3, 10, "like"))
        at.wait_end(run)
        at.wait_shown("The refined text waits", "was changed while the run worked")
        assert at.edits() == []
        page = at.client.command("explain", {"uri": at.uri, "runId": run})
        assert "+We use it. And we begin it." in page
        at.choose("Accept the refined text")
        at.wait_text("We like it. And we begin it.\n")


@pytest.mark.parametrize("ending", ["close", "rename"])
def test_f17_a_document_that_goes_takes_its_run_with_it(tmp_path, ending):
    """The connection is closed, no edit goes to the old name, its diagnostics are cleared."""
    with editing(tmp_path, script=[{"hang": True}]) as at:
        uri = at.open("memo.md", f"Kindly.\n{TEXT}")
        at.wait_problems(("house/stock", "Kindly"))
        run = at.refine()
        at.model.wait_for(1)
        at.client.close(uri)
        if ending == "rename":
            at.open("renamed.md", TEXT)
        at.wait_end(run)
        assert at.model.asked[0].left.wait(5)
        at.client.wait(lambda: at.client.diagnostics(uri) == [] or None)
        assert at.edits() == []
        at.open("memo2.md", TEXT)
        at.run()
        at.wait_text(REFINED)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"applied": False}, "the editor did not take the edit"),
        ({"applied": False, "failureReason": "read-only"}, "read-only"),
        (ResponseError({"code": -32603, "message": "no"}), "the editor could not make the edit"),
    ],
)
def test_f18_an_edit_that_does_not_land_waits(tmp_path, answer, said):
    """Refused or failed: the result can be accepted."""
    with editing(tmp_path) as at:
        at.client.answers["workspace/applyEdit"] = lambda _: answer
        at.open("memo.md", TEXT)
        at.run()
        at.wait_shown("The refined text waits", said)
        assert at.text == TEXT
        del at.client.answers["workspace/applyEdit"]
        at.choose("Accept the refined text")
        at.wait_text(REFINED)


def test_f18_an_edit_that_is_said_to_be_made_is_decided_by_the_next_save(tmp_path):
    """`applied: true` for an edit that was dropped: nothing is said until the text can tell."""
    with editing(tmp_path) as at:
        at.client.answers["workspace/applyEdit"] = lambda _: {"applied": True}
        at.open("memo.md", TEXT)
        at.run()
        assert not [s for s in at.client.shown() if "waits" in s]
        assert at.lenses() == []
        at.client.notify("textDocument/didSave", {"textDocument": {"uri": at.uri}})
        at.wait_shown("The refined text waits", "said that it made the edit, but the text is as")
        del at.client.answers["workspace/applyEdit"]
        at.choose("Accept the refined text")
        at.wait_text(REFINED)


def test_f18_a_change_that_comes_with_the_next_key_has_landed(tmp_path):
    """Neovim answers before it sends the change: nothing waits, and the review is there."""
    with editing(tmp_path) as at:
        at.client.answers["workspace/applyEdit"] = lambda _: {"applied": True}
        at.open("memo.md", TEXT)
        at.run()
        assert at.client.apply(at.edits()[0])
        at.client.change(at.uri, (0, 0, "Now. "))
        at.client.wait(at.lenses)
        assert not [s for s in at.client.shown() if "waits" in s]
        del at.client.answers["workspace/applyEdit"]
        at.choose("Revert", "use")
        at.wait_text(f"Now. {TEXT}")


IMPATIENT = """
from self_refine.editor.rpc import client
client.EDIT_SECONDS = 0.05
"""


def test_f18_an_edit_that_is_never_answered_waits(tmp_path):
    """It is given up after its time; taken once the editor answers again, it lands."""
    silent = {"workspace/applyEdit": lambda _: NEVER}
    with editing(tmp_path, command=served_with(IMPATIENT), answers=silent) as at:
        at.open("memo.md", TEXT)
        run = at.run()
        at.wait_shown("The refined text waits (1 change): the editor did not answer")
        assert (at.text, len(at.edits())) == (TEXT, 1)
        assert at.client.sent("$/cancelRequest")
        del at.client.answers["workspace/applyEdit"]
        at.client.command("accept", {"runId": run})
        at.wait_text(REFINED)


def test_f18_an_edit_that_comes_after_its_time_has_landed(tmp_path):
    """The editor makes it without ever answering: it is reviewed, and waits no more."""
    with editing(tmp_path, command=served_with(IMPATIENT)) as at:
        at.client.answers["workspace/applyEdit"] = lambda _: NEVER
        at.open("memo.md", TEXT)
        at.run()
        at.wait_shown("The refined text waits", "the editor did not answer")
        assert at.client.apply(at.edits()[0])
        at.client.wait(lambda: [x["command"]["title"] for x in at.lenses()] == [USED])
        assert at.text == REFINED


def test_f18_a_version_that_was_left_behind_is_sent_again(tmp_path):
    """Refused because the user had typed elsewhere: rebased and sent once more."""
    with editing(tmp_path) as at:
        typed = []

        def apply(params):
            if not typed:
                typed.append(True)
                at.client.change(at.uri, (0, 0, "Zero. "))
            return {"applied": at.client.apply(params["edit"])}

        at.client.answers["workspace/applyEdit"] = apply
        at.open("memo.md", TEXT)
        at.run()
        at.wait_text(f"Zero. {REFINED}")
        versions = [e["documentChanges"][0]["textDocument"]["version"] for e in at.edits()]
        assert versions == [1, 2]


def test_f19_one_run_on_the_same_words(tmp_path):
    """The second is refused with what to do; on other words, and in other files, both work."""
    with editing(tmp_path, **SLOW) as at:
        memo = at.open("memo.md", "We utilise it.\n\nWe commence it.\n")
        runs = [at.refine("We utilise it.")]
        at.model.wait_for(1)
        assert at.client.command("refine", at.arguments("utilise")) is None
        at.wait_shown("A run is already working on this text (pass 1 of 3)")
        assert "Self-refine selection" not in at.titles("utilise")
        runs.append(at.refine("We commence it."))
        at.open("other.md", "We utilise it.")
        runs.append(at.refine())
        for run in runs:
            at.wait_end(run)
        at.wait_text("We use it.")
        assert at.client.text(memo) == "We use it.\n\nWe begin it.\n"


def test_f19_runs_beyond_the_cap_wait_for_a_place(tmp_path):
    """Four work at once; the fifth says that it waits, begins when one has ended, and lands."""
    with editing(tmp_path, script=[{"hang": True}]) as at:
        at.open("memo.md", "".join(f"We utilise it {n}.\n\n" for n in range(5)))
        runs = [at.refine(f"We utilise it {n}.") for n in range(4)]
        asked = json.dumps(at.model.wait_for(1).body)
        hung = next(run for n, run in enumerate(runs) if f"utilise it {n}" in _candidate(asked))
        last = at.refine("We utilise it 4.")
        at.client.wait(lambda: at.progress(last))
        assert at.progress(last)[0]["message"] == "waits for another run to end"
        token = f"self-refine/{hung}"
        at.client.notify("window/workDoneProgress/cancel", {"token": token})
        for run in (*runs, last):
            at.wait_end(run)
        at.client.wait(lambda: at.text.count("We use it") == 4)
        assert "We use it 4." in at.text


def _candidate(asked):
    """What a request is about, without the text that stands round it."""
    return asked.partition("<candidate-")[2].partition("</candidate-")[0]


def test_f19_edits_of_two_runs_do_not_mix(tmp_path):
    """Two runs that end at the same time land one after the other, each on its own words."""
    text = "We utilise it.\n\nWe commence it.\n"
    with editing(tmp_path, **SLOW) as at:
        at.open("memo.md", text)
        runs = [at.refine("We utilise it."), at.refine("We commence it.")]
        for run in runs:
            at.wait_end(run)
        at.wait_text("We use it.\n\nWe begin it.\n")


def test_f20_a_cancel_at_any_moment(tmp_path):
    """Wherever it comes: one end of the progress, no half edit, earlier findings shown again."""
    text = "Kindly note that we utilise it."
    with editing(tmp_path) as at:
        at.open("memo.md", text)
        at.run(command="critique")
        before = [("house/stock", "Kindly"), ("house/plain", "utilise")]
        at.wait_problems(*before)
        cancelled = 0
        for moment in range(9):
            run = at.refine()
            at.client.wait(lambda m=moment, r=run: len(at.progress(r)) >= m or _over(at, r) or None)
            at.client.command("cancel", {"runId": run})
            at.client.wait(lambda: not any("Cancel" in title for title in at.titles("note")))
            kinds = [p["kind"] for p in at.progress(run)]
            assert kinds.count("begin") == kinds.count("end") <= 1
            if at.text == text:
                cancelled += 1
                at.wait_problems(*before)
            else:
                at.wait_text("Please note that we use it.")
                at.client.change(at.uri, (0, len(at.text), text))
                at.client.command("clear", {})
                at.run(command="critique")
                at.wait_problems(*before)
        assert cancelled >= 3
        assert at.run()
        at.wait_text("Please note that we use it.")


def _over(at, run):
    return any(p["kind"] == "end" for p in at.progress(run))


def test_a_client_without_progress_is_sent_none(tmp_path):
    """The run works as ever; its end is seen in the text."""
    silent = CAPABILITIES | {"window": {}}
    with editing(tmp_path, capabilities=silent) as at:
        at.open("memo.md", TEXT)
        at.refine()
        at.wait_text(REFINED)
        assert at.client.sent("$/progress") == []
        assert at.client.sent("window/workDoneProgress/create") == []


def test_f39_actions_are_answered_while_a_run_streams(tmp_path):
    """Two hundred requests, each with its one answer; the run lands all the same."""
    with editing(tmp_path, **SLOW) as at:
        at.open("memo.md", TEXT)
        run = at.refine()
        at.model.wait_for(1)
        params = {
            "textDocument": {"uri": at.uri},
            "range": at.client.range_of(at.uri, "One."),
            "context": {"diagnostics": [], "triggerKind": 1},
        }
        asked = [at.client.send_request("textDocument/codeAction", params) for _ in range(200)]
        for id_ in asked:
            assert at.client.answer(id_), "a run to cancel, or what came of it"
        at.wait_end(run)
        at.wait_text(REFINED)


def test_f39_runs_leave_nothing_behind(tmp_path):
    """After thirty runs as many descriptors and threads are open as after ten."""
    with editing(tmp_path, rule=RULE) as at:
        at.open("memo.md", TEXT)
        process = psutil.Process(at.client.process.pid)
        counts = []
        for number in range(30):
            at.run()
            at.wait_text(REFINED)
            at.client.change(at.uri, (0, len(REFINED), TEXT))
            if number in (9, 29):
                counts.append((process.num_fds() if psutil.POSIX else 0, process.num_threads()))
        assert counts[1][0] <= counts[0][0] + 2
        assert counts[1][1] <= counts[0][1] + 2
