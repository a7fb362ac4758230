"""What a command gets of our environment, and where its program is looked for."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from self_refine.checks.kinds.command import is_secret

_ALLOWED = frozenset(
    {
        *("PATH", "HOME", "LANG", "TZ", "USER", "LOGNAME"),
        *("SYSTEMROOT", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"),
        *("VIRTUAL_ENV", "CARGO_HOME", "RUSTUP_HOME", "GOPATH", "GOROOT", "JAVA_HOME"),
        *("PYENV_ROOT", "NVM_DIR"),
    }
)
_FIXED = {
    "SHELL": "/bin/sh",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "CI": "1",
    # Byte code of one candidate must not be taken for that of another.
    "PYTHONDONTWRITEBYTECODE": "1",
}


def environment(
    ours: Mapping[str, str], further: Sequence[str], root: Path, temp: str
) -> dict[str, str]:
    """The variables of a command.

    Args:
        ours: of this process.
        further: names that the criteria file adds.
        root: the workspace; its own virtual environment comes first on PATH.
        temp: folder for temporary files.
    """
    wanted = {n for n in ours if n in _ALLOWED or n.startswith("LC_") or n in further}
    kept = {name: ours[name] for name in wanted if not is_secret(name)}
    folders = [*_own_programs(root), *_absolute(kept.get("PATH", os.defpath))]
    return kept | _FIXED | {"TMPDIR": temp, "PATH": os.pathsep.join(folders)}


def find_program(name: str, path: str, root: Path) -> str:
    """The absolute path of a program; "" where it is not to be found.

    A name without a slash is looked for on PATH; one with a slash is a file of the workspace.
    """
    if "/" in name or os.sep in name:
        file = root / name
        return str(file) if os.access(file, os.X_OK) and file.is_file() else ""
    return shutil.which(name, path=path) or ""


def _own_programs(root: Path) -> list[str]:
    """Where the project's own tools are, as an activated environment would have them."""
    folders = (root / ".venv" / "bin", root / "venv" / "bin", root / "node_modules" / ".bin")
    return [str(folder) for folder in folders if folder.is_dir()]


def _absolute(path: str) -> list[str]:
    """Entries of PATH that name the same folder wherever a command runs."""
    return [entry for entry in path.split(os.pathsep) if Path(entry).is_absolute()]
