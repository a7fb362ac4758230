"""Settings: later sources win, repositories cannot redirect, and what is wrong is said."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from self_refine.settings import KEYS, Settings
from self_refine.sources import Origin, load, overlay

NOWHERE = Path("no-such-folder/config.toml")


def test_defaults_hold_where_nobody_says_otherwise():
    """An empty environment and no file give the defaults, without a word."""
    loaded = load(environ={}, config=NOWHERE)

    assert Settings() == loaded.settings
    assert loaded.problems == ()


def test_a_byte_order_mark_is_no_part_of_the_settings(tmp_path):
    """Editors of Windows write one."""
    config = tmp_path / "config.toml"
    config.write_bytes(b"\xef\xbb\xbfpasses = 1\n")
    loaded = load(environ={}, config=config)

    assert (1, ()) == (loaded.settings.passes, loaded.problems)


def test_later_sources_win(tmp_path):
    """config.toml < environment < initializationOptions."""
    config = tmp_path / "config.toml"
    config.write_text('model = "from-file"\ncriticModel = "critic"\npasses = 5\n', encoding="utf-8")

    loaded = load(
        environ={"OPENAI_MODEL": "from-environment", "SELF_REFINE_LOG": " "},
        config=config,
        options={"passes": 2},
    )

    assert (
        loaded.settings.model,
        loaded.settings.critic_model,
        loaded.settings.passes,
    ) == ("from-environment", "critic", 2)
    assert loaded.settings.base_url is None


@pytest.mark.parametrize("key", [k for k in KEYS if k.scope == "user"], ids=lambda k: k.name)
def test_a_repository_cannot_set_user_keys(key):
    """What a repository may have written is ignored, with a sentence that names the key."""
    value = {"text": "https://evil.test/v1", "flag": False, "choice": key.choices[:1]}.get(
        key.kind, 1
    )

    loaded = overlay(Settings(), {key.name: value}, Origin("workspace settings", "shared"))

    assert Settings() == loaded.settings
    assert f"workspace settings: {key.name} is ignored" in loaded.problems[0]


def test_a_repository_lowers_passes_and_never_raises_them():
    """`passes` from a repository is a lower limit at most."""
    shared = Origin("workspace settings", "shared")

    assert overlay(Settings(), {"passes": 1}, shared).settings.passes == 1
    assert overlay(Settings(), {"passes": 9}, shared).settings.passes == 3


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"pases": 2}, "unknown setting 'pases'; did you mean 'passes'?"),
        ({"passes": 0}, "passes is 0, but it must be a whole number above 0"),
        ({"passes": True}, "passes is True, but it must be a whole number above 0"),
        ({"review": "ask"}, "review is 'ask', but it must be one of apply, hold"),
        (
            {"maxSeconds": 1e16},
            "maxSeconds is 1e+16, but it must be a number of seconds above 0 and below 1,000,000",
        ),
        (
            {"maxSeconds": "5"},
            "maxSeconds is '5', but it must be a number of seconds above 0 and below 1,000,000",
        ),
        ({"liveChecks": 1}, "liveChecks is 1, but it must be true or false"),
        ({"model": " "}, "model is ' ', but it must be text that is not empty"),
    ],
)
def test_a_wrong_value_is_named_and_left_out(values, sentence):
    """A problem says which source, which key, and what it must be."""
    loaded = overlay(Settings(), values, Origin("config.toml", "file"))

    assert (f"config.toml: {sentence}",) == loaded.problems
    assert Settings() == loaded.settings


def test_the_key_never_comes_from_a_file_and_never_shows(tmp_path):
    """`apiKey` in config.toml is refused; from an editor it is taken and kept out of `repr`."""
    config = tmp_path / "config.toml"
    config.write_text('apiKey = "sk-file"\n', encoding="utf-8")

    from_file = load(environ={}, config=config)
    from_editor = load(environ={}, config=NOWHERE, options={"apiKey": " sk-editor "})

    assert from_file.settings.api_key is None
    assert "OPENAI_API_KEY" in from_file.problems[0]
    assert from_editor.settings.api_key == "sk-editor"
    assert "sk-editor" not in repr(from_editor.settings)


def test_a_broken_file_is_named_and_the_defaults_hold(tmp_path):
    """A config.toml that is no TOML costs nothing but a sentence."""
    config = tmp_path / "config.toml"
    config.write_text("passes = = 3", encoding="utf-8")

    loaded = load(environ={}, config=config)

    assert Settings() == loaded.settings
    assert re.search(r"config\.toml is ignored: .*line 1", loaded.problems[0])


def test_every_field_is_a_key_and_every_key_a_field():
    """The table of names and the dataclass say the same."""
    of_sources = {"api_key", "key_source", "extras_for"}
    assert {f.name for f in fields(Settings)} - of_sources == {key.field for key in KEYS}


ROOT = Path(__file__).parents[1]


def documented():
    """The rows of docs/settings.md: name, default, scope, meaning."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    cells = (line.strip("| ").split(" | ") for line in text.split("\n") if line.startswith("| `"))
    return {row[0].strip("`"): row[1:] for row in cells if len(row) == 4}


def as_toml(value):
    """A default as people write it in config.toml."""
    return "none" if value is None else f"`{json.dumps(value)}`"


def test_the_documentation_names_every_setting():
    """Name, default, scope, meaning, choices and variable of each, in the order of the table."""
    rows = documented()

    assert list(rows) == [key.name for key in KEYS]
    for key in KEYS:
        default, scope, meaning = rows[key.name]
        assert default == as_toml(getattr(Settings(), key.field)), key.name
        assert scope == key.scope, key.name
        words = meaning.split("; ")[0]
        assert words.split(" (")[0].startswith(key.meaning.split(", or")[0].split(";")[0][:20])
        for word in (*key.choices, *((key.variable,) if key.variable else ())):
            assert f"`{word}`" in meaning, key.name


def test_the_extension_has_every_setting_with_its_default_and_scope():
    """VS Code's table says the same; user keys are of machine scope, so no repository sets them."""
    manifest = json.loads((ROOT / "client-vscode" / "package.json").read_text(encoding="utf-8"))
    sections = manifest["contributes"]["configuration"]
    sections = sections if isinstance(sections, list) else [sections]
    properties = {}
    for section in sections:
        properties |= section["properties"]
    guarded = manifest["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]

    assert set(properties) == {f"selfRefine.{key.name}" for key in KEYS}
    for key in KEYS:
        default = getattr(Settings(), key.field)
        default = list(default) if isinstance(default, tuple) else default
        said = properties[f"selfRefine.{key.name}"]
        assert said.get("default") in (default, None, "")
        assert said["scope"] == {"user": "machine", "any": "resource"}[key.scope]
        assert [each for each in said.get("enum", []) if each] == list(key.choices)
        assert (f"selfRefine.{key.name}" in guarded) is (key.scope == "user")


def test_what_is_wrong_now_leaves_what_the_same_source_said_before(tmp_path):
    """Per source: a wrong value or a broken file changes nothing, an absent one is unset."""
    config = tmp_path / "config.toml"
    config.write_text("passes = 5\n", encoding="utf-8")
    first = load(environ={}, config=config, options={"model": "one", "maxCalls": 7})

    config.write_text("passes = = 3", encoding="utf-8")
    second = load(environ={}, config=config, options={"model": 4, "maxCalls": 9}, last=first)
    third = load(environ={}, config=config, options={"maxCalls": 0}, last=second)

    assert (second.settings.passes, second.settings.model, second.settings.max_calls) == (
        5,
        "one",
        9,
    )
    assert len(second.problems) == 2
    assert (third.settings.passes, third.settings.model, third.settings.max_calls) == (5, None, 9)


def test_a_wrong_value_without_one_before_leaves_the_lower_source():
    """There is nothing to fall back to but what the setting is without that source."""
    loaded = overlay(Settings(model="mine"), {"model": 4}, Origin("config.toml", "file"), {})

    assert loaded.settings.model == "mine"
