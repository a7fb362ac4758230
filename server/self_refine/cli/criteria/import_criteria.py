"""`self-refine criteria import` and `criteria new`: files that people read before they are used."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from self_refine.cli.criteria.show_criteria import plural, print_lines
from self_refine.cli.output.terminal import write_line
from self_refine.criteria.finding.locations import SUFFIX, workspace_root
from self_refine.criteria.importing.proposal import Proposal, render, slug_of
from self_refine.criteria.importing.rule_sources import propose, renamed, sources_in
from self_refine.criteria.importing.starter import starter
from self_refine.errors import UsageError
from self_refine.safe_write import create_file, shared_folder
from self_refine.text.languages import language_of

_MOST_LISTED = 40
"""Rules left out of one file that are listed one by one."""


def run(sources: Sequence[str], out: str | None) -> int:
    """Print proposals, or write them as new files; return 0, or 1 where nothing could be taken.

    Raises:
        UsageError: there is no such source, or a file of that name is there already.
    """
    root = workspace_root(Path.cwd())
    if not sources:
        return _offer(root)
    proposals = renamed(tuple(p for source in sources for p in _propose(source, root)))
    made = tuple(proposal for proposal in proposals if proposal.taken)
    if out is None:
        print_lines(_shown(made))
    else:
        _write(made, Path(out))
    for line in _report(proposals, out):
        write_line(line, stderr=True)
    return 0 if made else 1


def new(name: str, example: str | None) -> int:
    """Begin a criteria file in `criteria/` of the workspace; print where.

    Raises:
        UsageError: the name has no letter or digit, or the file is there already.
    """
    stem = slug_of(name.removesuffix(SUFFIX))
    if not stem:
        raise UsageError(
            f"{name!r} gives no file name: use letters or digits, such as release-notes."
        )
    root = workspace_root(Path.cwd())
    path = Path(example) if example else None
    language = language_of(path.name) if path else ""
    paths = _glob(path, root) if path else ()
    target = root / "criteria" / f"{stem}{SUFFIX}"
    _create(target, starter(name, language, paths), root)
    lines = [f"Wrote {_shown_path(target)}. Replace its question and its check by yours."]
    if others := sources_in(root):
        listed = " ".join(path.relative_to(root).as_posix() for path in others[:3])
        lines.append(f"Rules for other tools are here too: self-refine criteria import {listed}")
    print_lines(lines)
    return 0


def _glob(path: Path, root: Path) -> tuple[str, ...]:
    """The texts beside an example, of the same ending; none for one outside the workspace."""
    real = path.resolve()
    if not real.is_relative_to(root) or not path.suffix:
        return ()
    folder = real.parent.relative_to(root).as_posix()
    return (f"**/*{path.suffix}",) if folder == "." else (f"{folder}/**/*{path.suffix}",)


def _offer(root: Path) -> int:
    found = sources_in(root)
    if not found:
        raise UsageError(
            "No rules of another tool were found here, such as AGENTS.md or .cursor/rules. Name a "
            "file: self-refine criteria import FILE."
        )
    print_lines(["These files hold rules that can be imported:", ""])
    print_lines(f"  {path.relative_to(root).as_posix()}" for path in found)
    print_lines(["", "See what one becomes: self-refine criteria import FILE",
                 "Write it: self-refine criteria import FILE --out criteria/"])  # fmt: skip
    return 0


def _propose(source: str, root: Path) -> tuple[Proposal, ...]:
    path = Path(source)
    if not path.exists():
        raise UsageError(f"There is no file or folder {source}.")
    return propose(path.resolve(), root)


def _shown(proposals: Sequence[Proposal]) -> Iterator[str]:
    for proposal in proposals:
        if len(proposals) > 1:
            yield f"<!-- {proposal.id}{SUFFIX} -->"
        yield from render(proposal).rstrip("\n").split("\n")


def _write(proposals: Sequence[Proposal], folder: Path) -> None:
    targets = [folder / f"{proposal.id}{SUFFIX}" for proposal in proposals]
    if there := next((target for target in targets if os.path.lexists(target)), None):
        raise UsageError(
            f"{there} is there already; nothing was written. Move it, or import elsewhere."
        )
    for target, proposal in zip(targets, proposals, strict=True):
        _create(target, render(proposal))


def _create(target: Path, text: str, root: Path | None = None) -> None:
    """Make a new file; `root` is the folder that it must lie in, links followed."""
    try:
        shared_folder(target.parent)
        if root is not None and not target.parent.resolve().is_relative_to(root.resolve()):
            raise UsageError(f"{_shown_path(target.parent)} leads out of the workspace.")
        create_file(target, text.encode("utf-8"), mode=0o644)
    except FileExistsError:
        raise UsageError(f"{_shown_path(target)} is there already; it is as it was.") from None
    except OSError as error:
        reason = error.strerror
        raise UsageError(f"{_shown_path(target)} cannot be written: {reason}.") from error


def _shown_path(path: Path) -> str:
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _report(proposals: Sequence[Proposal], out: str | None) -> Iterator[str]:
    for proposal in proposals:
        checks = plural(len(proposal.checks), "check")
        counts = f"{checks}, {plural(len(proposal.questions), 'question')}"
        target = f" -> {Path(out) / (proposal.id + SUFFIX)}" if out and proposal.taken else ""
        yield f"{proposal.source}: {counts}; {len(proposal.left)} left out{target}"
        for left in proposal.left[:_MOST_LISTED]:
            what = f" {left.what[:80]!r}" if left.what else ""
            yield f"    {left.where}:{what}: {left.why}"
        if len(proposal.left) > _MOST_LISTED:
            rest = Counter(left.why for left in proposal.left[_MOST_LISTED:])
            yield from (f"    {count} more: {why}" for why, count in rest.most_common(5))
    if out and any(proposal.taken for proposal in proposals):
        yield "These files are used from now on where they apply: read them before you keep them."
