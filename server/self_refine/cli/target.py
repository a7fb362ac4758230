"""Owns what `FILE[:RANGE]` means: which text it names, read byte for byte, and which part of it."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from self_refine.errors import UsageError
from self_refine.safe_write import ChangedError, write_file
from self_refine.text.invisible import plain
from self_refine.text.languages import canonical, language_of
from self_refine.text.lines import LineTable
from self_refine.text.spans import Span

STDIN = "<stdin>"
"""Standard input, as it is called in reports."""

_BOM = "\ufeff"
_LONGEST_NAME = 200
"""Code points of a name in a message: the reason behind it must still be read."""

# The path is greedy enough to keep a drive letter: C:\notes.md:3-7
# Python reads no number of more than 4,300 digits; no file has a line of more than 18.
_N = "[0-9]{1,18}"
_RANGE = re.compile(
    rf"(?P<path>.+?):(?P<l1>{_N})(?::(?P<c1>{_N}))?-(?P<l2>{_N})(?::(?P<c2>{_N}))?", re.DOTALL
)
_LINE = re.compile(rf"(?P<path>.+?):(?P<l1>{_N})", re.DOTALL)

_MOST_BYTES = 64 * 1024 * 1024
"""Of a file or of standard input: what is larger is no text that somebody wrote, or never ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileTarget:
    """A document and the part of it that is to be refined."""

    path: Path | None
    """None for standard input."""
    label: str
    """As the user named it; `<stdin>` for standard input."""
    bom: str
    """The byte order mark that the file began with, or ""."""
    text: str
    """The document, without its byte order mark; line ends as they are."""
    span: Span
    """The part to refine, in code points of `text`."""
    language: str
    """An editor's language id."""


def read_target(argument: str, language: str | None, *, to_be_written: bool = False) -> FileTarget:
    """Read the text that `argument` names.

    Args:
        argument: FILE, FILE:L, FILE:L1-L2, FILE:L1:C1-L2:C2, or - for standard input.
        language: the language id to use instead of the one that the file's name suggests.
        to_be_written: an instruction says what is to stand there, so the text may be empty.

    Raises:
        UsageError: no such file, not text, or a range outside it; the sentence says what to do.
    """
    name, numbers = split_range(argument)
    if name in {"-", STDIN}:
        path, label, data = None, STDIN, _standard_input()
    else:
        path, label = Path(name), name
        data = _read(path)
    document = _decode(data, label)
    bom, text = (_BOM, document[1:]) if document.startswith(_BOM) else ("", document)
    span = _span(text, numbers, label)
    if not to_be_written and not text[span.start : span.end].strip():
        raise UsageError(
            f"{label}: there is nothing to refine: the {_what(numbers)} is empty. "
            "Name words, or say with --instruction what to write there."
        )
    return FileTarget(
        path=path,
        label=label,
        bom=bom,
        text=text,
        span=span,
        language=canonical(language) if language else language_of(path.name if path else ""),
    )


def write_target(target: FileTarget, text: str) -> None:
    """Put `text` into the file, atomically, with its byte order mark and its mode.

    Raises:
        UsageError: the file cannot be written; it is then as it was.
    """
    was, now = ((target.bom + words).encode("utf-8") for words in (target.text, text))
    try:
        # The user has named it: what a link of that name leads to is meant.
        write_file(must_be_a_file(target).resolve(), now, was=was)
    except ChangedError:
        raise UsageError(
            f"{target.label} has changed meanwhile; nothing was written. Try again."
        ) from None
    except OSError as error:
        reason = error.strerror
        raise UsageError(f"{target.label} cannot be written: {reason}. It is as it was.") from error


def must_be_a_file(target: FileTarget) -> Path:
    """The file that a result can be written into.

    Raises:
        UsageError: there is none, since the text came from standard input.
    """
    if target.path is None:
        raise UsageError("Standard input cannot be written to; use --diff or --json.")
    return target.path


def split_range(argument: str) -> tuple[str, tuple[str | None, ...] | None]:
    """The file's name and the four numbers of the range; a file of that very name wins."""
    found = _RANGE.fullmatch(argument)
    if exists(argument):
        return argument, None
    if found is None:
        line = _LINE.fullmatch(argument)
        return (line["path"], (line["l1"], None, line["l1"], None)) if line else (argument, None)
    return found["path"], (found["l1"], found["c1"], found["l2"], found["c2"])


def exists(name: str) -> bool:
    """Whether a file or a folder has this very name."""
    try:
        return Path(name).exists()
    except OSError:
        # A name that no system takes, such as one that is too long; reading it says so.
        return False


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageError("Standard input is closed, so there is no text; name a file.")
    # The buffer gives bytes as they are: text mode would turn line ends on every platform.
    return _whole(sys.stdin.buffer, STDIN)


def _whole(file: IO[bytes], label: str) -> bytes:
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        most = _MOST_BYTES // 1024 // 1024
        raise UsageError(f"{label} is larger than {most} MB; name a smaller text.")
    return data


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name a file in it.")
        with path.open("rb") as file:
            return _whole(file, str(path))
    except FileNotFoundError:
        raise UsageError(
            f"{path}: no such file. Check the name, or use - for standard input."
        ) from None
    except OSError as error:
        raise UsageError(
            f"{plain(str(path), _LONGEST_NAME)} cannot be read: {error.strerror}."
        ) from error


def _decode(data: bytes, label: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{label} is not UTF-8 text (byte 0x{data[error.start]:02x} in line {line}). "
            "Save it as UTF-8, then try again."
        ) from None
    if "\0" in text:
        raise UsageError(
            f"{label} is a binary file (it holds a NUL byte); only text can be refined."
        )
    return text


def _span(text: str, numbers: tuple[str | None, ...] | None, label: str) -> Span:
    if numbers is None:
        return Span(0, len(text))
    table = LineTable(text)
    first, column, last, end_column = (None if n is None else int(n) for n in numbers)
    assert first is not None  # the pattern has both lines  # noqa: S101
    assert last is not None  # noqa: S101
    lines = table.count - (table.count > 1 and table.span(table.count - 1).is_empty)
    if last < first:
        raise UsageError(f"{label}:{first}-{last} ends before it begins. Put the first line first.")
    if not 1 <= first <= last <= lines:
        named = f"{first}" if first == last else f"{first}-{last}"
        raise UsageError(
            f"{label}:{named} is outside the file, which has {_count(lines, 'line')}. "
            "Lines count from 1."
        )
    start = _place(table, first, 1 if column is None else column, label)
    end = (
        table.full_span(last - 1).end
        if end_column is None
        else _place(table, last, end_column, label)
    )
    if end < start:
        raise UsageError(f"{label}: the range ends before it begins. Put its first place first.")
    return Span(start, end)


def _place(table: LineTable, line: int, column: int, label: str) -> int:
    """The offset of a place that people count from 1."""
    length = table.span(line - 1).end - table.span(line - 1).start
    if not 1 <= column <= length + 1:
        raise UsageError(
            f"{label}:{line}:{column} is outside the line, which has "
            f"{_count(length, 'character')}. Columns count from 1."
        )
    return table.span(line - 1).start + column - 1


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)


def _what(numbers: tuple[str | None, ...] | None) -> str:
    return "text" if numbers is None else "range"
