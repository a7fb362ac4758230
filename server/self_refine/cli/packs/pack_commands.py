"""`self-refine packs add|update|vendor`: fetch, lock, and say what changes for each criterion."""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from self_refine.cli.criteria.show_criteria import plural, print_lines
from self_refine.cli.packs.fetch_pack import fetch
from self_refine.criteria.criteria_file import CriteriaFile
from self_refine.criteria.finding.locations import CONFIG, workspace_root
from self_refine.criteria.packs.lock_file import LOCK, Locked, digests, lock_text, read_lock
from self_refine.criteria.packs.pack_changes import changes
from self_refine.criteria.packs.pack_files import COPIES, PackFiles, folder_files, pack_files_of
from self_refine.criteria.packs.pack_reference import BadReference, Reference, parse_reference
from self_refine.criteria.packs.team_config import read_config
from self_refine.criteria.packs.use_packs import read_pack
from self_refine.errors import UsageError
from self_refine.safe_write import create_file, shared_folder, write_file

_WHERE = f'Say where it applies in {CONFIG}: [[use]] criteria = ["{{}}"]'
_LIST = re.compile(r"^packs[ \t]*=[ \t]*\[(?P<inside>[^\]]*)\]", re.MULTILINE)
_VERSION = re.compile(r"^version[ \t]*=.*$\n?", re.MULTILINE)


def add(references: Sequence[str]) -> int:
    """Take packs into `self-refine.toml` and the lock; say what each brings.

    Raises:
        UsageError: a reference names none, or it cannot be had.
    """
    root = workspace_root(Path.cwd())
    for text in references:
        reference = _parsed(text)
        held = _fetched(reference, root)
        files = _sound(reference, held)
        _store(reference, held, root)
        _enter(reference, root)
        lines = [f"{reference.name}: {plural(len(files), 'file')}{_at(held)}", *changes((), files)]
        print_lines([*lines, _WHERE.format(reference.name)])
    return 0


def update(names: Sequence[str]) -> int:
    """Fetch the packs again, and say what changes for each criterion.

    Raises:
        UsageError: there is no such pack, or it cannot be had.
    """
    root = workspace_root(Path.cwd())
    for reference in _named(names, root):
        before = pack_files_of(reference, root)
        old = [] if isinstance(before, str) else read_pack(reference, before)[0]
        held = _fetched(reference, root)
        new = _sound(reference, held)
        _store(reference, held, root)
        told = list(changes(old, new)) or ["nothing changes"]
        print_lines([f"{reference.name}{_at(held)}:", *(f"  {line}" for line in told)])
    return 0


def vendor(names: Sequence[str]) -> int:
    """Copy packs into the workspace, so that no machine needs anything else.

    Raises:
        UsageError: there is no such pack, or it is not here.
    """
    root = workspace_root(Path.cwd())
    for reference in _named(names, root):
        held = pack_files_of(reference, root)
        if isinstance(held, str):
            raise UsageError(f"{reference.name}: {held}")
        _copy(reference, held, root)
        print_lines(
            [f"{reference.name}: {plural(len(held.files), 'file')} in {COPIES}/{reference.name}"]
        )
    return 0


def _parsed(text: str) -> Reference:
    match parse_reference(text):
        case BadReference(message):
            raise UsageError(f"{text}: {message}")
        case reference:
            return reference


def _named(names: Sequence[str], root: Path) -> list[Reference]:
    packs = read_config(root).packs
    unknown = [name for name in names if name not in {pack.name for pack in packs}]
    if unknown or not packs:
        listed = ", ".join(pack.name for pack in packs) or "none"
        raise UsageError(
            f"{CONFIG} has no pack {unknown[0] if unknown else ''!s}. There are: {listed}."
        )
    return [pack for pack in packs if not names or pack.name in names]


def _fetched(reference: Reference, root: Path) -> PackFiles:
    """The files from where the pack comes from, a copy in the workspace left aside."""
    if reference.url:
        return fetch(reference)
    held = pack_files_of(replace(reference, name="-"), root)
    if isinstance(held, str):
        raise UsageError(f"{reference.text}: {held}")
    return held


def _sound(reference: Reference, held: PackFiles) -> list[CriteriaFile]:
    files, problems = read_pack(reference, held)
    if problems:
        first = problems[0]
        raise UsageError(f"{first.label}:{first.line}: {first.message} Nothing was changed.")
    if not files:
        raise UsageError(f"{reference.text} has no criteria files. Nothing was changed.")
    return files


def _store(reference: Reference, held: PackFiles, root: Path) -> None:
    """Lock the pack; one of a repository is copied, since nothing is fetched at a run."""
    if reference.url or (root / COPIES / reference.name).is_dir():
        _copy(reference, held, root)
    locked = read_lock(root)
    if isinstance(locked, str):
        raise UsageError(f"{LOCK}: {locked}")
    if not reference.folder:
        locked[reference.name] = Locked(
            name=reference.name,
            source=reference.text,
            revision=held.revision,
            files=digests(held.files),
        )
        write_file(root / LOCK, lock_text(locked.values()).encode(), mode=0o644)


def _copy(reference: Reference, held: PackFiles, root: Path) -> None:
    target = root / COPIES / reference.name
    if not target.parent.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{COPIES} leads out of the workspace.")
    if target.is_dir() and not isinstance(folder_files(target, root), str):
        shutil.rmtree(target)
    for name, text in held.files.items():
        shared_folder((target / name).parent)
        create_file(target / name, text.encode("utf-8"), mode=0o644)


def _enter(reference: Reference, root: Path) -> None:
    """Add the reference to `packs`, and leave the rest of the file as it is."""
    path = root / CONFIG
    entry = json.dumps(reference.text, ensure_ascii=False)
    if not path.exists():
        create_file(path, f"version = 1\npacks = [{entry}]\n".encode(), mode=0o644)
        return
    before = path.read_bytes()
    text = before.decode("utf-8-sig")
    others = [p for p in read_config(root).packs if p.name == reference.name]
    if any(other.text == reference.text for other in others):
        return
    for other in others:
        text = text.replace(json.dumps(other.text, ensure_ascii=False), entry)
    if not others and (found := _LIST.search(text)):
        inside = found["inside"].rstrip().rstrip(",")
        listed = f"{inside}, {entry}" if inside.strip() else entry
        text = text[: found.start("inside")] + listed + text[found.end("inside") :]
    elif not others:
        at = found.end() if (found := _VERSION.search(text)) else 0
        text = f"{text[:at]}packs = [{entry}]\n{text[at:]}"
    write_file(path, text.encode("utf-8"), was=before)


def _at(held: PackFiles) -> str:
    return f" at {held.revision[:12]}" if held.revision else ""
