"""The workspace in namespaces of its own (Linux): writable for the command, and for it alone.

The command sees every path where it is. What it writes below the workspace, the home and the
folders for temporary files lands in memory and is gone with it; all else is read-only, sockets of
other programs cannot be reached, and without `network` there is the loopback alone.
Needs a kernel of 5.12 or later that lets users make namespaces; nothing of util-linux.
"""

import base64
import ctypes
import fcntl
import os
import re
import resource
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

_NEW_MOUNTS, _NEW_IPC, _NEW_USER = 0x00020000, 0x08000000, 0x10000000
_NEW_PROCESSES, _NEW_NETWORK = 0x20000000, 0x40000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_MOUNT_SETATTR, _CAPSET = 442, {"x86_64": 126, "aarch64": 91}
_AT_RECURSIVE, _AT_FDCWD = 0x8000, -100
_DROP_BOUND, _NO_NEW_RIGHTS = 24, 38
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_GLOBAL = ("sys", "sysrq-trigger", "irq", "bus")
"""Below `/proc`: they belong to the whole machine."""

_THREADS = 4
"""For each process that a command may start: the system counts threads as processes."""
_STAGE = "/tmp"  # noqa: S108 - every Linux has it; it is covered, not written

_libc = ctypes.CDLL(None, use_errno=True)


def enter(order: dict[str, Any]) -> None:
    """Take this process, and whatever it starts, into namespaces of their own.

    Raises:
        OSError: the system does not allow it, or lacks a part.
    """
    user, group = os.getuid(), os.getgid()
    flags = _NEW_USER | _NEW_MOUNTS | _NEW_PROCESSES | _NEW_IPC
    _must(_libc.unshare(flags if order["network"] else flags | _NEW_NETWORK))
    _map(user, group)
    if not order["network"]:
        _raise_loopback()
    _mount("", "/", "", _RECURSIVE | _PRIVATE)
    _lay_over(order)


def settle(order: dict[str, Any]) -> None:
    """As the first process of the namespace: put the candidate in place, and give up all rights.

    Raises:
        OSError: the system does not allow it.
    """
    _mount("proc", "/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS)
    _limit_processes(order["processes"])
    for name in _GLOBAL:
        path = f"/proc/{name}"
        if Path(path).exists():
            _mount(path, path, "", _BIND | _RECURSIVE)
            _make_read_only(path)
    _give_up_rights()
    for relative, data in order["files"]:
        _put(Path(order["workspace"], relative), base64.b64decode(data))


def _limit_processes(most: int) -> None:
    """Let the system start no more; where it counts for each namespace (Linux 6.14 and later)."""
    major, minor, *_ = (int(part) for part in re.findall(r"\d+", os.uname().release))
    if (major, minor) >= (6, 14):
        with suppress(OSError):
            Path("/proc/sys/kernel/pid_max").write_text(str(_THREADS * most), "ascii")
    resource.setrlimit(resource.RLIMIT_NPROC, (_THREADS * most, _THREADS * most))


def _map(user: int, group: int) -> None:
    """Be the same user inside as outside."""
    for name, words in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(descriptor, words.encode())
        finally:
            os.close(descriptor)


def _raise_loopback() -> None:
    get, put, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        ask = struct.pack("16sH14x", b"lo", 0)
        (flags,) = struct.unpack_from("H", fcntl.ioctl(any_socket, get, ask), 16)
        fcntl.ioctl(any_socket, put, struct.pack("16sH14x", b"lo", flags | up))


def _lay_over(order: dict[str, Any]) -> None:
    """Cover what the command may write with layers in memory; everything else is read-only."""
    folders = list(_writable(order))
    below = [os.open(folder, os.O_PATH | os.O_DIRECTORY) for folder in folders]
    devices = os.open("/dev", os.O_PATH | os.O_DIRECTORY)
    _make_read_only("/")
    # The stage stands on /tmp, and is itself covered in the end: nothing is left on any disk.
    size = f"size={order['disk']},nr_inodes=400k,mode=755"
    _mount("tmpfs", _STAGE, "tmpfs", _NO_SUID | _NO_DEVICES, size)
    layers = [_layer(f"{_STAGE}/{n}", lower) for n, lower in enumerate(below)]
    own = _own_devices(f"{_STAGE}/dev", devices)
    for folder, layer in zip(folders, layers, strict=True):
        _mount(f"/proc/self/fd/{layer}", folder, "", _BIND | _RECURSIVE)
    _mount(f"/proc/self/fd/{own}", "/dev", "", _BIND | _RECURSIVE)
    for descriptor in (*below, *layers, devices, own):
        os.close(descriptor)


def _writable(order: dict[str, Any]) -> Iterator[str]:
    """Folders to cover, each before those inside it; a socket in a covered one leads nowhere."""
    wanted = {_STAGE, "/var/tmp", "/run", order["home"], order["workspace"]}  # noqa: S108
    real = {str(Path(folder).resolve()) for folder in wanted if Path(folder).is_dir()}
    yield from sorted(real - {"/"}, key=lambda folder: folder.count("/"))


def _layer(stage: str, lower: int) -> int:
    """A writable layer over a folder; its descriptor."""
    upper, work, merged = (f"{stage}/{name}" for name in ("upper", "work", "merged"))
    for folder in (stage, upper, work, merged):
        Path(folder).mkdir()
    with suppress(OSError):
        Path(upper).chmod(os.stat(f"/proc/self/fd/{lower}").st_mode & 0o7777)  # noqa: PTH116
    options = f"lowerdir=/proc/self/fd/{lower},upperdir={upper},workdir={work},userxattr"
    _mount("overlay", merged, "overlay", _NO_SUID | _NO_DEVICES, options)
    return os.open(merged, os.O_PATH | os.O_DIRECTORY)


def _own_devices(stage: str, devices: int) -> int:
    """A `/dev` with what every program expects, and no disk."""
    Path(stage).mkdir()
    for name in _DEVICES:
        with suppress(OSError):
            os.close(os.open(f"{stage}/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
            _mount(f"/proc/self/fd/{devices}/{name}", f"{stage}/{name}", "", _BIND)
    for name, leads in (
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"),
    ):
        Path(stage, name).symlink_to(leads)
    for name in ("shm", "pts"):
        Path(stage, name).mkdir()
    _mount("tmpfs", f"{stage}/shm", "tmpfs", _NO_SUID | _NO_DEVICES, "size=256m,mode=1777")
    with suppress(OSError):
        kind = "newinstance,ptmxmode=0666,mode=620"
        _mount("devpts", f"{stage}/pts", "devpts", _NO_SUID | _NO_PROGRAMS, kind)
    return os.open(stage, os.O_PATH | os.O_DIRECTORY)


def _put(path: Path, data: bytes) -> None:
    """Write a file of the workspace, in its layer; a later second than any other version of it."""
    status = path.stat() if path.exists() else None
    with suppress(FileNotFoundError):
        path.unlink()
    mode = 0o644 if status is None else status.st_mode & 0o777
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    if status is not None:
        # Byte code is taken for fresh where size and second are the same.
        os.utime(path, (status.st_atime, status.st_mtime + 2))


def _give_up_rights() -> None:
    for number in range(64):
        if _libc.prctl(_DROP_BOUND, number, 0, 0, 0):
            break
    _must(_libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0))
    head = struct.pack("Ii", 0x20080522, 0)
    _must(_libc.capset(head, bytes(24)))


def _make_read_only(path: str) -> None:
    attributes = struct.pack("QQQQ", _READ_ONLY, 0, 0, 0)
    _must(
        _libc.syscall(
            _MOUNT_SETATTR, _AT_FDCWD, path.encode(), _AT_RECURSIVE, attributes, len(attributes)
        )
    )


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    given = (source.encode(), target.encode(), kind.encode() or None)
    _must(_libc.mount(*given, ctypes.c_ulong(flags), options.encode() or None))


def _must(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
