"""`self-refine check` in real git repositories: what it looks at, what counts, how it exits."""

import json

import pytest

from support.repository import Repository

FAULT = "We ship in order to learn.\n"


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "work", tmp_path)


def counted(ran):
    """`file:line` of the findings that count."""
    places = (line.split(": ", 1) for line in ran.lines if ": error " in line)
    return [place.rsplit(":", 1)[0] for place, _ in places]


def test_without_paths_the_current_folder_is_checked(repository):
    repository.put("a.md", FAULT)
    repository.put("docs/b.md", f"Fine.\n\n{FAULT}")

    assert ["a.md:1", "docs/b.md:3"] == counted(repository.check())
    assert ["docs/b.md:3"] == counted(repository.check(cwd=repository.folder / "docs"))


def test_the_exit_code_follows_the_fail_level(repository):
    repository.put("a.md", "A very good text.\n")

    assert 0 == repository.check().code
    assert 1 == repository.check("--fail-level", "info").code
    repository.put("a.md", FAULT)
    assert 1 == repository.check().code
    assert 0 == repository.check("--fail-level", "never").code


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["main"], "write --diff-base main"),
        (["nowhere.md"], "There is no file or folder 'nowhere.md'"),
        (["--diff-base", "nowhere"], "There is no commit 'nowhere'"),
        (["--criteria-from", "nowhere"], "There is no commit 'nowhere'"),
        (["--format", "html"], "There is no format 'html'"),
        (["--format", "json", "--format", "text"], "Only one format"),
        (["--baseline", "nowhere.jsonl"], "cannot be read"),
        (["--criteria", "nowhere", "a.md"], "There are no criteria 'nowhere'"),
    ],
)
def test_what_cannot_be_meant_is_exit_code_2(repository, arguments, says):
    repository.put("a.md", FAULT)
    ran = repository.check(*arguments)

    assert 2 == ran.code
    assert says in ran.err + ran.out


def test_a_named_file_that_is_no_text_is_an_error(repository):
    """A file that cannot be read never makes a smaller run."""
    repository.put("a.md", b"\xff\xfe\x00")
    ran = repository.check("a.md")

    assert 2 == ran.code
    assert "a.md: error: This is no text in UTF-8." in ran.lines


def test_a_broken_criteria_file_ends_the_check(repository):
    repository.put("a.md", FAULT)
    repository.put("criteria/house.criteria.md", "---\ncriteria: 1\nchecks: [{kind: no}]\n---\n")
    ran = repository.check()

    assert 2 == ran.code
    assert "house.criteria.md:3:" in ran.err


def test_only_changed_lines_count_against_a_base(repository):
    """Commits that landed on the base later do not count; uncommitted changes do."""
    repository.put("a.md", f"{FAULT}\nOne.\n")
    repository.put("old.md", FAULT)
    repository.commit()
    repository.git("checkout", "-q", "-b", "topic")
    repository.put("a.md", f"{FAULT}\nOne in order to.\n")
    repository.git("checkout", "-q", "main", "--", ".")
    repository.git("checkout", "-q", "main")
    repository.put("old.md", f"{FAULT}{FAULT}")
    repository.commit("later, on main")
    repository.git("checkout", "-q", "topic")
    repository.put("a.md", f"{FAULT}\nOne in order to.\n")
    repository.put("new.md", FAULT)
    ran = repository.check("--diff-base", "main")

    assert ["a.md:3", "new.md:1"] == counted(ran)
    assert "(1 on lines that did not change)" in ran.lines[-1]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ("added", ["a.md:9"]),
        ("context", ["a.md:7", "a.md:9"]),
        ("file", ["a.md:1", "a.md:7", "a.md:9"]),
        ("all", ["a.md:1", "a.md:7", "a.md:9", "b.md:1"]),
    ],
)
def test_the_filter_says_what_of_a_change_counts(repository, wanted, places):
    lines = [FAULT, *["x\n"] * 5, FAULT, "x\n", "x\n"]
    repository.put("a.md", "".join(lines))
    repository.put("b.md", FAULT)
    repository.commit()
    repository.put("a.md", "".join([*lines[:8], FAULT]))

    ran = repository.check("--diff-base", "HEAD", "--filter", wanted)
    assert places == counted(ran)


def test_a_renamed_file_keeps_its_old_lines(repository):
    repository.put("a.md", FAULT + "x\n" * 20)
    repository.commit()
    repository.git("mv", "a.md", "näme with blanks.md")
    repository.put("näme with blanks.md", FAULT + "x\n" * 20 + FAULT)
    ran = repository.check("--diff-base", "HEAD")

    assert ["näme with blanks.md:22"] == counted(ran)


def test_the_users_settings_of_git_change_nothing(repository):
    """`diff.noprefix`, an external diff and a hook of the repository are not obeyed."""
    for name, value in (
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.external", "touch ran; false"),
        ("core.fsmonitor", "touch ran"),
        ("color.ui", "always"),
    ):
        repository.git("config", name, value)
    repository.put("a.md", "One.\n")
    repository.commit()
    repository.put("a.md", f"One.\n{FAULT}")
    (repository.folder / "ran").unlink(missing_ok=True)  # git itself, in the lines above

    assert ["a.md:2"] == counted(repository.check("--diff-base", "HEAD"))
    assert not (repository.folder / "ran").exists()


def test_a_shallow_clone_says_how_to_fetch_more(repository, tmp_path):
    repository.put("a.md", "One.\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "topic", "HEAD~1")
    repository.put("b.md", FAULT)
    repository.commit()
    clone = tmp_path / "clone"
    url = repository.folder.as_uri()
    repository.git(
        "clone", "-q", "--depth", "1", "--no-single-branch", url, str(clone), cwd=tmp_path
    )
    repository.git("checkout", "-q", "topic", cwd=clone)
    ran = repository.check("--diff-base", "origin/main", cwd=clone)

    assert 2 == ran.code
    assert "fetch-depth: 0" in ran.err


def test_a_submodule_and_a_deleted_file_are_left_alone(repository, tmp_path):
    other = Repository(tmp_path / "other", tmp_path)
    other.put("c.md", FAULT)
    other.commit()
    repository.put("gone.md", FAULT)
    repository.commit()
    repository.git("submodule", "add", "-q", other.folder.as_uri(), "sub")
    (repository.folder / "gone.md").unlink()
    ran = repository.check("--diff-base", "HEAD")

    assert 0 == ran.code, ran
    assert [] == counted(ran)


def test_carriage_returns_and_merges_do_not_move_lines(repository):
    repository.put("a.md", "one\r\ntwo\r\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.put("s.md", FAULT)
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.put("a.md", f"one\r\ntwo\r\n{FAULT}")
    repository.commit()
    base = repository.git("rev-parse", "HEAD~1")
    repository.git("merge", "-q", "--no-edit", "side")

    assert ["a.md:3", "s.md:1"] == counted(repository.check("--diff-base", base))


def test_the_criteria_of_the_base_judge_the_change(repository):
    """A pull request cannot soften the rules that judge it."""
    repository.put("a.md", FAULT)
    repository.put("criteria/house.criteria.md", "- **x**: Is it clear?\n")

    assert [] == counted(repository.check())
    assert ["a.md:1"] == counted(repository.check("--criteria-from", "HEAD"))


def test_what_is_ignored_or_silenced_does_not_count(repository):
    repository.put(".gitignore", "build/\n")
    repository.put("build/a.md", FAULT)
    repository.put("b.md", f"<!-- self-refine-disable-next-line house/plain -- why -->\n{FAULT}")
    ran = repository.check()

    assert [] == counted(ran)
    assert "(1 dismissed)" in ran.lines[-1]


def test_a_folder_outside_of_git_is_walked(tmp_path):
    folder = tmp_path / "plain"
    (folder / "criteria").mkdir(parents=True)
    repository = Repository(tmp_path / "work", tmp_path)
    house = (repository.folder / "criteria/house.criteria.md").read_text()
    (folder / "criteria/house.criteria.md").write_text(house)
    (folder / "a.md").write_text(FAULT)
    (folder / "node_modules").mkdir()
    (folder / "node_modules/b.md").write_text(FAULT)

    assert ["a.md:1"] == counted(repository.check(cwd=folder))


def test_a_plan_asks_nobody(repository):
    repository.put("a.md", FAULT)
    ran = repository.check("--plan", OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_MODEL="m")

    assert 0 == ran.code
    assert ran.lines[-1].endswith("Nothing was sent.")
    assert "a.md: 2 checks, 1 judged criteria" in ran.out


def test_json_holds_all_of_it(repository):
    repository.put("a.md", FAULT)
    report = json.loads(repository.check("--format", "json").out)

    [file] = report["files"]
    assert "a.md" == file["file"]
    assert {"house/plain": "fail", "house/very": "pass", "house/dates": "not_checked"} == file[
        "verdicts"
    ]
    assert [("in order to", "to", False)] == [
        (each["quote"], each["fix"], each["judged"]) for each in file["findings"]
    ]
    assert ["no model"] == [each["reason"] for each in file["notChecked"]]
