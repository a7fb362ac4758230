"""Owns `Head`: what a menu needs to know of a pack that ships, read off its first lines.

The first code action of a server offers packs, and must not wait for YAML, RE2 and every check of
every pack. So this reads front matter where it is as plain as ours is, and says so where it is not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from self_refine.criteria.applying import Applies, Within
from self_refine.criteria.finding.locations import SUFFIX, pack_files

_WORD = r"[A-Za-z0-9][^\[\]{}\"'#:,\n]*|\"[^\"\\\n]*\""
_LINE = re.compile(r"(?P<key>[a-z]+): (?P<value>[A-Za-z0-9][^\"'#:\n]*)")
_LIST = re.compile(rf"  (?P<key>languages|paths): \[(?P<words>(?:{_WORD})(?:, (?:{_WORD}))*)\]")
_WITHIN = re.compile(r"  within: (?P<value>selection|definition|paragraph|comments|document)")
_BEFORE = frozenset({"criteria", "id", "title", "description"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PackHeader:
    """A pack as menus show it."""

    id: str
    title: str
    applies: Applies


def shipped_heads() -> tuple[PackHeader, ...] | None:
    """The heads of all packs that ship; None where one of them has to be read in full."""
    found = tuple(_head_of(path) for path in pack_files())
    heads = tuple(head for head in found if head is not None)
    return heads if len(heads) == len(found) else None


def _head_of(path: Path) -> PackHeader | None:
    try:
        with path.open(encoding="utf-8") as file:
            return read_head(file, path.name.removesuffix(SUFFIX))
    except (OSError, ValueError):
        return None


def read_head(lines: Iterator[str], name: str) -> PackHeader | None:
    """The head of a pack from its lines; None where they hold what only YAML can tell.

    Args:
        lines: of the file, with their ends; those after `applies` are left.
        name: the id, where the file gives none.
    """
    values: dict[str, str] = {}
    if next(lines, "").rstrip() != "---":
        return None
    for line in lines:
        if line.rstrip() == "applies:":
            rules = _rules(lines)
            title = values.get("title")
            if rules is None or title is None:
                return None
            return PackHeader(id=values.get("id", name), title=title, applies=rules)
        found = _LINE.fullmatch(line.rstrip())
        if found is None or found["key"] not in _BEFORE or found["key"] in values:
            return None
        values[found["key"]] = found["value"]
    return None


def _rules(lines: Iterator[str]) -> Applies | None:
    lists: dict[str, tuple[str, ...]] = {}
    within = None
    for line in lines:
        words = line.rstrip()
        if not line.startswith(" "):
            return _applies(lists, within) if _ends(words) else None
        if found := _LIST.fullmatch(words):
            lists[found["key"]] = tuple(_plain(word) for word in found["words"].split(", "))
        elif found := _WITHIN.fullmatch(words):
            within = found["value"]
        else:
            return None
    return None


def _applies(lists: Mapping[str, tuple[str, ...]], within: str | None) -> Applies:
    return Applies(
        languages=lists.get("languages", ()),
        paths=lists.get("paths", ()),
        within=cast("Within", within or "selection"),
    )


def _ends(line: str) -> bool:
    """Whether another key begins, or the front matter ends: nothing more of `applies` can come."""
    return line == "---" or re.match(r"[a-z]+:(?: |$)", line) is not None


def _plain(word: str) -> str:
    return word.strip('"').rstrip()
