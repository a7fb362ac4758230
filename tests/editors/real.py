"""Owns what tests in real editors share: a workspace with a model, cases, their summary."""

import contextlib
import sys
import tempfile
import time
import traceback
from pathlib import Path

from support.editing import FILES, RULE, at_home
from support.lsp_client import environment
from support.scripted import Scripted

SERVER = Path(sys.executable).with_name("self-refine")
PAGES = Path(__file__).parents[2] / "docs/editors"
SECONDS = 40

TEXT = "Dear Ann,\n\n\U0001f600 Kindly note: we utilise the form.\nWe commence at ten.\n"
REFINED = "Dear Ann,\n\n\U0001f600 Please note: we use the form.\nWe begin at ten.\n"


class Place:
    """A workspace, a home and a model; each of one case alone."""

    def __init__(self, folder, model):
        self.root, self.home, self.model = folder / "team work", folder / "home", model
        self.memo = self.root / "memo.md"
        for name, text in {**FILES, "memo.md": TEXT}.items():
            self.write(name, text)
        self.home.mkdir()
        self.env = environment() | at_home(self.home) | {"OPENAI_BASE_URL": model.url}

    def write(self, name, text):
        """Write a file of the workspace."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def documented(editor, language, heading="Set up"):
    """The blocks of a language that an editor's page has below a heading, in their order."""
    page = (PAGES / f"{editor}.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    return [rest.split("```")[0] for rest in section.split(f"```{language}\n")[1:]]


@contextlib.contextmanager
def place(answers=(), *, seconds_per_token=0.0):
    """Make a place; the model first answers from the script `answers`, then by the usual rule."""
    with (
        # A server whose editor was killed may still be writing its state when the case is over.
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Scripted(answers, rule=RULE, seconds_per_token=seconds_per_token) as model,
    ):
        yield Place(Path(folder), model)


def wait(what, predicate, seen=lambda: "", seconds=SECONDS):
    """Ask until something holds; gives its value.

    An editor in a terminal has nothing that could be waited on, so it is asked again and again.
    """
    deadline = time.monotonic() + seconds
    while not (found := predicate()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}\n{seen()}"
        time.sleep(0.05)
    return found


def carry_out(cases):
    """Carry out cases, those whose name holds the first argument; close with the summary."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    passed = failed = 0
    for case in cases:
        name = case.__doc__.splitlines()[0]
        if wanted not in name:
            continue
        began = time.monotonic()
        try:
            case()
        except Exception:  # noqa: BLE001 - the boundary: whatever a case raises is its failure
            failed += 1
            _say(f"FAILED  {name}\n{traceback.format_exc()}")
        else:
            passed += 1
            _say(f"ok      {name} ({time.monotonic() - began:.0f} s)")
    _say(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
