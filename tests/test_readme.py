"""The README: its sample is what the command prints, its commands exist, its links lead on."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def sample():
    """The block after the remark that names this test: the command, and what it printed."""
    block = README.split("tests/test_readme.py", 1)[1].split("```\n", 2)[1]
    command, _, printed = block.partition("\n")
    return command.removeprefix("$ ").split(), printed


def test_the_sample_is_what_the_command_prints(tmp_path):
    """In a terminal of 88 columns, without a model."""
    command, printed = sample()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENAI")}
    environment |= {"COLUMNS": "88", "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "self_refine", *command[1:]],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert "self-refine" == command[0]
    assert printed.rstrip() == tidy(done.stdout)


def tidy(text):
    """Without blanks at the ends of lines, which no reader sees."""
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip()


def test_the_two_commands_are_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in re.findall(r"^make (\S+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_lead_to_files():
    named = re.findall(r"\]\(([^)#:]+)\)", README)

    assert [] == [name for name in named if not (ROOT / name).exists()]
