"""Reads the criteria files of a workspace, and of the folders on the way to a text.

`pkg/a/criteria/NAME.criteria.md` is for what lies below `pkg/a/`. Folders are found by walking up
from a text, never down, so that the size of a repository does not matter. A file is read when it is
wanted: another may extend it.
"""

import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from self_refine.criteria.criteria_file import CriteriaFile, Library
from self_refine.criteria.finding.locations import SUFFIX, criteria_files, pack_folder
from self_refine.criteria.finding.refusals import refused
from self_refine.criteria.finding.safe_files import Refused, read_contained
from self_refine.criteria.reading.front_block import id_of
from self_refine.criteria.reading.inheritance import DEEPEST
from self_refine.criteria.reading.reader import Bases, Reading, read
from self_refine.text.invisible import plain

_MOST_FILES = 200
"""Of one folder."""
_MOST_FILES_OVER_ALL = 1_000
_LONGEST_LABEL = 400


@dataclass(slots=True)
class Layers:
    """The criteria files of some folders of a workspace, each read once."""

    root: Path
    folders: tuple[Path, ...]
    """The workspace and folders below it, outermost first."""
    packs: Callable[[], Library]
    """Those that ship: a file may extend one."""
    hear: Callable[[object], None] = lambda _: None
    """Hears the path of each file before it is read."""
    skip: Mapping[str, str] = field(default_factory=dict)
    """By its path, why a file is not to be read."""
    options: Mapping[str, str] = field(default_factory=dict)
    """The team's values of options, by `FILE/NAME`."""
    files: dict[Path, Path] = field(default_factory=dict)
    """Each criteria file, and the folder that it is for."""
    read: dict[Path, Reading] = field(default_factory=dict)
    _texts: dict[Path, str | Refused] = field(default_factory=dict)
    _now: list[Path] = field(default_factory=list)
    """Those being read, each extending the next."""

    def every(self) -> Iterator[Reading]:
        """Read all of them."""
        beyond = self.collect()
        for path in tuple(self.files):
            yield self.reading(path)
        if beyond is not None:
            message = f"There are more than {_MOST_FILES} criteria files: this one is not read."
            yield refused(beyond, self.label(beyond), Refused(message, code="CR211"))

    def label(self, path: Path) -> str:
        """A file's name for users; a stranger's name must not write on the user's screen."""
        inside = path.is_relative_to(self.root)
        name = path.relative_to(self.root) if inside else path
        return plain(name.as_posix(), _LONGEST_LABEL)

    def reading(self, path: Path) -> Reading:
        """What a file came to, with what it extends."""
        if path not in self.read:
            self._now.append(path)
            try:
                self.read[path] = self._read(path)
            finally:
                self._now.pop()
        return self.read[path]

    def bases(self, path: Path, folder: Path) -> Bases:
        """What finds the files that the file at `path`, which is for `folder`, may extend."""

        def find(name: str) -> CriteriaFile | str:
            if name.startswith(("./", "../")):
                return self._at(path, name)
            nearest = [at for at in reversed(self.folders) if folder.is_relative_to(at)]
            for at in nearest:
                for other, whose in self.files.items():
                    if whose == at and other != path and self._id(other) == name:
                        return self._file(other)
            pack = next((file for file in self.packs().files if file.id == name), None)
            return pack or f"No criteria file here, above or among the packs has the id {name!r}."

        return find

    def put(self, path: Path, text: str) -> None:
        """Read this text instead of what is on the disk."""
        self._texts[path] = text

    def collect(self) -> Path | None:
        """Find the files; the first that is one too many."""
        own = pack_folder().resolve()
        seen: set[tuple[int, int]] = set()
        for folder in self.folders:
            count = 0
            for path in criteria_files(folder):
                if is_inside(path, own) or _is_seen(path, seen):
                    continue
                count += 1
                if count > _MOST_FILES or len(self.files) == _MOST_FILES_OVER_ALL:
                    return path
                self.files[path] = folder
        return None

    def _read(self, path: Path) -> Reading:
        label = self.label(path)
        if why := self.skip.get(str(path)):
            message = f"This file is not used: {why}. Make its patterns simpler or fewer."
            return refused(path, label, Refused(message, code="CR211"))
        text = self._text(path)
        self.hear(path)
        if isinstance(text, Refused):
            return refused(path, label, text)
        folder = self.files.get(path, self.root)
        reading = read(
            text,
            path,
            label,
            root=self.root,
            bases=self.bases(path, folder),
            options=self.options,
        )
        if reading.file is None or folder == self.root:
            return reading
        below = folder.relative_to(self.root).as_posix()
        applies = replace(reading.file.applies, below=below)
        return replace(reading, file=replace(reading.file, applies=applies))

    def _text(self, path: Path) -> str | Refused:
        if path not in self._texts:
            got = read_contained(path, self.root)
            self._texts[path] = got if isinstance(got, Refused) else got.text
        return self._texts[path]

    def _id(self, path: Path) -> str:
        text = self._text(path)
        return "" if isinstance(text, Refused) else id_of(text, path)

    def _at(self, path: Path, name: str) -> CriteriaFile | str:
        """The file that a path names, relative to the file that extends it."""
        target = (path.parent / name).resolve()
        target = target if target.name.endswith(SUFFIX) else target.with_name(target.name + SUFFIX)
        own = next((known for known in self.files if known.resolve() == target), None)
        if own is None:
            return f"{name} is none of the criteria files of this folder or of one above."
        return self._file(own)

    def _file(self, path: Path) -> CriteriaFile | str:
        if path in self._now:
            chain = [self.label(each) for each in (*self._now[self._now.index(path) :], path)]
            return f"It extends itself: {' -> '.join(chain)}."
        if len(self._now) > DEEPEST:
            return f"More than {DEEPEST} files extend one another: {self.label(self._now[0])}."
        file = self.reading(path).file
        return file or f"{self.label(path)} has an error, so it cannot be extended."


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, links followed, lies in a folder."""
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):
        # A link that leads to itself; reading it says so.
        return False


def _is_seen(path: Path, seen: set[tuple[int, int]]) -> bool:
    """Whether this is a file already read by another name: a link, or another case of letters."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return False
    if not stat.S_ISREG(status.st_mode) or not status.st_ino:
        return False
    known = (status.st_dev, status.st_ino) in seen
    seen.add((status.st_dev, status.st_ino))
    return known
