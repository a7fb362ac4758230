"""Owns the main job in a real Emacs in batch mode: each case of flow.el in a place of its own."""

import functools
import subprocess
import sys
from pathlib import Path

from real import SERVER, carry_out, documented, place

EMACS = sys.argv.pop(1)
HERE = Path(__file__).parent
CASES = {
    "main": "the main job: live checks, the action, one edit, hints, one undo",
    "critique": "a critique gives diagnostics and no edit",
    "cancel": "a run is cancelled by the code action",
    "revert": "one change of several is reverted, the others stay",
    "fix": "a finding of a check is fixed by its quick fix",
}


def emacs(name):
    """Run a case of flow.el."""
    answers = [{"hang": True}] if name == "cancel" else []
    with place(answers) as at:
        # What the documentation tells users to write, but for the program and the mode.
        setup = "\n".join(documented("emacs", "elisp")).replace('"self-refine"', f'"{SERVER}"')
        setup = setup.replace("markdown-mode", "flow-memo-mode")
        (at.home / "setup.el").write_text(setup)
        env = at.env | {"SELF_REFINE_CASE": name}
        command = [
            EMACS,
            "-Q",
            "--batch",
            "-l",
            str(at.home / "setup.el"),
            "-l",
            str(HERE / "flow.el"),
        ]
        done = subprocess.run(
            command, cwd=at.root, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"


def case(name, words):
    """A case of flow.el, by its name there."""
    run = functools.partial(emacs, name)
    run.__doc__ = words
    return run


if __name__ == "__main__":
    sys.exit(carry_out([case(name, words) for name, words in CASES.items()]))
