"""Turns the library's errors into flaws: what is wrong, with which value, and what to underline."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from self_refine.checks.json_schema.schema_files import parent_of
from self_refine.checks.json_schema.schema_words import words_of, wrong_type
from self_refine.checks.records.record import Path

Mark = Literal["value", "key", "missing"]
_DEEPEST = 10
"""Choices within choices that are followed."""
_MOST_BRANCHES = 100


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a value."""

    path: Path
    detail: str
    """A clause that the path begins."""
    mark: Mark = "value"
    """What is underlined: the value, its key, or the place where an entry would go."""
    about_type: bool = False
    """Whether what the value is taken for is wrong."""


def flaws_of(error: Any, schema: Any, value: Any, depth: int = 0) -> Iterator[Flaw]:
    """What one error says.

    Args:
        error: of the library.
        schema: that was judged by.
        value: the whole that was judged.
        depth: of the choice that the error stands in.
    """
    path: Path = tuple(error.instance_path)
    keyword = str(error.kind.name)
    given = error.kind.as_dict()
    at = _value_at(value, path)
    match keyword:
        case "required":
            yield Flaw((*path, str(given["property"])), "is missing", "missing")
        case "additionalProperties" | "unevaluatedProperties":
            known = _known(schema, error)
            yield from (_unknown_key((*path, key), known) for key in given["unexpected"])
        case "falseSchema" if error.schema_path[-1:] == ["additionalProperties"]:
            yield from (_unknown_key((*path, key), ()) for key in at)
        case "falseSchema":
            yield Flaw(path, "is not allowed here", "key")
        case "propertyNames":
            key = str(given["error"].instance)
            yield Flaw((*path, key), "is no name that is allowed here", "key")
        case "oneOf" | "anyOf":
            yield from _of_choice(error, schema, value, depth)
        case "uniqueItems":
            yield Flaw((*path, _second_equal(at)), "stands twice")
        case "additionalItems" | "unevaluatedItems":
            yield from _extra_items(path, at, given)
        case _:
            yield _plain_flaw(path, keyword, given, at, parent_of(schema, error.schema_path))


def _plain_flaw(path: Path, keyword: str, given: Any, at: Any, parent: Any) -> Flaw:
    words = words_of(keyword, given, at)
    told = parent.get("title") or parent.get("description") if keyword == "pattern" else ""
    if isinstance(told, str) and told:
        words += f" ({' '.join(told.split())[:200]})"
    key = keyword in {"minItems", "maxItems", "contains", "minProperties", "maxProperties"}
    typed = keyword in {"type", "enum", "const", "format", "pattern"}
    return Flaw(path, words, "key" if key else "value", typed)


def _unknown_key(path: Path, known: Sequence[str]) -> Flaw:
    close = get_close_matches(str(path[-1])[:60], known, n=1)
    aid = f" (did you mean {close[0]}?)" if close else ""
    return Flaw(path, f"is not a known key{aid}", "key")


def _known(schema: Any, error: Any) -> tuple[str, ...]:
    properties = parent_of(schema, error.schema_path).get("properties")
    return tuple(properties) if isinstance(properties, dict) else ()


def _extra_items(path: Path, at: Any, given: Any) -> Iterator[Flaw]:
    limit = given.get("limit")
    first = limit if isinstance(limit, int) else 0
    if not isinstance(limit, int):
        yield Flaw(path, "has items that the schema does not know", "key")
        return
    yield from (Flaw((*path, n), "is an item too many") for n in range(first, len(at)))


def _of_choice(error: Any, schema: Any, value: Any, depth: int) -> Iterator[Flaw]:
    """The errors of the branch that came furthest; the value itself where none did."""
    path: Path = tuple(error.instance_path)
    branches = [branch for branch in error.kind.context[:_MOST_BRANCHES] if branch]
    if len(branches) < len(error.kind.context[:_MOST_BRANCHES]):
        yield Flaw(path, "fits more than one of the forms that the schema allows, not just one")
        return
    wanted = _types(branches, path)
    if wanted:
        yield Flaw(path, wrong_type(_value_at(value, path), wanted), about_type=True)
        return
    ranked = sorted(branches, key=lambda branch: _rank(branch, path))
    best = ranked[0]
    tied = len(ranked) > 1 and _rank(ranked[1], path) == _rank(best, path)
    if depth < _DEEPEST and not tied:
        for each in best:
            yield from flaws_of(each, schema, value, depth + 1)
        return
    yield Flaw(path, _none_fits(branches, path))


def _none_fits(branches: Sequence[Sequence[Any]], path: Path) -> str:
    needed = [_required(branch, path) for branch in branches]
    if all(needed):
        return f"needs {' or '.join(dict.fromkeys(needed))}"
    return "fits none of the forms that the schema allows"


def _required(branch: Sequence[Any], path: Path) -> str:
    """The one key that would make a branch fit; "" where it takes more."""
    first = branch[0]
    if len(branch) > 1 or first.kind.name != "required" or tuple(first.instance_path) != path:
        return ""
    return str(first.kind.as_dict()["property"])


def _types(branches: Sequence[Sequence[Any]], path: Path) -> tuple[str, ...]:
    """The types that branches want, where none of them takes a value of this one."""
    wanted: list[str] = []
    for branch in branches:
        if not _is_of_type(branch, path):
            return ()
        found = next(e for e in branch if e.kind.name == "type" and tuple(e.instance_path) == path)
        wanted += found.kind.as_dict()["types"]
    return tuple(wanted)


def _is_of_type(branch: Sequence[Any], path: Path) -> bool:
    return any(e.kind.name == "type" and tuple(e.instance_path) == path for e in branch)


def _rank(branch: Sequence[Any], path: Path) -> tuple[bool, bool, int, int]:
    """The lower, the nearer the value is to what a branch wants."""
    depth = len(path)
    told_apart = any(
        e.kind.name in {"const", "enum"} and len(e.instance_path) <= depth + 1 for e in branch
    )
    furthest = max(len(e.instance_path) for e in branch)
    return _is_of_type(branch, path), told_apart, -furthest, len(branch)


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _second_equal(items: Any) -> int:
    seen: set[str] = set()
    for number, item in enumerate(items):
        written = json.dumps(item, sort_keys=True)
        if written in seen:
            return number
        seen.add(written)
    return max(0, len(items) - 1)
