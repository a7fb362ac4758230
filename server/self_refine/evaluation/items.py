"""The texts of an evaluation: one JSON object a line, read into values and problems."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from self_refine.evaluation.verifiers import BadVerifier, Verifier, read_verifier
from self_refine.loop.types import Criterion, Severity
from self_refine.text.spans import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One text with the criteria that a model judges, and the checks that judge the model."""

    id: str
    language: str
    draft: str
    brief: str
    """What the text is for; every arm is told."""
    criteria: tuple[Criterion, ...]
    verifiers: tuple[Verifier, ...]
    """Never shown to a model."""
    faults: tuple[Span, ...] | None
    """Where faults were planted, in the draft; None where nobody knows."""
    must_keep: tuple[str, ...]
    """Words that a refinement may not lose."""
    digest: str
    """Hash of the whole line: a result counts only for the item that it was made from."""

    @property
    def words(self) -> int:
        """Length of the draft."""
        return len(self.draft.split())


@dataclass(frozen=True, slots=True)
class ItemProblem:
    """Why a line is no item: a sentence with its place."""

    message: str


def read_items(path: Path) -> Iterator[Item | ItemProblem]:
    """The items of a file, one for each line that holds something.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: it is not UTF-8.
    """
    seen: set[str] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = read_item(line)
        except _BadItem as bad:
            yield ItemProblem(f"{path}:{number}: {bad}")
            continue
        if item.id in seen:
            yield ItemProblem(f"{path}:{number}: the id {item.id!r} is taken by a line above.")
            continue
        seen.add(item.id)
        yield item


class _BadItem(Exception):  # noqa: N818 - never leaves this module
    """A line is no item; the text says why."""


def read_item(line: str) -> Item:
    """One line of a file of items.

    Raises:
        _BadItem: it is none.
    """
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise _BadItem("this is not one JSON object.") from None
    if not isinstance(values, dict):
        raise _BadItem("this is not a JSON object.")
    draft = _text(values, "draft")
    criteria = tuple(_criterion(each) for each in _objects(values, "criteria"))
    known = {criterion.id.removeprefix(_PREFIX) for criterion in criteria}
    return Item(
        id=_text(values, "id"),
        language=_text(values, "language", "plaintext"),
        draft=draft,
        brief=_text(values, "brief", ""),
        criteria=criteria,
        verifiers=tuple(_verifier(each, known) for each in _objects(values, "verifiers")),
        faults=_faults(values, draft),
        must_keep=_keep(values, draft),
        digest=hashlib.sha256(line.strip().encode("utf-8", "surrogatepass")).hexdigest(),
    )


_PREFIX = "eval/"
"""Criteria have full ids, as if they stood in a file of this name."""


def _criterion(values: Mapping[str, Any]) -> Criterion:
    name = _text(values, "id")
    severity = _text(values, "severity", "error")
    if severity not in set(Severity):
        raise _BadItem(f"criterion {name!r}: severity {severity!r} is none of {_one_of(Severity)}.")
    question = _text(values, "question")
    return Criterion(
        id=_PREFIX + name,
        question=question,
        severity=Severity(severity),
        fix=_text(values, "fix", ""),
        absence=True,
        digest=hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _one_of(names: Any) -> str:
    return ", ".join(str(name) for name in names)


def _verifier(values: Mapping[str, Any], known: set[str]) -> Verifier:
    name = _text(values, "criterion")
    if name not in known:
        raise _BadItem(f"a verifier names the criterion {name!r}, which the item does not have.")
    match read_verifier(_PREFIX + name, values):
        case BadVerifier(message):
            raise _BadItem(f"the verifier of {name!r}: {message}")
        case verifier:
            return verifier


def _faults(values: Mapping[str, Any], draft: str) -> tuple[Span, ...] | None:
    if "faults" not in values:
        return None
    spans = []
    for fault in _objects(values, "faults"):
        start, end = fault.get("start"), fault.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start <= end <= len(draft):
            raise _BadItem("a fault needs `start` and `end`, offsets of the draft in code points.")
        spans.append(Span(start, end))
    return tuple(spans)


def _keep(values: Mapping[str, Any], draft: str) -> tuple[str, ...]:
    kept = values.get("must_keep", [])
    if not isinstance(kept, list) or not all(isinstance(words, str) for words in kept):
        raise _BadItem("`must_keep` is a list of texts.")
    if missing := [words for words in kept if words not in draft]:
        raise _BadItem(f"`must_keep` names {missing[0]!r}, which is not in the draft.")
    return tuple(kept)


def _text(values: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = values.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise _BadItem(f"the key {key!r} must be a text.")
    return value


def _objects(values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = values.get(key)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise _BadItem(f"the key {key!r} must be a list of objects.")
    return value
