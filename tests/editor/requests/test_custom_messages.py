"""The messages beyond LSP: three descriptions that agree, and what the server does with them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from self_refine.editor.requests import custom_messages
from support.editing import RULE, editing
from support.lsp_client import NEVER
from support.rule import Rule

_ROOT = Path(__file__).parents[3]
_OURS = {"extensions": True, "lmBridge": False, "trusted": True}


def test_server_client_and_page_name_the_same_messages():
    """`custom_messages.py`, `protocol.ts` and the page are one protocol."""
    mirror = _mirror()
    page = (_ROOT / "docs/protocol.md").read_text(encoding="utf-8")
    expected = {*custom_messages.METHODS, "selfRefine/optionsChanged"}
    assert set(re.findall(r'"(selfRefine/\w+)"', mirror)) == expected
    assert set(re.findall(r"^### `(selfRefine/\w+)`", page, re.MULTILINE)) == expected


def test_a_view_has_the_keys_of_its_mirror(tmp_path):
    """What the server sends of a run is what `protocol.ts` says, at every level."""
    with editing(tmp_path, rule=RULE, options=_OURS) as at:
        at.open("memo.md", "We utilise it, kindly.")
        at.run()
        view = _last(at)
    assert set(view) == _keys("RunView")
    assert set(view["passes"][0]) == _keys("PassView")
    assert set(view["passes"][0]["findings"][0]) == _keys("FindingView")
    assert set(view["changes"][0]) == _keys("ChangeView")
    assert set(view["changes"][0]["parts"][0]) == _keys("PartView")
    assert set(view["changes"][0]["why"][0]) == _keys("WhyView")
    assert set(view["criteria"][0]) == _keys("CriterionView")
    assert set(view["counts"]) == _keys("Counts")
    assert set(view["verdict"]) == _keys("Verdict")


def test_a_run_is_told_from_its_beginning_to_its_review(tmp_path):
    """Running, landed, ended; with the passes, what was found in them and what became of it."""
    with editing(tmp_path, rule=RULE, options=_OURS) as at:
        at.open("memo.md", "We utilise it. Kindly.")
        run = at.run()
        view = _last(at)
        assert _sent(at)[0]["state"] == "running"
        assert view["state"] == "landed"
        assert view["stop"] == "approved"
        found = [(f["quote"], f["fixedIn"]) for p in view["passes"] for f in p["findings"]]
        assert ("Kindly", 1) in found
        assert [(c["before"], c["state"]) for c in view["changes"]] == [
            ("utilise", "landed"),
            ("Kindly", "landed"),
        ]
        words = [at.words_at(at.uri, c["range"]) for c in view["changes"]]
        assert words == ["use", "Please"]

        at.client.command("revert", {"runId": run, "hunk": 0})
        at.wait_text("We utilise it. Please.")
        at.client.command("accept", {"runId": run})
        assert [c["state"] for c in _last(at, "ended")["changes"]] == ["reverted", "kept"]


def test_the_same_is_not_told_twice_in_a_row(tmp_path):
    """Several refreshes of one state are one message."""
    with editing(tmp_path, rule=RULE, options=_OURS) as at:
        at.open("memo.md", "We utilise it.")
        at.run()
        _last(at)
        views = _sent(at)
    assert all(one != other for one, other in pairwise(views))


def test_a_client_that_does_not_know_them_is_sent_none(tmp_path):
    """Plain LSP stays plain."""
    with editing(tmp_path, rule=RULE) as at:
        at.open("memo.md", "We utilise it.")
        at.run()
        assert _sent(at) == []


def test_a_held_result_is_shown_before_it_lands(tmp_path):
    """The preview is the document with the changes; the document is as it was."""
    options = _OURS | {"review": "hold"}
    with editing(tmp_path, rule=RULE, options=options) as at:
        at.open("memo.md", "First.\n\nWe utilise it.\n")
        run = at.run("We utilise it.")
        assert _last(at)["held"] is True
        preview = at.client.request("selfRefine/preview", {"runId": run})
        assert preview == {"after": "First.\n\nWe use it.\n"}
        assert at.text == "First.\n\nWe utilise it.\n"
        # The client has opened the difference: no sentence says where it is.
        assert not [words for words in at.client.shown() if "waits" in words]


def test_what_has_to_be_looked_at_is_said_beside_the_difference(tmp_path):
    """A rewrite that brings an address says so, and nothing of actions that show what is shown."""
    rule = Rule({"utilise": "use ![it](https://evil.test/?d=1)"}, criterion="house/plain")
    with editing(tmp_path, rule=rule, options=_OURS) as at:
        at.open("memo.md", "We utilise it.")
        at.run()
        said = at.wait_shown("The refined text waits", "look at it first")
        assert _last(at)["held"] is True
    assert "code actions" not in said


def test_offers_name_the_teams_file_first(tmp_path):
    """Every file is offered; those of the workspace come before those that ship."""
    with editing(tmp_path, rule=RULE, options=_OURS) as at:
        at.open("memo.md", "We utilise it.")
        range_ = at.client.range_of(at.uri, "utilise")
        offered = at.client.request("selfRefine/offers", {"uri": at.uri, "range": range_})
    first, *others = offered
    assert (first["ids"], first["applies"], first["shipped"]) == (["house"], True, False)
    assert all(offer["shipped"] for offer in others)
    assert {"email", "prose"} <= {id_ for offer in others for id_ in offer["ids"]}


def test_the_doctor_asks_the_model_in_each_form(tmp_path):
    """Its first line says who answered."""
    with editing(tmp_path, rule=RULE, options=_OURS) as at:
        report = at.client.request("selfRefine/doctor")
        assert report["ok"] is True
        assert report["lines"][0].startswith("model: scripted-1 at ")
        assert len(at.model.asked) == 2


def test_the_doctor_says_first_what_is_broken(tmp_path):
    """The link and its mend, before the links that hold."""
    with editing(tmp_path, rule=RULE, options=_OURS | {"baseUrl": "http://127.0.0.1:1/v1"}) as at:
        report = at.client.request("selfRefine/doctor")
        assert report["ok"] is False
        assert report["lines"][0].startswith("Broken at tcp: Cannot reach 127.0.0.1:1")
        assert not at.model.requests


# The editor's model.


def _lends(at, replies, *, finish="stop", chunks=1):
    """Let the client lend a model that gives these replies in turn; gives what it was asked."""
    asked = []

    def answer(params):
        asked.append(params)
        text = replies[min(len(asked), len(replies)) - 1]
        text = text(params) if callable(text) else text
        size = max(1, -(-len(text) // chunks))
        for number, start in enumerate(range(0, len(text), size)):
            value = {"number": number, "text": text[start : start + size]}
            at.client.notify("$/progress", {"token": params["token"], "value": value})
            # A chunk that comes twice, and one for nobody, change nothing.
            at.client.notify("$/progress", {"token": params["token"], "value": value})
            at.client.notify("$/progress", {"token": "other", "value": value})
        return {"finish": finish, "model": "Lent", "code": None, "message": ""}

    at.client.answers["selfRefine/lmModel"] = lambda _: {"name": "Lent"}
    at.client.answers["selfRefine/lm"] = answer
    return asked


def _by_rule(params):
    """What the scripted model would say to the same request."""
    message = {"role": "user", "content": params["messages"][-1]["content"]}
    form = {"type": "json_schema", "json_schema": {"schema": params["schema"]}}
    body = {"messages": [message]} | ({"response_format": form} if params["schema"] else {})
    return RULE.answer(body)


_LENDING = _OURS | {"lmBridge": True, "cache": False}
"""Without the cache: each run asks the model."""


def test_a_run_is_judged_and_written_by_the_editors_model(tmp_path):
    """Each is one reading, which has no schema; the reply may come in pieces, and twice."""
    with editing(tmp_path, model=False, options=_LENDING) as at:
        asked = _lends(at, [_by_rule], chunks=7)
        at.open("memo.md", "We utilise it.")
        run = at.run()
        at.wait_text("We use it.")
        assert _last(at)["model"].startswith("Lent at ")
        assert {(params["runId"], params["schema"]) for params in asked} == {(run, None)}
        del asked[:]
        critique = at.run(command="critique")
    assert {(params["runId"], params["schema"]) for params in asked} == {(critique, None)}


def test_a_model_without_schemas_is_asked_in_tags(tmp_path):
    """Thorough critiques have a schema; `NoSchema` costs one more question, once."""
    with editing(tmp_path, model=False, options=_LENDING | {"mode": "thorough"}) as at:
        asked = _lends(at, [_by_rule])
        taking = at.client.answers["selfRefine/lm"]

        def answer(params):
            if params["schema"] is None:
                return taking(params)
            asked.append(params)
            return _denied("NoSchema")

        at.client.answers["selfRefine/lm"] = answer
        at.open("memo.md", "We utilise it.")
        at.run(command="critique")
        assert sum(params["schema"] is not None for params in asked) == 1
        assert sum(params["schema"] is None for params in asked) >= 1


@pytest.mark.parametrize(
    ("code", "words"),
    [("NoPermissions", "did not allow"), ("Blocked", "quota"), ("NotFound", "no longer has")],
)
def test_a_refusal_is_told_and_the_text_is_as_it_was(code, words, tmp_path):
    """Consent, quota and a model that is gone each have their sentence."""
    with editing(tmp_path, model=False, options=_LENDING) as at:
        at.client.answers["selfRefine/lmModel"] = lambda _: {"name": "Lent"}
        at.client.answers["selfRefine/lm"] = lambda _: _denied(code)
        at.open("memo.md", "We utilise it.")
        at.run()
        at.wait_shown(words)
        assert at.text == "We utilise it."


@pytest.mark.parametrize("answer", [None, 7, "x", {}, {"finish": 3}, {"finish": "sudden"}])
def test_an_answer_that_is_none_fails_the_call_alone(answer, tmp_path):
    """Whatever an editor sends, the run ends in an orderly way."""
    with editing(tmp_path, model=False, options=_LENDING) as at:
        at.client.answers["selfRefine/lmModel"] = lambda _: {"name": "Lent"}
        at.client.answers["selfRefine/lm"] = lambda _: answer
        at.open("memo.md", "We utilise it.")
        at.run()
        assert at.text == "We utilise it."


def test_cancelling_a_run_cancels_the_editors_request(tmp_path):
    """`$/cancelRequest` names the request that nobody waits for any more."""
    with editing(tmp_path, model=False, options=_LENDING) as at:
        at.client.answers["selfRefine/lmModel"] = lambda _: {"name": "Lent"}
        at.client.answers["selfRefine/lm"] = lambda _: NEVER
        at.open("memo.md", "We utilise it.")
        run = at.refine()
        at.client.wait(lambda: at.client.sent("selfRefine/lm"))
        at.client.command("cancel", {"runId": run})
        cancelled = at.client.wait(lambda: at.client.sent("$/cancelRequest"))
        asked = [m for m in at.client.messages if m.get("method") == "selfRefine/lm"]
        assert cancelled == [{"id": asked[0]["id"]}]
        at.wait_end(run)


def test_without_a_model_to_lend_the_checks_run_alone(tmp_path):
    """An editor that lends none costs nothing but judged criteria."""
    with editing(tmp_path, model=False, options=_LENDING) as at:
        at.client.answers["selfRefine/lmModel"] = lambda _: None
        at.open("memo.md", "Kindly utilise it, kindly.")
        at.run()
        at.wait_text("Please utilise it, please.")
        assert at.client.sent("selfRefine/lm") == []


def test_an_untrusted_workspace_asks_no_model_of_the_editor(tmp_path):
    """Nor does the doctor."""
    with editing(tmp_path, model=False, options=_LENDING | {"trusted": False}) as at:
        report = at.client.request("selfRefine/doctor")
        assert report["ok"] is False
        assert at.client.sent("selfRefine/lmModel") == []


def _denied(code):
    return {"finish": "denied", "model": "", "code": code, "message": "in the editor's words"}


def _sent(at):
    return at.client.sent("selfRefine/run")


def _last(at, *states):
    """The view that was sent last; wait for one of these states."""
    states = states or ("landed", "waiting", "ended")
    return at.client.wait(lambda: next((v for v in _sent(at)[-1:] if v["state"] in states), None))


def _keys(interface):
    bodies = re.findall(rf"interface {interface} \{{(.*?)\n *\}}", _mirror(), re.DOTALL)
    return {key for body in bodies for key in re.findall(r"^ +(\w+)\??:", body, re.MULTILINE)}


def _mirror():
    """What the client says of the protocol."""
    found = sorted((_ROOT / "client-vscode/src").glob("protocol*.ts"))
    return "\n".join(path.read_text(encoding="utf-8") for path in found)
