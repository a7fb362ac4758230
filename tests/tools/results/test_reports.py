"""Reports of real shapes, and of shapes that mean harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.tools.results.junit_report import ran_tests, read_junit
from self_refine.tools.results.printed_output import read_output
from self_refine.tools.results.rdjson_report import read_json, read_rdjson, read_rdjsonl
from self_refine.tools.results.reported import At, Unreadable
from self_refine.tools.results.sarif_report import read_sarif


def sarif(result, driver="x", **run):
    run = {"tool": {"driver": {"name": driver}}, "results": [result], **run}
    return json.dumps({"version": "2.1.0", "runs": [run]})


RESULT = {
    "ruleId": "E1",
    "level": "error",
    "message": {"text": "bad"},
    "locations": [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "src/a.py"},
                "region": {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 5},
            }
        }
    ],
}


def test_sarif_says_rule_level_and_place():
    (found,) = read_sarif(sarif(RESULT))

    assert ("E1", "bad", "error") == (found.rule, found.message, found.level)
    assert At("src/a.py", 2, 3, 2, 5, "utf-16") == found.at


@pytest.mark.parametrize(
    ("run", "counts"),
    [
        ({"columnKind": "unicodeCodePoints"}, "code points"),
        ({"columnKind": "utf16CodeUnits", "driver": "ruff"}, "utf-16"),
        ({"driver": "ruff"}, "code points"),
        ({}, "utf-16"),
    ],
)
def test_the_unit_of_columns_is_the_stated_one_else_the_drivers(run, counts):
    assert counts == read_sarif(sarif(RESULT, **run))[0].at.counts


@pytest.mark.parametrize(
    "more", [{"kind": "pass"}, {"kind": "notApplicable"}, {"suppressions": [{"kind": "inSource"}]}]
)
def test_what_is_no_fault_is_left_out(more):
    assert () == read_sarif(sarif({**RESULT, **more}))


def test_rdjson_counts_bytes_unless_ruff_wrote_it():
    one = {
        "message": "m",
        "severity": "INFO",
        "code": {"value": "R"},
        "location": {"path": "a", "range": {"start": {"line": 1, "column": 4}}},
    }

    (plain,) = read_rdjson(json.dumps({"source": {"name": "x"}, "diagnostics": [one]}))
    (ruff,) = read_rdjson(json.dumps({"source": {"name": "ruff"}, "diagnostics": [one]}))

    assert At("a", 1, 4, 0, 0, "utf-8") == plain.at
    assert "code points" == ruff.at.counts
    assert ("R", "info") == (plain.rule, plain.level)
    assert (plain,) == read_rdjsonl(json.dumps(one) + "\n\n")
    assert () == read_rdjsonl("")


def test_a_script_of_ones_own_writes_a_list():
    found = read_json('{"diagnostics": [{"line": 3, "message": "m", "rule": "r"}, 7]}')

    assert [("r", "m", 3)] == [(f.rule, f.message, f.at.line) for f in found]


def test_junit_says_which_tests_failed_and_with_what():
    data = (
        b"<?xml version='1.0'?><testsuites><testsuite><testcase classname='a.b' name='t[1]'>"
        b"<failure message='assert 1 == 2'>tests/a.py:3: in t\nE assert 1 == 2</failure></testcase>"
        b"<testcase name='u'><error message=''>boom</error></testcase>"
        b"<testcase name='fine'/><testcase name='s'><skipped/></testcase></testsuite></testsuites>"
    )

    found = read_junit(data)

    assert [("a.b.t[1]", "assert 1 == 2"), ("u", "boom")] == [(f.test, f.message) for f in found]
    assert 4 == ran_tests(data)


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuite>&b;</testsuite>'


@pytest.mark.parametrize("data", [b"", b"no", b"<html/>", BOMB, b"<testsuite>", b"\xff\xfe\x00"])
def test_what_is_no_junit_says_nothing(data):
    assert isinstance(read_junit(data), Unreadable)


@given(st.text() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["runs", "results", "diagnostics", "location", "message", "tool"]), inner
    ),
).map(json.dumps))  # fmt: skip
def test_no_report_raises(text):
    """Data from outside yields values."""
    for read in (read_sarif, read_rdjson, read_rdjsonl, read_json):
        read(text)
    read_junit(text.encode("utf-8", "replace"))


def test_a_pattern_finds_places_in_what_is_printed():
    pattern = r"^(?P<path>[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<rule>\S+) (?P<message>.+)$"

    found = read_output("a.py:3:7: E1 too long\nbla\n", pattern, 1)

    assert [("E1", "too long", At("a.py", 3, 7))] == [(f.rule, f.message, f.at) for f in found]
    assert () == read_output("a.py:3:7: E1 x", pattern, 0)
    assert "bad end" == read_output("one\nbad end\n", "", 2)[0].message
