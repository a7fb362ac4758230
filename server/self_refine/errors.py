"""Owns the exceptions of self-refine. Data from outside never raises.

SelfRefineError
└── UsageError        a command or request that cannot be carried out; caught by `cli.main` (exit 2)
"""


class SelfRefineError(Exception):
    """Base of all that self-refine raises on purpose; the text is a sentence for people."""


class UsageError(SelfRefineError):
    """What was asked for cannot be done as asked: unknown file, range outside it, no criteria.

    Caught by `cli.main`, which prints it and exits with 2.
    """
