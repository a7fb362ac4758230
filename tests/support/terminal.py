"""Owns a person at a terminal: a command that runs on a pseudo terminal, and is answered."""

import os
import pty
import select
import subprocess
import time


def at_terminal(command, answers, *, cwd, env, seconds=30):
    """Run a command on a terminal of its own; its exit code and all that it wrote."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=env, close_fds=True
    )
    os.close(theirs)
    os.write(ours, answers.encode())
    said, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so where the other end is closed
                part = b""
            if not part:
                break
            said += part
        elif process.poll() is not None:
            break
    if process.poll() is None and time.monotonic() >= until:
        process.kill()
    code = process.wait(seconds)
    os.close(ours)
    return code, said.decode("utf-8", "replace").replace("\r\n", "\n")
