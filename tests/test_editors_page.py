"""docs/editors.md: its settings, names and links are those that exist."""

import re
import tomllib
from pathlib import Path

import pytest

from self_refine.runs.prepare import _CONTEXT
from self_refine.runs.trace import KEPT_DAYS
from self_refine.settings import KEYS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("toml", [text for kind, text in SNIPPETS if kind == "toml"])
def test_toml_can_be_read(toml):
    """What a reader copies is TOML."""
    assert tomllib.loads(toml)


@pytest.mark.parametrize(
    "pattern", [r"init_options = \{ (\w+) =", r"config = \{ (\w+) =", r"Options \(:(\w+) "]
)
def test_each_editor_is_shown_a_setting_that_exists(pattern):
    """The setting that each example gives is one of the table."""
    (name,) = re.findall(pattern, PAGE)

    assert name in {key.name for key in KEYS}


def test_every_way_to_start_keeps_the_workspace_off_the_path():
    """Each example starts `self-refine serve` with both variables set."""
    starts = [text for _, text in SNIPPETS if re.search(r"\bserve\b", text)]

    assert 4 == len(starts)
    assert all("PYTHONSAFEPATH" in text for text in starts)
    assert all(
        re.search(r"""PYTHONPATH(?:"\.into\(\), "")?[^\w:;.]{1,6}""", text) for text in starts
    )


def test_figures_are_those_of_the_code():
    """How much context is sent, how long a trace is kept."""
    assert f"up to {_CONTEXT:,} characters on either side" in PAGE
    assert f"for {KEPT_DAYS} days" in PAGE


def test_links_lead_somewhere():
    """Pages that it names are there."""
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).is_file(), target
