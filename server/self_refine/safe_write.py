"""Everything that is written to a disk: whole or not at all, and never through a link.

What stands at the target is replaced by a draft from the same folder, which nobody else could
have put there: its name is random, and it is opened only if it is new. The draft has the rights of
the file it replaces before it has its place, both are on the disk before this returns, and drafts
of runs that were killed are removed by the next one that writes into their folder.

No library did all of it (2026): atomicwrites is archived, and others keep neither owner nor
extended attributes, follow hard links, or leave the drafts of killed runs where they are.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from self_refine.drafts import new_draft, remove_left_drafts
from self_refine.folder_handle import (
    REPLACES_OPEN_FILES,
    FolderHandle,
    copy_attributes,
    last_byte,
    sync_file,
    write_all,
)


class ChangedError(OSError):
    """The file no longer holds what the caller has read."""

    def __init__(self) -> None:
        super().__init__(errno.EAGAIN, "it has changed meanwhile")


class HardLinkError(OSError):
    """The file has several names: a new file under one of them would part it from the others."""

    def __init__(self, names: int) -> None:
        super().__init__(
            errno.EMLINK,
            f"it has {names} names (hard links), and replacing it would part them; copy it to a "
            "file of its own first",
        )


class LeadsOutError(OSError):
    """The path leads out of the folder that it has to lie in."""

    def __init__(self) -> None:
        super().__init__(errno.EPERM, "a link leads out of the workspace")


def write_file(
    path: Path,
    data: bytes,
    *,
    mode: int = 0o600,
    was: bytes | None = None,
    root: Path | None = None,
) -> None:
    """Replace a file or make a new one; where this raises, the file is as it was.

    Args:
        path: of the file; a link there is refused, so resolve the path of one that users name.
        data: all that the file is to hold.
        mode: of a file that is new, less the umask; one that is there keeps mode, owner and
            extended attributes as far as the user may give them.
        was: what the file has to hold still, looked at last of all.
        root: the folder that the file has to lie in, links resolved.

    Raises:
        OSError: ChangedError, HardLinkError, LeadsOutError, or what the system says.
    """
    with _folder_of(path, root) as (folder, name):
        remove_left_drafts(folder)
        with _standing(folder, name) as old:
            draft, descriptor = new_draft(folder, mode if old is None else 0o600)
            try:
                _fill(descriptor, data, old)
                _must_hold(folder, name, was)
            except BaseException:
                _discard(folder, draft, descriptor)
                raise
        _put(folder, draft, descriptor, name)
        folder.sync()


def append_file(path: Path, data: bytes, *, mode: int = 0o600, root: Path | None = None) -> None:
    """Add whole lines to a file, which is made where there is none.

    A line that an earlier run could not end is ended first.

    Args:
        path: of the file; a link there is refused.
        data: lines, each with its end.
        mode: of a file that is new, less the umask.
        root: the folder that the file has to lie in, links resolved; folders below are made.

    Raises:
        OSError: as for `write_file`.
    """
    with _folder_of(path, root, make=True) as (folder, name):
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        descriptor = folder.open(name, flags, mode)
        try:
            status = _must_be_alone(os.fstat(descriptor))
            if status.st_size and last_byte(descriptor) != b"\n":
                data = b"\n" + data
            write_all(descriptor, data)
            sync_file(descriptor)
        finally:
            os.close(descriptor)
        folder.sync()


def create_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Make a file that is not there yet.

    Raises:
        OSError: FileExistsError where anything has that name, or what the system says.
    """
    descriptor = open_new(path, mode)
    try:
        write_all(descriptor, data)
        sync_file(descriptor)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(descriptor)


def open_new(path: Path, mode: int = 0o600) -> int:
    """A descriptor of a new file, for a log that is written line by line.

    Raises:
        OSError: FileExistsError where anything has that name, or what the system says.
    """
    with _folder_of(path, None) as (folder, name):
        return folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, mode)


def close_file(descriptor: int) -> None:
    """Bring a log to the disk, and close it."""
    try:
        sync_file(descriptor)
    finally:
        os.close(descriptor)


def shared_folder(path: Path) -> None:
    """Make a folder in a workspace, and those above it, with the rights that new ones have there.

    Raises:
        OSError: what the system says.
    """
    path.mkdir(parents=True, exist_ok=True)


def private_folder(path: Path) -> None:
    """Make a folder that the user alone may enter, and those above it; one that is there stays.

    Raises:
        OSError: it cannot be made, or something else has its name.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def _folder_of(
    path: Path, root: Path | None, *, make: bool = False
) -> Iterator[tuple[FolderHandle, str]]:
    """The folder of a file, held while it is written, and the file's name in it."""
    if root is None:
        handle = FolderHandle(path.parent)
    else:
        handle = FolderHandle(root.resolve(), _below(path.parent, root), make=make)
    try:
        yield handle, path.name
    finally:
        handle.close()


def _below(folder: Path, root: Path) -> tuple[str, ...]:
    """The parts of a folder's path below `root`, links resolved."""
    try:
        return folder.resolve().relative_to(root.resolve()).parts
    except (ValueError, RuntimeError):  # RuntimeError: links that lead to themselves
        raise LeadsOutError from None


@contextmanager
def _standing(folder: FolderHandle, name: str) -> Iterator[int | None]:
    """A descriptor of what is to be replaced, None where there is nothing."""
    try:
        descriptor = folder.open(name, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        _must_be_writable(_must_be_alone(os.fstat(descriptor)))
        yield descriptor
    finally:
        os.close(descriptor)


def _must_be_writable(status: os.stat_result) -> None:
    if not status.st_mode & 0o222:
        raise PermissionError(errno.EACCES, "it is read-only")


def _must_be_alone(status: os.stat_result) -> os.stat_result:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    if status.st_nlink > 1:
        raise HardLinkError(status.st_nlink)
    return status


def _fill(draft: int, data: bytes, old: int | None) -> None:
    """Give a draft its words, and the rights of the file that it is to replace."""
    write_all(draft, data)
    if old is not None:
        copy_attributes(old, draft)
    sync_file(draft)


def _put(folder: FolderHandle, draft: str, descriptor: int, name: str) -> None:
    """Rename a draft that is complete; it stays locked until it has its place, where it can."""
    try:
        if not REPLACES_OPEN_FILES:
            os.close(descriptor)
        folder.replace(draft, name)
    except BaseException:
        with suppress(OSError):
            folder.remove(draft)
        raise
    finally:
        if REPLACES_OPEN_FILES:
            os.close(descriptor)


def _discard(folder: FolderHandle, draft: str, descriptor: int) -> None:
    os.close(descriptor)
    with suppress(OSError):
        folder.remove(draft)


def _must_hold(folder: FolderHandle, name: str, was: bytes | None) -> None:
    if was is None:
        return
    with os.fdopen(folder.open(name, os.O_RDONLY), "rb") as file:
        if file.read(len(was) + 1) != was:
            raise ChangedError
