"""Items are read line by line; what is wrong with one says what and where."""

import json

import pytest

from self_refine.checks.subject import Subject
from self_refine.evaluation.items import ItemProblem, read_item, read_items
from self_refine.evaluation.parsers import is_json, is_python, is_sql
from self_refine.evaluation.verifiers import BadVerifier, read_verifier

GOOD = {
    "id": "one",
    "language": "plaintext",
    "draft": "Hello Ann, send it.",
    "brief": "A short note.",
    "criteria": [{"id": "by-when", "question": "Does it say by when?", "fix": "Say: by Friday."}],
    "verifiers": [
        {"criterion": "by-when", "kind": "regex", "pattern": "Friday", "require": True},
    ],
    "faults": [{"start": 18, "end": 18}],
    "must_keep": ["Ann"],
}


def line(**changed):
    return json.dumps(GOOD | changed)


def test_an_item_has_its_criteria_and_verifiers():
    """The question is what the model sees; the verifier decides."""
    item = read_item(line())

    (criterion,) = item.criteria
    assert ("eval/by-when", "Say: by Friday.") == (criterion.id, criterion.fix)
    assert criterion.absence
    (verifier,) = item.verifiers
    assert verifier.passes(subject("by Friday")) is True
    assert verifier.passes(subject("soon")) is False


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"id": ""}, "'id' must be a text"),
        ({"criteria": {}}, "'criteria' must be a list"),
        ({"criteria": [{"id": "a", "question": 3}]}, "'question' must be a text"),
        ({"criteria": [{"id": "a", "question": "b?", "severity": "bad"}]}, "severity 'bad'"),
        ({"verifiers": [{"criterion": "other", "kind": "json"}]}, "criterion 'other'"),
        ({"verifiers": [{"criterion": "by-when", "kind": "magic"}]}, "no kind 'magic'"),
        ({"verifiers": [{"criterion": "by-when", "kind": "regex"}]}, "'pattern' is missing"),
        (
            {"verifiers": [{"criterion": "by-when", "kind": "regex", "pattern": "(?=a)"}]},
            "verifier of 'by-when'",
        ),
        (
            {"verifiers": [{"criterion": "by-when", "kind": "words", "file": "/etc/passwd"}]},
            "cannot name the file",
        ),
        ({"faults": [{"start": 3, "end": 99}]}, "`start` and `end`"),
        ({"must_keep": ["Bob"]}, "'Bob', which is not in the draft"),
        ({"must_keep": "Ann"}, "is a list of texts"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(tmp_path, changed, words):
    """With the file and the line."""
    path = tmp_path / "items.jsonl"
    path.write_text("\n" + line(**changed) + "\n", encoding="utf-8")

    (problem,) = read_items(path)

    assert isinstance(problem, ItemProblem)
    assert problem.message.startswith(f"{path}:2: ")
    assert words in problem.message


@pytest.mark.parametrize("text", ["{", "[]", "[" * 100_000, "3"])
def test_what_is_no_object_is_a_problem(tmp_path, text):
    """Whatever stands there."""
    path = tmp_path / "items.jsonl"
    path.write_text(text, encoding="utf-8")

    (problem,) = read_items(path)

    assert isinstance(problem, ItemProblem)


def test_an_id_stands_once(tmp_path):
    """Results are kept by id."""
    path = tmp_path / "items.jsonl"
    path.write_text(line() + "\n" + line(draft="Ann, hello.", faults=[]), encoding="utf-8")

    assert "taken by a line above" in list(read_items(path))[1].message


def test_a_changed_item_has_another_digest():
    """So that its old results do not count."""
    assert read_item(line()).digest != read_item(line(brief="Another.")).digest


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("python", "x = 1\n", "x = = 1\n"),
        ("python parses", "def f(): ...\n", "def f()\n"),
        ("json_parses", '{"a": 1}', '{"a": 1,}'),
        ("sql", "SELECT a FROM t WHERE b = ';';\nDELETE FROM u;", "SELECT a FORM t"),
        ("sql-parses", "SELECT 1", "SELECT 'open"),
    ],
)
def test_a_parser_is_a_verifier(kind, good, bad):
    """Under the names that people write."""
    verifier = read_verifier("eval/a", {"kind": kind})

    assert verifier.passes(subject(good)) is True
    assert verifier.passes(subject(bad)) is False


def test_parsers_never_raise():
    """Whatever a model wrote."""
    for text in ("\0", "(" * 5_000, "\ud800", "", "[" * 100_000):
        assert {is_python(text), is_json(text), is_sql(text)} <= {True, False}


def test_a_check_of_criteria_files_is_a_verifier():
    """With the same keys, and the same words for what is wrong."""
    match read_verifier("eval/a", {"kind": "length", "unit": "words", "max": 3}):
        case BadVerifier(message):
            pytest.fail(message)
        case verifier:
            assert verifier.passes(subject("one two three"))
            assert not verifier.passes(subject("one two three four"))
    wrong = read_verifier("eval/a", {"kind": "length", "unit": "miles"})
    assert isinstance(wrong, BadVerifier)
    assert "words, characters" in wrong.message


def subject(text):
    return Subject(text=text, original=text, language="markdown")
