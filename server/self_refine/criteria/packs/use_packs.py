"""Puts a team's packs and its switches to work: what `self-refine.toml` adds to a library."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from self_refine.checks.check import Base
from self_refine.checks.registry import Check
from self_refine.criteria.applying import Applies
from self_refine.criteria.criteria_file import CriteriaFile, Library
from self_refine.criteria.finding.locations import CONFIG, SUFFIX
from self_refine.criteria.packs.lock_file import LOCK, Locked, digests, read_lock
from self_refine.criteria.packs.pack_files import PackFiles, pack_files_of
from self_refine.criteria.packs.pack_reference import Reference
from self_refine.criteria.packs.team_config import TeamConfig, problem, read_config
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.option_values import fits
from self_refine.criteria.reading.reader import read
from self_refine.loop.types import Severity

_NO_OPTIONS: Mapping[str, str] = {}


def with_team_config(library: Library, shipped: Callable[[], Library], root: Path) -> Library:
    """A workspace's library with its packs, uses and severities. Reads files, fetches nothing.

    Args:
        library: the team's files.
        shipped: gives the packs that ship, which `use` may name.
        root: the workspace.
    """
    config = read_config(root)
    if config == TeamConfig():
        return library
    packs, problems = _packs(config, root)
    packs += _shipped_with(config.options, shipped())
    known = {file.id: file for file in (*shipped().files, *packs)}
    team = {file.id: file for file in library.files}
    used = list(_used(config, known, team, root, problems))
    files = [file for file in library.files if file.id not in {each.id for each in used}]
    switched = [_switched(file, config.severity) for file in (*files, *used)]
    _check_severities(config, (*library.files, *known.values()), root, problems)
    _check_options(config, (*library.files, *known.values()), root, problems)
    return replace(
        library,
        files=tuple(file for file in switched if file.criteria),
        problems=(*library.problems, *config.problems, *problems),
        installed=tuple(_switched(file, config.severity) for file in packs),
    )


def read_pack(
    reference: Reference, held: PackFiles, options: Mapping[str, str] = _NO_OPTIONS
) -> tuple[list[CriteriaFile], list[Problem]]:
    """The criteria files of a pack; their ids begin with its name."""
    files: list[CriteriaFile] = []
    problems: list[Problem] = []
    for name, text in held.files.items():
        if name.endswith(SUFFIX):
            path = held.folder / name
            label = f"{reference.name}/{name}"
            reading = read(
                text, path, label, root=held.folder, pack=reference.name, options=options
            )
            problems += (p for p in reading.problems if p.severity is Severity.ERROR)
            files += [reading.file] if reading.file else []
    return files, problems


def _packs(config: TeamConfig, root: Path) -> tuple[list[CriteriaFile], list[Problem]]:
    files: list[CriteriaFile] = []
    problems: list[Problem] = []
    locked = read_lock(root)
    if isinstance(locked, str):
        return [], [problem(root / LOCK, locked, "CR219")]
    for reference in config.packs:
        held = pack_files_of(reference, root)
        wrong = held if isinstance(held, str) else _changed(reference, held, locked)
        if wrong or isinstance(held, str):
            message = f"The pack {reference.name!r} is not used. {wrong}"
            problems.append(problem(root / CONFIG, message, "CR219"))
            continue
        of_pack, found = read_pack(reference, held, config.options)
        files += of_pack
        problems += found
    return files, problems


def _changed(reference: Reference, held: PackFiles, locked: Mapping[str, Locked]) -> str:
    """Say how the files differ from what was locked; "" where they do not.

    The folder of a workspace has the history of its repository, and needs no lock.
    """
    if reference.folder:
        return ""
    lock = locked.get(reference.name)
    if lock is None or lock.source != reference.text:
        return f"It is not in {LOCK}: self-refine packs add {reference.text}"
    now = digests(held.files)
    if now == lock.files:
        return ""
    differ = sorted(n for n in {*now, *lock.files} if now.get(n) != lock.files.get(n))
    return f"{differ[0]} is not as it was locked: self-refine packs update"


def _used(
    config: TeamConfig,
    known: Mapping[str, CriteriaFile],
    team: Mapping[str, CriteriaFile],
    root: Path,
    problems: list[Problem],
) -> Iterator[CriteriaFile]:
    """The files that `use` names, for the texts that it names."""
    paths: dict[str, list[str]] = {}
    everywhere: set[str] = set()
    both = {**known, **team}
    for use in config.use:
        for name in use.criteria:
            ids = [id_ for id_ in both if id_ == name or id_.startswith(f"{name}/")]
            if not ids:
                message = f"`use` names {name!r}, and no file or pack has this id."
                problems.append(problem(root / CONFIG, message, "CR209"))
            for id_ in ids:
                paths.setdefault(id_, []).extend(use.paths)
                everywhere |= set() if use.paths else {id_}
    for id_, globs in paths.items():
        file = both[id_]
        own = file.applies
        if id_ in everywhere:
            yield file
        else:
            rules = Applies(paths=tuple(globs), within=own.within, below=own.below)
            yield replace(file, applies=rules)


def _switched(file: CriteriaFile, severity: Mapping[str, str]) -> CriteriaFile:
    """A file with the severities that the team gives, without what it turns off."""
    if not any(criterion.id in severity for criterion in file.criteria):
        return file
    off = {name for name, value in severity.items() if value == "off"}
    criteria = tuple(
        replace(c, severity=Severity(severity[c.id])) if c.id in severity else c
        for c in file.criteria
        if c.id not in off
    )
    checks = (_with_severity(c, severity) for c in file.checks if c.criterion_id not in off)
    return replace(file, criteria=criteria, checks=tuple(checks))


def _with_severity(check: Check, severity: Mapping[str, str]) -> Check:
    given = severity.get(check.criterion_id)
    if given is None or not isinstance(check, Base):
        return check
    return replace(check, common=replace(check.common, severity=Severity(given)))


def _shipped_with(options: Mapping[str, str], shipped: Library) -> list[CriteriaFile]:
    """The packs that ship for whose options the team has values, read with these."""
    named = {name.rpartition("/")[0] for name in options}
    readings = (
        read(
            file.path.read_text(encoding="utf-8"),
            file.path,
            file.label,
            shipped=True,
            root=file.path.parent,
            options=options,
        )
        for file in shipped.files
        if file.id in named
    )
    return [reading.file for reading in readings if reading.file is not None]


def _check_options(
    config: TeamConfig, files: tuple[CriteriaFile, ...], root: Path, problems: list[Problem]
) -> None:
    """A name that leads nowhere sets nothing; nor does a value that the file does not list."""
    known = {f"{file.id}/{name}": option for file in files for name, option in file.options.items()}
    for name, value in config.options.items():
        option = known.get(name)
        if option is None:
            message = f"`options` names {name!r}, and no criteria file has this option."
            problems.append(problem(root / CONFIG, message, "CR209"))
        elif not fits(option, value):
            message = f"{name!r} is one of {', '.join(option.one_of)}, not {value!r}."
            problems.append(problem(root / CONFIG, message, "CR204"))


def _dependent(files: tuple[CriteriaFile, ...], name: str) -> str:
    """A criterion that asks how this check went; "" for none."""
    every = (criterion for file in files for criterion in file.criteria)
    return next((c.id for c in every if c.when is not None and c.when.check == name), "")


def _check_severities(
    config: TeamConfig, files: tuple[CriteriaFile, ...], root: Path, problems: list[Problem]
) -> None:
    """A name that leads nowhere switches nothing; a locked one stays as it is."""
    ids = {criterion.id for file in files for criterion in file.criteria}
    locked = {f"{file.id}/{name}" for file in files if file.layer for name in file.layer.locked}
    for name in config.severity:
        if name not in ids:
            message = f"`severity` names {name!r}, and no criterion has this id."
            problems.append(problem(root / CONFIG, message, "CR209"))
        elif config.severity[name] == "off" and (needs := _dependent(files, name)):
            message = f"{needs!r} depends on {name!r}: turn it off, too."
            if config.severity.get(needs) != "off":
                problems.append(problem(root / CONFIG, message, "CR209"))
        elif name in locked:
            message = f"{name!r} is locked in its file, so its severity stays as it is."
            problems.append(problem(root / CONFIG, message, "CR204"))
