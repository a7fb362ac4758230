"""The snippets of the extension, expanded as VS Code inserts them, are sound criteria."""

import json
import re
from pathlib import Path

import pytest

from self_refine.loop.types import Severity
from support.checking import reading

ROOT = Path(__file__).parents[3]
SNIPPETS = json.loads(
    (ROOT / "client-vscode" / "snippets" / "criteria.code-snippets").read_text(encoding="utf-8")
)
_PLACE = re.compile(
    r"\$\{\d+\|(?P<choices>[^|]*)\|\}"
    r"|\$\{\d+:(?P<text>(?:\\.|[^}\\])*)\}"
    r"|\$\{\d+\}|\$\d+"
)


def expanded(body):
    """Each way that a snippet comes out: with its defaults, and with each choice in turn."""
    text = "\n".join(body)
    most = max(
        (len(m["choices"].split(",")) for m in _PLACE.finditer(text) if m["choices"]), default=1
    )

    def filled(number):
        def place(found):
            if found["choices"]:
                choices = found["choices"].split(",")
                return choices[number % len(choices)]
            return re.sub(r"\\([$}\\])", r"\1", found["text"] or "")

        return _PLACE.sub(place, text)

    return [filled(number) for number in range(most)]


def whole(text):
    """A file with the snippet where it belongs: below `checks:`, as a bullet, as an example."""
    if text.startswith("---"):
        return text
    if text.startswith("- id:"):
        lines = "\n".join("  " + line for line in text.split("\n"))
        return f"---\ncriteria: 1\nchecks:\n{lines}\n---\n"
    if text.startswith("- "):
        return text
    return f"- **too-formal**: Is it?\n\n## Examples\n\n{text}\n"


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_is_sound_as_it_is_inserted(name):
    """In front matter too: no error, and no warning but on an example of somebody else's check."""
    for text in expanded(SNIPPETS[name]["body"]):
        got = reading(whole(text))
        wrong = [p for p in got.problems if p.severity in (Severity.ERROR, Severity.WARNING)]

        assert got.file is not None, (text, got.problems)
        assert [] == [p for p in wrong if p.code != "CR402"], (text, wrong)
        assert "{" not in re.sub(
            r"\{(?:match|replacement|count|max|unit|of|name|state|limit)\}", "", text
        ), text
