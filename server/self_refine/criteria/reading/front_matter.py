"""Owns the front matter of a criteria file: its keys, their shapes, what each comes to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from self_refine.checks.key_schema import Anything, Flag, Shape, Table, TableOf, Text, Texts, Whole
from self_refine.checks.search.patterns import BadPattern, compile_pattern, matches_no_words
from self_refine.criteria.applying import Applies, Within
from self_refine.criteria.criteria_file import Input, Option
from self_refine.criteria.finding.globs import unfit
from self_refine.criteria.input_texts import wrong_origin
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.schema_validation import table_values
from self_refine.criteria.reading.yaml_nodes import Items, Node, Pairs, Scalar, head
from self_refine.loop.types import Severity
from self_refine.text.languages import doubt
from self_refine.text.spans import Span

_SPOKEN = re.compile(r"[a-z]{2}\Z")
ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
VERSION = 1
_SEVERITIES = tuple(severity.value for severity in Severity)
_UNITS: tuple[Within, ...] = ("selection", "definition", "paragraph", "comments", "document")

_INPUT = Table(keys={"from": Text(), "required": Flag()}, required=("from",))
_OPTION = Table(keys={"default": Text(), "one_of": Texts()}, required=("default",))

KEYS: Mapping[str, Shape] = {
    "criteria": Whole(least=1),
    "id": Text(),
    "title": Text(),
    "description": Text(),
    "brief": Text(),
    "applies": Table(
        keys={
            "paths": Texts(),
            "languages": Texts(),
            "within": Text(one_of=_UNITS),
        }
    ),
    "extends": Anything(),
    "off": Texts(),
    "locked": Texts(),
    "severity": Text(one_of=_SEVERITIES),
    "inputs": TableOf(_INPUT),
    "options": TableOf(_OPTION),
    "loop": Table(keys={"passes": Whole(least=1)}),
    "protect": Texts(),
    "text_languages": Texts(or_one=True),
    "checks": Anything(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Front:
    """What front matter says; the defaults are those of a file without any."""

    id: str = ""
    title: str = ""
    description: str = ""
    brief: str = ""
    """What the texts are for: context, never a criterion."""
    applies: Applies = field(default_factory=Applies)
    severity: Severity = Severity.WARNING
    inputs: Mapping[str, Input] = field(default_factory=dict)
    options: Mapping[str, Option] = field(default_factory=dict)
    passes: int | None = None
    protect: tuple[str, ...] = ()
    text_languages: tuple[str, ...] = ()
    """The natural languages that its checks are for, where they do not say so themselves."""
    checks: tuple[Node, ...] = ()
    extends: str = ""
    """The file that this one is, with changes: an id, `./path` or `pack:NAME/ID`."""
    extends_at: Span = field(default_factory=lambda: Span(0, 0))
    off: tuple[tuple[str, Span], ...] = ()
    """Ids of the extended file that are left out, and where they stand."""
    locked: tuple[tuple[str, Span], ...] = ()
    """Ids of this file that no other may change or turn off."""
    given: frozenset[str] = frozenset()
    """The keys that are written."""
    sound: bool = True
    """Whether all keys could be read; where not, what the rest refers to is not looked up."""


def read_front(node: Pairs, notes: ProblemCollector) -> Front:
    """Check every key; what is wrong is noted and left at its default."""
    values = table_values(node, KEYS, ("criteria",), notes)
    if values is None:
        return Front(checks=_checks(node, notes), sound=False)
    _check_version(node, values, notes)
    _check_id(node, values, notes)
    return Front(
        extends=_extends(node, notes),
        extends_at=_value(node, "extends"),
        off=tuple((item.value, item.span) for item in _items(node, "off")),
        locked=tuple((item.value, item.span) for item in _items(node, "locked")),
        given=frozenset(values),
        id=values.get("id", ""),
        title=values.get("title", ""),
        description=values.get("description", ""),
        brief=values.get("brief", ""),
        applies=_applies(node, values.get("applies", {}), notes),
        severity=Severity(values.get("severity", "warning")),
        inputs=_inputs(node, values.get("inputs", {}), notes),
        options=_options(node, values.get("options", {}), notes),
        passes=values.get("loop", {}).get("passes"),
        protect=_protect(node, values.get("protect", ()), notes),
        text_languages=_spoken(node, values, notes),
        checks=_checks(node, notes),
    )


def _spoken(node: Pairs, values: Mapping[str, Any], notes: ProblemCollector) -> tuple[str, ...]:
    languages = tuple(values.get("text_languages", ()))
    check_spoken(languages, node.get("text_languages"), notes)
    return languages


def check_spoken(languages: Iterable[str], given: Node | None, notes: ProblemCollector) -> None:
    """Say which of the natural languages are written as nobody writes them."""
    if given is None:
        return
    for language in languages:
        if not _SPOKEN.match(language):
            notes.error(
                head(given),
                "CR204",
                f"{language!r} is no code of a natural language: two small letters, such as en.",
            )


def _check_version(node: Pairs, values: Mapping[str, Any], notes: ProblemCollector) -> None:
    if values["criteria"] != VERSION:
        notes.error(
            _value(node, "criteria"),
            "CR208",
            f"Format {values['criteria']} is not known here: this version reads `criteria: 1`.",
        )


def _extends(node: Pairs, notes: ProblemCollector) -> str:
    given = node.get("extends")
    if given is None:
        return ""
    named = (given, *(given.items if isinstance(given, Items) else ()))
    for name in (one for one in named if isinstance(one, Scalar)):
        if "://" in name.value or name.value.startswith(("\\\\", "//")):
            notes.error(name.span, "CR202", "`extends` takes no address: nothing is ever fetched.")
            return ""
    if isinstance(given, Scalar) and given.value.strip():
        return given.value.strip()
    notes.error(head(given), "CR204", "`extends` takes one name: an id, ./path or pack:NAME/ID.")
    return ""


def _check_id(node: Pairs, values: Mapping[str, Any], notes: ProblemCollector) -> None:
    if "id" in values and not ID.match(values["id"]):
        notes.error(
            _value(node, "id"), "CR204", "An id has small letters, digits and hyphens: work-email."
        )


def _applies(node: Pairs, values: Mapping[str, Any], notes: ProblemCollector) -> Applies:
    table = node.get("applies")
    if isinstance(table, Pairs):
        for item in _items(table, "paths"):
            if wrong := unfit(item.value):
                notes.error(item.span, "CR204", wrong)
        for item in _items(table, "languages"):
            if unsure := doubt(item.value):
                notes.warning(item.span, "CR204", unsure)
    return Applies(
        languages=tuple(values.get("languages", ())),
        paths=tuple(values.get("paths", ())),
        within=values.get("within", "selection"),
    )


def _inputs(node: Pairs, values: Mapping[str, Any], notes: ProblemCollector) -> dict[str, Input]:
    table = node.get("inputs")
    if isinstance(table, Pairs):
        for name, given in table.pairs:
            if not ID.match(name.value):
                notes.error(name.span, "CR204", "An input's name is written as an id is: source.")
            wrong = wrong_origin(values[name.value]["from"]) if name.value in values else ""
            if isinstance(given, Pairs) and wrong:
                notes.error(_value(given, "from"), "CR204", wrong)
    return {
        name: Input(origin=given["from"], required=given.get("required", False))
        for name, given in values.items()
    }


def _options(node: Pairs, values: Mapping[str, Any], notes: ProblemCollector) -> dict[str, Option]:
    table = node.get("options")
    options = {
        name: Option(default=given["default"], one_of=tuple(given.get("one_of", ())))
        for name, given in values.items()
    }
    for name, option in options.items():
        given = table.get(name) if isinstance(table, Pairs) else None
        if option.one_of and option.default not in option.one_of and isinstance(given, Pairs):
            notes.error(_value(given, "default"), "CR204", "The default is not under `one_of`.")
    return options


def _protect(node: Pairs, patterns: tuple[str, ...], notes: ProblemCollector) -> tuple[str, ...]:
    for item in _items(node, "protect"):
        compiled = compile_pattern(item.value)
        if isinstance(compiled, BadPattern):
            code = "CR206" if compiled.python_only else "CR205"
            notes.error(item.span, code, compiled.message)
        elif idle := matches_no_words(item.value):
            notes.error(item.span, "CR204", idle)
    return tuple(patterns)


def _checks(node: Pairs, notes: ProblemCollector) -> tuple[Node, ...]:
    given = node.get("checks")
    if given is None:
        return ()
    if isinstance(given, Items):
        return given.items
    notes.error(head(given), "CR204", "`checks` wants a list: `- id: …` and its keys below.")
    return ()


def _items(node: Pairs, key: str) -> tuple[Scalar, ...]:
    given = node.get(key)
    items = given.items if isinstance(given, Items) else ()
    return tuple(item for item in items if isinstance(item, Scalar))


def _value(node: Pairs, key: str) -> Span:
    value = node.get(key)
    return head(value) if value is not None else head(node)
