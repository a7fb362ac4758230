"""How many criteria one call of the critic is asked about."""

from collections.abc import Sequence
from itertools import pairwise

from self_refine.loop.types import Criterion

MOST_AT_ONCE = 40
"""Beyond, a run asks in groups: the more is asked at once, the less each is heeded, and a reply
takes up to 220 tokens for each criterion of the 8,000 that it may have (`questions`)."""


def groups(asked: Sequence[Criterion]) -> tuple[tuple[Criterion, ...], ...]:
    """The criteria in as few groups as will do, about equally large, in their order."""
    count = max(1, -(-len(asked) // MOST_AT_ONCE))
    size, more = divmod(len(asked), count)
    ends = [size * n + min(n, more) for n in range(count + 1)]
    return tuple(tuple(asked[a:b]) for a, b in pairwise(ends))
