"""Exactly what a user is asked to allow: one command of one criteria file in one workspace."""

import difflib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from self_refine.checks.kinds.command import CommandCheck
from self_refine.text.invisible import escape
from self_refine.tools.running.environment import environment, find_program

WARNING = (
    "This runs code of the repository (its tests, plugins and settings), now and at every later "
    "commit, until you take it back."
)
"""Nothing of this sentence may be softened: to allow a test runner is to allow every test."""
_MOST_LINES = 40
_MOST_BYTES = 256 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A command as it would run. Its fingerprint changes with any of this."""

    workspace: str
    """Real path; also the folder that it runs in."""
    file: str
    """The criteria file, as users name it."""
    check: str
    """Full id."""
    argv: tuple[str, ...]
    """As written."""
    program: str
    """Where the first word leads; "" where that is not to be found."""
    stdin: str
    env: tuple[str, ...]
    network: bool
    links: tuple[str, ...]
    text: str
    """What the criteria file says; kept, so that a change of it can be shown."""
    digest: str
    """Of the criteria file, and of the word lists that it names."""
    named: tuple[tuple[str, str], ...]
    """Files of the workspace that the arguments name, with their hashes."""

    @property
    def fingerprint(self) -> str:
        """Says whether two are the same in every part."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def place(self) -> tuple[str, str]:
        """Which check of which workspace it is, whatever it runs."""
        return self.workspace, self.check

    @property
    def as_json(self) -> dict[str, Any]:
        """For the file in which it is kept."""
        return asdict(self)


def wanted(check: CommandCheck, root: Path, label: str, path: Path, digest: str) -> Wanted:
    """What a check wants to run.

    Args:
        check: of a criteria file.
        root: the workspace, links resolved.
        label: of the criteria file.
        path: of that file.
        digest: of it and of what it names.
    """
    found = find_program(check.run_[0], environment(os.environ, (), root, "")["PATH"], root)
    return Wanted(
        workspace=str(root),
        file=label,
        check=check.criterion_id,
        argv=check.run_,
        program=found,
        stdin=check.stdin,
        env=check.env,
        network=check.network,
        links=check.links,
        text=_text(path),
        digest=digest,
        named=tuple(_named(check.run_, root)),
    )


def read_wanted(value: Any) -> Wanted | None:
    """One that was kept; None where the value is none."""
    try:
        given: Mapping[str, Any] = {
            name: tuple(tuple(e) if isinstance(e, list) else e for e in each)
            if isinstance(each, list)
            else each
            for name, each in value.items()
        }
        return Wanted(**given)
    except (TypeError, AttributeError):
        return None


def described(new: Wanted) -> list[str]:
    """What a person has to see before it is allowed, as lines; the arguments one a line."""
    lines = [f"{new.check} of {new.file} wants to run, in {new.workspace}:"]
    lines += [f"    {word}" for word in new.argv]
    lines.append(f"program: {new.program or 'not found'}")
    lines += [f"reads: the {new.stdin}"] if new.stdin else []
    lines += [f"variables: {', '.join(new.env)}"] if new.env else []
    lines += ["network: yes"] if new.network else []
    lines += [f"file: {name} ({digest[:12]})" for name, digest in new.named]
    return [escape(line) for line in (*lines, WARNING)]


def differences(old: Wanted, new: Wanted) -> list[str]:
    """What has changed since it was allowed, as lines."""
    lines: list[str] = []
    lines += _changed("arguments", old.argv, new.argv)
    for name in ("program", "stdin", "env", "network", "links", "file"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            lines.append(f"{name}: {before!r} was allowed; now {after!r}")
    lines += _changed("files", _listed(old.named), _listed(new.named))
    lines += _changed(new.file, old.text.splitlines(), new.text.splitlines())
    if not lines and old.digest != new.digest:
        lines.append(f"a word list that {new.file} names has changed")
    return [escape(line) for line in lines[:_MOST_LINES]]


def _listed(named: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"{name} ({digest[:12]})" for name, digest in named]


def _changed(what: str, old: Any, new: Any) -> list[str]:
    if list(old) == list(new):
        return []
    rows = difflib.unified_diff(list(old), list(new), n=1, lineterm="")
    return [f"{what}:", *(f"  {row}" for row in rows if not row.startswith(("---", "+++")))]


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:_MOST_BYTES].decode("utf-8", "replace")
    except OSError:
        return ""


def _named(argv: tuple[str, ...], root: Path) -> Iterator[tuple[str, str]]:
    """A script of the repository is a part of the command, so its words count."""
    for word in argv:
        path = root / word
        if word and not Path(word).is_absolute() and path.is_file():
            with path.open("rb") as file:
                yield word, hashlib.file_digest(file, "sha256").hexdigest()
