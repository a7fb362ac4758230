"""docs/editors.md and its pages: their settings, names and links are those that exist."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from self_refine.runs.prepare import _CONTEXT
from self_refine.runs.trace import KEPT_DAYS
from self_refine.settings import KEYS

ROOT = Path(__file__).parents[1]
HUB = ROOT / "docs" / "editors.md"
PAGES = sorted((ROOT / "docs" / "editors").glob("*.md"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PAGES}
SNIPPETS = [
    (name, kind, text)
    for name, page in TEXTS.items()
    for kind, text in re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
]
SETTINGS = (
    r"(?:init_options|config|settings) = \{ (\w+) =",
    r"Options \(:(\w+) ",
    r'"(?:initialization_options|initializationOptions)": \{ "(\w+)":',
    r'"selfRefine\.(\w+)": "apply"',
)
NOT_OURS = {"trusted"}
"""What a client says of the workspace: docs/protocol.md."""


def test_every_editor_of_the_table_has_a_page():
    """And every page stands in the table."""
    linked = re.findall(r"\]\(editors/(\w+)\.md\)", HUB.read_text(encoding="utf-8"))

    assert sorted(linked) == sorted(TEXTS)
    assert {"vscode", "neovim", "helix", "emacs", "zed", "sublime"} <= set(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_each_page_says_the_same_things(name):
    """How to set up, what works, what is missing, how to cancel, how to trust; and who ran it."""
    headings = re.findall(r"^## (.+)$", TEXTS[name], re.MULTILINE)

    assert headings[0].startswith("Set up")
    assert headings[-4:] == ["What works", "What is missing", "How to cancel", "How to trust"]
    opening = TEXTS[name].split("\n## ", 1)[0]
    assert ("Not run: none of this page was tried" in opening) == (name in {"zed", "sublime"})
    assert ("Run by our tests" in opening) == (name not in {"zed", "sublime"})


@pytest.mark.parametrize("toml", [text for _, kind, text in SNIPPETS if kind == "toml"])
def test_toml_can_be_read(toml):
    """What a reader copies is TOML."""
    assert tomllib.loads(toml)


@pytest.mark.parametrize("code", [text for _, kind, text in SNIPPETS if kind == "json"])
def test_json_can_be_read(code):
    """What a reader copies is JSON."""
    assert json.loads(code)


@pytest.mark.parametrize("name", TEXTS)
def test_each_editor_is_shown_a_setting_that_exists(name):
    """The settings that each example gives are of the table."""
    named = {found for pattern in SETTINGS for found in re.findall(pattern, TEXTS[name])}

    assert named - NOT_OURS
    assert named - NOT_OURS <= {key.name for key in KEYS}


def test_every_way_to_start_keeps_the_workspace_off_the_path():
    """Each example that starts `self-refine serve` by itself sets both variables.

    The plugin of Neovim and the extension of VS Code set them in their own code.
    """
    starts = [text for _, _, text in SNIPPETS if re.search(r"\bserve\b", text)]
    starts = [text for text in starts if "require('self_refine').setup" not in text]

    assert 5 == len(starts)
    assert all("PYTHONSAFEPATH" in text for text in starts)
    assert all(
        re.search(r"""PYTHONPATH(?:"\.into\(\), "")?[^\w:;.]{1,6}""", text) for text in starts
    )


def test_figures_are_those_of_the_code():
    """How much context is sent, how long a trace is kept."""
    hub = HUB.read_text(encoding="utf-8")

    assert f"up to {_CONTEXT:,} characters on either side" in hub
    assert f"for {KEPT_DAYS} days" in hub


@pytest.mark.parametrize("page", [HUB, *PAGES], ids=lambda path: path.stem)
def test_links_lead_somewhere(page):
    """Pages that it names are there."""
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
