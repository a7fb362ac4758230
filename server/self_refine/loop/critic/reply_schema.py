"""Owns the form of a critique: the JSON Schema of it, and the same fields as tagged lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from self_refine.loop.types import Kind

VERDICTS = ("pass", "fail", "not_applicable")
FIELDS = ("evidence", "issue", "quote", "problem", "instruction", "verdict")
"""The keys of a tagged critique's lines, in their order."""


def critique_schema(ids: Sequence[str]) -> Mapping[str, Any]:
    """The schema of a critique of these criteria.

    Evidence stands before issues, and these before the verdict: a model writes in this order, and
    decides after it has looked. Only what every server's subset has: all fields required, nothing
    besides, no numeric bounds.
    """
    text = {"type": "string"}
    issue = _object({
        "segment": {"type": "integer"},
        "quote": text,
        "kind": {"type": "string", "enum": [kind.value for kind in Kind]},
        "problem": text,
        "instruction": text,
    })  # fmt: skip
    entry = _object({
        "id": {"type": "string", "enum": list(ids)},
        "evidence": text,
        "issues": {"type": "array", "items": issue},
        "verdict": {"type": "string", "enum": list(VERDICTS)},
    })  # fmt: skip
    return _object({"criteria": {"type": "array", "items": entry}})


def skeleton(tag: str) -> str:
    """The tagged form as it is to be written, for one criterion."""
    return "\n".join((
        f"<{tag}>",
        "[ID]",
        "evidence: WORDS",
        "issue: NUMBER KIND",
        "quote: WORDS",
        "problem: WORDS",
        "instruction: WORDS",
        "verdict: VERDICT",
        f"</{tag}>",
    ))  # fmt: skip


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
