"""The settings of the VS Code extension are those of the server, key by key."""

import json
import re
from pathlib import Path

import pytest

from self_refine.settings import KEYS, Settings

_CLIENT = Path(__file__).parent.parent / "client-vscode"
_SCOPES = {"user": "machine", "any": "resource"}
_TYPES = {
    "text": "string",
    "choice": "string",
    "count": "integer",
    "seconds": "number",
    "flag": "boolean",
    "list": "array",
    "table": "object",
}


@pytest.fixture(scope="module")
def properties():
    manifest = json.loads((_CLIENT / "package.json").read_text(encoding="utf-8"))
    groups = manifest["contributes"]["configuration"]
    return {key: value for group in groups for key, value in group["properties"].items()}


def test_every_key_is_a_setting_of_vs_code(properties):
    """The same keys, no more and no fewer."""
    assert set(properties) == {f"selfRefine.{key.name}" for key in KEYS}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_setting_is_of_the_same_kind(key, properties):
    """Scope, type, choices and default agree; VS Code writes an unset text as an empty one."""
    said = properties[f"selfRefine.{key.name}"]
    assert said["scope"] == _SCOPES[key.scope]
    types = said["type"] if isinstance(said["type"], list) else [said["type"]]
    assert _TYPES[key.kind] in types
    assert tuple(filter(None, said.get("enum", ()))) == key.choices
    default = getattr(Settings(), key.field)
    default = list(default) if key.kind == "list" else default
    assert said["default"] == ("" if default is None and "string" in types else default)


def test_the_client_reads_each_key_in_its_scope():
    """`settings.ts` lists the keys as the server does: it is the one place that reads them."""
    source = (_CLIENT / "src" / "settings.ts").read_text(encoding="utf-8")

    def listed(name):
        found = re.search(rf"{name} = \[(.*?)\]", source, re.DOTALL)
        return re.findall(r'"(\w+)"', found[1])

    assert listed("USER_KEYS") == [key.name for key in KEYS if key.scope == "user"]
    assert listed("ANY_KEYS") == [key.name for key in KEYS if key.scope == "any"]
    others = [p for p in (_CLIENT / "src").rglob("*.ts") if p.name != "settings.ts"]
    assert [p.name for p in others if "getConfiguration" in p.read_text(encoding="utf-8")] == []


def test_server_and_extension_are_of_one_version():
    """A package always carries the server that it was made with."""
    from self_refine import __version__  # noqa: PLC0415 - beside what it is compared with

    manifest = json.loads((_CLIENT / "package.json").read_text(encoding="utf-8"))
    assert manifest["version"] == __version__


def test_the_lock_names_no_address():
    """Packages come from wherever the user's npm is set to look."""
    lock = (_CLIENT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "registry" not in lock
