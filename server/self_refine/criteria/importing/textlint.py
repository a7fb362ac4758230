"""textlint's configuration (`.textlintrc`): the rules that a check here decides as well."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from self_refine.criteria.importing.proposal import Left, ProposedCheck, Value
from self_refine.criteria.importing.vale import Taken

_MARKS = "[!?\uff01\uff1f]"


def import_textlint(config: Mapping[str, Any]) -> Iterator[Taken]:
    """What each rule becomes; rules that are programs are listed."""
    rules = config.get("rules")
    for name, options in (rules if isinstance(rules, Mapping) else {}).items():
        if options is False:
            continue
        given = options if isinstance(options, Mapping) else {}
        if name == "prh":
            for path in given.get("rulePaths") or ():
                yield Left(name, str(path), "import that file too")
        elif (make := _KNOWN.get(name)) and (made := make(given)):
            yield ProposedCheck(
                id=name, severity=_severity(given), kind=made[0], values=made[1], message=made[2]
            )
        else:
            yield Left(name, "", "the rule is a program of textlint's")


Made = tuple[str, dict[str, Value], str]


def _sentence_length(options: Mapping[str, Any]) -> Made:
    most = options.get("max", 100)
    values: dict[str, Value] = {"of": "sentence", "unit": "characters", "max": most}
    return "length", values, "{count} characters in this sentence; the limit is {max}."


def _no_todo(_: Mapping[str, Any]) -> Made:
    return (
        "regex",
        {"pattern": r"\bTODO\b|^\s*[-*] \[ \]", "multiline": True},
        "Left-over '{match}'.",
    )


def _no_marks(_: Mapping[str, Any]) -> Made:
    return "regex", {"pattern": _MARKS}, "'{match}' is not used here."


def _max_comma(options: Mapping[str, Any]) -> Made:
    most = int(options.get("max", 4))
    pattern = rf"(?:[^,.!?\n]*,){{{most + 1},}}"
    return "regex", {"pattern": pattern}, f"More than {most} commas in one sentence."


def _stop_words(options: Mapping[str, Any]) -> Made | None:
    words = tuple(str(word) for word in options.get("words") or ())
    return ("words", {"forbid": words}, "'{match}' says nothing.") if words else None


_KNOWN: Mapping[str, Callable[[Mapping[str, Any]], Made | None]] = {
    "sentence-length": _sentence_length,
    "no-todo": _no_todo,
    "no-exclamation-question-mark": _no_marks,
    "max-comma": _max_comma,
    "stop-words": _stop_words,
}


def _severity(options: Mapping[str, Any]) -> str:
    return str(options.get("severity", "warning")) if options.get("severity") in (
        "error", "warning", "info") else "warning"  # fmt: skip
