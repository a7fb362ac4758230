"""`self-refine eval`: measures, prints, writes, goes on; and says what cannot be used."""

import json
from dataclasses import dataclass

import pytest

from self_refine.cli.main import main

ITEM = {
    "id": "one",
    "draft": "Hello Ann, send it.",
    "brief": "",
    "criteria": [{"id": "by-when", "question": "Does it say by when?"}],
    "verifiers": [{"criterion": "by-when", "kind": "regex", "pattern": "Friday", "require": True}],
}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """The command in a folder of its own, in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("OPENAI_MODEL", "")

    def ran(served=None, *arguments, item=ITEM, file="items.jsonl"):
        (tmp_path / "items.jsonl").write_text(json.dumps(item) + "\n", encoding="utf-8")
        if served:
            monkeypatch.setenv("OPENAI_BASE_URL", served.url)
        else:
            monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
        code = main(["eval", file, *arguments])
        return Ran(code, *capsys.readouterr())

    return ran


def test_it_measures_prints_and_writes(run, server, tmp_path):
    """The table, one line a trial, and four files."""
    served = server({"text": "Hello Ann, send it by Friday."})

    ran = run(served, "--arms", "draft,rewrite", "--out", "out")

    assert ran.code == 0, ran.err
    assert "1/1 one rewrite: limit; 0 of 1 criteria fail" in ran.err
    assert "criteria failed" in ran.out
    assert "0 of 1" in ran.out
    summary = json.loads((tmp_path / "out/summary.json").read_bytes())
    assert ["draft", "rewrite"] == [row["arm"] for row in summary["groups"][0]["rows"]]
    assert b"| rewrite | 1 | 1 |" in (tmp_path / "out/table.md").read_bytes()
    assert 1 == len(served.asked)


def test_the_verifiers_are_never_sent(run, server):
    """The model is told the question, not what decides."""
    served = server({"text": "Hello Ann.", "times": 9})

    run(served, "--arms", "rewrite,plain", "--out", "out")

    sent = json.dumps([asked.body for asked in served.asked])
    assert "Does it say by when?" in sent
    assert "Friday" not in sent


def test_a_second_run_asks_nothing_again(run, server):
    """What is measured stays."""
    served = server({"text": "Hello Ann, send it by Friday."})
    run(served, "--arms", "rewrite", "--out", "out")

    ran = run(served, "--arms", "rewrite", "--out", "out")

    assert ran.code == 0, ran.err
    assert 1 == len(served.asked)


def test_without_a_model_it_says_how_to_have_one(run):
    """Exit code 2."""
    ran = run()

    assert ran.code == 2
    assert "An evaluation needs a model." in ran.err


def test_a_model_that_fails_is_exit_code_3(run, server):
    """Nothing was measured."""
    ran = run(server({"status": 401, "body": {}}), "--arms", "rewrite")

    assert ran.code == 3
    assert "model failed" in ran.err
    assert "Traceback" not in ran.err


def test_bad_input_is_named_with_its_place(run, tmp_path):
    """Items, arms, files."""
    assert "items.jsonl:1: the key 'draft'" in run(None, item={"id": "one"}).err
    assert "--limit must be 1 or more" in run(None, "--limit", "0").err
    assert "There is no arm 'best'" in run(None, "--arms", "best").err
    missing = run(file="none.jsonl")
    assert (2, True) == (missing.code, "none.jsonl cannot be read" in missing.err)
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    assert "holds no items" in run(file="empty.jsonl").err
