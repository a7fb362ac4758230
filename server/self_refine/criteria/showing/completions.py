"""What may stand at a place of a criteria file: keys, kinds, ids, languages, severities.

The text is looked at line by line, not parsed: it is half written while somebody completes it, and
an answer must be there before the next key is pressed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from self_refine.checks.key_schema import Flag, Shape, Table, Text, Texts
from self_refine.checks.registry import KINDS
from self_refine.criteria.body.sub_bullets import KEYS as BELOW
from self_refine.criteria.reading.check_items import COMMON_KEYS
from self_refine.criteria.reading.front_matter import KEYS
from self_refine.loop.types import Severity
from self_refine.text.languages import every_id

_SEVERITIES = tuple(severity.value for severity in Severity)
_END = re.compile(r"^---[ \t]*$", re.MULTILINE)
_PAIR = re.compile(r"(?P<indent>[ \t]*)(?:- )?(?P<key>[a-z_]+):[ \t]*(?P<value>.*)\Z")
_KEY = re.compile(r"(?P<indent>[ \t]*)(?P<dash>- )?(?P<key>[a-z_]*)\Z")
_BULLET = re.compile(r"[-*+] \*\*[a-z0-9-]+\*\* ?\((?P<typed>[a-z, ]*)\Z")
_SUB = re.compile(r"[ \t]+[-*+] (?P<typed>[a-z]*)\Z")
_WHEN = re.compile(r"[ \t]+[-*+] when: (?:(?P<id>[a-z0-9-]+) )?(?P<typed>[a-z0-9-]*)\Z")
_FENCE = re.compile(r"(?:```|~~~)[\w-]+ (?P<typed>\S*)\Z")
_OWN_ID = re.compile(
    r"^(?:[-*+] \*\*(?P<b>[a-z0-9][a-z0-9-]*)\*\*|\s+- (?:\{ ?)?id: (?P<c>[a-z0-9-]+))",
    re.MULTILINE,
)
_KIND = re.compile(r"kind:[ \t]*(?P<kind>[a-z]+)")


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing that may stand there."""

    label: str
    insert: str
    sort: str
    """What it is, for people: "key", "kind of check", "severity" …"""
    typed: int
    """Characters before the place that it replaces."""


def completions(text: str, offset: int, ids: Iterable[str] = ()) -> tuple[Completion, ...]:
    """What fits at `offset`, in the order in which it is mostly wanted.

    Args:
        text: the criteria file.
        offset: of the cursor, in code points.
        ids: of other files, for `extends`.
    """
    before = text[:offset]
    line = before[before.rfind("\n") + 1 :]
    found = _in_front(text, before, line, ids) if _is_front(before) else _in_body(text, line)
    return tuple(found)


def own_ids(text: str) -> tuple[str, ...]:
    """The ids that checks and questions of the text give."""
    return tuple(dict.fromkeys(found["b"] or found["c"] for found in _OWN_ID.finditer(text)))


def _is_front(before: str) -> bool:
    """Whether the cursor stands between the two lines `---`."""
    if not re.match(r"\ufeff?---[ \t]*\r?\n", before):
        return False
    return len(_END.findall(before[: before.rfind("\n") + 1])) < 2


def _in_front(text: str, before: str, line: str, ids: Iterable[str]) -> Iterator[Completion]:
    if pair := _PAIR.fullmatch(line):
        yield from _values(pair, before, ids)
        return
    key = _KEY.fullmatch(line)
    if key is None:
        return
    parent, block = _parent(before, len(key["indent"]) + len(key["dash"] or ""))
    match parent:
        case "":
            taken = set(re.findall(r"^([a-z_]+):", text, re.MULTILINE))
            yield from _keys(KEYS, taken, key["key"])
        case "checks":
            kind = _KIND.search(block)
            spec = KINDS.get(kind["kind"]) if kind else None
            keys = {**COMMON_KEYS, **(spec.keys if spec else {})}
            yield from _keys(keys, set(re.findall(r"(?<![a-z_])([a-z_]++):", block)), key["key"])
        case _ if isinstance(shape := KEYS.get(parent), Table):
            yield from _keys(
                shape.keys, set(re.findall(r"(?<![a-z_])([a-z_]++):", block)), key["key"]
            )


def _values(pair: re.Match[str], before: str, ids: Iterable[str]) -> Iterator[Completion]:
    typed = re.split(r"[\[,]\s*", pair["value"])[-1]
    match pair["key"]:
        case "kind":
            yield from _each(KINDS, "kind of check", typed)
        case "languages":
            yield from _each(every_id(), "language", typed)
        case "extends":
            yield from _each(ids, "criteria file", typed)
        case key:
            parent, block = _parent(before, len(pair["indent"]) + ("- " in pair[0]) * 2)
            shape = _shape(key, parent, block)
            if isinstance(shape, Flag):
                yield from _each(("true", "false"), "value", typed)
            elif isinstance(shape, Text | Texts) and shape.one_of:
                yield from _each(shape.one_of, "value", typed)


def _shape(key: str, parent: str, block: str) -> Shape | None:
    if parent == "checks":
        kind = _KIND.search(block)
        spec = KINDS.get(kind["kind"]) if kind else None
        return {**COMMON_KEYS, **(spec.keys if spec else {})}.get(key)
    outer = KEYS.get(parent)
    return outer.keys.get(key) if isinstance(outer, Table) else KEYS.get(key)


def _parent(before: str, indent: int) -> tuple[str, str]:
    """The top-level key that a line stands below, and the lines of its own entry above it."""
    if indent == 0:
        return "", ""
    lines = before.split("\n")[:-1]
    block: list[str] = []
    entry_open = True
    for line in reversed(lines):
        if found := re.match(r"([a-z_]+):", line):
            return found[1], "\n".join(reversed(block))
        if entry_open:
            block.append(line)
            entry_open = not re.match(r"\s*- ", line)
    return "", ""


def _in_body(text: str, line: str) -> Iterator[Completion]:
    if found := _BULLET.match(line):
        yield from _each(_SEVERITIES, "severity", found["typed"].rpartition(" ")[2])
    elif found := _WHEN.match(line):
        words = ("fired", "failed", "passed") if found["id"] else own_ids(text)
        yield from _each(words, "how it went" if found["id"] else "check", found["typed"])
    elif found := _SUB.match(line):
        for key in BELOW:
            if key.startswith(found["typed"]):
                yield Completion(f"{key}:", f"{key}: ", "key", len(found["typed"]))
    elif found := _FENCE.match(line):
        typed = found["typed"]
        if typed.startswith("bad="):
            yield from _each(own_ids(text), "criterion", re.split("[=,]", typed)[-1])
        else:
            yield from _each(("good", "bad=", "input="), "example", typed)


def _keys(keys: Mapping[str, Shape], taken: set[str], typed: str) -> Iterator[Completion]:
    for key, shape in keys.items():
        if key not in taken and key.startswith(typed):
            nested = isinstance(shape, Table) or key in {"checks", "inputs", "options"}
            yield Completion(f"{key}:", f"{key}:" if nested else f"{key}: ", "key", len(typed))


def _each(words: Iterable[str], sort: str, typed: str) -> Iterator[Completion]:
    bare = typed.lstrip("'\"")
    for word in words:
        if word.startswith(bare):
            yield Completion(word, word, sort, len(bare))
