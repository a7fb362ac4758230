"""Drafts: files that are written beside the one that they are to replace.

A draft is locked for as long as somebody writes it, so one that is not locked was left by a run
that was killed, and is removed by the next one that writes into the folder.
"""

import os
import re
import secrets
import stat
from contextlib import suppress
from itertools import islice

from self_refine.folder_handle import FolderHandle, is_running, lock, try_lock

_DRAFT = re.compile(r"\.self-refine-[0-9a-f]{16}|\.(?P<pid>[0-9]{1,10})\.self-refine")
"""Names of our drafts; they used to be named after the process that wrote them."""

_MOST_ENTRIES = 20_000
"""Of a folder that is looked through for drafts."""


def new_draft(folder: FolderHandle, mode: int) -> tuple[str, int]:
    """Name and descriptor of an empty draft, locked as long as it is open.

    Raises:
        OSError: the folder cannot be written.
    """
    while True:
        name = f".self-refine-{secrets.token_hex(8)}"
        descriptor = folder.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        lock(descriptor)
        if os.fstat(descriptor).st_nlink:
            return name, descriptor
        # Somebody who removes old drafts came between the making and the lock.
        os.close(descriptor)


def remove_left_drafts(folder: FolderHandle) -> None:
    """Remove what killed runs have left: regular files of the user's that nobody has locked."""
    for name in islice(folder.names(), _MOST_ENTRIES):
        if found := _DRAFT.fullmatch(name):
            with suppress(OSError):
                _remove_if_left(folder, name, found["pid"])


def _remove_if_left(folder: FolderHandle, name: str, pid: str | None) -> None:
    descriptor = folder.open(name, os.O_RDONLY)
    try:
        status = os.fstat(descriptor)
        ours = stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and folder.is_own(status)
        busy = pid is not None and int(pid) != os.getpid() and is_running(int(pid))
        if ours and not busy and try_lock(descriptor):
            folder.remove(name)
    finally:
        os.close(descriptor)
