"""The texts of the inputs that criteria files declare: where each is found, or why it is not.

An input is a text beside the selection, such as the source of a summary. `marker:` and
`selection-before:` are parts of the document, `file:` is a file of the workspace, `ask:` is what
the user gives; what the user gives for any input comes first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from self_refine.criteria.criteria_file import CriteriaFile, Input
from self_refine.criteria.finding.safe_files import Got, Refused, read_contained
from self_refine.text.spans import Span

ORIGINS = ("marker:", "file:", "ask:", "selection-before:")
UNITS_BEFORE = ("", "section", "paragraph")
"""What `selection-before:` takes: all of the text above, or what is nearest."""
_MARK = re.compile(
    r"(?:\A|(?<=[\r\n]))[^\w\r\n]*self-refine-(begin|end)[ \t]+([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)"
    r"(?:[^\w\r\n][^\w\r\n]*)?(?=[\r\n]|\Z)"
)
_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]")
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class GivenText:
    """A text that the user gives for an input."""

    text: str
    path: Path | None = None
    """Of the file that it comes from, if any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputTexts:
    """The inputs of a run."""

    texts: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    """Why an input is not there, as a clause, by its name."""
    paths: tuple[Path, ...] = ()
    """Files whose texts are among them."""


NO_INPUTS = InputTexts()


@dataclass(frozen=True, kw_only=True, slots=True)
class InputPlace:
    """What inputs are looked for in."""

    document: str
    span: Span
    """The selection."""
    root: Path | None
    """The workspace folder; None without one."""


def input_texts(
    files: Iterable[CriteriaFile], place: InputPlace, given: Mapping[str, GivenText]
) -> InputTexts:
    """The texts of all inputs that these files declare; reads files, so it blocks."""
    texts: dict[str, str] = {}
    missing: dict[str, str] = {}
    paths: list[Path] = []
    for name, declared in declared_inputs(files):
        origins = {each.origin for each in declared}
        match given.get(name):
            case GivenText(text, path):
                texts[name] = text
                paths += [path] if path else []
                continue
        if len(origins) > 1:
            missing[name] = (
                f"two criteria files take it from elsewhere; give it yourself: {_by(name)}"
            )
            continue
        match _found(name, declared[0].origin, place):
            case GivenText(text, path):
                texts[name] = text
                paths += [path] if path else []
            case reason:
                missing[name] = reason
    return InputTexts(texts=texts, missing=missing, paths=tuple(paths))


def declared_inputs(files: Iterable[CriteriaFile]) -> tuple[tuple[str, tuple[Input, ...]], ...]:
    """The inputs of some files by name, each as every file declares it."""
    found: dict[str, list[Input]] = {}
    for file in files:
        for name, declared in file.inputs.items():
            found.setdefault(name, []).append(declared)
    return tuple((name, tuple(each)) for name, each in found.items())


def wrong_origin(origin: str) -> str:
    """What is wrong with where an input is said to come from; "" where nothing is."""
    kind, colon, rest = origin.partition(":")
    if f"{kind}{colon}" not in ORIGINS:
        return f"An input comes from {', '.join(f'{each}…' for each in ORIGINS)}."
    match kind:
        case "file" if _not_inside(rest.strip()):
            return "A file is named relative to the workspace folder, with `/` between folders."
        case "selection-before" if rest.strip() not in UNITS_BEFORE:
            return "`selection-before:` takes section, paragraph, or nothing for all above."
    return ""


def _not_inside(name: str) -> bool:
    parts = name.split("/")
    return not name or "\\" in name or ":" in name or name.startswith(("/", "~")) or ".." in parts


def _found(name: str, origin: str, place: InputPlace) -> GivenText | str:
    kind, _, rest = origin.partition(":")
    rest = rest.strip()
    match kind:
        case "marker":
            return _marked(name, rest or name, place)
        case "file":
            return _from_file(name, rest, place)
        case "selection-before":
            return _before(rest, place)
        case _:
            return f"nobody was asked for it; give it with {_by(name)}"


def _by(name: str) -> str:
    return f"--input {name}=FILE"


def _marked(name: str, mark: str, place: InputPlace) -> GivenText | str:
    """What stands between two marks, each on a line of its own, as a rule in a comment."""
    parts = tuple(_between(mark, place.document))
    if not parts:
        lines = f"`self-refine-begin {mark}` and `self-refine-end {mark}`"
        return f"no text stands between {lines}; put them round it, or give it with {_by(name)}"
    apart = [part for part in parts if not _overlap(part, place.span)]
    if not apart:
        return f"the selection stands between the marks of {mark}: select what is to be judged"
    return GivenText("\n".join(part.of(place.document) for part in apart))


def _between(mark: str, document: str) -> Iterator[Span]:
    begin: int | None = None
    for found in _MARK.finditer(document):
        if found[2] != mark:
            continue
        if found[1] == "begin":
            begin = found.end() if begin is None else begin
        elif begin is not None:
            yield _trimmed(document, begin, found.start())
            begin = None
    if begin is not None:
        yield _trimmed(document, begin, len(document))


def _trimmed(document: str, start: int, end: int) -> Span:
    words = document[start:end]
    return Span(
        start + len(words) - len(words.lstrip()), max(start, end - len(words) + len(words.rstrip()))
    )


def _overlap(part: Span, span: Span) -> bool:
    return part.start < span.end and span.start < part.end


def _from_file(name: str, path: str, place: InputPlace) -> GivenText | str:
    if place.root is None:
        return f"there is no workspace folder in which {path} could lie; give it with {_by(name)}"
    if _not_inside(path):
        return f"{path} leads out of the workspace folder"
    file = place.root / path
    match read_contained(file, place.root, hidden=False):
        case Got(text):
            return GivenText(text.removeprefix("\ufeff"), file)
        case Refused(message):
            return f"{path}: {message[0].lower()}{message[1:].rstrip('.')}"


def _before(unit: str, place: InputPlace) -> GivenText | str:
    """The text above the selection, or the part of it that is nearest."""
    above = place.document[: place.span.start].rstrip()
    match unit:
        case "section":
            starts = [found.start() for found in _HEADING.finditer(above)]
            above = above[starts[-1] :] if starts else above
        case "paragraph":
            ends = [found.end() for found in _BLANK_LINE.finditer(above)]
            above = above[ends[-1] :] if ends else above
    if not above.strip():
        return "nothing stands above the selection"
    return GivenText(above.strip())
