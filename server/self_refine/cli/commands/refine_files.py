"""`self-refine refine` with several files: each is refined by itself, and written whole or not."""

from collections.abc import Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path

from self_refine.cli.commands.refine import Arguments, run_on
from self_refine.cli.commands.write_result import CANCELLED, CLEAN, FINDINGS, MODEL
from self_refine.cli.output.terminal import write_line
from self_refine.cli.target import (
    STDIN,
    FileTarget,
    exists,
    must_be_a_file,
    read_target,
    split_range,
)
from self_refine.errors import ModelError, UsageError

_USAGE = 2
_GRAVEST_FIRST = (CANCELLED, _USAGE, FINDINGS, MODEL, CLEAN)


def run(names: Sequence[str], arguments: Arguments) -> int:
    """Refine each of the files and return the gravest exit code; an interrupt ends all of it.

    Raises:
        UsageError: a name is no file, or a file cannot be read: then nothing was begun.
    """
    files = list(dict.fromkeys(name for given in names for name in _expanded(given)))
    if len(files) > 1 and any(name in {"-", STDIN} for name in files):
        raise UsageError("Standard input can be refined alone only; name files, or - by itself.")
    to_be_written = bool(arguments.instruction.strip())
    targets = [read_target(name, arguments.language, to_be_written=to_be_written) for name in files]
    if arguments.output == "write":
        for target in targets:
            must_be_a_file(target)
        _must_differ(targets)
    if len(targets) == 1:
        return run_on(targets[0], arguments)
    codes: list[int] = []
    for target in targets:
        codes.append(_one(target, arguments))
        if codes[-1] == CANCELLED:
            break
    return min(codes, key=_GRAVEST_FIRST.index)


def _one(target: FileTarget, arguments: Arguments) -> int:
    """One of several: what stands in its way is said, and the others are refined all the same."""
    if arguments.output == "report":
        write_line(f"== {target.label}")
    try:
        return run_on(target, arguments)
    except ModelError:
        raise  # the next file would hear the same
    except UsageError as error:
        write_line(f"self-refine: {target.label}: {error}", stderr=True)
        return _USAGE


def _must_differ(targets: Sequence[FileTarget]) -> None:
    """Refuse two ranges of one file: the second would be read before the first is written."""
    seen: set[Path] = set()
    for target in targets:
        path = must_be_a_file(target).resolve()
        if path in seen:
            raise UsageError(
                f"{target.label} stands here twice; with --write each file is named once."
            )
        seen.add(path)


def _expanded(name: str) -> Iterator[str]:
    """The files that a pattern names, in order; a name that exists, or is no pattern, is itself."""
    path, _ = split_range(name)
    if not has_magic(path) or exists(path):
        yield name
        return
    # `Path.glob` takes no pattern of an absolute path.
    every = glob(name, recursive=True)  # noqa: PTH207
    found = sorted(each for each in every if Path(each).is_file())
    if not found:
        raise UsageError(f"No file fits {name!r}. Check the pattern; ** stands for folders.")
    yield from found
