"""From the place that a tool names to the words of the selection."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.tools.results.places import Document, is_about, is_candidate, place_of
from self_refine.tools.results.reported import At, Reported

ROOT = Path("/srv/shop")
BEFORE = "import os\n\n"
TEXT = 'def total(xs):\n    return "\U0001f600é" + xs\n\n\ndef other():\n    pass\n'
DOCUMENT = Document(BEFORE, TEXT, "\n# end\n", "src/shop.py")


def words(reported, document=DOCUMENT):
    found = place_of(reported, document, (ROOT,))
    return None if found is None else found.of(document.text)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (At("src/shop.py", 3), "def total(xs):"),
        (At("", 3, 5, 3, 10), "total"),
        (At("src/shop.py", 4, 15, 4, 17, "utf-16"), 'é"'),
        (At("src/shop.py", 4, 14, 4, 16, "code points"), 'é"'),
        (At("src/shop.py", 4, 17, 4, 20, "utf-8"), 'é"'),
        (At("src/shop.py", 4, 13, 4, 15, "utf-16"), "\U0001f600"),
        (At("src/shop.py", 4, 99), 'return "\U0001f600é" + xs'),
        (At("src/shop.py", 1), None),
        (At("src/shop.py", 9999), None),
        (At("src/other.py", 3), None),
    ],
)
def test_places_of_every_unit(at, expected):
    assert expected == words(Reported(message="m", at=at))


@pytest.mark.parametrize(
    ("path", "means"),
    [
        ("src/shop.py", True), ("-", True), ("/srv/shop/src/shop.py", True),
        ("file:///srv/shop/src/shop.py", True), ("/tmp/copy/src/shop.py", False),
        ("/etc/src/shop.py", False), ("shop.py", False), ("src%2Fshop.py", True),
    ],
)  # fmt: skip
def test_which_file_a_tool_means(path, means):
    assert means == is_candidate(path, DOCUMENT, (ROOT,))


def test_the_innermost_line_of_the_selection_that_a_traceback_names():
    detail = (
        "tests/test_shop.py:3: in test_total\n    total(1)\nsrc/shop.py:4: in total\n"
        "/usr/lib/x.py:9: TypeError"
    )

    assert words(Reported(test="t", message="m", detail=detail)).startswith("return")
    assert words(Reported(test="test_other", message="m", detail="x")) == "def other():"
    assert words(Reported(test="test_else", message="m", detail="x")) is None


def test_a_name_is_spoken_of_as_a_word_or_a_part_of_a_tests_name():
    assert is_about(Reported(test="test_total", message=""), TEXT)
    assert is_about(Reported(test="t", message="where 4 = total([1])"), TEXT)
    assert not is_about(Reported(test="test_totals", message="subtotal"), "def total(): pass")


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 9), st.integers(0, 60))
def test_any_place_lies_in_the_selection(before, text, line, column):
    document = Document(before, text, "x", "a.py")
    for counts in ("utf-8", "utf-16", "code points"):
        found = place_of(
            Reported(message="m", at=At("", line, column, line, column + 2, counts)), document, ()
        )
        assert found is None or 0 <= found.start <= found.end <= len(text)
