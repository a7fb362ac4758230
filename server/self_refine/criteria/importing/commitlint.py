"""commitlint's rules about commit messages, as checks for `git-commit` texts.

Source: commitlint's reference of rules, and the rules of @commitlint/config-conventional.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from self_refine.criteria.importing.proposal import Left, ProposedCheck, Value
from self_refine.criteria.importing.vale import Taken

_SEVERITY = {1: "warning", 2: "error"}
_TYPES = [
    "build",
    "chore",
    "ci",
    "docs",
    "feat",
    "fix",
    "perf",
    "refactor",
    "revert",
    "style",
    "test",
]
_CONVENTIONAL: dict[str, list[Any]] = {
    "body-leading-blank": [1, "always"],
    "body-max-line-length": [2, "always", 100],
    "footer-leading-blank": [1, "always"],
    "footer-max-line-length": [2, "always", 100],
    "header-max-length": [2, "always", 100],
    "header-trim": [2, "always"],
    "subject-case": [2, "never", ["sentence-case", "start-case", "pascal-case", "upper-case"]],
    "subject-empty": [2, "never"],
    "subject-full-stop": [2, "never", "."],
    "type-case": [2, "always", "lower-case"],
    "type-empty": [2, "never"],
    "type-enum": [2, "always", _TYPES],
}
_RULE = re.compile(r"['\"](?P<name>[a-z]+(?:-[a-z]+)+)['\"]\s*:\s*(?P<value>\[)")
_PREFIX = r"[a-zA-Z]+(?:\([^)\n]*\))?!?: "


def rules_of(source: str) -> dict[str, list[Any]]:
    """The rules of a configuration, JSON or JavaScript, on top of the conventional ones it extends.

    JavaScript is read as text: nothing is run, and a rule that is computed is not seen.
    """
    rules: dict[str, list[Any]] = {}
    if "config-conventional" in source or "config-angular" in source:
        rules |= _CONVENTIONAL
    for found in _RULE.finditer(source):
        value = _literal(source, found.start("value"))
        if isinstance(value, list) and value and isinstance(value[0], int):
            rules[found["name"]] = value
    return rules


def _literal(source: str, start: int) -> Any:
    """The list that begins here, read as JSON once its quotes and last commas are JSON's."""
    depth = 0
    for at in range(start, min(len(source), start + 20_000)):
        depth += (source[at] == "[") - (source[at] == "]")
        if depth == 0:
            text = re.sub(r"//[^\n]*", "", source[start : at + 1])
            text = re.sub(r"'([^'\n]*)'", r'"\1"', text)
            try:
                return json.loads(re.sub(r",\s*([\]}])", r"\1", text))
            except ValueError:
                return None
    return None


def import_commitlint(rules: Mapping[str, list[Any]]) -> Iterator[Taken]:
    """What each rule becomes."""
    bodies = (rules.get("body-max-line-length"), rules.get("footer-max-line-length"))
    for name, rule in rules.items():
        if name == "footer-max-line-length" and bodies[0] == bodies[1]:
            continue  # one check sees both
        level, applicable = rule[0], rule[1] if len(rule) > 1 else "always"
        value = rule[2] if len(rule) > 2 else None
        if level == 0:
            continue
        made = _made(name, always=applicable == "always", value=value)
        if made is None:
            yield Left(name, json.dumps(rule), "it has no counterpart here")
            continue
        values, message = made
        yield ProposedCheck(
            id=name,
            kind="regex",
            # The type and the scope are no prose.
            values={**values, "in": "everything"},
            severity=_SEVERITY.get(level, "warning"),
            message=message,
        )


Made = tuple[dict[str, Value], str]


def _made(name: str, *, always: bool, value: Any) -> Made | None:
    """The check that a rule is; None where there is none."""
    return _bounded(name, value) if always else _refused(name, value)


def _bounded(name: str, value: Any) -> Made | None:
    """A rule that says what must be so."""
    match name, value:
        case "header-max-length", int():
            pattern = rf"\A[^\n]{{{value + 1},}}"
            return _forbid(pattern, f"The header has more than {value} characters.")
        case (("body-max-line-length" | "footer-max-line-length"), int()):
            pattern = rf"\n[^\n]{{{value + 1},}}"
            return _forbid(pattern, f"A line of the body has more than {value} characters.")
        case (("type-enum" | "scope-enum"), list()) if value:
            return _one_of(name, [str(each) for each in value])
        case "type-case", "lower-case":
            return _forbid(r"\A[a-z]*[A-Z][a-zA-Z]*(?:\([^)\n]*\))?!?:", "The type has a capital.")
        case "body-leading-blank", _:
            return _forbid(r"\A[^\n]+\n[^\n]", "There is no blank line below the header.")
        case "signed-off-by", _:
            text = re.escape(str(value or "Signed-off-by:"))
            return _require(rf"(?m)^{text}", "The message is not signed off.")
        case "header-trim", _:
            blanks = r"\A(?:[ \t]|[^\n]*[ \t](?:\n|\z))"
            return _forbid(blanks, "The header has blanks round it.")
        case _:
            return None


def _refused(name: str, value: Any) -> Made | None:
    """A rule that says what must not be so."""
    match name, value:
        case "subject-full-stop", str():
            pattern = rf"\A[^\n]*{re.escape(value)}[ \t]*(?:\n|\z)"
            return _forbid(pattern, f"The subject ends in '{value}'.")
        case (("type-empty" | "subject-empty"), _):
            part = name.partition("-")[0]
            return _require(rf"\A{_PREFIX}\S", f"The header has no {part}: write `type: subject`.")
        case "scope-empty", _:
            return _require(r"\A[a-zA-Z]+\([^)\n]+\)", "The header has no scope.")
        case "subject-case", list() if {"sentence-case", "pascal-case"} & {str(v) for v in value}:
            return _forbid(rf"\A{_PREFIX}[A-Z]", "The subject begins with a capital.")
        case "body-empty", _:
            return _require(r"\A[^\n]*\n\s*\S", "The message has no body.")
        case _:
            return None


def _one_of(name: str, values: list[str]) -> Made:
    listed = "|".join(map(re.escape, values))
    own = name.partition("-")[0]
    any_type = rf"\A(?:{listed})(?:\([^)\n]*\))?!?:"
    any_scope = rf"\A[a-zA-Z]+(?:\((?:{listed})\))?!?:"
    message = f"The {own} is none of {', '.join(values)}."
    return _require(any_type if own == "type" else any_scope, message)


def _forbid(pattern: str, message: str) -> Made:
    return {"pattern": pattern}, _plain(message)


def _require(pattern: str, message: str) -> Made:
    return {"pattern": pattern, "require": True}, _plain(message)


def _plain(message: str) -> str:
    return re.sub(r"[{}]", "", message)
