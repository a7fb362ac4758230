"""`self-refine.lock`: of each pack where it came from, and the sha256 of each of its files."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from self_refine.criteria.finding.safe_files import Refused, read_contained

LOCK = "self-refine.lock"


@dataclass(frozen=True, kw_only=True, slots=True)
class Locked:
    """One pack."""

    name: str
    source: str
    """As `packs` names it."""
    revision: str
    """The commit of a repository, the version of a distribution; "" for a folder."""
    files: Mapping[str, str] = field(default_factory=dict)
    """sha256 of each file, by its path in the pack."""


def read_lock(root: Path) -> dict[str, Locked] | str:
    """The packs by their names; {} without a file, a sentence for one that is none."""
    path = root / LOCK
    if not path.is_file():
        return {}
    got = read_contained(path, root)
    if isinstance(got, Refused):
        return got.message
    try:
        return {each.name: each for each in map(_locked, json.loads(got.text)["packs"])}
    except (ValueError, KeyError, TypeError, AttributeError):
        return "It is no lock file. Write it anew: self-refine packs update."


def lock_text(packs: Iterable[Locked]) -> str:
    """The file, one line for each file of a pack, so that changes are easy to read."""
    listed = [
        {
            "name": pack.name,
            "source": pack.source,
            "revision": pack.revision,
            "files": dict(sorted(pack.files.items())),
        }
        for pack in sorted(packs, key=lambda pack: pack.name)
    ]
    return json.dumps({"version": 1, "packs": listed}, indent=2, ensure_ascii=False) + "\n"


def digests(files: Mapping[str, str]) -> dict[str, str]:
    """sha256 of each file."""
    return {name: sha256(text.encode("utf-8")).hexdigest() for name, text in files.items()}


def _locked(value: Mapping[str, object]) -> Locked:
    files = value["files"]
    if not isinstance(files, dict):
        raise TypeError
    sound = all(re.fullmatch(r"[0-9a-f]{64}", str(digest)) for digest in files.values())
    if not sound:
        raise ValueError
    return Locked(
        name=str(value["name"]),
        source=str(value["source"]),
        revision=str(value["revision"]),
        files={str(name): str(digest) for name, digest in files.items()},
    )
