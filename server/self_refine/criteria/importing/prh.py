"""prh's lists of spellings (`prh.yml`, which textlint uses, too).

Source: prh's README: `rules` of `expected`, `pattern` or `patterns` (words or `/…/flags`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from self_refine.criteria.importing.proposal import Left, ProposedCheck, Value
from self_refine.criteria.importing.vale import Taken

_REGEXP = re.compile(r"/(?P<body>.*)/(?P<flags>[a-z]*)\Z", re.DOTALL)


def import_prh(config: Mapping[str, Any], name: str) -> Iterator[Taken]:
    """The words as one check with `swap`, and one check for each pattern."""
    swaps: dict[str, str] = {}
    rules = config.get("rules")
    for number, rule in enumerate(rules if isinstance(rules, list) else (), 1):
        if not isinstance(rule, Mapping) or "expected" not in rule:
            yield Left(f"{name}, rule {number}", "", "it has no `expected`")
            continue
        yield from _rule(rule, f"{name}-{number}", swaps)
    for other in config.get("imports") or ():
        yield Left(name, str(other), "import that file too")
    if swaps:
        yield ProposedCheck(
            id=name,
            kind="words",
            values={"swap": swaps},
            severity="warning",
            message="'{match}' is written '{replacement}'.",
        )


def _rule(rule: Mapping[str, Any], name: str, swaps: dict[str, str]) -> Iterator[Taken]:
    expected = str(rule["expected"])
    given = rule.get("patterns", rule.get("pattern"))
    patterns = [str(each) for each in (given if isinstance(given, list) else [given]) if each]
    if not patterns:
        yield Left(name, expected, "it is about capitals alone, and `swap` does not see them")
    known = {word.lower() for word in swaps}
    for pattern in patterns:
        found = _REGEXP.match(pattern)
        if found:
            yield _regex(found, expected, name)
        elif pattern.lower() == expected.lower():
            yield Left(name, expected, "it is about capitals alone, and `swap` does not see them")
        elif pattern.lower() not in known:
            swaps[pattern] = expected
            known.add(pattern.lower())


def _regex(found: re.Match[str], expected: str, name: str) -> ProposedCheck | Left:
    body = found["body"].replace(r"\/", "/")
    if re.fullmatch(re.escape(expected), body, re.IGNORECASE):
        return Left(name, expected, "it is about capitals alone, and `swap` does not see them")
    values: dict[str, Value] = {"pattern": body, "fix": re.sub(r"\$(\d)", r"\\\1", expected)}
    if "i" in found["flags"]:
        values["ignore_case"] = True
    return ProposedCheck(
        id=name,
        kind="regex",
        values=values,
        message=f"'{{match}}' is written '{_plain(expected)}'.",
    )


def _plain(expected: str) -> str:
    return re.sub(r"[{}]|\$\d", "…", expected)
