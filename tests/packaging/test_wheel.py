"""The wheel as users install it: in a clean environment, run without a checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = "Scripts" if os.name == "nt" else "bin"
TEXT = "Please find attached the plan, in order to discuss it.\n"


def run(*command, cwd, home=None):
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("OPENAI", "PYTHON"))}
    if home is not None:
        names = ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
        environment |= dict.fromkeys(names, str(home))
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """`self-refine` of a clean environment: the wheel and the run-time lock, nothing else."""
    at = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(at), cwd=ROOT)
    [wheel] = at.glob("*.whl")
    run(sys.executable, "-m", "venv", str(at / "venv"), cwd=at)
    python = str(at / "venv" / BIN / "python")
    install = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run(*install, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt"), cwd=at)
    run(*install, "--no-deps", str(wheel), cwd=at)
    return at / "venv" / BIN / "self-refine"


def test_the_packs_come_with_it(command, tmp_path):
    """The email pack judges and mends a text in a folder that knows nothing of us."""
    (tmp_path / "mail.md").write_text(TEXT, encoding="utf-8")
    out = run(str(command), "refine", "mail.md", "--criteria", "email", cwd=tmp_path, home=tmp_path)
    assert "email/stock-phrase" in out


def test_the_public_api_is_there(command, tmp_path):
    """`import self_refine` gives `refine`, outside of the checkout."""
    code = "import self_refine; print(self_refine.refine('In order to.', ['email']).stop)"
    python = command.with_name("python")
    assert "checks only\n" == run(str(python), "-c", code, cwd=tmp_path, home=tmp_path)


def test_no_tool_of_the_developers_came_with_it(command, tmp_path):
    """The run-time lock holds what runs, not what tests."""
    python = command.with_name("python")
    listed = run(str(python), "-m", "pip", "list", "--format=freeze", cwd=tmp_path)
    names = {line.split("==")[0].lower() for line in listed.splitlines()}
    assert not names & {"pytest", "mypy", "ruff", "hypothesis", "hatchling"}
