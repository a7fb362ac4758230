"""Owns the arguments of commands: read strictly, for any extension may call them with anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lsprotocol import types

_MOST_TEXT = 4_000
"""Longest instruction, reason or name, in code points."""
_MOST_IDS = 50
_MOST_HUNKS = 10_000
_MOST_LINE = 2**31 - 1


class BadArguments(ValueError):  # noqa: N818 - reads as what it is
    """A command was called with arguments that it does not take; answered with "invalid params"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunArguments:
    """Of `selfRefine.refine`, `.critique` and `.generate`."""

    uri: str
    range: types.Range
    text_hash: str | None = None
    """sha256 of the selected text, or of the whole document, in UTF-8."""
    criteria: tuple[str, ...] = ()
    instruction: str = ""
    brief: str = ""
    """What the text is for, beside what the criteria files say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OneRun:
    """Of `.cancel`, `.accept`, `.revert`, `.showTrace`."""

    run_id: str
    hunk: int | None = None
    """Number of a change, from 0; None for all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explain:
    """Of `.explain`."""

    uri: str
    run_id: str | None = None
    """None: explain which criteria apply to the document."""
    hunk: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Clear:
    """Of `.clear`."""

    uri: str | None = None
    """None: every document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OneFinding:
    """Of `.applyFix`, `.dismiss`, `.disable`, `.addExample` and `.openCriterion`."""

    uri: str
    key: str
    """As the diagnostic's `data` has it."""
    reason: str = ""


def run_arguments(given: Any) -> RunArguments:
    """Read the arguments of a command that starts a run."""
    values = _object(given, {"uri", "range", "textHash", "criteria", "instruction", "brief"})
    return RunArguments(
        uri=_text(values, "uri"),
        range=_range(values.get("range")),
        text_hash=_optional(values, "textHash"),
        criteria=_ids(values.get("criteria")),
        instruction=_optional(values, "instruction") or "",
        brief=_optional(values, "brief") or "",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class OffersArguments:
    """Of the request for criteria that a selection may be judged by."""

    uri: str
    range: types.Range


def offers_arguments(given: Any) -> OffersArguments:
    """Read the params of the request for criteria."""
    values = _object(given, {"uri", "range"})
    return OffersArguments(uri=_text(values, "uri"), range=_range(values.get("range")))


def document(given: Any) -> str:
    """Read the params of a request about a document; gives its URI."""
    return _text(_object(given, {"uri"}), "uri")


def one_run(given: Any) -> OneRun:
    """Read the arguments of a command about a run."""
    values = _object(given, {"runId", "hunk"})
    return OneRun(run_id=_text(values, "runId"), hunk=_hunk(values))


@dataclass(frozen=True, kw_only=True, slots=True)
class AllChanges:
    """Of `.accept` and `.revert` for every change in a document."""

    uri: str


def review(given: Any) -> OneRun | AllChanges:
    """Read the arguments of `.accept` and `.revert`."""
    if isinstance(given, Mapping) and set(given) == {"uri"}:
        return AllChanges(uri=_text(given, "uri"))
    return one_run(given)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lens:
    """Of `.review`."""

    run_id: str
    hunks: tuple[int, ...]
    """Numbers of changes, from 0; empty for all of them."""


def lens(given: Any) -> Lens:
    """Read the arguments of `.review`."""
    values = _object(given, {"uri", "runId", "hunks"})
    hunks = values.get("hunks") or []
    if not isinstance(hunks, list) or len(hunks) > _MOST_HUNKS:
        raise BadArguments(f"'hunks' must be a list of at most {_MOST_HUNKS} numbers")
    return Lens(run_id=_text(values, "runId"), hunks=tuple(_count(h, "'hunks'") for h in hunks))


@dataclass(frozen=True, kw_only=True, slots=True)
class GoToChange:
    """Of `.goToChange`."""

    uri: str
    position: types.Position
    direction: Literal["next", "previous"]


def go_to_change(given: Any) -> GoToChange:
    """Read the arguments of `.goToChange`."""
    values = _object(given, {"uri", "position", "direction"})
    direction = values.get("direction", "next")
    if direction not in ("next", "previous"):
        raise BadArguments("'direction' must be next or previous")
    return GoToChange(
        uri=_text(values, "uri"), position=_position(values.get("position")), direction=direction
    )


def explain(given: Any) -> Explain:
    """Read the arguments of `.explain`."""
    values = _object(given, {"uri", "runId", "hunk"})
    return Explain(uri=_text(values, "uri"), run_id=_optional(values, "runId"), hunk=_hunk(values))


def clear(given: Any) -> Clear:
    """Read the arguments of `.clear`; none at all means everything."""
    values = _object({} if given is None else given, {"uri"})
    return Clear(uri=_optional(values, "uri"))


def one_finding(given: Any) -> OneFinding:
    """Read the arguments of a command about a finding."""
    values = _object(given, {"uri", "key", "reason"})
    return OneFinding(
        uri=_text(values, "uri"), key=_text(values, "key"), reason=_optional(values, "reason") or ""
    )


def _object(given: Any, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise BadArguments("the command takes one object as its argument")
    unknown = sorted(str(name)[:40] for name in given if name not in known)
    if unknown:
        raise BadArguments(f"unknown argument {unknown[0]!r}; there are {', '.join(sorted(known))}")
    return given


def _text(values: Mapping[str, Any], name: str) -> str:
    found = _optional(values, name)
    if not found:
        raise BadArguments(f"{name!r} is missing")
    return found


def _optional(values: Mapping[str, Any], name: str) -> str | None:
    found = values.get(name)
    if found is None:
        return None
    if not isinstance(found, str) or len(found) > _MOST_TEXT:
        raise BadArguments(f"{name!r} must be text of at most {_MOST_TEXT:,} characters")
    return found


def _hunk(values: Mapping[str, Any]) -> int | None:
    found = values.get("hunk")
    if found is None:
        return None
    return _count(found, "'hunk'")


def _ids(found: Any) -> tuple[str, ...]:
    if found is None:
        return ()
    ids_are_short = (
        isinstance(found, list)
        and len(found) <= _MOST_IDS
        and all(isinstance(name, str) and 0 < len(name) <= 200 for name in found)
    )
    if not ids_are_short:
        raise BadArguments(f"'criteria' must be a list of at most {_MOST_IDS} ids")
    return tuple(found)


def _range(found: Any) -> types.Range:
    if isinstance(found, types.Range):
        return found
    read: Callable[[Any], types.Position] = _position
    if not isinstance(found, Mapping) or not {"start", "end"} <= set(found):
        raise BadArguments("'range' must have a start and an end")
    return types.Range(start=read(found["start"]), end=read(found["end"]))


def _position(found: Any) -> types.Position:
    if not isinstance(found, Mapping) or not {"line", "character"} <= set(found):
        raise BadArguments("a position must have a line and a character")
    return types.Position(
        line=_count(found["line"], "'line'"), character=_count(found["character"], "'character'")
    )


def _count(found: Any, name: str) -> int:
    is_whole = isinstance(found, int) and not isinstance(found, bool)
    if isinstance(found, float) and found.is_integer():
        # JSON of some clients knows no whole numbers: Lua writes 3 as 3.0.
        found, is_whole = int(found), True
    if not is_whole or not 0 <= found <= _MOST_LINE:
        raise BadArguments(f"{name} must be a whole number from 0")
    return int(found)
