"""The baseline: known findings do not count, new ones do, and nothing hides behind an old one."""

import pytest

from support.repository import Repository

FAULT = "We ship in order to learn.\n"


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "work", tmp_path)
    made.put("a.md", FAULT)
    made.commit()
    ran = made.run("baseline", "write", "known.jsonl")
    assert 0 == ran.code, ran
    return made


def test_what_is_known_does_not_count(repository):
    ran = repository.check("--baseline", "known.jsonl")

    assert 0 == ran.code
    assert "(1 in the baseline)" in ran.lines[-1]


def test_a_second_one_does_not_hide_behind_the_first(repository):
    repository.put("a.md", f"{FAULT}\n{FAULT}")
    ran = repository.check("--baseline", "known.jsonl")

    assert 1 == ran.code
    assert ran.lines[-1].startswith("1 finding in")


def test_lines_that_move_stay_known(repository):
    repository.put("a.md", f"# A title\n\nWords.\n\n{FAULT}")
    assert 0 == repository.check("--baseline", "known.jsonl").code


def test_a_renamed_file_stays_known(repository):
    repository.git("mv", "a.md", "b.md")
    ran = repository.check("--baseline", "known.jsonl", "--diff-base", "HEAD", "--filter", "all")
    assert 0 == ran.code, ran


def test_new_findings_are_added_only_when_asked(repository):
    repository.put("b.md", FAULT)
    ran = repository.run("baseline", "write", "known.jsonl")

    assert 2 == ran.code
    assert "add them with --accept-new" in ran.err
    assert 0 == repository.run("baseline", "write", "known.jsonl", "--accept-new").code
    assert 0 == repository.check("--baseline", "known.jsonl").code


def test_pruning_takes_out_what_is_gone_and_adds_nothing(repository):
    repository.put("a.md", "Fine.\n")
    repository.put("b.md", FAULT)
    stale = repository.check("a.md", "--baseline", "known.jsonl")
    assert 0 == stale.code
    assert "baseline: no longer found: a.md: house/plain: in order to" in stale.lines
    assert 1 == repository.check("a.md", "--baseline", "known.jsonl", "--strict-baseline").code

    ran = repository.run("baseline", "prune", "known.jsonl")
    assert "1 findings are new; they were not added." in ran.err
    assert 1 == len((repository.folder / "known.jsonl").read_text().splitlines())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "line 1: this is no baseline"),
        ('{"self-refine-baseline": 99}\n', "line 1: this is no baseline"),
        ('{"self-refine-baseline": 1}\n{"file": 3}\n', "line 2: this is no entry"),
    ],
)
def test_a_file_that_is_no_baseline_is_exit_code_2(repository, content, says):
    repository.put("known.jsonl", content)
    ran = repository.check("--baseline", "known.jsonl")

    assert 2 == ran.code
    assert says in ran.err


def test_another_wording_of_the_criterion_is_said(repository):
    path = repository.folder / "criteria/house.criteria.md"
    path.write_text(path.read_text().replace("in order to: to}", "in order to: to}, why: Shorter."))
    ran = repository.check("--baseline", "known.jsonl")

    assert 0 == ran.code, ran
    assert "baseline: 1 are known under an older wording of their criterion" in ran.lines
