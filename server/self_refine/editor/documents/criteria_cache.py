"""Owns the criteria files at hand: read off the event loop, kept for actions that may not wait."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from self_refine.criteria.silenced import Dismissal
from self_refine.editor.background_tasks import BackgroundTasks
from self_refine.editor.documents.workspace_scan import Folder

if TYPE_CHECKING:  # nothing of criteria is imported before the first document
    from self_refine.criteria.applying import Named, Offer, Target
    from self_refine.criteria.criteria_file import Library

ReadFolder = Callable[[Path | None, Folder | None, frozenset[Path]], Folder]
"""Reads a workspace folder; gives what was read last where it is as it was. Blocks."""

STALE_SECONDS = 5.0
"""After this time files are read again behind an answer: some clients do not watch files."""

SUFFIX = ".criteria.md"


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The criteria of one workspace folder as they were when they were read."""

    root: Path | None
    """None for a document that lies in no folder."""
    folder: Folder
    """What the root holds."""
    heads: "tuple[Named, ...]"
    """What menus show of the packs that ship."""
    read_at: float
    """On the monotonic clock."""
    texts: frozenset[Path] = frozenset()
    """Folders of documents that were looked into on the way."""
    _offers: "dict[tuple[Path | None, str, bool], tuple[Offer, ...]]" = field(
        default_factory=dict, compare=False, repr=False
    )
    """Editors ask for them at every move of the cursor."""

    def covers(self, path: Path | None) -> bool:
        """Whether the folders on the way to a document were looked into."""
        return path is None or self.root is None or path.parent in (self.root, *self.texts)

    @property
    def team(self) -> "Library":
        """The criteria files of the root."""
        return self.folder.team

    @property
    def dismissed(self) -> frozenset[Dismissal]:
        """What users of the workspace have dismissed."""
        return self.folder.dismissed

    @property
    def packs(self) -> "Library":
        """The packs that ship, in full. Reading them takes a moment, once: `fresh` has done it."""
        return _packs()

    def offered(self, path: Path | None, language: str, *, whole: bool) -> "tuple[Offer, ...]":
        """What a run on a text may be started with."""
        from self_refine.criteria.applying import in_reach, offered  # noqa: PLC0415 - see the top

        key = (path, language, whole)
        if key not in self._offers:
            target = self.target(path, language, whole=whole)
            self._offers[key] = offered(in_reach(self.team.files, target), self.heads, target)
        return self._offers[key]

    def target(self, path: Path | None, language: str, *, whole: bool) -> "Target":
        """A text as criteria files see it."""
        from self_refine.criteria.applying import Target  # noqa: PLC0415 - see the top

        return Target(language=language, path=self.relative(path), covers_document=whole)

    def relative(self, path: Path | None) -> PurePosixPath | None:
        """The path of a document as globs of criteria files name it."""
        if path is None:
            return None
        if self.root is not None and path.is_relative_to(self.root):
            return PurePosixPath(path.relative_to(self.root).as_posix())
        return PurePosixPath(path.as_posix())


class CriteriaCache:
    """The criteria of all workspace folders that documents were opened from."""

    def __init__(
        self,
        folders: Callable[[], tuple[Path, ...]],
        on_read: Callable[[Snapshot], None],
        tasks: BackgroundTasks,
        read: ReadFolder,
    ) -> None:
        self._folders, self._on_read, self._tasks = folders, on_read, tasks
        self._read_folder = read
        self._snapshots: dict[Path | None, Snapshot] = {}
        self._roots: dict[Path, Path] = {}
        self._by_folders: tuple[tuple[Path, ...], dict[Path | None, Path | None]] = ((), {})
        """The folders, and the root of each path that was asked for since they are these."""
        self._reading: dict[Path | None, asyncio.Task[Snapshot]] = {}
        self._texts: dict[Path | None, set[Path]] = {}
        """Folders of the documents of each root."""
        self._changed: set[Path | None] = set()
        """Folders to read once more: what is being read of them may be what was there before."""

    def peek(self, path: Path | None) -> Snapshot | None:
        """What was read last, None before the first time; touches no disk."""
        root = self._known_root(path)
        return self._snapshots.get(root) if root is not _UNKNOWN else None

    def peek_root(self, path: Path) -> Path | None:
        """The workspace folder of a path as far as it is known; touches no disk."""
        root = self._known_root(path)
        return None if root is _UNKNOWN else root

    def peek_and_refresh(self, path: Path | None) -> Snapshot | None:
        """What is at hand, read behind the answer where it is old; None before the first time."""
        snapshot = self.peek(path)
        if snapshot is None:
            return None
        if not snapshot.covers(path):
            self._look_into(snapshot.root, path)
            self._read(snapshot.root)
        elif time.monotonic() - snapshot.read_at > STALE_SECONDS:
            self._read(snapshot.root)
        return snapshot

    async def get(self, path: Path | None) -> Snapshot:
        """What is at hand, read behind the answer where it is old; read now the first time."""
        if (snapshot := self.peek_and_refresh(path)) is not None and snapshot.covers(path):
            return snapshot
        return await self._first(path)

    async def reload(self, path: Path | None) -> Snapshot:
        """Read the files of the document's workspace now, and the packs that ship."""
        root = await self._root(path)
        self._look_into(root, path)
        await asyncio.to_thread(_packs)
        return await self._reads(root, anew=True)

    async def get_within(self, path: Path | None, seconds: float) -> Snapshot | None:
        """What is at hand; before the first time, wait for it no longer than this."""
        if (snapshot := self.peek_and_refresh(path)) is not None and snapshot.covers(path):
            return snapshot
        try:
            async with asyncio.timeout(seconds):
                return await self._first(path)
        except TimeoutError:
            return snapshot

    def invalidate(self) -> None:
        """Some criteria file has changed."""
        for root in {*self._snapshots, *self._reading}:
            if self._is_being_read(root):
                self._changed.add(root)
            else:
                self._read(root, anew=True)

    def close(self) -> None:
        """End what is being read."""
        self._changed.clear()
        for task in self._reading.values():
            task.cancel()

    def _look_into(self, root: Path | None, path: Path | None) -> None:
        """Have the folders on the way to a document read from now on."""
        if root is not None and path is not None and path.is_relative_to(root):
            self._texts.setdefault(root, set()).add(path.parent)

    async def _first(self, path: Path | None) -> Snapshot:
        """Read until the folders on the way to a document were looked into."""
        root = await self._root(path)
        self._look_into(root, path)
        snapshot = await asyncio.shield(self._read(root))
        if not snapshot.covers(path) and path is not None and path.parent in self._seen(root):
            # It joined a reading that had begun before this document was known.
            snapshot = await asyncio.shield(self._read(root))
        return snapshot

    def _seen(self, root: Path | None) -> frozenset[Path]:
        return frozenset(self._texts.get(root, ()))

    def _known_root(self, path: Path | None) -> Path | None:
        """The workspace folder of a path; `_UNKNOWN` where the disk would have to be asked."""
        folders = self._folders()
        if folders != self._by_folders[0]:
            self._by_folders = (folders, {})
        known = self._by_folders[1]
        if path not in known:
            root = self._root_in(folders, path)
            if root is _UNKNOWN:
                return root
            known[path] = root
        return known[path]

    def _root_in(self, folders: tuple[Path, ...], path: Path | None) -> Path | None:
        if path is None:
            return folders[0] if folders else None
        holding = [folder for folder in folders if path.is_relative_to(folder)]
        if holding:
            return max(holding, key=lambda folder: len(folder.parts))
        return self._roots.get(path.parent, _UNKNOWN)

    async def _root(self, path: Path | None) -> Path | None:
        root = self._known_root(path)
        if root is _UNKNOWN and path is not None:
            root = await asyncio.to_thread(_root_above, path)
            self._roots[path.parent] = root
        return root

    def _is_being_read(self, root: Path | None) -> bool:
        return root in self._reading and not self._reading[root].done()

    def _read(self, root: Path | None, *, anew: bool = False) -> asyncio.Task[Snapshot]:
        """Start reading, or join those who wait for it already."""
        if self._is_being_read(root):
            return self._reading[root]
        task = self._tasks.start(
            self._reads(root, anew=anew), "Reading criteria files", lambda _: self._has_read(root)
        )
        self._reading[root] = task
        return task

    def _has_read(self, root: Path | None) -> None:
        if root in self._changed:
            self._changed.discard(root)
            self._read(root, anew=True)

    async def _reads(self, root: Path | None, *, anew: bool) -> Snapshot:
        """Read all files; those that are as they were only where they are to be read `anew`."""
        began = time.monotonic()
        last = None if anew else self._snapshots.get(root)
        snapshot = await asyncio.to_thread(
            _snapshot, self._read_folder, root, began, last, self._seen(root)
        )
        known = self._snapshots.get(root)
        if known is None or known.read_at <= began:
            self._snapshots[root] = snapshot
            self._on_read(snapshot)
        return snapshot


def _snapshot(
    read: ReadFolder,
    root: Path | None,
    began: float,
    last: Snapshot | None,
    texts: frozenset[Path],
) -> Snapshot:
    """What a root holds; `last` once more where all of it is as it was then."""
    folder = read(root, None if last is None else last.folder, texts)
    if last is not None and folder is last.folder:
        return replace(last, read_at=began, texts=texts)
    return Snapshot(root=root, folder=folder, heads=_heads(), read_at=began, texts=texts)


@cache
def _heads() -> "tuple[Named, ...]":
    from self_refine.criteria.reading.pack_headers import shipped_heads  # noqa: PLC0415 - see the top

    heads = shipped_heads()
    return _packs().files if heads is None else heads


@cache
def _packs() -> "Library":
    """What ships does not change while the server runs."""
    from self_refine.criteria.finding.discover import shipped  # noqa: PLC0415 - imports YAML and checks

    return shipped()


def _root_above(path: Path) -> Path:
    from self_refine.criteria.finding.locations import workspace_root  # noqa: PLC0415 - see the top

    return workspace_root(path)


_UNKNOWN = Path("\0unknown")
"""Stands for a root that is not known yet; no path of a file system has a NUL."""


def is_criteria_file(path: Path | None) -> bool:
    """Whether a document is itself a criteria file."""
    return path is not None and path.name.lower().endswith(SUFFIX)
