"""docs/commands.md names every command of the server, and no other."""

import re
from pathlib import Path

from self_refine.editor.requests.execute_command import COMMANDS

PAGE = (Path(__file__).parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_command_stands_on_its_page():
    assert list(COMMANDS) == re.findall(r"^\| `(selfRefine\.\w+)`", PAGE, re.MULTILINE)
