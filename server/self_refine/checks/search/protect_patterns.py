"""Owns `protected`: the stretches of a text that `protect` patterns keep from being changed."""

from itertools import islice

from self_refine.checks.search.patterns import BadPattern, compile_pattern

_MOST = 1_000


def protected(patterns: tuple[str, ...], text: str) -> tuple[str, ...]:
    """What the patterns match in `text`, each once; one that RE2 refuses matches nothing."""
    found: dict[str, None] = {}
    for source in patterns:
        pattern = compile_pattern(source)
        if not isinstance(pattern, BadPattern):
            for match in islice(pattern.found_in(text), _MOST):
                found[match.groups[0]] = None
    return tuple(found)
