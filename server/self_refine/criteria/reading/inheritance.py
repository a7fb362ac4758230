"""`extends`: the checks and questions of another file, with what this one changes of them.

A file that extends another *is* that file with changes: entries with `override`, ids that are
`off`, and entries of its own. Every name must lead somewhere: a slip would silently do nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from self_refine.checks.kind_spec import Reader
from self_refine.criteria.body.bullets import Bullet
from self_refine.criteria.reading.check_items import id_written
from self_refine.criteria.reading.front_matter import Front
from self_refine.criteria.reading.problem_collector import ProblemCollector
from self_refine.criteria.reading.yaml_nodes import Node, Pairs, Scalar, head
from self_refine.loop.types import Severity, Source
from self_refine.text.spans import Span

DEEPEST = 8
"""Files in a chain of `extends`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckLayer:
    """One entry under `checks`, of this file or of one that it extends."""

    node: Node
    notes: ProblemCollector
    """Of the file that it stands in."""
    read: Reader
    severity: Severity
    """What it is where it gives none."""
    keys: Mapping[str, Source]
    """Where each of its keys stands."""

    @property
    def id(self) -> str:
        """As it is written."""
        return id_written(self.node)


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletLayer:
    """One question, likewise."""

    bullet: Bullet
    severity: Severity
    keys: Mapping[str, Source]


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """What a file has that another may extend."""

    labels: tuple[str, ...]
    """The file's, and those of the files that it extends, nearest first."""
    checks: tuple[CheckLayer, ...] = ()
    bullets: tuple[BulletLayer, ...] = ()
    locked: Mapping[str, str] = field(default_factory=dict)
    """Ids that no file may change or turn off, and the file that says so."""


def own_layer(
    front: Front, bullets: Iterable[Bullet], notes: ProblemCollector, read: Reader
) -> Layer:
    """A file by itself."""
    return Layer(
        labels=(notes.label,),
        checks=tuple(
            CheckLayer(node=node, notes=notes, read=read, severity=front.severity,
                       keys=_check_keys(node, notes))
            for node in front.checks
        ),
        bullets=tuple(
            BulletLayer(bullet=bullet, severity=front.severity, keys=_bullet_keys(bullet, notes))
            for bullet in bullets
        ),
        locked=dict.fromkeys((name for name, _ in front.locked), notes.label),
    )  # fmt: skip


def check_locked(layer: Layer, front: Front, notes: ProblemCollector) -> None:
    """A name that is locked and leads nowhere locks nothing."""
    known = {each.id for each in layer.checks} | {each.bullet.id for each in layer.bullets}
    for name, span in front.locked:
        if name not in known:
            notes.error(span, "CR209", f"This file has no {name!r}, so nothing is locked.")


def trace(layer: Layer, file_id: str) -> dict[str, Mapping[str, Source]]:
    """Where each key of each criterion stands, by full ids."""
    checks = {f"{file_id}/{each.id}": each.keys for each in layer.checks}
    return checks | {f"{file_id}/{each.bullet.id}": each.keys for each in layer.bullets}


def without_base(own: Layer, front: Front, notes: ProblemCollector) -> Layer:
    """A file that extends none: what only changes others has nothing to act on."""
    wanted = "there is no `extends` above: name the file that has it"
    for layer in own.checks:
        if (at := _override(layer.node)) is not None:
            notes.error(at, "CR209", f"`override` changes nothing: {wanted}.")
    for each in own.bullets:
        if each.bullet.override:
            notes.error(each.bullet.span, "CR209", f"`override` changes nothing: {wanted}.")
    for name, span in front.off:
        notes.error(span, "CR209", f"`off: {name}` turns nothing off: {wanted}.")
    return own


def inherited(own: Layer, base: Layer, front: Front, notes: ProblemCollector) -> Layer:
    """The file and what it extends together; names that lead nowhere are noted."""
    _check_names(own, base, front, notes)
    off = {name for name, _ in front.off}
    at = front.extends_at
    default = front.severity if "severity" in front.given else None
    checks = [
        _inherited_check(layer, own, None if layer.id in base.locked else default, notes)
        for layer in base.checks
        if layer.id not in off
    ]
    bullets = [
        _inherited_bullet(layer, own, None if layer.bullet.id in base.locked else default, at)
        for layer in base.bullets
        if layer.bullet.id not in off
    ]
    for layer in checks:
        _check_when(layer.node, off, at, notes)
    return Layer(
        labels=(*own.labels, *base.labels),
        checks=(*checks, *(layer for layer in own.checks if _override(layer.node) is None)),
        bullets=(*bullets, *(layer for layer in own.bullets if not layer.bullet.override)),
        locked={**own.locked, **base.locked},
    )


def _check_names(own: Layer, base: Layer, front: Front, notes: ProblemCollector) -> None:
    """Each name that is changed or turned off must be there, and not be locked."""
    known = {layer.id for layer in base.checks} | {layer.bullet.id for layer in base.bullets}
    for name, span, verb in _changes(own, front):
        if name not in known:
            message = f"{base.labels[0]} has no {name!r}, so nothing is {verb}."
            notes.error(span, "CR209", message)
        elif name in base.locked:
            notes.error(span, "CR204", f"{name!r} is locked in {base.locked[name]}.")


def _changes(own: Layer, front: Front) -> Iterator[tuple[str, Span, str]]:
    for name, span in front.off:
        yield name, span, "turned off"
    for layer in own.checks:
        if _override(layer.node) is not None:
            yield layer.id, head(layer.node), "changed"
    for each in own.bullets:
        if each.bullet.override:
            yield each.bullet.id, each.bullet.span, "changed"


def _inherited_check(
    layer: CheckLayer, own: Layer, default: Severity | None, notes: ProblemCollector
) -> CheckLayer:
    severity = default or layer.severity
    change = next((c for c in own.checks if c.id == layer.id and _override(c.node)), None)
    if change is None or not isinstance(change.node, Pairs) or not isinstance(layer.node, Pairs):
        return replace(layer, severity=severity)
    _check_kind(change.node, layer.node, notes)
    given = [(key, value) for key, value in change.node.pairs if key.value != "override"]
    names = {key.value for key, _ in given}
    rest = [(key, value) for key, value in layer.node.pairs if key.value not in names]
    node = Pairs(change.node.span, (*given, *rest))
    return CheckLayer(
        node=node,
        notes=notes,
        # A list of words is named relative to the file that names it.
        read=change.read if "file" in names else layer.read,
        severity=severity,
        keys={**layer.keys, **{k: s for k, s in change.keys.items() if k != "override"}},
    )


def _inherited_bullet(
    layer: BulletLayer, own: Layer, default: Severity | None, at: Span
) -> BulletLayer:
    old = layer.bullet
    # What is wrong with it is shown where this file names the other.
    kept = replace(old, span=at, pinned=True, when=old.when and (*old.when[:2], at), read=())
    severity = default or layer.severity
    change = next((b for b in own.bullets if b.bullet.override and b.bullet.id == old.id), None)
    if change is None:
        return replace(layer, bullet=kept, severity=severity)
    new = change.bullet
    below = {**old.below, **new.below}
    if "not" in new.below:
        below["not"] = (*old.below.get("not", ()), *new.below["not"])
    merged = replace(
        new,
        question=new.question or old.question,
        severity=new.severity or old.severity,
        below=below,
        when=new.when or kept.when,
        pinned=True,
    )
    return BulletLayer(bullet=merged, severity=severity, keys={**layer.keys, **change.keys})


def _check_kind(change: Pairs, base: Pairs, notes: ProblemCollector) -> None:
    now, before = change.get("kind"), base.get("kind")
    if isinstance(now, Scalar) and isinstance(before, Scalar) and now.value != before.value:
        message = f"The kind is {before.value!r} in the file that this one extends, and stays so."
        notes.error(now.span, "CR204", message)


def _check_when(node: Node, off: set[str], at: Span, notes: ProblemCollector) -> None:
    given = node.get("when") if isinstance(node, Pairs) else None
    name = given.value.split(" ")[0].strip("`") if isinstance(given, Scalar) else ""
    if name.rpartition("/")[2] in off:
        message = f"{id_written(node)!r} depends on {name!r}, which is off: turn it off, too."
        notes.error(at, "CR209", message)


def _override(node: Node) -> Span | None:
    """Where an entry says `override: true`; None where it does not."""
    given = node.get("override") if isinstance(node, Pairs) else None
    return given.span if isinstance(given, Scalar) and given.value == "true" else None


def _check_keys(node: Node, notes: ProblemCollector) -> dict[str, Source]:
    pairs = node.pairs if isinstance(node, Pairs) else ()
    return {key.value: notes.source(key.span) for key, _ in pairs}


def _bullet_keys(bullet: Bullet, notes: ProblemCollector) -> dict[str, Source]:
    at = notes.source(bullet.span)
    keys = {"question": at} if bullet.question else {}
    if bullet.severity is not None:
        keys["severity"] = at
    return keys | {key: notes.source(span) for span, key in bullet.read if key}
