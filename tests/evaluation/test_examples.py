"""The items that ship are what the documentation says, and their faults are where they say."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from self_refine.checks.subject import Subject
from self_refine.evaluation.items import Item, read_items

EXAMPLES = Path(__file__).parents[2] / "examples" / "eval"
FILES = ("short", "long", "languages")


def lines(name):
    text = (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def every():
    return [item for name in FILES for item in lines(name)]


@pytest.mark.parametrize("name", FILES)
def test_the_planted_faults_are_what_the_verifiers_find(name):
    """No more, no less; what must be kept is there."""
    wrong = []
    for item, values in zip(read_items(EXAMPLES / f"{name}.jsonl"), lines(name), strict=True):
        assert isinstance(item, Item), item
        subject = Subject(text=item.draft, original=item.draft, language=item.language)
        verdicts = [(v.criterion, v.passes(subject)) for v in item.verifiers]
        assert not any(passes is None for _, passes in verdicts)
        found = {id_.removeprefix("eval/") for id_, passes in verdicts if not passes}
        planted = {fault["criterion"] for fault in values["faults"]}
        judged = {verifier.criterion for verifier in item.verifiers}
        if found != planted or judged != {c.id for c in item.criteria}:
            wrong.append(item.id)
    assert [] == wrong


def test_the_set_is_as_varied_as_it_says():
    """What docs/quality.md promises of it."""
    items = every()
    faults = [len(item["faults"]) for item in items]
    kinds = {fault["kind"] for item in items for fault in item["faults"]}
    genres = {"email", "readme", "plan", "summary", "record", "sql", "python"}
    words = [len(item["draft"].split()) for item in items if "-ja-" not in item["id"]]

    assert len(items) >= 120
    assert genres <= {item["kind"] for item in items}
    assert any(item["language"] == "json" for item in items)
    assert len(kinds) >= 15
    assert (0, 10) == (min(faults), max(faults))
    assert 0.3 <= faults.count(0) / len(items) <= 0.37
    assert min(words) >= 30
    assert 850 <= max(words) <= 900
    assert len({item["id"] for item in items}) == len(items)


def test_long_items_have_many_criteria():
    """20 of 600 words and more, each with 15 to 20 criteria."""
    long = lines("long")

    assert 20 == len(long)
    assert all(len(item["draft"].split()) >= 600 for item in long)
    assert all(15 <= len(item["criteria"]) <= 20 for item in long)


def test_ten_items_are_not_english():
    """German, French and Japanese."""
    assert 10 == len(lines("languages"))
    assert {"de", "fr", "ja"} == {item["id"].split("-")[1] for item in lines("languages")}


def test_questions_are_put_both_ways_round():
    """For some "yes" is the fault, for others "no" is; absence is among them."""
    first = Counter(c["question"].split()[0] for item in every() for c in item["criteria"])

    assert min(first["Is"], first["Are"], first["Does"]) > 20
    absent = [f for item in every() for f in item["faults"] if f["start"] == f["end"]]
    assert len(absent) > 40


def test_the_script_makes_the_same_items_again(monkeypatch):
    """From its seed."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import make  # noqa: PLC0415

    made = make.made()

    sys.modules.pop("make")
    for name in FILES:
        assert lines(name) == made[name]
