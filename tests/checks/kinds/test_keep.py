"""Keep: what a refinement must not lose, add or change."""

import pytest

from self_refine.loop.types import Verdict
from support.checking import made, marked, result_of

PYTHON = """\
def mean(xs: list[float]) -> float:
    return sum(xs) / len(xs)


class Box:
    def __init__(self, size: int = 3) -> None:
        self.size = size

    def _grow(self): ...
"""


def check(expected, sort, original, text, language="markdown"):
    """`expected` are the messages, in the order of the findings."""
    found = result_of(
        made("keep", keep=[sort], message="{sort} {name} {state}"),
        text,
        original=original,
        language=language,
    ).findings

    assert sorted(expected) == sorted(finding.problem for finding in found)
    marked(text, found)


@pytest.mark.parametrize(
    ("sort", "original", "text", "expected"),
    [
        ("numbers", "12 of 30", "12 of 30", []),
        ("numbers", "12 of 30", "of 30, 12", []),
        ("numbers", "fell by 12%", "fell by 21%", ["number 12% lost", "number 21% added"]),
        ("numbers", "3 and 3", "3", ["number 3 lost"]),
        ("numbers", "at 09:30 on 2026-08-01", "on 2026-08-01 at 09:30", []),
        ("numbers", "v1 x2 a3", "none", []),
        ("placeholders", "Hi {{name}}, ${x} %(y)s {z} [NAME]", "Hi", [
            "placeholder {{name}} lost", "placeholder ${x} lost", "placeholder %(y)s lost",
            "placeholder {z} lost", "placeholder [NAME] lost",
        ]),
        ("placeholders", "Hi", "Hi {name}", ["placeholder {name} added"]),
        ("links", "[a](https://a.example/x) b", "[c](https://a.example/x)", []),
        ("links", "see https://a.example/x", "see", ["link https://a.example/x lost"]),
        ("links", "see", "![x](https://e.example/?d=1)", ["link https://e.example/?d=1 added"]),
        ("links", "[a][1]\n\n[1]: https://a.example", "[a][1]", ["link https://a.example lost"]),
        ("code-fences", "```\na\n```\nx", "y\n```\na\n```\n", []),
        ("code-fences", "```\na\n```\nx", "```\nb\n```\nx", [
            "code block ``` a ``` lost", "code block ``` b ``` added",
        ]),
    ],
)  # fmt: skip
def test_what_is_lost_and_what_is_added(sort, original, text, expected):
    """Each thing is compared by its own words and how often it stands there, not by its place."""
    check(expected, sort, original, text)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("/ len(xs)", "/ max(len(xs), 1)", []),
        ("xs: list[float]", "xs: list", ["signature mean changed"]),
        ("size: int = 3", "size: int = 4", ["signature Box.__init__ changed"]),
        ("def mean", "async def mean", ["signature mean changed"]),
        ("class Box:", "class Box(dict):", ["signature Box changed"]),
        ("class Box:", "class Bag:", ["signature Box lost", "signature Box.__init__ lost"]),
        ("def _grow(self)", "def _shrink(self, by)", []),
        ("    return", "return", ["signature of code that no longer parses lost"]),
    ],
)
def test_public_signatures(before, after, expected):
    """Names, parameters, defaults, annotations and bases count; bodies and private names do not."""
    check(expected, "public-signatures", PYTHON, PYTHON.replace(before, after), "python")


def test_an_indented_selection_is_read_too():
    """A method alone, as it stands in its class, has a signature."""
    check(
        ["signature f changed"],
        "public-signatures",
        "    def f(self, a): ...\n",
        "    def f(self): ...\n",
        "python",
    )


def test_a_changed_signature_is_marked_at_its_name():
    """The name is marked where it is defined, not where its letters first stand."""
    text = "@d\ndef e(x): ...\n"
    found = result_of(
        made("keep", keep=["public-signatures"]),
        text,
        original="@d\ndef e(): ...\n",
        language="python",
    )

    assert "@d\ndef «e»(x): ...\n" == marked(text, found.findings)


def test_signatures_of_what_is_no_python_are_not_checked():
    """Another language, or a part of a statement, is said to be unreadable, not passed."""
    check = made("keep", keep=["public-signatures"])

    other = result_of(check, "b", original="a", language="ruby")
    part = result_of(check, "b", original="x = (", language="python")

    assert (Verdict.NOT_CHECKED, "public-signatures reads Python, not ruby") == (
        other.verdict,
        other.reason,
    )
    assert (Verdict.NOT_CHECKED, "the original does not parse as Python by itself") == (
        part.verdict,
        part.reason,
    )


def test_the_original_passes():
    """A text is never faulted for what it has itself."""
    assert (
        Verdict.PASS
        is result_of(made("keep", keep=["numbers", "public-signatures"]), "12 x (").verdict
    )


def test_lost_things_are_places_behind_their_neighbours():
    """Where something is missing, the mark stands behind what stood before it."""
    text = "1 and 3"
    found = result_of(made("keep", keep=["numbers"]), text, original="1 2 3").findings

    assert "1‸ and 3" == marked(text, found)
