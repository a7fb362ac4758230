"""Owns the exceptions of self-refine. Data from outside never raises.

SelfRefineError
├── UsageError        a command or request that cannot be carried out; caught by `cli.main` (exit 2)
│   └── ModelError    … because the configured model does not answer; caught by `cli.main` (exit 3)
└── FaultError        in `models/faults.py`: carries a fault up inside `models`, never out of it
"""


def where(error: BaseException) -> str:
    """Such as "TypeError at engine.py:88": for a log, which must never hold an exception's text."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return type(error).__name__
    file = frame.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{type(error).__name__} at {file}:{frame.tb_lineno}"


class SelfRefineError(Exception):
    """Base of all that self-refine raises on purpose; the text is a sentence for people."""


class UsageError(SelfRefineError):
    """What was asked for cannot be done as asked: unknown file, range outside it, no criteria.

    Caught by `cli.main`, which prints it and exits with 2.
    """


class ModelError(UsageError):
    """The configured model failed before the run began: unreachable, wrong key.

    Caught by `cli.main`, which prints it and exits with 3; the editor shows it as any `UsageError`.
    """
