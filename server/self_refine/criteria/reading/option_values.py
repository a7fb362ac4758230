"""Puts the values of a file's options into its checks: `{option.NAME}` stands for one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from self_refine.criteria.criteria_file import Option
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.yaml_nodes import Items, Node, Pairs, Scalar

_NAMED = re.compile(r"\{option\.([^{}\s]*)\}")


def with_options(node: Node, options: Mapping[str, Option], notes: ProblemCollector) -> Node:
    """A check with the values of the options that it names; one that is not declared is noted."""
    for scalar in _scalars(node):
        for name in _NAMED.findall(scalar.value):
            if name not in options:
                message = f"There is no option {name[:40]!r}: declare it under `options`."
                notes.error(scalar.span, "CR209", message)
    return _filled(node, options)


def given_options(
    options: Mapping[str, Option], given: Mapping[str, str], file_id: str
) -> dict[str, Option]:
    """The options of a file with the values that the team gives, by `FILE/NAME`."""
    return {
        name: replace(option, default=value)
        if (value := given.get(f"{file_id}/{name}")) is not None and fits(option, value)
        else option
        for name, option in options.items()
    }


def fits(option: Option, value: str) -> bool:
    """Whether an option may have a value."""
    return not option.one_of or value in option.one_of


def _filled(node: Node, options: Mapping[str, Option]) -> Node:
    match node:
        case Scalar():
            value = _NAMED.sub(lambda found: _value(found, options), node.value)
            return node if value == node.value else replace(node, value=value, plain=False)
        case Items():
            return replace(node, items=tuple(_filled(item, options) for item in node.items))
        case Pairs():
            pairs = tuple((key, _filled(value, options)) for key, value in node.pairs)
            return replace(node, pairs=pairs)


def _value(found: re.Match[str], options: Mapping[str, Option]) -> str:
    return options[found[1]].default if found[1] in options else found[0]


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Items():
            for item in node.items:
                yield from _scalars(item)
        case Pairs():
            for _, value in node.pairs:
                yield from _scalars(value)
