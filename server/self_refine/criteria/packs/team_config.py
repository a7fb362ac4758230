"""`self-refine.toml`: which packs a team has, which criteria apply where, and severities.

The set of keys is closed. No endpoint, key, model or trust: a repository chooses none of these.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from self_refine.criteria.finding.globs import unfit
from self_refine.criteria.finding.locations import CONFIG
from self_refine.criteria.finding.safe_files import Refused, read_contained
from self_refine.criteria.packs.pack_reference import BadReference, Reference, parse_reference
from self_refine.criteria.problems import Problem
from self_refine.criteria.reading.schema_validation import is_users_own
from self_refine.loop.types import Severity

_KEYS = ("version", "packs", "use", "severity", "options")
_USE_KEYS = ("paths", "criteria")
_SEVERITIES = (*(severity.value for severity in Severity), "off")


@dataclass(frozen=True, slots=True)
class Use:
    """Criteria for some texts."""

    paths: tuple[str, ...]
    criteria: tuple[str, ...]
    """Ids of files, or names of packs for all of their files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamConfig:
    """What the file says; the defaults are those of a workspace without one."""

    packs: tuple[Reference, ...] = ()
    use: tuple[Use, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    """A severity or "off", by full ids."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Values of options, by `FILE/NAME`."""
    problems: tuple[Problem, ...] = ()


def read_config(root: Path) -> TeamConfig:
    """Read the file of a workspace; what is wrong in it is among its problems."""
    path = root / CONFIG
    if not path.is_file():
        return TeamConfig()
    got = read_contained(path, root)
    if isinstance(got, Refused):
        return TeamConfig(problems=(problem(path, got.message, got.code),))
    text = got.text.removeprefix("\ufeff")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return TeamConfig(problems=(problem(path, f"This is not TOML: {error}.", "CR210"),))
    return _Reader(path, text).read(values)


def problem(path: Path, message: str, code: str, line: int = 1, width: int = 0) -> Problem:
    """An error on a line of the file."""
    return Problem(
        path=path,
        line=line,
        column=1,
        end_line=line,
        end_column=1 + width,
        severity=Severity.ERROR,
        code=code,
        message=message,
        label=path.name,
    )


class _Reader:
    """Checks each key, and says on its line what is wrong."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._lines = path, text.splitlines()
        self._problems: list[Problem] = []

    def read(self, values: Mapping[str, Any]) -> TeamConfig:
        self._check_keys(values, _KEYS)
        if values.get("version") != 1:
            self._wrong("version", "Write `version = 1` on the first line.", "CR207")
        return TeamConfig(
            packs=tuple(self._packs(values.get("packs", []))),
            use=tuple(self._uses(values.get("use", []))),
            severity=self._severities(values.get("severity", {})),
            options=self._options(values.get("options", {})),
            problems=tuple(self._problems),
        )

    def _packs(self, given: Any) -> list[Reference]:
        found: list[Reference] = []
        for text in self._texts("packs", given):
            match parse_reference(text):
                case BadReference(message):
                    self._wrong(text, message, "CR204")
                case reference if any(reference.name == known.name for known in found):
                    self._wrong(text, f"There are two packs {reference.name!r}.", "CR203")
                case reference:
                    found.append(reference)
        return found

    def _uses(self, given: Any) -> list[Use]:
        uses: list[Use] = []
        for entry in given if isinstance(given, list) else []:
            if not isinstance(entry, Mapping):
                self._wrong("use", "Write `[[use]]` and below it `criteria = […]`.", "CR204")
                continue
            self._check_keys(entry, _USE_KEYS)
            paths = self._texts("paths", entry.get("paths", []))
            for glob in paths:
                if wrong := unfit(glob):
                    self._wrong(glob, wrong, "CR204")
            criteria = self._texts("criteria", entry.get("criteria", []))
            if not criteria:
                self._wrong("use", '`[[use]]` names no criteria: `criteria = ["email"]`.', "CR207")
            uses.append(Use(tuple(paths), tuple(criteria)))
        return uses

    def _severities(self, given: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if value in _SEVERITIES:
                found[name] = value
            else:
                wanted = ", ".join(_SEVERITIES)
                self._wrong(name, f"{value!r} is no severity: one of {wanted}.", "CR204")
        return found

    def _options(self, given: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if isinstance(value, str) and value:
                found[name] = value
            else:
                self._wrong(name, f'An option\'s value is a string: "{name}" = "…".', "CR204")
        return found

    def _texts(self, key: str, given: Any) -> list[str]:
        if isinstance(given, list) and all(isinstance(each, str) and each for each in given):
            return given
        self._wrong(key, f'`{key}` wants a list of strings: {key} = ["…"].', "CR204")
        return []

    def _check_keys(self, values: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in values:
            if key in known:
                continue
            if is_users_own(key):
                message = (
                    f"{key!r} is not allowed here: a repository chooses no endpoint, key, model or "
                    "trust. Set it in your own settings."
                )
                self._wrong(key, message, "CR202")
                continue
            close = get_close_matches(key[:60], known, n=1)
            aid = f"Did you mean {close[0]!r}?" if close else f"Known here: {', '.join(known)}."
            self._wrong(key, f"Unknown key {key!r}. {aid}", "CR201")

    def _wrong(self, words: str, message: str, code: str) -> None:
        at = next((n for n, line in enumerate(self._lines, 1) if words in line), 1)
        width = len(self._lines[at - 1]) if self._lines else 0
        self._problems.append(problem(self._path, message, code, at, width))
