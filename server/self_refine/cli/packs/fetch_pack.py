"""Fetches a pack from a git repository: its files at one commit, by `git`, without a checkout.

Nothing of the repository is run: no hooks, no filters, no submodules, no configuration of it.
"""

import os
import subprocess
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from self_refine.criteria.finding.locations import SUFFIX
from self_refine.criteria.finding.safe_files import MOST_BYTES
from self_refine.criteria.packs.pack_files import MOST_FILES, PackFiles
from self_refine.criteria.packs.pack_reference import Reference
from self_refine.errors import UsageError

_SECONDS = 120
_KEPT = ("PATH", "HOME", "SSH_AUTH_SOCK", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "LANG",
         "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE")  # fmt: skip
"""What git needs of the environment; keys of services are none of it."""
_SAFE = ("-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "-c",
         "protocol.ssh.allow=always", "-c", "protocol.file.allow=always", "-c",
         "core.hooksPath=/dev/null", "-c", "credential.interactive=false")  # fmt: skip


def fetch(reference: Reference) -> PackFiles:
    """The files of a pack and the commit that they are of.

    Raises:
        UsageError: git is not there, refuses, or the pack has no criteria files.
    """
    with TemporaryDirectory(prefix="self-refine-") as folder:
        _git(folder, "init", "--quiet", "--bare")
        _git(
            folder, "fetch", "--quiet", "--depth=1", "--no-tags", "--", reference.url, reference.ref
        )
        commit = _git(folder, "rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
        files = dict(_files(folder, commit, reference.subfolder))
    if not any(name.endswith(SUFFIX) for name in files):
        where = f" below {reference.subfolder}" if reference.subfolder else ""
        raise UsageError(f"{reference.url} has no criteria files{where} at {commit[:12]}.")
    return PackFiles(folder=Path(), files=files, revision=commit)


def _files(folder: str, commit: str, subfolder: str) -> list[tuple[str, str]]:
    listed = _git(folder, "ls-tree", "-r", "-z", commit).decode("utf-8", "replace").split("\0")
    found: list[tuple[str, str]] = []
    for entry in filter(None, listed):
        about, _, name = entry.partition("\t")
        mode, kind, number = about.split(" ")
        inside = not subfolder or PurePosixPath(name).is_relative_to(subfolder)
        # 120000 is a link: it could lead anywhere.
        if kind != "blob" or mode == "120000" or not inside or not name.endswith((SUFFIX, ".txt")):
            continue
        if len(found) == MOST_FILES:
            raise UsageError(f"The pack has more than {MOST_FILES} files.")
        own = PurePosixPath(name).relative_to(subfolder) if subfolder else PurePosixPath(name)
        found.append((own.as_posix(), _text(_git(folder, "cat-file", "blob", number), name)))
    return found


def _text(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        raise UsageError(f"{name} is larger than {MOST_BYTES // 1024} kB.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8.") from None


def _git(folder: str, *arguments: str) -> bytes:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment = kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            ["git", "-C", folder, *_SAFE, *arguments],  # noqa: S607 - the user's own git
            env=environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed; a pack from a repository needs it.") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git did not come back within {_SECONDS} s.") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"git {arguments[0]}: {said[-1] if said else 'it failed'}")
    return done.stdout
