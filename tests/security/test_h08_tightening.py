"""H8: what a workspace says of a setting may tighten the user's own, and never loosen it."""

import itertools

import pytest

from self_refine.editor.documents.configuration import Configuration
from self_refine.settings import KEYS, Settings
from self_refine.sources import Origin, overlay
from support.editing import editing

SHARED = Origin("workspace settings", "shared")
ANY = [key for key in KEYS if key.scope == "any"]

TIGHTER_FIRST = {
    "review": ["hold", "apply"],
    "mode": ["normal", "thorough"],
    "passes": [1, 2, 3, 7, 1_000_000],
    "liveChecks": [False, True],
}
"""The values of every setting of scope `any`, the tightest first: a new one needs its row."""


def test_h08_every_setting_of_scope_any_has_its_order():
    """A setting without one could be loosened unseen."""
    assert set(TIGHTER_FIRST) == {key.name for key in ANY}
    for key in ANY:
        assert (key.kind == "count") == (key.tightest is None), key.name
        assert key.tightest in (None, TIGHTER_FIRST[key.name][0])
        assert not key.choices or set(key.choices) == set(TIGHTER_FIRST[key.name])


@pytest.mark.parametrize("key", ANY, ids=lambda key: key.name)
def test_h08_a_workspace_only_tightens(key):
    """For each value of the user's and each of the workspace's: the tighter one counts."""
    order = TIGHTER_FIRST[key.name]
    for own, wanted in itertools.product(order, order):
        settings = overlay(Settings(), {key.name: own}, Origin("config.toml", "file")).settings
        loaded = overlay(settings, {key.name: wanted}, SHARED)
        tighter = min(own, wanted, key=order.index)

        assert tighter == getattr(loaded.settings, key.field), (own, wanted)
        loosens = order.index(wanted) > order.index(own)
        assert loosens == bool(loaded.problems), (own, wanted)
        assert not loosens or f"{key.name} = {wanted!r} is ignored" in loaded.problems[0]


@pytest.mark.parametrize("key", ANY, ids=lambda key: key.name)
def test_h08_a_workspace_cannot_loosen_by_turns(key, monkeypatch):
    """Neither by tightening first, nor by a wrong value, nor after the user has changed theirs."""
    monkeypatch.setattr("os.environ", {})
    order = TIGHTER_FIRST[key.name]
    configuration = Configuration()
    for own, first, second in itertools.product(order, order, [*order, "nonsense", None, [], -1]):
        configuration.user_says({key.name: own})
        configuration.client_says({key.name: first})
        configuration.client_says({key.name: second})
        value = getattr(configuration.settings, key.field)
        assert order.index(value) <= order.index(own), (own, first, second)
        configuration.user_says({key.name: order[0]})
        assert order[0] == getattr(configuration.settings, key.field)


@pytest.mark.parametrize("trusted", [True, False])
def test_h08_hold_stays_hold(tmp_path, trusted):
    """The user reviews first; the repository's settings say `apply`: nothing lands by itself."""
    options = {"review": "hold", "extensions": True, "trusted": trusted}
    theirs = {"review": "apply", "mode": "thorough", "passes": 99, "liveChecks": True}
    answers = {"workspace/configuration": lambda p: [theirs for _ in p["items"]]}
    with editing(tmp_path, options=options, answers=answers) as at:
        at.open("memo.md", "We utilise it.\n")
        at.client.notify("workspace/didChangeConfiguration", {"settings": {"selfRefine": theirs}})
        if not trusted:
            assert at.client.command("refine", at.arguments()) is None
            assert [] == at.model.requests
            return
        at.run()
        assert [] == at.edits()
        assert "We utilise it.\n" == at.text
        log = "".join(at.client.stderr)
        assert "review = 'apply' is ignored: a workspace may only set it to 'hold'" in log
