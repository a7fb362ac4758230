"""What writing safely needs of the system, and what differs between platforms.

On POSIX a folder is held open, so that files in it are named without going through its path
again. Windows has no such calls: there the path is used, and a file takes its folder's rights.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

REPLACES_OPEN_FILES = sys.platform != "win32"
"""Whether a file may be renamed while it is open."""

_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe in the place of a file holds nobody up
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_IS_LINK = {errno.ELOOP, errno.EMLINK}  # EMLINK: FreeBSD
_HELD = sys.platform != "win32"
_COPY_XATTR, _COPY_ACL = 1 << 2, 1 << 0  # copyfile.h of macOS


class FolderHandle:
    """A folder that stays the same one, wherever its path leads meanwhile."""

    def __init__(self, path: Path, below: Sequence[str] = (), *, make: bool = False) -> None:
        """Open the folder `below` of `path`, of which no part may be a link.

        Args:
            path: may contain links.
            below: names, one below the other.
            make: whether folders that are missing are made.

        Raises:
            OSError: there is no such folder, or a link stands in its place.
        """
        self._path = path.joinpath(*below)
        self._descriptor: int | None = None
        if not _HELD:
            if make:
                self._path.mkdir(parents=True, exist_ok=True)
            return
        self._descriptor = os.open(path, _FOLDER)
        try:
            for name in below:
                self._enter(name, make=make)
        except OSError:
            self.close()
            raise

    def _enter(self, name: str, *, make: bool) -> None:
        above = self._descriptor
        if make:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=above)
        self._descriptor = os.open(name, _FOLDER | getattr(os, "O_NOFOLLOW", 0), dir_fd=above)
        if above is not None:
            os.close(above)

    def close(self) -> None:
        """Let the folder go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        """A descriptor of a file in the folder; a link of that name is an error.

        Raises:
            OSError: as `os.open`.
        """
        try:
            if self._descriptor is None:
                return os.open(self._path / name, flags | _FLAGS, mode)
            return os.open(name, flags | _FLAGS, mode, dir_fd=self._descriptor)
        except OSError as error:
            if error.errno in _IS_LINK:
                raise OSError(error.errno, "it is a link, which is not written through") from error
            raise

    def replace(self, source: str, target: str) -> None:
        """Rename a file of the folder, over another one where there is one."""
        if self._descriptor is None:
            (self._path / source).replace(self._path / target)
        else:
            at = self._descriptor
            os.replace(source, target, src_dir_fd=at, dst_dir_fd=at)

    def remove(self, name: str) -> None:
        """Remove a file of the folder."""
        if self._descriptor is None:
            (self._path / name).unlink()
        else:
            os.unlink(name, dir_fd=self._descriptor)

    def names(self) -> Iterator[str]:
        """What the folder holds."""
        with os.scandir(self._path if self._descriptor is None else self._descriptor) as entries:
            for entry in entries:
                yield entry.name

    def sync(self) -> None:
        """Bring the names of the folder to the disk, where the file system can."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.fsync(self._descriptor)

    def is_own(self, status: os.stat_result) -> bool:
        """Whether a file belongs to the user; Windows does not say."""
        return not _HELD or status.st_uid == os.geteuid()


def write_all(descriptor: int, data: bytes) -> None:
    """Write to a descriptor of ours; a disk that is nearly full takes a part, and says so next."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def last_byte(descriptor: int) -> bytes:
    """The last byte of a file that is not empty."""
    os.lseek(descriptor, -1, os.SEEK_END)
    return os.read(descriptor, 1)


def sync_file(descriptor: int) -> None:
    """Bring a file to the disk; macOS does so only where it is asked twice."""
    os.fsync(descriptor)
    if sys.platform == "darwin":
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)


def lock(descriptor: int) -> None:
    """Lock a file of ours until it is closed, where the file system can."""
    if sys.platform != "win32":
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)


def try_lock(descriptor: int) -> bool:
    """Whether nobody has locked a file; Windows removes no file that is open in any case."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_running(pid: int) -> bool:
    """Whether there is such a process; False on Windows, where to ask may end it."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return pid > 0


def copy_attributes(source: int, target: int) -> None:
    """Give a file of ours extended attributes, owner and mode of another, as far as we may.

    Args:
        source: descriptor of the file that is to be replaced.
        target: descriptor of its draft, which nobody else may read yet.
    """
    if sys.platform == "win32":
        return
    old, new = os.fstat(source), os.fstat(target)
    _copy_extended(source, target)
    mode = stat.S_IMODE(old.st_mode)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        if not _chown(target, old.st_uid, old.st_gid):
            mode &= 0o777  # a program that runs as its owner must not run as another
        if not _chown(target, -1, old.st_gid):
            mode &= ~0o070  # nor may another group read what this one could
    os.fchmod(target, mode)


def _chown(descriptor: int, user: int, group: int) -> bool:
    try:
        os.fchown(descriptor, user, group)
    except OSError:
        return False
    return True


def _copy_extended(source: int, target: int) -> None:
    """Extended attributes and access lists; one that may not be given is left out."""
    if sys.platform == "darwin":
        import ctypes  # noqa: PLC0415 - Python has no call for it on this platform

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).fcopyfile(source, target, None, _COPY_XATTR | _COPY_ACL)
    elif sys.platform == "linux":
        with suppress(OSError):
            for name in os.listxattr(source):
                with suppress(OSError):
                    os.setxattr(target, name, os.getxattr(source, name))
