"""What is offered at a range: commands alone, by kind and trigger, within milliseconds."""

from support.editing import CRITERIA, FILES, editing
from support.lsp_client import CAPABILITIES

OTHER = """\
---
criteria: 1
id: other
title: Other rules
applies:
  languages: [markdown]
---
# Other rules

## Criteria

- **short** (warning): Is there a sentence that could be shorter?
"""
WRONG = "---\ncriteria: 1\nid: wrong\nnonsense: 1\n---\n# W\n\n## Criteria\n\n- **a**: Is it?\n"


def with_said(**said):
    """The usual client, with other words about code actions."""
    document = CAPABILITIES["textDocument"]
    return CAPABILITIES | {"textDocument": document | {"codeAction": said}}


def test_kinds_and_triggers(tmp_path):
    """Runs are offered for a selection alone; sources never; unasked only fixes of findings."""
    with editing(tmp_path) as at:
        at.open("memo.md", "Kindly use it.\n\nWe utilise it.\n")
        at.wait_problems(("house/stock", "Kindly"))
        runs = ["Self-refine selection", "Critique selection"]
        assert at.titles("utilise") == runs
        assert at.titles("utilise", trigger=2) == runs
        assert at.titles("utilise", only=["refactor"]) == runs
        assert at.titles("utilise", only=["refactor.rewrite"]) == runs
        assert at.titles("utilise", only=["refactor.rewrite.selfRefine.critique"]) == runs[1:]
        assert at.titles(only=["refactor.extract"]) == []
        for kind in ("source", "source.fixAll", "source.organizeImports"):
            assert at.titles(only=[kind]) == []
        assert at.titles(at=20, trigger=2) == []
        unit = "paragraph \u201cWe utilise it.\u201d"
        assert at.titles(at=20) == [f"Self-refine {unit}", f"Critique {unit}"]
        unasked = at.actions(at=2, trigger=2)
        assert {a["kind"] for a in unasked} == {"quickfix"}
        assert all("command" in a and "edit" not in a and "data" not in a for a in at.actions())
        assert at.model.requests == []


def test_several_files_are_offered_together_and_alone(tmp_path):
    """All team files that apply at once, then each by its title; the broken one is not offered."""
    files = FILES | {"criteria/other.criteria.md": OTHER, ".self-refine/wrong.criteria.md": WRONG}
    with editing(tmp_path, files=files) as at:
        at.open("memo.md", "We utilise it.")
        assert at.titles() == [
            "Self-refine selection",
            "Self-refine selection: House style",
            "Self-refine selection: Other rules",
            "Critique selection",
        ]
        run = at.choose("Self-refine selection: Other rules")["runId"]
        at.wait_end(run)
        assert at.text == "We utilise it."
        wrong = (at.root / ".self-refine/wrong.criteria.md").as_uri()
        [problem] = at.client.wait(lambda: at.client.diagnostics(wrong))
        assert "nonsense" in problem["message"]
        assert problem["range"]["start"]["line"] == 3


def test_where_no_team_file_applies_each_pack_that_fits_is_offered(tmp_path):
    """None of them runs unasked, and "Self-refine selection" alone is not among them."""
    with editing(tmp_path, files={"README": ""}) as at:
        at.open("note.md", "Kindly find attached the utilization report, as per your request.")
        at.client.command("explain", {"uri": at.uri})
        titles = at.titles()
        packs = [t for t in titles if t.startswith("Self-refine selection: ")]
        assert len(packs) >= 2
        assert "Self-refine selection" not in titles
        assert at.problems() == []
        run = at.refine()
        assert at.wait_end(run) == "nothing was done"
        at.wait_shown("No criteria file of this workspace is for this text. Choose ")


def test_tags_and_reasons_only_where_the_client_knows_them(tmp_path):
    """`tags` and `disabled` are left out for clients that do not say that they take them."""
    options = {"maxSelectionTokens": 2}
    with editing(tmp_path, capabilities=with_said(), options=options) as at:
        at.open("memo.md", "We utilise it now.")
        assert all("tags" not in a and "disabled" not in a for a in at.actions())
    known = with_said(disabledSupport=True, tagSupport={"valueSet": [1]})
    with editing(tmp_path, capabilities=known, options=options) as at:
        at.open("memo.md", "We utilise it now.")
        found = at.actions(only=["refactor"])
        assert all(a["tags"] == [1] and a["disabled"]["reason"] for a in found)


def test_the_paragraph_at_the_cursor_is_refined_where_nothing_is_selected(tmp_path):
    """The action names it; what stands round it keeps its bytes."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We utilise it.\n\nWe utilise that.\n\nWe utilise all.\n")
        run = at.choose("Self-refine paragraph", at=20)["runId"]
        at.wait_end(run)
        at.wait_text("We utilise it.\n\nWe use that.\n\nWe utilise all.\n")
        assert at.titles(at=15) == []


def test_a_criteria_file_is_not_refined_as_prose(tmp_path):
    """Nothing is offered for it; the command says where its faults stand."""
    with editing(tmp_path) as at:
        at.open("criteria/house.criteria.md", CRITERIA)
        assert at.titles() == []
        assert at.client.command("refine", at.arguments()) is None
        at.wait_shown("house.criteria.md is a criteria file, so it is not refined as prose.")


def test_more_than_four_choices_stand_behind_one_entry(tmp_path):
    """The first four are listed; the rest is asked for."""
    files = {
        f"criteria/{n}.criteria.md": OTHER.replace("other", f"other{n}").replace("Other", f"O{n}")
        for n in range(6)
    }
    answers = {"window/showMessageRequest": lambda _: {"title": "O5 rules"}}
    with editing(tmp_path, files=FILES | files, answers=answers) as at:
        at.open("memo.md", "We utilise it.")
        titles = at.titles()
        assert len(titles) == 6
        assert titles[-2:] == ["Self-refine selection with \u2026", "Critique selection"]
        at.choose("Self-refine selection with")
        at.client.wait(lambda: [p for p in at.client.progress() if p["kind"] == "end"])


def test_files_for_secrets_are_offered_nothing(tmp_path):
    """Their names are enough."""
    with editing(tmp_path) as at:
        for name in (".env", ".env.local", "server.pem", "id_rsa"):
            at.open(name, "We utilise it.")
            assert at.actions() == []


def test_the_handshake_names_kinds_and_commands(tmp_path):
    """No resolve provider; every command of the documentation."""
    with editing(tmp_path) as at:
        [answer] = [m["result"] for m in at.client.messages if m.get("id") == 1]
        said = answer["capabilities"]
        assert said["codeActionProvider"].get("resolveProvider") is not True
        assert "refactor.rewrite.selfRefine" in said["codeActionProvider"]["codeActionKinds"]
        for name in ("refine", "critique", "generate", "cancel", "accept", "revert", "showTrace",
                     "explain", "clear"):  # fmt: skip
            assert f"selfRefine.{name}" in said["executeCommandProvider"]["commands"]


def test_a_criteria_file_is_judged_as_it_stands_in_the_editor(tmp_path):
    """What is wrong in it is shown while it is written, unsaved; nothing once it is mended."""
    with editing(tmp_path) as at:
        at.open("criteria/house.criteria.md", CRITERIA)
        start = CRITERIA.index("kind: words")
        at.client.change(at.uri, (start, start, "\U0001f600kind: x\n    "))
        at.client.wait(lambda: any(p[2] == 1 for p in at.problems()))
        at.client.change(at.uri, (start, start + len("\U0001f600kind: x\n    "), ""))
        at.client.wait(lambda: not any(p[2] == 1 for p in at.problems()))


def test_what_is_too_long_is_not_hashed_at_every_move_of_the_cursor(tmp_path):
    """Its actions say why they are disabled; called all the same, the command says it too."""
    with editing(tmp_path) as at:
        at.open("memo.md", "We utilise it.\n" * 3_000)
        offered = at.actions()
        assert ["disabled" in action for action in offered] == [True, True]
        arguments = [action["command"]["arguments"][0] for action in offered]
        assert ["textHash" in each for each in arguments] == [False, False]
        assert at.client.command("refine", arguments[0]) is None
        at.wait_shown("The selection is ~11,250 tokens; the limit is 8,000.")
        assert "textHash" in at.actions("We utilise it.")[0]["command"]["arguments"][0]
