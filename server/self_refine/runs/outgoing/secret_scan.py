"""What kinds of secrets a text seems to hold, and on which lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from self_refine.runs.outgoing.secret_rules import Rule, rules

_MOST = 20
"""Secrets that are named: with more, nobody reads on."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that looks like a secret; never the secret itself."""

    kind: str
    """Such as "github pat"."""
    line: int
    """Of the text that was looked through, from 1."""


def secrets_in(text: str) -> tuple[Seen, ...]:
    """What looks like a secret, in order of its lines, each line once.

    Args:
        text: anything at all; the time is linear in its length.
    """
    data = text.encode("utf-8", "replace")
    lowered = text.lower()
    found: dict[int, Seen] = {}
    for rule in rules():
        if rule.keywords and not any(word in lowered for word in rule.keywords):
            continue
        for seen in islice(_seen(rule, data), _MOST):
            found.setdefault(seen.line, seen)
    return tuple(found[line] for line in sorted(found))[:_MOST]


def _seen(rule: Rule, data: bytes) -> Iterator[Seen]:
    line, counted = 1, 0
    for at in rule.places(data):
        # Counted on from the place before: a text of many matches stays linear.
        line, counted = line + data.count(b"\n", counted, at), at
        yield Seen(rule.id.replace("-", " "), line)
