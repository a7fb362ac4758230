"""Each output format: the same findings, in its own units, with nothing in them that can act."""

import json
from dataclasses import replace
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from self_refine.ci.formats.output_formats import FORMATS
from self_refine.ci.formats.sarif import MOST_RESULTS
from self_refine.ci.judge_file import TextFile, by_checks
from self_refine.ci.results import CheckReport, FileError
from self_refine.criteria.applying import Target
from self_refine.criteria.choose_criteria import choose
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.reading.reader import read
from self_refine.loop.types import Severity

RULES = """\
---
criteria: 1
title: House
checks:
  - {kind: words, id: plain, severity: error, swap: {in order to: to}, message: "%MESSAGE"}
---

## Criteria

- **dates** (warning): Is there a deadline without a date?
"""
EVIL = "a:b,c%0A\\n::error::x <b>|@all"


def report(text, path="a.md", message="Shorter: {match}"):
    source = RULES.replace('"%MESSAGE"', json.dumps(message))
    reading = read(source, PurePosixPath("house.criteria.md"), "house", shipped=False, root=None)
    assert reading.file is not None, reading.problems
    library = Library((reading.file,), ())
    target = Target(language="markdown", path=PurePosixPath(path), covers_document=True)
    chosen = choose(library, Library((), ()), target, ["house"])
    file = TextFile(path=PurePosixPath(path), text=text, language="markdown", chosen=chosen)
    result = by_checks(file, frozenset(), "no model")
    return CheckReport(
        files=(result,),
        errors=(FileError(PurePosixPath("gone.md"), "It cannot be read: gone."),),
        criteria={each.id: each for each in chosen.criteria},
    )


ASTRAL = "\U0001f600 é in order to go\n"
"""An emoji and an accent before the words: 4 code points, 8 bytes, 5 units of UTF-16."""


def test_columns_are_in_the_units_of_each_format():
    found = report(ASTRAL)

    sarif = json.loads(FORMATS["sarif"](found))["runs"][0]
    region = sarif["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert ("unicodeCodePoints", 5, 16) == (
        sarif["columnKind"],
        region["startColumn"],
        region["endColumn"],
    )
    at = json.loads(FORMATS["rdjsonl"](found))["location"]["range"]
    assert (9, 20) == (at["start"]["column"], at["end"]["column"])
    assert "col=5,endColumn=16" in FORMATS["github"](found)
    assert "a.md:1:5: error house/plain: " in FORMATS["text"](found)


def test_a_fix_is_handed_on_where_the_format_can():
    found = report(ASTRAL)

    [diagnostic] = FORMATS["rdjsonl"](found).splitlines()
    assert ["to"] == [each["text"] for each in json.loads(diagnostic)["suggestions"]]
    [result] = json.loads(FORMATS["sarif"](found))["runs"][0]["results"]
    replaced = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert {"charOffset": 4, "charLength": 11} == replaced["deletedRegion"]
    assert "-\U0001f600 é in order to go" in FORMATS["markdown"](found)


def test_gitlab_has_a_fingerprint_for_each_issue():
    issues = json.loads(FORMATS["gitlab"](report("in order to, in order to\n")))

    assert 2 == len({each["fingerprint"] for each in issues})
    assert ["critical"] * 2 == [each["severity"] for each in issues]


@pytest.mark.parametrize("name", ["junit", "checkstyle"])
def test_xml_is_well_formed_whatever_stands_in_it(name):
    root = ET.fromstring(FORMATS[name](report("in order to\n", "a&<'\".md", EVIL)))
    assert [] != list(root.iter())


def test_junit_skips_what_was_not_checked():
    root = ET.fromstring(FORMATS["junit"](report("in order to\n")))
    cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert {"house/plain": ["failure"], "house/dates": ["skipped"], "read": ["error"]} == cases


def test_no_message_can_be_a_command_of_github():
    lines = FORMATS["github"](report("in order to\n", "a,b:c.md", EVIL + "\nnext")).splitlines()

    assert all(line.startswith(("::error file=", "::warning", "::notice")) for line in lines)
    assert "file=a%2Cb%3Ac.md" in lines[1]
    assert "%250A" in lines[1]


def test_no_message_can_be_markup_in_the_summary():
    page = FORMATS["markdown"](report("in order to\n", message=EVIL))

    assert "<b>" not in page
    assert "@all" not in page
    assert "\\|" in page


def test_sarif_says_what_it_leaves_out():
    """Five thousand results are the limit; the gravest are kept."""
    few = report("in order to\n")
    [file] = few.files
    many = replace(few, files=(replace(file, found=file.found * (MOST_RESULTS + 3)),))
    log = json.loads(FORMATS["sarif"](many))
    [run] = log["runs"]
    notes = [n["message"]["text"] for n in run["invocations"][0]["toolExecutionNotifications"]]

    assert MOST_RESULTS == len(run["results"])
    assert "3 results are left out: 5,000 are the limit." in notes
    assert not run["invocations"][0]["executionSuccessful"]


SCHEMA = jsonschema_rs.validator_for(
    json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize(
    "found",
    [
        report(ASTRAL),
        report("One.\n"),
        report("in order to\n", path="docs/a b#ä%.md", message=EVIL),
        replace(report(ASTRAL), files=(), errors=()),
    ],
)
def test_sarif_is_what_the_standard_says(found):
    """The JSON Schema of OASIS finds nothing; code scanning wants a `help` for each rule."""
    log = json.loads(FORMATS["sarif"](found))
    [run] = log["runs"]

    assert [] == [str(error) for error in SCHEMA.iter_errors(log)]
    assert all(rule["help"]["text"] for rule in run["tool"]["driver"]["rules"])


def test_the_schema_refuses_what_is_no_sarif():
    """So that a validator that looks at nothing is seen."""
    log = json.loads(FORMATS["sarif"](report(ASTRAL)))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    log["runs"][0]["colour"] = "red"

    assert 2 == len(list(SCHEMA.iter_errors(log)))


def test_github_annotates_the_gravest_first():
    """GitHub shows the first ten of a level: errors of the last file come before all warnings."""
    source = report("in order to\n")
    [file] = source.files
    [found] = file.found
    mild = replace(found, finding=replace(found.finding, severity=Severity.WARNING))
    first = replace(file, path=PurePosixPath("a.md"), found=(mild,))
    last = replace(file, path=PurePosixPath("z.md"), found=(found,))
    lines = FORMATS["github"](replace(source, files=(first, last), errors=())).splitlines()

    assert ["::error file=z.md", "::warning file=a.md"] == [line.split(",")[0] for line in lines]


def test_github_counts_what_it_will_not_show():
    last = FORMATS["github"](report("in order to\n\n" * 12)).splitlines()[-1]
    assert "in this log alone: 2 of level error." in last
