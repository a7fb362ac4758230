"""Web addresses that stand in a text and not in its source."""

import re
from collections.abc import Iterator
from functools import lru_cache

from self_refine.text.spans import Span

_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"'`\]]+", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_TRACKING = re.compile(r"(?<=[?&])(?:utm_\w+|ref|fbclid|gclid)=[^&]*&?")
_TRAILING = ".,;:!?*_~"


def missing_addresses(text: str, source: str) -> Iterator[Span]:
    """The addresses of `text` that `source` does not have, without marks of the sentence."""
    known = _known(source)
    for found in _ADDRESS.finditer(text):
        written = _trimmed(found[0])
        if _plain(written) not in known:
            yield Span(found.start(), found.start() + len(written))


@lru_cache(maxsize=16)
def _known(source: str) -> frozenset[str]:
    return frozenset(_plain(_trimmed(found[0])) for found in _ADDRESS.finditer(source))


def _trimmed(address: str) -> str:
    """Without what belongs to the sentence: marks at the end, and a bracket that opens before."""
    excess = address.count(")") - address.count("(")
    end = len(address)
    while end and (address[end - 1] in _TRAILING or (address[end - 1] == ")" and excess > 0)):
        excess -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def _plain(address: str) -> str:
    """What makes two addresses the same."""
    rest = _SCHEME.sub("", address, count=1).partition("#")[0]
    host, slash, path = rest.partition("/")
    host, mark, query = host.partition("?")
    tail = _TRACKING.sub("", f"{slash}{path}{mark}{query}").rstrip("?&/")
    return host.lower().removeprefix("www.") + tail
