"""The criteria of another commit: a change cannot soften the rules that judge it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from self_refine.ci.git import GitProblem, commit_of, run_git
from self_refine.criteria.finding.locations import FOLDERS
from self_refine.safe_write import private_folder, write_file

_FILES = {"self-refine.toml", "self-refine.lock"}
_MOST_BYTES = 20_000_000
"""Of all files that lie beside criteria; a repository's word lists are far smaller."""


@contextmanager
def criteria_at(root: Path, ref: str) -> Iterator[Path | GitProblem]:
    """A folder with the criteria files of `ref` and what lies beside them, while the block runs."""
    commit = commit_of(root, ref)
    if isinstance(commit, GitProblem):
        yield commit
        return
    with TemporaryDirectory(prefix="self-refine-criteria-") as folder:
        problem = _write(root, commit, Path(folder))
        yield Path(folder).resolve() if problem is None else problem


def _write(root: Path, commit: str, folder: Path) -> GitProblem | None:
    private_folder(folder / ".git")  # so that nobody looks for the workspace further up
    listed = run_git(root, "ls-tree", "-r", "-z", "--long", commit)
    if isinstance(listed, GitProblem):
        return listed
    total = 0
    for name, blob, size in _blobs(listed):
        total += size
        if total > _MOST_BYTES:
            return GitProblem(
                f"The criteria folders of {commit[:12]} hold over {_MOST_BYTES:,} bytes."
            )
        content = run_git(root, "cat-file", "blob", blob)
        if isinstance(content, GitProblem):
            return content
        private_folder((folder / name).parent)
        write_file(folder / name, content)
    return None


def _blobs(listed: bytes) -> Iterator[tuple[PurePosixPath, str, int]]:
    """Path, id and size of each regular file that criteria may need; links are left out."""
    for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
        about, _, name = entry.partition("\t")
        mode, _, blob, size, *_ = (*about.split(), "", "", "", "")
        path = PurePosixPath(name)
        if mode.startswith("100") and _is_wanted(path):
            yield path, blob, int(size)


def _is_wanted(path: PurePosixPath) -> bool:
    inside = any(part in FOLDERS for part in path.parts[:-1])
    return (inside or path.name in _FILES) and ".." not in path.parts and not path.is_absolute()
