"""Verdicts are kept by what was judged: found for the same alone, never trusted blindly."""

import json
import os
import stat
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from self_refine.loop.task import Task
from self_refine.loop.types import Criterion, Finding, Judged, Kind, Known, Severity, Verdict
from self_refine.runs.known_json import read_known, write_known
from self_refine.runs.verdict_cache import (
    KEPT_DAYS,
    Judge,
    VerdictCache,
    criterion_key,
    prune,
    text_key,
)
from self_refine.text.spans import Edit, Span

TEXT = "We utilise it."
CRITERION = Criterion(id="a/plain", question="Is a word long?", severity=Severity.WARNING)
TASK = Task(text=TEXT, criteria=(CRITERION,), has_model=True, seed="0" * 32)
JUDGE = Judge("127.0.0.1:1", "m")
FOUND = Finding(
    criterion="a/plain",
    severity=Severity.WARNING,
    span=Span(3, 10),
    quote="utilise",
    kind=Kind.WRONG,
    problem="A long word.",
).proposing((Edit(Span(3, 10), "use"),), TEXT)
KNOWN = Known(criterion="a/plain", judged=Judged(Verdict.FAIL), findings=(FOUND,))


@pytest.fixture
def cache(tmp_path):
    return VerdictCache(tmp_path)


def recalled(cache, task=TASK, judge=JUDGE, text=TEXT):
    return cache.recall(task, judge, text, [c.id for c in task.criteria])


def test_a_verdict_comes_back_with_its_findings_and_fixes(cache):
    """All of it, as it was."""
    assert () == recalled(cache)

    cache.remember(TASK, JUDGE, TEXT, [KNOWN])

    assert (KNOWN,) == recalled(cache)


@pytest.mark.parametrize(
    "changed",
    [
        {"brief": "x"},
        {"before": "x"},
        {"after": "x"},
        {"language": "markdown"},
        {"mode": "thorough"},
        {"reading": "separate"},
    ],
)
def test_another_task_is_another_question(cache, changed):
    """Brief, context, language, mode."""
    cache.remember(TASK, JUDGE, TEXT, [KNOWN])

    assert () == recalled(cache, replace(TASK, **changed))


def test_another_text_or_model_is_another_question(cache):
    """Down to the last character, and the endpoint."""
    cache.remember(TASK, JUDGE, TEXT, [KNOWN])

    assert () == recalled(cache, text=TEXT + " ")
    assert () == recalled(cache, judge=Judge("127.0.0.1:1", "n"))
    assert () == recalled(cache, judge=Judge("127.0.0.1:2", "m"))


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "Is a word short?"},
        {"fix": "x"},
        {"evidence": "x"},
        {"exceptions": ("x",)},
        {"severity": Severity.ERROR},
        {"absence": True},
        {"uses": (("source", "x"),)},
    ],
)
def test_another_criterion_is_another_question(cache, changed):
    """Whatever of it a model reads."""
    cache.remember(TASK, JUDGE, TEXT, [KNOWN])

    assert () == recalled(cache, replace(TASK, criteria=(replace(CRITERION, **changed),)))


def test_a_criterion_that_was_renamed_is_known(cache):
    """Its findings have the new name."""
    cache.remember(TASK, JUDGE, TEXT, [KNOWN])

    (known,) = recalled(cache, replace(TASK, criteria=(replace(CRITERION, id="b/new"),)))

    assert ("b/new", "b/new") == (known.criterion, known.findings[0].criterion)


def test_what_a_criterion_compares_with_counts(cache):
    """The original, where it is asked to be compared."""
    compares = replace(CRITERION, compare_original=True)

    assert criterion_key(compares, TASK) != criterion_key(compares, replace(TASK, text="Other."))
    assert criterion_key(CRITERION, TASK) == criterion_key(CRITERION, replace(TASK, text="Other."))


def test_the_prompts_version_counts(cache, monkeypatch):
    """A change of what a model is told makes old verdicts void."""
    before = text_key(TASK, JUDGE, TEXT)
    monkeypatch.setattr("self_refine.runs.verdict_cache.PROMPT_VERSION", "next")

    assert before != text_key(TASK, JUDGE, TEXT)


def test_verdicts_of_several_runs_are_kept_together(cache):
    """A second criterion joins the first."""
    other = replace(CRITERION, id="a/other", question="Is it polite?")
    both = replace(TASK, criteria=(CRITERION, other))
    passed = Known(criterion="a/other", judged=Judged(Verdict.PASS), findings=())

    cache.remember(TASK, JUDGE, TEXT, [KNOWN])
    cache.remember(both, JUDGE, TEXT, [passed])

    assert (KNOWN, passed) == recalled(cache, both)


def test_the_cache_is_the_users_alone_and_holds_no_text(cache, tmp_path):
    """Hashes, verdicts, quotes and fixes."""
    cache.remember(TASK, JUDGE, TEXT, [KNOWN])

    (path,) = tmp_path.rglob("*.json")
    if os.name == "posix":
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
        assert 0o700 == stat.S_IMODE(path.parent.stat().st_mode)
    words = path.read_text(encoding="utf-8")
    assert "utilise" in words
    assert "We utilise it" not in words
    assert "Is a word long?" not in words


def test_old_verdicts_do_not_count(tmp_path):
    """After 30 days the question is asked anew."""
    VerdictCache(tmp_path).remember(TASK, JUDGE, TEXT, [KNOWN])
    (path,) = tmp_path.rglob("*.json")
    now = path.stat().st_mtime

    assert (KNOWN,) == recalled(VerdictCache(tmp_path, lambda: now + 29 * 86_400))
    assert () == recalled(VerdictCache(tmp_path, lambda: now + (KEPT_DAYS + 1) * 86_400))


def test_old_files_go_first_and_the_whole_stays_small(tmp_path):
    """30 days, 50 MB; here 25 bytes."""
    folder = tmp_path / "verdicts" / "ab"
    folder.mkdir(parents=True)
    for age in range(5):
        path = folder / f"{age}.json"
        path.write_bytes(b"0123456789")
        os.utime(path, (1_000 - age, 1_000 - age))

    prune(folder.parent, oldest=998, most=25)

    assert {"0.json", "1.json"} == {path.name for path in folder.iterdir()}


def test_a_folder_that_cannot_be_written_costs_no_run(tmp_path, caplog):
    """One line in the log."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = VerdictCache(tmp_path / "file")

    for _ in range(2):
        cache.remember(TASK, JUDGE, TEXT, [KNOWN])

    assert () == recalled(cache)
    assert 1 == len(caplog.records)


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"a": 1}', "\xff"])
def test_a_broken_file_is_as_good_as_none(cache, tmp_path, content):
    """And is replaced by the next verdict."""
    cache.remember(TASK, JUDGE, TEXT, [KNOWN])
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(content.encode("latin-1"))

    assert () == recalled(cache)
    cache.remember(TASK, JUDGE, TEXT, [KNOWN])
    assert (KNOWN,) == recalled(cache)


@pytest.mark.parametrize(
    "changed",
    [
        {"at": [3, 99]},
        {"at": [3, 9]},
        {"at": "ab"},
        {"quote": "other"},
        {"kind": "odd"},
        {"needs": "money"},
        {"problem": 3},
        {"fix": [[0, 99, "x"]]},
        {"fix": [[3, 10, "x"], [4, 5, "y"]]},
        {"fix": [[3, 10]]},
        {"fix": [["3", 10, "x"]]},
    ],
)
def test_a_finding_that_does_not_fit_its_text_is_no_verdict(changed):
    """Somebody may have written into the file."""
    values = write_known(KNOWN)
    values["findings"][0] |= changed

    assert read_known(values, CRITERION, TEXT) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
)


@given(json_values)
def test_reading_never_raises(values):
    """Whatever JSON says."""
    assert read_known(values, CRITERION, TEXT) is None
    entry = json.loads(json.dumps(write_known(KNOWN)))
    entry["findings"] = [values]
    assert read_known(entry, CRITERION, TEXT) is None
