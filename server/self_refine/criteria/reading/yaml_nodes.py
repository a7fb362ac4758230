"""Owns reading YAML into nodes that know where they stand. Decides nothing about keys.

The events are looked at before any tree is built: aliases (a few lines of them can stand for
millions of values), tags and deep nesting are refused there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.text.spans import Span

_DEEPEST = 20
_TAG = "tag:yaml.org,2002:"
_MOST_BRACKETS = 100
"""Open at once: YAML looks at all that are open with each further one."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it is written."""

    span: Span
    value: str
    sort: str
    """`str`, `int`, `float`, `bool`, `null` or another that YAML would take it for."""
    plain: bool
    """Whether its characters stand in the file as they are, one for one."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    span: Span
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping; keys may occur twice, whoever reads it says so."""

    span: Span
    pairs: "tuple[tuple[Scalar, Node], ...]"

    def get(self, key: str) -> "Node | None":
        """The value of the first such key."""
        return next((value for name, value in self.pairs if name.value == key), None)

    def key(self, key: str) -> Scalar | None:
        """The first such key itself."""
        return next((name for name, _ in self.pairs if name.value == key), None)


Node = Scalar | Items | Pairs


def head(node: Node) -> Span:
    """What to underline for the whole of a node: its first line's worth, not a block of lines."""
    match node:
        case Scalar(span):
            return span
        case Items(span, items):
            return head(items[0]) if items else span
        case Pairs(span, pairs):
            return pairs[0][0].span if pairs else span


def read_yaml(source: str, start: int, notes: ProblemCollector) -> Pairs | None:
    """The mapping that `source`, which stands at `start` in the file, holds; None with an error."""
    import yaml  # noqa: PLC0415 - a server that opened no criteria file does not pay for it

    if _brackets(source) > _MOST_BRACKETS:
        message = f"Front matter is nested deeper than {_DEEPEST} levels."
        notes.error(Span(start, start + len(source)), "CR211", message)
        return None
    try:
        loader = _loader(source)
        if not _is_tame(yaml.parse(source, Loader=loader), start, notes):
            return None
        tree = yaml.compose(source, Loader=loader)
    except yaml.YAMLError as error:
        at, message = _explained(error)
        place = min(start + at, start + len(source))
        end = place + 1 if notes.text[place : place + 1].strip() else place
        notes.error(Span(place, end), "CR210", message)
        return None
    node = _node(tree, source, start, notes) if tree else Pairs(Span(start, start), ())
    if isinstance(node, Pairs):
        return node
    if node is not None:
        notes.error(head(node), "CR210", "Front matter is a mapping: lines such as `key: value`.")
    return None


def _brackets(source: str) -> int:
    """How many brackets are open at most; those in quotes count, since nobody writes so many."""
    deepest = depth = 0
    for char in source:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _loader(source: str) -> Any:
    """The loader of libyaml, ten times as fast, where there is one and it can read `source`.

    What it cannot is left to the one in Python: its words for what is wrong are the better ones,
    and it says where.
    """
    import yaml  # noqa: PLC0415

    fast = getattr(yaml, "CSafeLoader", None)
    if fast is None:
        return yaml.SafeLoader
    try:
        for _ in yaml.parse(source, Loader=fast):
            pass
    except (yaml.YAMLError, UnicodeError):
        return yaml.SafeLoader
    return fast


def _is_tame(events: Iterator[Any], start: int, notes: ProblemCollector) -> bool:
    depth = 0
    for event in events:
        message = _wild(event)
        depth += _deeper(event)
        if depth > _DEEPEST:
            message = f"Front matter is nested deeper than {_DEEPEST} levels."
        if message:
            marks = (event.start_mark.index, event.end_mark.index)
            notes.error(Span(start + marks[0], start + marks[1]), "CR211", message)
            return False
    return True


def _wild(event: Any) -> str:
    import yaml  # noqa: PLC0415

    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "Anchors and aliases are not read in criteria files: write the value out."
    if getattr(event, "tag", None) not in (None, "!"):
        return f"Tags such as {event.tag!r} are not read in criteria files."
    if isinstance(event, yaml.DocumentStartEvent) and event.explicit:
        return "Front matter is one YAML document."
    return ""


def _deeper(event: Any) -> int:
    import yaml  # noqa: PLC0415

    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _explained(error: Any) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at: int = mark.index if mark else getattr(error, "position", 0)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    return at, f"This is not YAML: {said}."


def _node(tree: Any, source: str, start: int, notes: ProblemCollector) -> Node | None:
    import yaml  # noqa: PLC0415

    span = _span(tree, source, start)
    if isinstance(tree, yaml.ScalarNode):
        plain = source[tree.start_mark.index : tree.end_mark.index].strip("'\"") == tree.value
        return Scalar(span, tree.value, tree.tag.removeprefix(_TAG), plain)
    if isinstance(tree, yaml.SequenceNode):
        items = [_node(item, source, start, notes) for item in tree.value]
        return None if None in items else Items(span, tuple(i for i in items if i is not None))
    pairs: list[tuple[Scalar, Node]] = []
    for left, right in tree.value:
        key, value = _node(left, source, start, notes), _node(right, source, start, notes)
        if not isinstance(key, Scalar):
            notes.error(_span(left, source, start), "CR210", "A key is one word.")
            return None
        if value is None:
            return None
        pairs.append((key, value))
    return Pairs(span, tuple(pairs))


def _span(tree: Any, source: str, start: int) -> Span:
    begin, end = tree.start_mark.index, tree.end_mark.index
    written = source[begin:end].rstrip()
    return Span(start + begin, start + begin + len(written))
