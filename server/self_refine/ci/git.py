"""Asks git, and nothing of a repository runs: no hooks, no monitor, no external diff, no prompt."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 120
_SAFE = (
    "--no-optional-locks",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotepath=false",
    "-c", "diff.external=",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GitProblem:
    """Why git cannot say; a sentence for the user."""

    message: str


def run_git(folder: Path, *arguments: str) -> bytes | GitProblem:
    """What `git ARGUMENTS` prints in `folder`."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the arguments are ours or checked refs
            ["git", *_SAFE, *arguments],  # noqa: S607 - the user's git
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        return GitProblem("git is not installed, and --diff-base needs it.")
    except subprocess.TimeoutExpired:
        return GitProblem(f"git gave no answer within {_SECONDS} seconds.")
    except OSError as error:
        return GitProblem(f"git cannot be run: {error.strerror}.")
    if done.returncode:
        return GitProblem(done.stderr.decode("utf-8", "replace").strip() or "git failed.")
    return done.stdout


def top_level(folder: Path) -> Path | None:
    """The root of the work tree that `folder` lies in; None outside of one."""
    found = run_git(folder, "rev-parse", "--show-toplevel")
    return None if isinstance(found, GitProblem) else Path(found.decode().rstrip("\n"))


def commit_of(folder: Path, ref: str) -> str | GitProblem:
    """The commit that `ref` names."""
    found = run_git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
    )
    if isinstance(found, GitProblem):
        return GitProblem(f"There is no commit {ref!r} here. Fetch it, or name another.")
    return found.decode().strip()


def merge_base(folder: Path, ref: str) -> str | GitProblem:
    """The commit at which HEAD and `ref` parted."""
    commit = commit_of(folder, ref)
    if isinstance(commit, GitProblem):
        return commit
    found = run_git(folder, "merge-base", commit, "HEAD")
    if not isinstance(found, GitProblem):
        return found.decode().strip()
    shallow = run_git(folder, "rev-parse", "--is-shallow-repository")
    if shallow == b"true\n":
        return GitProblem(
            f"The history ends before the merge base of HEAD and {ref}: fetch more "
            "(`git fetch --unshallow`, or `fetch-depth: 0` in a GitHub workflow)."
        )
    return GitProblem(f"HEAD and {ref} have no commit in common.")


def _environment() -> dict[str, str]:
    """Without what would change git's words or run another program."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in {"GIT_DIR", "GIT_WORK_TREE", "GIT_SSL_CAINFO"}
    }
    return kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"}
