"""Self-Refine: generate, judge against explicit criteria, refine, until nothing is left to fix.

From Python: `self_refine.refine(text, criteria)`; see `self_refine.api` and docs/api.md.
"""

TYPE_CHECKING = False
"""As in `typing`, which is not imported: the path is not clean yet when a program starts."""

if TYPE_CHECKING:
    from self_refine.api import (
        Candidate,
        Cost,
        Finding,
        Judged,
        ModelError,
        Options,
        Outcome,
        Settings,
        Severity,
        StopReason,
        UsageError,
        refine,
        refine_async,
    )

__version__ = "0.1.0"

__all__ = [
    "Candidate",
    "Cost",
    "Finding",
    "Judged",
    "ModelError",
    "Options",
    "Outcome",
    "Settings",
    "Severity",
    "StopReason",
    "UsageError",
    "__version__",
    "refine",
    "refine_async",
]


def __getattr__(name: str) -> object:
    """Import the API when it is first used: the server and the prompt start without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from self_refine import api  # noqa: PLC0415 - see the docstring

    return getattr(api, name)
