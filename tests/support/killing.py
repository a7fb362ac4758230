"""Owns processes that are killed (SIGKILL) at the n-th step that they take towards a disk.

    python -P -m support.killing STEP before|after COUNT refine mail.md --write

A step is a call that `safe_write` and what it is made of make to the system: between two of them
nothing on the disk changes, so a kill before and after each is a kill at any time. STEP 0 kills
nobody. Each step adds a byte to the file COUNT.
"""

import os
import signal
import sys

from self_refine.cli.main import main

CALLS = ("open", "close", "write", "fsync", "replace", "unlink", "fchmod", "fchown", "mkdir")
OURS = {"self_refine.safe_write", "self_refine.folder_handle", "self_refine.drafts"}


def kill_at(step, when, counting):
    """Let this process die at a step."""
    write, taken = os.write, 0

    def watched(real):
        def call(*arguments, **named):
            nonlocal taken
            if sys._getframe(1).f_globals["__name__"] not in OURS:
                return real(*arguments, **named)
            taken += 1
            at = taken
            write(counting, b".")
            if (at, when) == (step, "before"):
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*arguments, **named)
            if (at, when) == (step, "after"):
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return call

    for name in CALLS:
        setattr(os, name, watched(getattr(os, name)))


if __name__ == "__main__":
    step, when, count, *rest = sys.argv[1:]
    kill_at(int(step), when, os.open(count, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    sys.exit(main(rest))
