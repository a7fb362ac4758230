"""Owns the `checks` of front matter: from one entry's keys to a check that can run."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from self_refine.checks.check import Common, not_filled
from self_refine.checks.key_schema import Flag, Shape, Text, Texts
from self_refine.checks.kind_spec import Fault, KindSpec, Reader
from self_refine.checks.markup.prose_map import SCOPES, Scope
from self_refine.checks.registry import KINDS, Check
from self_refine.criteria.body.sub_bullets import parse_when
from self_refine.criteria.reading.front_matter import ID, Front, check_spoken
from self_refine.criteria.reading.option_values import with_options
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.schema_validation import table_values
from self_refine.criteria.reading.yaml_nodes import Items, Node, Pairs, Scalar, head
from self_refine.loop.types import Severity, Source, When
from self_refine.text.languages import names_code
from self_refine.text.spans import Span

COMMON_KEYS: Mapping[str, Shape] = {
    "id": Text(),
    "kind": Text(),
    "severity": Text(one_of=tuple(severity.value for severity in Severity)),
    "message": Text(),
    "why": Text(),
    "when": Text(),
    "in": Texts(one_of=SCOPES, or_one=True),
    "text_languages": Texts(or_one=True),
    "override": Flag(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadCheck:
    """One check of the file."""

    check: Check
    kind: str
    common: Common
    span: Span
    """Of its id."""
    source: Source
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What reading an entry needs to know of its file."""

    file_id: str
    front: Front
    earlier: tuple[str, ...]
    """Ids of the checks above it."""
    read: Reader
    notes: ProblemCollector


def read_check(node: Node, place: Place) -> ReadCheck | None:
    """Read one entry; None with its problems noted."""
    notes = place.notes
    if not isinstance(node, Pairs):
        notes.error(head(node), "CR204", "A check is lines such as `id: …` and `kind: …`.")
        return None
    filled = with_options(node, place.front.options, notes)
    assert isinstance(filled, Pairs)  # noqa: S101 - as it was
    node = filled
    kind = _kind(node, notes)
    if kind is None:
        return None
    spec = KINDS[kind]
    keys = {**COMMON_KEYS, **spec.keys}
    values = table_values(node, keys, ("id", "kind", *spec.required), notes)
    if values is None or not _id_is_fine(node, values, place):
        return None
    common = _common(node, values, spec, place)
    built = spec.build(common, values, place.read)
    if isinstance(built, Fault):
        notes.error(_at(node, built.key, built.at), built.code, built.message)
        return None
    for doubt in spec.doubts(values):
        notes.warning(_at(node, doubt.key, doubt.at), "CR218", doubt.message)
    span = _at(node, "id")
    return ReadCheck(
        check=built,
        kind=kind,
        common=common,
        span=span,
        source=notes.source(span),
        values=values,
    )


def id_written(node: Node) -> str:
    """The id that an entry gives, be the rest of it right or wrong; "" where it gives none."""
    given = node.get("id") if isinstance(node, Pairs) else None
    return given.value if isinstance(given, Scalar) else ""


def _kind(node: Pairs, notes: ProblemCollector) -> str | None:
    given = node.get("kind")
    if given is None:
        notes.error(head(node), "CR207", f"The key 'kind' is missing: one of {', '.join(KINDS)}.")
    elif not isinstance(given, Scalar) or given.value not in KINDS:
        name = given.value if isinstance(given, Scalar) else ""
        close = get_close_matches(name[:60], list(KINDS), n=1)
        aid = f" Did you mean {close[0]!r}?" if close else f" Known: {', '.join(KINDS)}."
        notes.error(head(given), "CR201", f"There is no kind of check {name!r}.{aid}")
    else:
        return given.value
    return None


def _id_is_fine(node: Pairs, values: Mapping[str, Any], place: Place) -> bool:
    name = values["id"]
    if not ID.match(name):
        message = f"{name!r} is no id: small letters, digits and hyphens, such as too-long."
        place.notes.error(_at(node, "id"), "CR204", message)
        return False
    if name in place.earlier:
        place.notes.error(_at(node, "id"), "CR203", f"The id {name!r} is taken by a check above.")
        return False
    return True


def _common(node: Pairs, values: Mapping[str, Any], spec: KindSpec, place: Place) -> Common:
    message = values.get("message", "")
    _check_names(node.get("message"), spec, place.notes)
    severity = Severity(values["severity"]) if "severity" in values else place.front.severity
    if severity is Severity.ERROR and not spec.gates:
        severity = Severity.WARNING
    languages = values.get("text_languages", place.front.text_languages)
    check_spoken(languages, node.get("text_languages"), place.notes)
    return Common(
        scopes=tuple(values.get("in", _scopes(place.front))),
        for_code=names_code(place.front.applies.languages),
        text_languages=tuple(languages),
        id=f"{place.file_id}/{values['id']}",
        severity=severity,
        message=message or spec.message,
        why=values.get("why", ""),
        when=_when(node, values, place),
    )


def _scopes(front: Front) -> tuple[Scope, ...]:
    """What a check looks at that does not say so itself."""
    return ("comments",) if front.applies.within == "comments" else ()


def _check_names(message: Node | None, spec: KindSpec, notes: ProblemCollector) -> None:
    """A name that nothing fills would be shown to users as it stands."""
    if not isinstance(message, Scalar):
        return
    for span in not_filled(message.value, spec.names):
        known = ", ".join(f"{{{known}}}" for known in sorted(spec.names)) or "none"
        notes.error(
            _inside(message, span, notes),
            "CR204",
            f"Nothing fills {span.of(message.value)} in a message of this kind. Known: {known}.",
        )


def _inside(message: Scalar, span: Span, notes: ProblemCollector) -> Span:
    """Where a part of a value stands in the file; the whole value if its characters differ."""
    if not message.plain:
        return message.span
    quotes = 1 if notes.text[message.span.start] in "'\"" else 0
    return span.moved(message.span.start + quotes)


def _when(node: Pairs, values: Mapping[str, Any], place: Place) -> When | None:
    if "when" not in values:
        return None
    at = _at(node, "when")
    parsed = parse_when(values["when"], at, place.notes)
    if parsed is None:
        return None
    name = parsed[0].removeprefix(f"{place.file_id}/")
    if name not in place.earlier:
        place.notes.error(at, "CR209", f"{name!r} is no check that stands above this one.")
        return None
    return When(f"{place.file_id}/{name}", parsed[1])


def _at(node: Pairs, key: str, below: tuple[str | int, ...] = ()) -> Span:
    """Where the value of a key stands, or the part of it that `below` leads to.

    Of a part that is a block of lines it is the key.
    """
    at: Node | None = node.get(key)
    if at is None:
        return head(node)
    span = head(at)
    for step in below:
        if isinstance(at, Pairs):
            own = at.key(str(step))
            at = at.get(str(step))
            if own is None or at is None:
                break
            span = at.span if isinstance(at, Scalar) else own.span
        elif isinstance(at, Items) and isinstance(step, int) and step < len(at.items):
            at = at.items[step]
            span = head(at)
        else:
            break
    return span
