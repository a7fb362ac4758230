"""The outcome of a run, read from its trace. What cannot be read is no outcome; never raises."""

from collections.abc import Iterable, Mapping
from typing import Any

import cattrs

from self_refine.loop.types import Candidate, Cost, Criterion, Outcome, StopReason


def traced_outcome(lines: Iterable[Mapping[str, Any]]) -> Outcome | None:
    """What a run returned; None where its trace does not say so from the beginning to the end."""
    read = cattrs.Converter()
    began: Mapping[str, Any] | None = None
    ended: Mapping[str, Any] | None = None
    versions: dict[int, Candidate] = {}
    try:
        for line in lines:
            match line.get("event"):
                case "began":
                    began = line
                case "judged":
                    candidate = read.structure(line["candidate"], Candidate)
                    versions[candidate.number] = candidate
                case "ended":
                    ended = line
        if began is None or ended is None or sorted(versions) != list(range(len(versions))):
            return None
        return _outcome(read, began, ended, tuple(versions[n] for n in sorted(versions)))
    except (cattrs.BaseValidationError, LookupError, TypeError, ValueError, AttributeError):
        return None


def _outcome(
    read: cattrs.Converter,
    began: Mapping[str, Any],
    ended: Mapping[str, Any],
    versions: tuple[Candidate, ...],
) -> Outcome:
    best = int(ended["best"])
    if versions[best].text != ended["text"]:
        raise ValueError("the text is that of another version")
    return Outcome(
        text=str(ended["text"]),
        stop=StopReason(ended["stop"]),
        detail=str(ended.get("detail") or ""),
        best=best,
        candidates=versions,
        criteria=read.structure(began["task"]["criteria"], tuple[Criterion, ...]),
        cost=read.structure(ended["cost"], Cost),
        held=tuple(map(str, ended.get("held") or ())),
        notes=tuple(map(str, ended.get("notes") or ())),
    )
