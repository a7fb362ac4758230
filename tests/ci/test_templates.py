"""The hooks, the action and the GitLab template: they parse, and their script runs as it stands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from self_refine.ci.formats.output_formats import FORMATS
from support.repository import Repository

ROOT = Path(__file__).parents[2]
FAULT = "We ship in order to learn.\n"


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "work", tmp_path)
    made.put("a.md", "One.\n")
    made.commit()
    made.put("a.md", f"One.\n{FAULT}")
    return made


def test_the_script_of_the_action_runs_in_a_clean_folder(repository, tmp_path):
    """Without a key it annotates, writes SARIF and a summary, and fails on a new error."""
    summary = tmp_path / "summary.md"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", ROOT / "action" / "check.sh"],
        cwd=repository.folder,
        env=repository.environment(
            PATH=path, BASE="HEAD", GITHUB_STEP_SUMMARY=str(summary), OPENAI_API_KEY=""
        ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert 1 == done.returncode, done.stderr
    assert "::error file=a.md,line=2," in done.stdout
    assert (repository.folder / "self-refine.sarif").is_file()
    assert "| error |" in summary.read_text()


def test_the_action_names_its_own_scripts():
    action = yaml.safe_load((ROOT / "action" / "action.yml").read_text())
    runs = [step["run"] for step in action["runs"]["steps"] if "run" in step]

    assert ["install.sh", "check.sh"] == [run.rsplit("/", 1)[1].rstrip('"') for run in runs]
    assert all((ROOT / "action" / run.rsplit("/", 1)[1].rstrip('"')).is_file() for run in runs)


def test_no_input_of_the_action_stands_in_a_script():
    """An input in `${{ }}` inside a script could run as part of it."""
    action = yaml.safe_load((ROOT / "action" / "action.yml").read_text())
    assert [] == [step for step in action["runs"]["steps"] if "${{" in step.get("run", "")]


def test_the_gitlab_template_writes_what_it_publishes():
    job = yaml.safe_load((ROOT / "action" / "gitlab.yml").read_text())["self-refine"]
    script = " ".join(job["script"])
    assert [] == [file for file in job["artifacts"]["reports"].values() if file not in script]


def test_the_hooks_call_commands_that_there_are(repository):
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    codes = {
        hook["id"]: repository.run(*hook["entry"].split()[1:], "--help").code for hook in hooks
    }
    assert {"self-refine": 0, "self-refine-criteria": 0} == codes


def test_the_page_names_every_format():
    page = (ROOT / "docs" / "ci.md").read_text()
    assert [] == [name for name in FORMATS if f"`{name}`" not in page]
