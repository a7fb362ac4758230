"""`self-refine criteria show`: what criteria files came to, and which apply to a text and why."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from self_refine.cli.output.report import printing
from self_refine.cli.output.terminal import write_line
from self_refine.criteria.applying import Target
from self_refine.criteria.criteria_file import CriteriaFile, Library
from self_refine.criteria.finding.discover import discover, read_in_place, shipped
from self_refine.criteria.finding.locations import SUFFIX, folders_with_criteria, workspace_root
from self_refine.criteria.showing import file_report, text_report
from self_refine.criteria.showing.scope import scope_of
from self_refine.errors import UsageError
from self_refine.text.foreign import visible_json
from self_refine.text.languages import canonical, language_of

_AT_LINE = re.compile(r"(?P<path>.+?):(?P<line>[0-9]{1,9})", re.DOTALL)


def run(argument: str | None, language: str | None, *, as_json: bool) -> int:
    """Print the report; return 0, or 1 where an error keeps the file from being used.

    Raises:
        UsageError: there is no such file.
    """
    if argument is None:
        return _workspace(as_json=as_json)
    path, at = _place(argument)
    if path.name.lower().endswith(SUFFIX):
        return _criteria_file(path, at, as_json=as_json)
    return _text(path, language, as_json=as_json)


def whole_tree(root: Path) -> Library:
    """The criteria files of a workspace and of all folders below it."""
    return discover(root, folders_with_criteria(root))


def plural(count: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def print_lines(lines: Iterable[str]) -> None:
    """Write lines of a report; names and words in it are strangers'."""
    with printing("Send it elsewhere."):
        for line in lines:
            write_line(line)


def print_json(value: object) -> None:
    """Write one JSON object."""
    with printing("Send it elsewhere."):
        sys.stdout.write(visible_json(value, indent=2) + "\n")


def _place(argument: str) -> tuple[Path, int | None]:
    """The file and the line; a file of that very name wins."""
    found = _AT_LINE.fullmatch(argument)
    whole = Path(argument)
    path, at = (
        (whole, None) if whole.exists() or not found else (Path(found["path"]), found["line"])
    )
    if not path.is_file():
        raise UsageError(f"There is no file {path}. Name a criteria file or a text.")
    return path, int(at) if at else None


def _criteria_file(path: Path, at: int | None, *, as_json: bool) -> int:
    real = path.resolve()
    root = workspace_root(real)
    label = real.relative_to(root).as_posix() if real.is_relative_to(root) else path.name
    reading = read_in_place(real, root)
    if as_json:
        print_json(file_report.as_json(reading, label))
    else:
        print_lines((*file_report.lines(reading, label, at), *_count(reading.problems, label)))
    return 0 if reading.file else 1


def _count(problems: Iterable[object], label: str) -> Iterator[str]:
    if count := len(list(problems)):
        yield ""
        yield f"{plural(count, 'problem')} (hints too): self-refine criteria check --hints {label}"


def _text(path: Path, language: str | None, *, as_json: bool) -> int:
    real = path.resolve()
    root = workspace_root(real)
    target = Target(
        language=canonical(language) if language else language_of(path.name),
        path=PurePosixPath(real.relative_to(root).as_posix())
        if real.is_relative_to(root)
        else None,
        covers_document=True,
    )
    library = discover(root, (real.parent,))
    if as_json:
        print_json(text_report.as_json(library, shipped(), target, str(path)))
    else:
        print_lines(text_report.lines(library, shipped(), target, str(path)))
    return 0


def _workspace(*, as_json: bool) -> int:
    library = whole_tree(workspace_root(Path.cwd()))
    if as_json:
        print_json({"files": [_summary(file) for file in library.files]})
    else:
        print_lines(_listed(library))
    return 0


def _summary(file: CriteriaFile) -> dict[str, Any]:
    checks = sum(1 for c in file.criteria if c.check)
    return {
        "file": file.label,
        "id": file.id,
        "title": file.title,
        "applies": scope_of(file.applies),
        "questions": len(file.criteria) - checks,
        "checks": checks,
    }


def _listed(library: Library) -> Iterator[str]:
    for file in library.files:
        about = _summary(file)
        yield f"{file.label}: {file.title} ({file.id})"
        questions, checks = (plural(about[key], key[:-1]) for key in ("questions", "checks"))
        yield f"    for {about['applies']}; {questions}, {checks}"
    if not library.files:
        yield "The workspace has no criteria files. `self-refine criteria new NAME` begins one."
