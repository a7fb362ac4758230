"""What is offered at each place of a criteria file; `|` is the cursor."""

import pytest

from self_refine.criteria.showing.completions import completions, own_ids

CHECKS = "---\ncriteria: 1\nchecks:\n  - id: long\n    kind: length\n    "


def offered(marked, ids=()):
    return [found.label for found in completions(marked.replace("|", ""), marked.index("|"), ids)]


@pytest.mark.parametrize(
    ("marked", "part", "without"),
    [
        ("---\n|", ["criteria:", "id:", "applies:", "checks:"], ["kind:"]),
        ("---\ncriteria: 1\nse|", ["severity:"], ["criteria:"]),
        ("---\ncriteria: 1\n|\n---\n", ["title:"], ["criteria:"]),
        ("---\nseverity: |", ["error", "warning", "info", "hint"], []),
        ("---\nseverity: w|", ["warning"], ["error"]),
        ("---\napplies:\n  |", ["languages:", "paths:", "within:"], ["id:"]),
        ("---\napplies:\n  within: |", ["selection", "document"], []),
        ("---\napplies:\n  languages: [mark|", ["markdown"], ["python"]),
        ("---\napplies:\n  languages: [markdown, pyth|", ["python"], ["markdown"]),
        ("---\nextends: |", ["email"], []),
        ("---\nchecks:\n  - |", ["id:", "kind:"], ["title:"]),
        ("---\nchecks:\n  - id: a\n    kind: |", ["regex", "words", "length"], []),
        (CHECKS + "|", ["of:", "unit:", "max:", "severity:"], ["pattern:", "kind:", "id:"]),
        (CHECKS + "unit: |", ["words", "characters"], []),
        ("---\nchecks:\n  - id: a\n    kind: regex\n    require: |", ["true", "false"], []),
        ("- **a** (|", ["error", "warning"], []),
        ("- **a** (error, |", ["hint"], []),
        ("- Is it?\n  - |", ["evidence:", "fix:", "not:"], []),
        ("- Is it?\n  - ev|", ["evidence:"], ["fix:"]),
        (CHECKS + "max: 3\n---\n- Is it?\n  - when: |", ["long"], []),
        (CHECKS + "max: 3\n---\n- Is it?\n  - when: long |", ["fired", "passed"], []),
        ("- **tone**: Is it?\n\n## Examples\n\n```text |", ["good", "bad="], []),
        ("- **tone**: Is it?\n\n## Examples\n\n```text bad=|", ["tone"], []),
    ],
)
def test_what_fits_is_offered(marked, part, without):
    """And nothing that does not."""
    found = offered(marked, ["email"])

    assert set(part) <= set(found), found
    assert not set(without) & set(found), found


@pytest.mark.parametrize(
    "marked", ["|", "# Ti|tle", "- Is it so?|", "words |", "---\ntitle: |", "---|"]
)
def test_nothing_is_offered_among_words(marked):
    """Whoever writes prose is not interrupted."""
    assert [] == offered(marked)


def test_what_was_typed_is_replaced():
    """The edit covers the letters before the cursor alone."""
    (found,) = completions("---\nsev", 7)

    assert ("severity: ", 3) == (found.insert, found.typed)


def test_the_ids_of_a_text():
    """Of checks in both forms of YAML, and of questions."""
    text = (
        "---\nchecks:\n  - id: a\n  - {id: b, kind: regex}\n---\n- **c** (error): x?\n- **D**: y?\n"
    )

    assert ("a", "b", "c") == own_ids(text)
