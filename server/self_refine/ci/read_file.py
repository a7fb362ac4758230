"""Reads one file of a check, and finds the criteria that it is judged by."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from self_refine.ci.judge_file import TextFile
from self_refine.ci.results import FileError
from self_refine.ci.select_files import Selected
from self_refine.criteria.applying import Target, applies
from self_refine.criteria.choose_criteria import Refusal, choose_with_inputs
from self_refine.criteria.criteria_file import Library
from self_refine.criteria.finding.locations import SUFFIX
from self_refine.criteria.input_texts import InputPlace
from self_refine.text.languages import language_of
from self_refine.text.spans import Span

_MOST_BYTES = 64 * 1024 * 1024
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Skipped:
    """No criteria apply to the file, or it is no text."""


def read_text_file(
    root: Path,
    selected: Selected,
    library: Library,
    packs: Library,
    ids: tuple[str, ...],
) -> TextFile | FileError | Skipped:
    """The text and its criteria. A file that is found below a folder may be skipped, one that the
    user named may not: that it cannot be judged is an error.
    """
    path = root / selected.path
    target = Target(
        language=language_of(selected.path.name), path=_inside(selected.path), covers_document=True
    )
    if not selected.is_named and not _is_wanted(library, target, ids):
        return Skipped()
    text = _text(path)
    words = text if isinstance(text, str) else ""
    place = InputPlace(document=words, span=Span(0, len(words)), root=root)
    chosen = choose_with_inputs(library, packs, target, ids, place, {})
    if isinstance(chosen, Refusal):
        return FileError(selected.path, chosen.message)
    if text is None and not selected.is_named:
        return Skipped()
    if text is None:
        return FileError(selected.path, "This is no text in UTF-8.")
    if isinstance(text, OSError):
        return FileError(selected.path, f"It cannot be read: {text.strerror}.")
    return TextFile(path=selected.path, text=text, language=target.language, chosen=chosen)


def _is_wanted(library: Library, target: Target, ids: tuple[str, ...]) -> bool:
    """Whether a file that a folder holds is judged: by files that apply, or those named.

    Criteria files themselves are checked by `criteria check`.
    """
    if target.path is not None and target.path.name.endswith(SUFFIX):
        return False
    named = {name.partition("/")[0] for name in ids}
    if not named:
        return any(applies(file, target) for file in library.files)
    known = [file for file in library.files if file.id in named]
    # A pack that is named has to be chosen for a kind of text, not for every file of a folder.
    return any(applies(file, target) for file in known) or (
        len(known) < len(named) and target.language in {"markdown", "plaintext", "mail"}
    )


def _inside(path: PurePosixPath) -> PurePosixPath | None:
    return None if path.is_absolute() else path


def _text(path: Path) -> str | OSError | None:
    """The words of a file; None where it holds none in UTF-8."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        return error
    if len(data) > _MOST_BYTES or b"\0" in data[:8_000]:
        return None
    try:
        return data.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError:
        return None
