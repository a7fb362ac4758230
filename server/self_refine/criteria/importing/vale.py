"""Vale styles: one YAML file for each rule, most of them lists of words.

Source: Vale's pages on its extension points (existence, substitution, occurrence and so on).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from self_refine.criteria.importing.proposal import Left, ProposedCheck, ProposedQuestion, Value

_LEVELS = {"error": "error", "warning": "warning", "suggestion": "info"}
_PLAIN = re.compile(r"[\w\s'\u2019./&@+%°#:,!-]+")
_RARE = {
    "repetition": "it needs a back-reference, which RE2 has not",
    "consistency": "it compares pairs of spellings over a text",
    "conditional": "it compares two matches with each other",
    "capitalization": "it judges the case of headings",
    "metric": "it is a formula of its own",
    "readability": "it is a formula of its own",
    "spelling": "it needs a dictionary",
    "sequence": "it needs parts of speech",
    "script": "it is a program",
}

Taken = ProposedCheck | ProposedQuestion | Left


def import_vale(rule: Mapping[str, Any], name: str) -> Iterator[Taken]:
    """What a rule of a style becomes.

    Args:
        rule: the YAML file.
        name: of the rule, such as `Microsoft.Adverbs`.
    """
    match rule.get("extends"):
        case "existence":
            yield from _existence(rule, name)
        case "substitution":
            yield from _substitution(rule, name)
        case "occurrence":
            yield _occurrence(rule, name)
        case "capitalization":
            said = _said(rule).replace("%s", "…")
            yield ProposedQuestion(
                id=name,
                question=f"Is there a heading that breaks this rule: “{said}”?",
                severity=_severity(rule),
                below=(("why", f"from Vale's {name}"),),
            )
        case str() as kind:
            yield Left(name, _said(rule), _RARE.get(kind, f"Vale's {kind} has no counterpart here"))
        case _:
            yield Left(name, "", "it is no rule: it has no `extends`")


def _existence(rule: Mapping[str, Any], name: str) -> Iterator[Taken]:
    tokens = _texts(rule.get("tokens"))
    if rule.get("exceptions"):
        yield Left(name, "exceptions", "RE2 has no look-ahead; the rule is taken without them")
    plain = tuple(dict.fromkeys(t for t in tokens if _PLAIN.fullmatch(t)))
    if plain and not rule.get("nonword"):
        yield _check(rule, name, "words", {"forbid": _distinct(plain)}, "{match}")
    others = tokens if rule.get("nonword") else [t for t in tokens if t not in plain]
    raw = "".join(_texts(rule.get("raw")))
    if others or raw:
        inside = "|".join([*(f"(?:{other})" for other in others), *([raw] if raw else [])])
        bound = inside if rule.get("nonword") or not others else rf"\b(?:{inside})\b"
        yield _regex(rule, f"{name}-pattern" if plain else name, bound)


def _substitution(rule: Mapping[str, Any], name: str) -> Iterator[Taken]:
    swap = rule.get("swap")
    pairs = swap.items() if isinstance(swap, Mapping) else ()
    plain: dict[str, str] = {}
    folded: set[str] = set()
    for number, (left, right) in enumerate(pairs, 1):
        wanted = str(right).split("|")[0].strip("() ")
        for word in _alternatives(str(left)):
            if _PLAIN.fullmatch(word):
                if word.lower() not in folded and word.lower() != wanted.lower():
                    plain[word] = wanted
                    folded.add(word.lower())
            else:
                yield _regex(rule, f"{name}-{number}", rf"\b(?:{word})\b", fix=wanted)
    if plain:
        yield _check(rule, name, "words", {"swap": plain}, "{replacement}", "{match}")


def _alternatives(pattern: str) -> list[str]:
    """`(?:a|b)` and `a|b` as words of their own, where nothing else is a pattern in them."""
    inner = re.fullmatch(r"\((?:\?:)?([^()]*)\)", pattern)
    parts = (inner[1] if inner else pattern).split("|")
    return parts if all(_PLAIN.fullmatch(part) for part in parts) else [pattern]


def _occurrence(rule: Mapping[str, Any], name: str) -> Taken:
    token, most, scope = str(rule.get("token", "")), rule.get("max"), rule.get("scope", "text")
    if not isinstance(most, int) or rule.get("min"):
        return Left(name, _said(rule), "only an upper bound can be said here")
    if scope in ("sentence", "paragraph") and token in (
        r"\b(\w+)\b",
        r"\w+",
        r"\b\w+\b",
        "[^\\s]+",
    ):
        values: dict[str, Value] = {"of": scope, "unit": "words", "max": most}
        return ProposedCheck(
            id=name, kind="length", values=values, severity=_severity(rule), message=_said(rule)
        )
    if scope not in ("text", "raw"):
        return Left(name, _said(rule), f"the scope {scope!r} cannot be said here")
    return _check(rule, name, "regex", {"pattern": token, "max": most}, "{match}")


def _regex(rule: Mapping[str, Any], name: str, pattern: str, fix: str = "") -> ProposedCheck:
    values: dict[str, Value] = {"pattern": pattern}
    if rule.get("ignorecase"):
        values["ignore_case"] = True
    if fix:
        values["fix"] = fix.replace("\\", "\\\\")
    # `regex` knows no {replacement}: the words themselves are said.
    return _check(rule, name, "regex", values, fix or "{match}", "{match}")


def _check(
    rule: Mapping[str, Any], name: str, kind: str, values: dict[str, Value], *fills: str
) -> ProposedCheck:
    link = rule.get("link")
    return ProposedCheck(
        id=name,
        kind=kind,
        values=values,
        severity=_severity(rule),
        message=_message(_said(rule), fills),
        why=str(link) if link else "",
    )


def _message(words: str, fills: tuple[str, ...]) -> str:
    """Vale's `%s` filled in order: the replacement first where there is one."""
    words = re.sub(r"[{}]", "", words)
    for fill in fills:
        words = words.replace("%s", fill, 1)
    return words.replace("%s", "{match}")


def _said(rule: Mapping[str, Any]) -> str:
    return " ".join(str(rule.get("message", "")).split())


def _severity(rule: Mapping[str, Any]) -> str:
    return _LEVELS.get(str(rule.get("level", "suggestion")), "info")


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, whatever its case."""
    return tuple({word.lower().strip(): word for word in words if word.strip()}.values())
