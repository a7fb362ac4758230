"""The loop's page says of every stop reason what it means, and names no setting that is none."""

import re
from pathlib import Path

from self_refine.loop.task import Limits
from self_refine.loop.types import StopReason

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "loop.md").read_text(encoding="utf-8")


def rows():
    """Each row of the table of stop reasons: its cells."""
    lines = PAGE.partition("## Why it stopped")[2].partition("\n## ")[0].splitlines()
    table = [line for line in lines if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_stop_reason_has_its_row():
    """In the order of the enumeration is not asked; all of them are, each once."""
    assert sorted(f"`{reason}`" for reason in StopReason) == sorted(row[0] for row in rows())


def test_every_row_says_what_it_means_and_what_to_do_next():
    assert all(len(row) == 3 and all(row) for row in rows())


def test_figures_of_the_page_are_those_of_the_program():
    """Passes, in words."""
    words = {3: "three", 7: "seven"}
    assert f"{words[Limits().passes]} passes are allowed" in PAGE


def test_one_sentence_stands_on_each_line():
    for line in PAGE.splitlines():
        if not line.startswith(("|", "#", "-")):
            assert not re.search(r"[.!?] [A-Z]", line), line


def test_every_promise_names_a_test_that_is_there():
    """The list of what the loop promises: no row without a test, no test that is gone."""
    folder = ROOT / "tests" / "loop"
    rows = [line for line in (folder / "README.md").read_text("utf-8").splitlines() if "|" in line]
    named = [re.findall(r"`([^`:]+)::(\w+)`", line) for line in rows if "**" not in line][2:]
    assert all(named)
    for module, test in (pair for row in named for pair in row):
        [path] = folder.parent.rglob(f"{module}.py")
        source = path.read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {test}\(", source, re.MULTILINE), (module, test)
