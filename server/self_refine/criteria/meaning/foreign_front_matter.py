"""Front matter of other tools, read as text and not as YAML: `globs:`, `applyTo:`, `alwaysApply:`.

`globs: **/*.ts` is no YAML (`*` begins an alias), and is how Cursor writes it.
Sources: Cursor's page on rules (`.mdc`), GitHub's on path-specific custom instructions
(`applyTo`), Claude Code's and Windsurf's on rules (`paths`, `trigger`).
"""

import re
from dataclasses import dataclass

from self_refine.criteria.finding.globs import unfit
from self_refine.text.spans import Span

_KEY = re.compile(r"(?P<key>[A-Za-z][\w-]*)[ \t]*:(?:[ \t]++(?P<value>(?:.*[^ \t])?))?[ \t]*+\Z")
_ITEM = re.compile(r"[ \t]*+-[ \t]++(?P<value>(?:.*[^ \t])?)[ \t]*+\Z")

SCOPES = (
    "globs",
    "applyto",
    "paths",
    "path",
    "files",
    "filepatterns",
    "include",
    "pattern",
    "patterns",
)
OURS = frozenset(
    {"criteria", "applies", "checks", "severity", "inputs", "options", "loop", "protect", "extends"}
)
"""Keys that nobody but this format has: whoever writes one means it."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """What another tool's front matter says."""

    keys: tuple[tuple[str, Span], ...]
    """As written, with their places."""
    scope: str
    """The key that says which files; "" for none."""
    paths: tuple[str, ...]
    """Globs that mean something here."""
    refused: tuple[str, ...]
    """Globs that do not."""
    id: str = ""
    title: str = ""
    description: str = ""


def is_foreign(lines: str) -> bool:
    """Whether no line of the front matter is a key of this format alone, or looks like a list."""
    found = [_KEY.match(line) for line in lines.splitlines() if line.strip()]
    if found and not any(found):
        return False
    return not any(one and one["key"] in OURS for one in found)


def read_foreign(lines: str, start: int) -> Foreign:
    """Read what stands between the two `---`.

    Args:
        lines: the front matter.
        start: its offset in the file.
    """
    values: dict[str, list[str]] = {}
    keys: list[tuple[str, Span]] = []
    key, at = "", start
    for line in lines.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if found := _KEY.match(bare):
            key = found["key"].lower().replace("_", "").replace("-", "")
            keys.append((found["key"], Span(at, at + len(found["key"]))))
            values[key] = _listed(found["value"] or "")
        elif key and (item := _ITEM.match(bare)):
            values[key] += _listed(item["value"])
        at += len(line)
    scope = next((name for name in SCOPES if values.get(name)), "")
    everywhere = _first(values, "alwaysapply").lower() == "true"
    globs = () if everywhere else tuple(map(_relative, values.get(scope, ())))
    fit = tuple(dict.fromkeys(glob for glob in globs if glob and not unfit(glob)))
    every = any(glob in ("**", "**/*", "*") for glob in fit)
    return Foreign(
        keys=tuple(keys),
        scope=next((name for name, _ in keys if _plain(name) == scope), ""),
        paths=() if every else fit,
        refused=tuple(glob for glob in globs if glob and unfit(glob)),
        id=_first(values, "id"),
        title=_first(values, "title") or _first(values, "name"),
        description=_first(values, "description"),
    )


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def _first(values: dict[str, list[str]], key: str) -> str:
    return ", ".join(values.get(key, ()))


def _listed(value: str) -> list[str]:
    """The entries of `a, b`, `[a, "b"]` or `"a,b"`, without quotes."""
    bare = re.sub(r"(?<!\s)\s++#.*", "", value).strip()
    if bare in ("|", ">", "|-", ">-"):
        return []
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
    parts = (part.strip().strip("'\"").strip() for part in _between_commas(bare.strip("'\"")))
    return [part for part in parts if part]


def _between_commas(words: str) -> list[str]:
    """The parts between commas; those in braces, as in `*.{ts,tsx}`, belong to a part."""
    parts, depth = [""], 0
    for char in words:
        depth = max(0, depth + (char == "{") - (char == "}"))
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _relative(glob: str) -> str:
    """Other tools root a glob with `/` or `./`; here each is relative to the workspace folder."""
    return re.sub(r"\A(?:\./|/)+", "", glob)
