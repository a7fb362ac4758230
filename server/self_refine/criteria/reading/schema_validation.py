"""Owns checking a node against the shape that its key asks for, each fault with its place."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final, assert_never

from self_refine.checks.key_schema import (
    Anything,
    Flag,
    Json,
    Number,
    Shape,
    Table,
    TableOf,
    Text,
    Texts,
    Whole,
)
from self_refine.checks.records.yaml_core import core_value
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.yaml_nodes import Items, Node, Pairs, Scalar, head
from self_refine.text.spans import Span


class _Bad:
    """Stands for a value that was wrong; its problem is noted."""


BAD: Final = _Bad()

_USERS_OWN = frozenset(
    {
        "apibase",
        "apikey",
        "apikeycommand",
        "apitype",
        "apiversion",
        "authorization",
        "baseurl",
        "criticmodel",
        "endpoint",
        "env",
        "environment",
        "environ",
        "headers",
        "host",
        "httpproxy",
        "httpsproxy",
        "key",
        "maxcalls",
        "maxseconds",
        "maxtokens",
        "model",
        "modelcommand",
        "models",
        "organisation",
        "organization",
        "password",
        "project",
        "provider",
        "proxy",
        "secret",
        "temperature",
        "token",
        "tls",
        "trust",
        "trusted",
        "url",
        "verify",
    }
)
"""What a repository may never choose, in any spelling; case, `_` and `-` are left out."""


def value_of(node: Node, shape: Shape, notes: ProblemCollector) -> Any:
    """The plain value of a node, or BAD with the problem noted."""
    match shape:
        case Text() | Flag() | Whole() | Number():
            return _scalar(node, shape, notes)
        case Texts():
            return _texts(node, shape, notes)
        case Table():
            return _table(node, shape, notes)
        case TableOf():
            return _table_of(node, shape, notes)
        case Anything():
            return plain_value(node)
        case Json():
            return json_value(node, notes.text)
        case _:
            assert_never(shape)


def plain_value(node: Node) -> Any:
    """The value of a node that nothing is asked of; numbers stay as they are written."""
    match node:
        case Scalar():
            return node.value
        case Items():
            return [plain_value(item) for item in node.items]
        case Pairs():
            return {key.value: plain_value(value) for key, value in node.pairs}


def json_value(node: Node, source: str) -> Any:
    """The value of a node as the core schema of YAML 1.2 has it.

    Args:
        node: to read.
        source: the text that it stands in.
    """
    match node:
        case Scalar(span, value, _, plain):
            quoted = not plain or source[span.start : span.start + 1] in {"'", '"', "|", ">"}
            return value if quoted else core_value(value)
        case Items():
            return [json_value(item, source) for item in node.items]
        case Pairs():
            return {key.value: json_value(value, source) for key, value in node.pairs}


def _scalar(node: Node, shape: Text | Flag | Whole | Number, notes: ProblemCollector) -> Any:
    wanted = _wanted(shape)
    if not isinstance(node, Scalar):
        notes.error(head(node), "CR204", f"This wants {wanted}.")
        return BAD
    value = _converted(node, shape)
    if value is BAD:
        quoted = isinstance(shape, Text) and node.sort not in ("str", "null") and not shape.one_of
        aid = f" YAML reads {node.value!r} as {node.sort}: put it in quotes." if quoted else ""
        near = _near(node.value, shape.one_of) if isinstance(shape, Text) else ""
        notes.error(node.span, "CR204", f"This wants {wanted}.{aid}{near}")
    return value


def _converted(node: Scalar, shape: Text | Flag | Whole | Number) -> Any:
    match shape:
        case Text(one_of, blank):
            fits = node.sort == "str" and (blank or node.value.strip())
            return node.value if fits and (not one_of or node.value in one_of) else BAD
        case Flag():
            return node.value == "true" if node.value in ("true", "false") else BAD
        case Whole(least):
            fits = node.sort == "int" and node.value.isascii() and node.value.isdecimal()
            short = fits and len(node.value) < 10
            return int(node.value) if short and int(node.value) >= least else BAD
        case Number():
            return _number(node)


def _number(node: Scalar) -> Any:
    if node.sort not in ("int", "float") or len(node.value) > 20:
        return BAD
    try:
        value = float(node.value)
    except ValueError:
        return BAD
    return value if 0 < value < 1e12 else BAD


def _wanted(shape: Text | Flag | Whole | Number) -> str:
    match shape:
        case Text(one_of) if one_of:
            return "one of " + ", ".join(one_of)
        case Text():
            return "some text"
        case Flag():
            return "true or false"
        case Whole(least):
            return f"a whole number, {least} or more"
        case Number():
            return "a number above 0"


def _texts(node: Node, shape: Texts, notes: ProblemCollector) -> Any:
    if shape.or_one and isinstance(node, Scalar):
        value = _scalar(node, Text(one_of=shape.one_of), notes)
        return BAD if value is BAD else [value]
    if not isinstance(node, Items) or not node.items:
        example = shape.one_of[0] if shape.one_of else "one"
        notes.error(head(node), "CR204", f"This wants a list, such as [{example}].")
        return BAD
    values = [_scalar(item, Text(one_of=shape.one_of), notes) for item in node.items]
    return BAD if any(value is BAD for value in values) else values


def _table_of(node: Node, shape: TableOf, notes: ProblemCollector) -> Any:
    if not isinstance(node, Pairs) or not node.pairs:
        notes.error(head(node), "CR204", "This wants lines such as `key: value` below it.")
        return BAD
    values: dict[str, Any] = {}
    for key, value in node.pairs:
        sound = _key_is_fine(key, values, notes)
        values[key.value] = value_of(value, shape.value, notes) if sound else BAD
    return BAD if any(value is BAD for value in values.values()) else values


def _key_is_fine(key: Scalar, taken: Mapping[str, Any], notes: ProblemCollector) -> bool:
    if key.sort != "str":
        notes.error(key.span, "CR204", f"YAML reads {key.value!r} as {key.sort}: quote it.")
    elif not key.value.strip():
        notes.error(key.span, "CR204", "There is nothing before the colon.")
    elif key.value in taken:
        notes.error(key.span, "CR203", f"{key.value!r} stands here twice: keep one.")
    else:
        return True
    return False


def _table(node: Node, shape: Table, notes: ProblemCollector) -> Any:
    if not isinstance(node, Pairs):
        notes.error(head(node), "CR204", f"This wants the keys {', '.join(shape.keys)}.")
        return BAD
    values = table_values(node, shape.keys, shape.required, notes)
    return BAD if values is None else values


def table_values(
    node: Pairs, keys: Mapping[str, Shape], required: tuple[str, ...], notes: ProblemCollector
) -> dict[str, Any] | None:
    """The values of a mapping with a closed set of keys; None where one was wrong or missing."""
    values: dict[str, Any] = {}
    sound = True
    for key, value in node.pairs:
        if key.value in values:
            notes.error(key.span, "CR203", f"The key {key.value!r} stands here twice: keep one.")
            sound = False
        elif key.value in keys:
            values[key.value] = value_of(value, keys[key.value], notes)
        else:
            unknown_key(key.value, key.span, tuple(keys), notes)
            sound = False
    for name in required:
        if name not in values:
            notes.error(head(node), "CR207", f"The key {name!r} is missing.")
            sound = False
    return values if sound and not any(v is BAD for v in values.values()) else None


def is_users_own(name: str) -> bool:
    """Whether a key, in any spelling, is one that no repository may set."""
    return name.lower().replace("_", "").replace("-", "") in _USERS_OWN


def unknown_key(name: str, span: Span, known: tuple[str, ...], notes: ProblemCollector) -> None:
    """Note a key that means nothing here, or one that a repository may not set."""
    if is_users_own(name):
        notes.error(
            span,
            "CR202",
            f"{name!r} is not allowed in criteria: a repository chooses no endpoint, key, model "
            "or trust. Set it in your own settings.",
        )
        return
    aid = _near(name, known) or f" Known here: {', '.join(known)}."
    notes.error(span, "CR201", f"Unknown key {name!r}.{aid}")


def _near(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name[:60], known, n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""
