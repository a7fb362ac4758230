"""The folders that Python imports from, before anything is imported from them.

An entry of PYTHONPATH that is empty or relative stands for the folder that Python was started in,
and so for whatever repository that is, with PYTHONSAFEPATH, too. What has come in by then (a
`sitecustomize`, a package of our own name) only `python -I` or an empty PYTHONPATH keeps out.
"""

import os
import sys


def clean() -> None:
    """Take the folders of the workspace off `sys.path`; imports nothing that is not there yet."""
    try:
        os.getcwd()  # noqa: PTH109 - pathlib is not there yet
    except OSError:
        # The folder is gone: nothing can be imported from it, and no relative path has a meaning.
        sys.path[:] = [path for path in sys.path if os.path.isabs(path)]  # noqa: PTH117 - see above
        return
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - see above
    entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    led = {os.path.abspath(entry) for entry in entries if not os.path.isabs(entry)}  # noqa: PTH100, PTH117
    if not sys.flags.safe_path and not sys.flags.isolated:
        # `python -m` and `-c` put it first; a script puts its own folder there, which is no entry.
        led.add(os.path.abspath(os.curdir))  # noqa: PTH100
    sys.path[:] = [
        path
        for path in sys.path
        if path == own or (os.path.isabs(path) and os.path.abspath(path) not in led)  # noqa: PTH100, PTH117
    ]
